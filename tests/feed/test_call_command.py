"""`ringdesk call` against a listening feed, against none, and against something else."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ringdesk.app.places import places
from ringdesk.cli import call
from ringdesk.domain.call import (
    Answered,
    Answerer,
    Direction,
    Ended,
    EndReason,
    Held,
    Rang,
    Resumed,
    SourceState,
    Transferred,
)
from ringdesk.domain.line import Lines
from ringdesk.feed.sources.local import LocalSource
from tests.fakes import FakeTime
from tests.feed.aid import Heard, running, until


def posted(path: Path, *lines: list[str]) -> tuple[list[int], Heard]:
    """Run the command in a thread while a feed listens; gives the exit statuses and what was heard."""

    async def story() -> tuple[list[int], Heard]:
        source = LocalSource("feed", path, lambda: Lines(extension="201"), FakeTime())
        async with running(source) as heard:
            await heard.change(state=SourceState.CONNECTED)
            statuses = [await asyncio.to_thread(call.main, [*line, "--socket", str(path)]) for line in lines]
            await until(lambda: len(heard.facts) >= statuses.count(0))
            return statuses, heard

    return asyncio.run(story())


def test_every_event_arrives(tmp_path: Path) -> None:
    id = ["--id", "7"]
    statuses, heard = posted(
        tmp_path / "feed.sock",
        ["ring", *id, "--from", "+14155550123", "--to", "+442079460101", "--name", "Bob", "--queue", "sales"],
        ["answer", *id, "--by", "Tomas"],
        ["hold", *id],
        ["resume", *id],
        ["transfer", *id, "--to", "202"],
        ["end", *id, "--reason", "no_answer"],
        ["ring", "--id", "8", "--out", "--to", "+14155550123"],
    )
    assert statuses == [0] * 7
    assert [type(fact) for fact in heard.facts] == [Rang, Answered, Held, Resumed, Transferred, Ended, Rang]
    answered = heard.facts[1]
    assert isinstance(answered, Answered)
    assert (answered.who, answered.by) == (Answerer.ELSEWHERE, "Tomas")
    last = heard.facts[-1]
    assert isinstance(last, Rang)
    assert (last.direction, last.number) == (Direction.OUTGOING, "+14155550123")
    assert EndReason.NO_ANSWER in [fact.reason for fact in heard.facts if isinstance(fact, Ended)]


def test_a_refusal_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    statuses, _ = posted(tmp_path / "feed.sock", ["ring", "--id", "7", "--from", "9" * 99])
    assert statuses == [1]
    assert "too_long" in (said := capsys.readouterr().err)
    assert "'from' has 99 letters" in said


def test_no_ringdesk_is_said_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call.main(["ring", "--id", "7", "--socket", str(tmp_path / "feed.sock")]) == 3
    said = capsys.readouterr().err
    assert f"nobody listens at {tmp_path / 'feed.sock'} (No such file or directory)" in said
    assert "start it" in said
    assert "--socket" in said


def test_the_data_folder_says_where_the_feed_is(tmp_path: Path) -> None:
    assert call.main(["ring", "--id", "7", "--data", str(tmp_path)]) == 3
    statuses, heard = posted(places(tmp_path).socket, ["ring", "--id", "7"])
    assert statuses == [0]
    assert isinstance(heard.facts[0], Rang)


@pytest.mark.parametrize("line", [["ring"], ["explode", "--id", "7"], ["end", "--id", "7", "--reason", "lost"], []])
def test_wrong_use_ends_with_two(line: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call.main(line)
    assert ended.value.code == 2


@contextmanager
def strange(path: Path, talk: Callable[[socket.socket], None]) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        listening.settimeout(5)

        def serve() -> None:
            connected, _ = listening.accept()
            with connected:
                talk(connected)

        thread = threading.Thread(target=serve, name="strange")
        thread.start()
        yield
        thread.join()


@pytest.mark.parametrize("says", [b"", b"hello\n", b"[]\n", b"\xff\n", b'{"ok":1}\n'])
def test_an_answer_that_is_none_is_not_taken_for_yes(tmp_path: Path, says: bytes) -> None:
    def talk(connected: socket.socket) -> None:
        connected.recv(4096)
        connected.sendall(says)

    with strange(tmp_path / "s", talk):
        assert call.main(["hold", "--id", "7", "--socket", str(tmp_path / "s")]) == 1


def test_one_that_says_nothing_is_not_waited_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringdesk.feed.client.TIMEOUT_SECONDS", 0.2)
    done = threading.Event()

    def wait(_: socket.socket) -> None:
        done.wait(5)

    with strange(tmp_path / "s", wait):
        assert call.main(["hold", "--id", "7", "--socket", str(tmp_path / "s")]) == 3
        done.set()
