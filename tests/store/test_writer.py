"""The writer: one transaction a job, in order, news only of what was kept, an ordered stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from ringdesk.domain.news import ContactsChanged, News
from ringdesk.domain.rightofway import WINDOW
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store.store import open_for_writing
from ringdesk.store.writer import InlineWriter, ThreadWriter, Work, Writer

Make = Callable[[Callable[[News], None]], Writer]
TOLD = ContactsChanged(frozenset({"a"}))


@pytest.fixture(params=[ThreadWriter, InlineWriter])
def make(request: pytest.FixtureRequest, path: Path) -> Iterator[Make]:
    made: list[Writer] = []

    def one(send: Callable[[News], None]) -> Writer:
        made.append(request.param(open_for_writing(path), send))
        return made[-1]

    yield one
    for writer in made:
        writer.stop()


def put(work: Work, key: str) -> None:
    work.connection.run("INSERT INTO meta (key, value) VALUES (?, '')", (key,))
    work.news.append(TOLD)


def keys(work: Work) -> list[str]:
    return [key for (key,) in work.connection.rows("SELECT key FROM meta ORDER BY key")]


def test_jobs_run_in_order_and_tell_after(make: Make) -> None:
    news: list[News] = []
    writer = make(news.append)
    writer.submit(lambda work: put(work, "a"))
    writer.submit(lambda work: put(work, "b"))
    assert writer.submit(keys).result() == ["a", "b"]
    assert news == [TOLD, TOLD]


def test_the_writer_stands_still_while_the_window_goes_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WINDOW, "_longest", 30.0)
    writer = ThreadWriter(open_for_writing(path), lambda _: None)
    with WINDOW.first():
        written = writer.submit(lambda work: put(work, "a"))
        with pytest.raises(TimeoutError):
            written.result(0.1)
    assert writer.submit(keys).result(10.0) == ["a"]
    writer.stop()


def test_a_failed_job_leaves_nothing_and_tells_nothing(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    news: list[News] = []
    writer = make(news.append)

    def broken(work: Work) -> None:
        put(work, "a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        writer.submit(broken).result()
    assert writer.submit(keys).result() == []
    assert news == []
    assert "ZeroDivisionError" in caplog.text


def test_a_refusal_is_logged_without_a_traceback(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    def refusing(work: Work) -> None:
        raise StoreError(StoreTrouble.STALE, "secret name")

    with pytest.raises(StoreError):
        make(lambda news: None).submit(refusing).result()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "secret name" not in caplog.text


def test_a_chain_lets_others_between(make: Make) -> None:
    writer = make(lambda news: None)
    left = iter("abc")
    seen: list[list[str]] = []

    def step(work: Work) -> str | None:
        letter = next(left, None)
        if letter is None:
            return "done"
        put(work, letter)
        writer.submit(lambda work: seen.append(keys(work)))
        return None

    assert writer.chain(step).result() == "done"
    writer.submit(keys).result()
    assert seen == [["a"], ["a", "b"], ["a", "b", "c"]]


def test_a_failed_step_ends_the_chain_and_keeps_the_steps_before(make: Make) -> None:
    writer = make(lambda news: None)
    left = iter("ab")

    def step(work: Work) -> str | None:
        put(work, next(left))
        if len(keys(work)) == 2:
            raise StoreError(StoreTrouble.GONE)
        return None

    with pytest.raises(StoreError):
        writer.chain(step).result()
    assert writer.submit(keys).result() == ["a"]


def test_news_that_cannot_be_sent_do_not_end_the_writer(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    def send(news: News) -> None:
        raise RuntimeError("no post")

    writer = make(send)
    writer.submit(lambda work: put(work, "a")).result()
    assert writer.submit(keys).result() == ["a"]
    assert "no post" in caplog.text


def test_stop_finishes_what_was_asked_for(path: Path) -> None:
    writer = ThreadWriter(open_for_writing(path), lambda news: None)
    left = iter(range(50))
    gate = threading.Event()

    def waiting(work: Work) -> None:
        gate.wait(5)

    def step(work: Work) -> str | None:
        number = next(left, None)
        if number is not None:
            put(work, str(number))
        return "done" if number is None else None

    writer.submit(waiting)
    chain = writer.chain(step)
    last = writer.submit(lambda work: put(work, "last"))
    gate.set()
    writer.stop()
    assert chain.result(0) == "done"
    assert last.result(0) is None
    assert "store-writer" not in {thread.name for thread in threading.enumerate()}


def test_after_stop_nothing_is_taken(make: Make) -> None:
    writer = make(lambda news: None)
    writer.stop()
    futures: list[Future[None]] = [writer.submit(lambda work: None), writer.chain(lambda work: None)]
    for future in futures:
        with pytest.raises(StoreError) as refused:
            future.result(0)
        assert refused.value.trouble is StoreTrouble.STOPPED


def test_a_cancelled_job_is_not_run(path: Path) -> None:
    writer = ThreadWriter(open_for_writing(path), lambda news: None)
    gate = threading.Event()
    writer.submit(lambda work: gate.wait(5))
    job = writer.submit(lambda work: put(work, "a"))
    assert job.cancel()
    gate.set()
    assert writer.submit(keys).result() == []
    writer.stop()


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 99, 100, 123, 250])
def test_rows_are_inserted_once_each_however_many(path: Path, count: int) -> None:
    connection = open_for_writing(path)
    rows = [(f"key {number:03}", str(number)) for number in range(count)]
    connection.pour("INSERT INTO meta (key, value) VALUES (?, ?)", rows)
    assert connection.rows("SELECT key, value FROM meta ORDER BY key") == rows
    shared = "INSERT INTO touched (account, contact) VALUES (?1, ?)"
    connection.pour(shared, [(key,) for key, _ in rows], shared=("google:me",))
    found = connection.rows("SELECT account, contact FROM touched ORDER BY contact")
    assert found == [("google:me", key) for key, _ in rows]
    connection.close()
