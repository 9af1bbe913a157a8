"""News and outcomes arrive on the main thread, in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from pytestqt.qtbot import QtBot

from ringdesk.domain.news import (
    CallsChanged,
    ContactsChanged,
    ImportProgress,
    News,
    NotesChanged,
    StoreTroubled,
)
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.ui.post import Post


def test_each_news_has_its_signal(qtbot: QtBot) -> None:
    post = Post()
    arrived: list[News] = []
    for signal in (
        post.contacts_changed, post.calls_changed, post.notes_changed, post.store_troubled, post.import_progress,
    ):  # several to a line  # fmt: skip
        signal.connect(arrived.append)
    sent: list[News] = [
        ContactsChanged(frozenset({"a"})), CallsChanged(frozenset()), NotesChanged("a"),
        StoreTroubled(StoreTrouble.FULL, ""), ImportProgress(1, 0),
    ]  # several to a line  # fmt: skip
    for news in sent:
        post.send(news)
    assert arrived == [], "nothing is delivered inside the sender's call"
    qtbot.waitUntil(lambda: arrived == sent)


def test_outcomes_reach_the_main_thread(qtbot: QtBot) -> None:
    post = Post()
    seen: list[tuple[str, int, bool]] = []
    main = threading.get_ident()

    def note(what: str) -> Callable[[object], None]:
        return lambda value: seen.append((what, 1, threading.get_ident() == main))

    with ThreadPoolExecutor(1) as pool:
        post.deliver(pool.submit(lambda: 42), note("done"))
        post.deliver(pool.submit(lambda: 1 // 0), note("done"), note("failed"))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [("done", 1, True), ("failed", 1, True)]


def test_a_failure_nobody_waits_for_becomes_news(qtbot: QtBot) -> None:
    post = Post()
    future: Future[int] = Future()
    post.deliver(future, lambda _: None)
    with qtbot.waitSignal(post.store_troubled) as waiting:
        future.set_exception(StoreError(StoreTrouble.FULL, "no room", "book.db"))
    assert waiting.args == [StoreTroubled(StoreTrouble.FULL, "no room", "book.db")]


def test_a_write_called_off_at_the_end_counts_as_stopped(qtbot: QtBot) -> None:
    post = Post()
    future: Future[int] = Future()
    errors: list[Exception] = []
    post.deliver(future, lambda _: None, errors.append)
    future.cancel()
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], StoreError)
    assert errors[0].trouble is StoreTrouble.STOPPED
