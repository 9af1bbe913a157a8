"""The feed's socket, attacked with raw sockets."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from ringdesk.domain.call import CallKey, Ended, Rang, SourceState
from ringdesk.domain.line import Lines
from ringdesk.domain.sockets import SourceRefused
from ringdesk.feed.door import Door, Peer, ReadPeer, peer_of
from ringdesk.feed.place import UnsafePlaceError
from ringdesk.feed.sources import local
from ringdesk.feed.sources.local import CONNECTIONS_MOST, LocalSource
from tests.fakes import FakeTime
from tests.feed.aid import Heard, running, until

RING = b'{"event":"ringing","id":"7","from":"+14155550123"}\n'
END = b'{"event":"ended","id":"7"}\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "feed.sock"


def source_at(path: Path, peer: ReadPeer = peer_of) -> LocalSource:
    return LocalSource("feed", path, lambda: Lines(extension="201"), FakeTime(), peer)


@asynccontextmanager
async def listening(path: Path, peer: ReadPeer = peer_of) -> AsyncIterator[Heard]:
    async with running(source_at(path, peer)) as heard:
        await heard.change(state=SourceState.CONNECTED)
        yield heard


class Producer:
    """A raw connection to the feed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self) -> dict[str, object]:
        line = await asyncio.wait_for(self.reader.readline(), 5)
        answer: dict[str, object] = json.loads(line)
        return answer

    async def say(self, data: bytes) -> dict[str, object]:
        self.writer.write(data)
        return await self.answer()

    async def closed(self) -> bool:
        return await asyncio.wait_for(self.reader.read(), 5) == b""


@asynccontextmanager
async def producer(path: Path) -> AsyncIterator[Producer]:
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        yield Producer(reader, writer)
    finally:
        writer.close()


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await story()

    asyncio.run(main())


def test_an_event_is_answered_and_becomes_a_fact(path: Path) -> None:
    async def story() -> None:
        async with listening(path) as heard, producer(path) as script:
            assert await script.say(RING) == {"ok": True}
            assert await script.say(END) == {"ok": True}
            assert (await heard.fact(Rang)).key == (await heard.fact(Ended)).key == CallKey("feed", "7")

    run(story)


def test_a_last_line_without_an_end_counts(path: Path) -> None:
    async def story() -> None:
        async with listening(path) as heard, producer(path) as script:
            script.writer.write(RING.rstrip())
            script.writer.write_eof()
            assert await script.answer() == {"ok": True}
            await heard.fact(Rang)

    run(story)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"GET / HTTP/1.1\r\n", "not_json"),
        (b'{"event":"ringing","id":"7","name":"\xff"}\n', "not_utf8"),
        (b'{"event":"ringing","id":"7","frm":"1"}\n', "unknown_field"),
        (b"\n", "not_json"),
    ],
)
def test_bad_lines_are_answered_and_the_next_one_is_read(path: Path, line: bytes, error: str) -> None:
    async def story() -> None:
        async with listening(path) as heard, producer(path) as script:
            assert (await script.say(line))["error"] == error
            assert await script.say(RING) == {"ok": True}
            await heard.fact(Rang)

    run(story)


def test_a_mebibyte_in_one_line_is_answered_and_cut_off(path: Path) -> None:
    async def story() -> None:
        async with listening(path) as heard, producer(path) as script:
            script.writer.write(b"x" * 2**20 + b"\n" + RING)
            assert (await script.answer())["error"] == "line_too_long"
            with suppress(ConnectionError):
                assert await script.closed()
            assert heard.facts == []

    run(story)


def test_a_half_line_does_not_stay(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "HALF_LINE_SECONDS", 0.2)

    async def story() -> None:
        async with listening(path), producer(path) as script:
            script.writer.write(RING[:10])
            assert (await script.answer())["error"] == "slow"
            assert await script.closed()

    run(story)


def test_a_line_that_drips_does_not_stay_either(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "HALF_LINE_SECONDS", 0.3)

    async def story() -> None:
        async with listening(path) as heard, producer(path) as script:
            began = time.monotonic()
            dripping = asyncio.create_task(drip(script.writer))
            assert (await script.answer())["error"] == "slow"
            assert time.monotonic() - began < 1.5
            dripping.cancel()
            assert heard.facts == []

    async def drip(writer: asyncio.StreamWriter) -> None:
        for byte in RING.strip():
            writer.write(bytes([byte]))
            await asyncio.sleep(0.05)

    run(story)


def test_a_silent_connection_is_closed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "IDLE_SECONDS", 0.1)

    async def story() -> None:
        async with listening(path), producer(path) as script:
            assert (await script.answer())["error"] == "slow"

    run(story)


def test_the_seventeenth_connection_is_refused_and_a_place_comes_free(path: Path) -> None:
    async def story() -> None:
        async with listening(path) as heard:
            crowd = [await asyncio.open_unix_connection(path) for _ in range(CONNECTIONS_MOST)]
            await asyncio.sleep(0.05)
            async with producer(path) as late:
                assert (await late.answer())["error"] == "too_many"
                assert await late.closed()
            for _, writer in crowd:
                writer.close()
            await asyncio.sleep(0.05)
            async with producer(path) as script:
                assert await script.say(RING) == {"ok": True}
            await heard.fact(Rang)

    run(story)


def test_a_flood_is_slowed_and_what_was_taken_arrives(path: Path) -> None:
    async def story() -> None:
        async with listening(path) as heard, producer(path) as script:
            script.writer.write(RING * 500)
            answers = [await script.answer() for _ in range(500)]
            taken = sum(answer["ok"] is True for answer in answers)
            assert 50 <= taken <= 70
            assert {answer.get("error") for answer in answers} == {None, "too_fast"}
            await until(lambda: len(heard.facts) == taken)

    run(story)


def test_a_new_connection_of_the_same_program_brings_no_new_allowance(path: Path) -> None:
    async def story() -> None:
        async with listening(path):
            taken = 0
            for _ in range(8):
                async with producer(path) as script:
                    script.writer.write(RING * 20)
                    taken += sum([(await script.answer())["ok"] is True for _ in range(20)])
            assert taken <= 75

    run(story)


def test_another_user_is_told_so_and_not_heard(path: Path) -> None:
    async def story() -> None:
        async with listening(path, lambda connected: Peer(1, os.getuid() + 1)) as heard, producer(path) as script:
            script.writer.write(RING)
            assert (await script.answer())["error"] == "other_user"
            await asyncio.sleep(0.05)
            assert heard.facts == []

    run(story)


STRANGER = 65534
SYSTEM_PYTHON = shutil.which("python3", path="/usr/bin:/bin")
KNOCK = """
import contextlib, socket, sys
with socket.socket(socket.AF_UNIX) as feed:
    try:
        feed.connect(sys.argv[1])
        with contextlib.suppress(BrokenPipeError):  # it may have been sent away already
            feed.sendall(b'{"event":"ringing","id":"7","from":"+14155550123"}\\n')
        print(feed.recv(4096).decode())
    except OSError as error:
        print(type(error).__name__)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0 or SYSTEM_PYTHON is None,
    reason="only root may become another user, who needs a Python outside root's home",
)
def test_a_real_second_user_does_not_get_in_not_even_where_the_folder_stands_open() -> None:
    assert SYSTEM_PYTHON is not None
    command = [SYSTEM_PYTHON, "-c", KNOCK]

    async def knocks(path: Path) -> str:
        arguments = [*command, str(path)]
        done = await asyncio.to_thread(
            subprocess.run, arguments, capture_output=True, text=True, user=STRANGER, group=STRANGER, extra_groups=[]
        )
        return str(done.stdout).strip()

    async def story(path: Path) -> None:
        async with listening(path) as heard:
            assert await knocks(path) == "PermissionError"
            os.chmod(path.parent, 0o777)
            os.chmod(path, 0o777)
            assert json.loads(await knocks(path))["error"] == "other_user"
            assert heard.facts == []

    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # pytest's own are closed to other users
        Path(folder).chmod(0o755)
        run(lambda: story(Path(folder) / "run" / "feed.sock"))


def test_the_kernel_says_who_is_there() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert peer_of(ours) == Peer(os.getpid(), os.getuid())


def test_only_this_user_can_reach_folder_and_socket(path: Path) -> None:
    path.parent.mkdir(mode=0o755)

    async def story() -> None:
        async with listening(path):
            seen.extend(stat.S_IMODE(os.lstat(place).st_mode) for place in (path.parent, path))

    seen: list[int] = []
    run(story)
    assert seen == [0o700, 0o600]
    assert not path.exists()


def test_a_dead_owners_socket_is_replaced(path: Path) -> None:
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))

    async def story() -> None:
        async with listening(path), producer(path) as script:
            assert await script.say(RING) == {"ok": True}

    run(story)


def test_a_second_instance_waits_until_the_first_is_gone(path: Path) -> None:
    async def story() -> None:
        async with listening(path):
            waiting = running(source_at(path))
            second = await waiting.__aenter__()
            assert (await second.change(state=SourceState.WAITING)).why == "in_use"
        await second.change(state=SourceState.CONNECTED)
        await waiting.__aexit__(None, None, None)

    run(story)


def test_the_owner_stays_the_owner_when_its_socket_file_is_swept_away(path: Path) -> None:
    owner = Door(path)
    path.unlink()
    with pytest.raises(UnsafePlaceError, match="in_use"):
        Door(path)
    owner.close()
    Door(path).close()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.write_text("a file"), "in_use"),
        (lambda path: (path.parent.rmdir(), path.parent.symlink_to("/tmp")), "unsafe_folder"),
        (lambda path: (path.parent.rmdir(), path.parent.write_text("x")), "unsafe_folder"),
    ],
)
def test_a_place_that_is_not_ours_is_refused(path: Path, spoil: Callable[[Path], object], why: str) -> None:
    path.parent.mkdir()
    spoil(path)

    async def story() -> None:
        async with running(source_at(path)) as heard:
            assert (await heard.change(state=SourceState.WAITING)).why == why

    run(story)


def test_a_path_the_system_cannot_hold_is_named(tmp_path: Path) -> None:
    async def story() -> None:
        async with running(source_at(tmp_path / ("x" * 120) / "feed.sock")) as heard:
            assert (await heard.change(state=SourceState.WAITING)).why == "path_too_long"

    run(story)


def test_a_producer_that_does_not_read_is_let_go(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "HALF_LINE_SECONDS", 0.2)

    async def story() -> None:
        async with listening(path):
            deaf = socket.socket(socket.AF_UNIX)
            deaf.connect(str(path))
            deaf.setblocking(False)
            with deaf, pytest.raises((BrokenPipeError, ConnectionResetError)):
                await asyncio.wait_for(pour(deaf), 8)

    async def pour(deaf: socket.socket) -> None:
        while True:
            await asyncio.get_running_loop().sock_sendall(deaf, b"{}\n" * 4000)

    run(story)


def test_it_takes_no_commands(path: Path) -> None:
    source = source_at(path)
    assert source.abilities == frozenset()
    for order in (source.answer(CallKey("feed", "7")), source.decline(CallKey("feed", "7")), source.dial("1")):
        with pytest.raises(SourceRefused, match="unable"):
            asyncio.run(order)
