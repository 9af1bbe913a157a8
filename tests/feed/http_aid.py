"""What the HTTP feed's tests share: a feed that runs while a block lasts, and raw requests to it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from ringdesk.domain.call import SourceState
from ringdesk.domain.line import Lines
from ringdesk.feed.sources.http import HttpSource
from ringdesk.feed.tokens import issue
from tests.fakes import FakeTime
from tests.feed.aid import Heard, running

ROUTES = CALL_EVENT, CTI = "/v1/call-event", "/v1/cti"
every_route = pytest.mark.parametrize("route", ROUTES)
RING = b'{"event":"ringing","id":"7","from":"+14155550123"}'
NEW_CALL = b'{"event":"newCall","callId":"7","from":"+14155550123","to":"201","direction":"in"}'
BODIES: Mapping[str, bytes] = {CALL_EVENT: RING, CTI: NEW_CALL}
LINES = Lines(extension="201")


@dataclass(frozen=True)
class Answer:
    """What came back: a status (0 where nothing did), the head as text, the JSON of the body."""

    status: int
    head: str
    said: Mapping[str, object]

    @property
    def error(self) -> object:
        return self.said.get("error")


@dataclass
class Feed:
    """A running feed and a token for it."""

    source: HttpSource
    heard: Heard
    token: str
    tokens: Path
    address: Path

    @property
    def port(self) -> int:
        return self.source.port

    def request(
        self, route: str, body: bytes | None = None, /, *, drop: str = "", method: str = "POST", **headers: str
    ) -> bytes:
        """A good request to a route, with these headers instead; `drop` leaves one out. Names with _ for -."""
        body = BODIES[route] if body is None else body
        said = {
            "Host": f"127.0.0.1:{self.port}",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        }
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        said.pop(drop, None)
        lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        return f"{method} {route} HTTP/1.1\r\n{lines}\r\n".encode() + body

    async def post(self, route: str, body: bytes | None = None, /, **headers: str) -> Answer:
        """Post a body as a producer does."""
        return await raw(self.port, self.request(route, body, **headers))


@asynccontextmanager
async def feed(folder: Path, port: int = 0, lines: Lines = LINES) -> AsyncIterator[Feed]:
    """A feed with one producer, "pbx"."""
    tokens, address = folder / "feed-tokens.json", folder / "feed-http.json"
    token = issue(tokens, "pbx", 0.0)
    source = HttpSource("http", port, address, tokens, lambda: lines, FakeTime())
    async with running(source) as heard:
        await heard.change(state=SourceState.CONNECTED)
        yield Feed(source, heard, token, tokens, address)


async def raw(port: int, data: bytes, host: str = "127.0.0.1") -> Answer:
    """Send bytes as they are and read until the end."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        with suppress(ConnectionError):
            writer.write(data)
            await writer.drain()
        return read(await rest(reader))
    finally:
        writer.close()


async def rest(reader: asyncio.StreamReader) -> bytes:
    """Everything that still comes."""
    got = bytearray()
    with suppress(ConnectionError):
        async with asyncio.timeout(8):
            while data := await reader.read(65536):
                got += data
    return bytes(got)


def read(got: bytes) -> Answer:
    """An answer's parts."""
    head, _, body = got.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1] if head.startswith(b"HTTP/1.1 ") else b"0"
    return Answer(int(status), head.decode("ascii"), json.loads(body) if body.strip() else {})


def run(story: Callable[[], Awaitable[None]]) -> None:
    """Let a story happen on a loop of its own."""

    async def main() -> None:
        await story()

    asyncio.run(main())


def can_bind(family: socket.AddressFamily, host: str) -> bool:
    """True where this machine has the address."""
    try:
        with socket.socket(family) as probe:
            probe.bind((host, 0))
    except OSError:
        return False
    return True


async def refused(one: Feed, request: bytes, status: int) -> Answer:
    """It is refused with this status, permits nothing to a web page, and brings no fact; the next good one does."""
    answer = await raw(one.port, request)
    assert answer.status == status, answer
    assert "access-control" not in answer.head.lower()
    assert answer.said["ok"] is False
    assert one.heard.facts == []
    assert one.source.answered["taken"] == 0
    assert (await one.post(CALL_EVENT)).status == 200
    return answer
