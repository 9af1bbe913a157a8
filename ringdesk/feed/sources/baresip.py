"""baresip through its module ctrl_tcp: facts in, answer, decline and dial out.

Measured with 1.0.0: only one client is served; another one that connects takes the stream and ours is closed without
a word. `accept` and `hangup` take no call id there and act on the newest call, so a command for an older call is
refused here instead of hitting the wrong one; and `accept` says ok but does nothing while another call rings too,
because it first puts that one on hold, which a ringing call cannot be. What `listcalls` prints is a text that
changes between versions, so a call that was up before we connected stays unknown.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import re
import socket
from collections.abc import Callable
from typing import Final

from ringdesk.domain.call import (
    Ability,
    Answered,
    CallKey,
    Direction,
    Ended,
    Fact,
    Rang,
    SourceChanged,
    SourceLost,
    SourceState,
)
from ringdesk.domain.sockets import SourceRefused
from ringdesk.domain.status import Finding, Health
from ringdesk.feed.backoff import Backoff
from ringdesk.feed.wire.baresip import Reply, Wire
from ringdesk.feed.wire.netstring import packed

CONNECT_SECONDS: Final = 5.0
REPLY_SECONDS: Final = 5.0
STOLEN_WITHIN: Final = 60.0
"""Two connections in a row that are closed so soon after they stood were taken over by another program."""

OPEN_MOST: Final = 64
NUMBER: Final = re.compile(r"\+?[0-9*#]{1,32}")
_DOMAIN: Final = re.compile(r"[A-Za-z0-9.:\[\]_-]{1,200}")

log = logging.getLogger(__name__)


class BaresipSource:
    """A client of one baresip's control port; `dial_domain` is needed only where the account has none of its own."""

    def __init__(self, id: str, host: str, port: int, *, chance: Callable[[], float], dial_domain: str = "") -> None:
        self._id = id
        self._host = host
        self._port = port
        self._domain = dial_domain
        self._backoff = Backoff(chance)
        self._short = 0
        self._tokens = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[Reply]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._open: dict[CallKey, bool] = {}  # oldest first; True while it rings here

    @property
    def id(self) -> str:
        """Its name in settings."""
        return self._id

    @property
    def abilities(self) -> frozenset[Ability]:
        """Everything while connected, else nothing."""
        return frozenset(Ability) if self._writer is not None else frozenset()

    async def run(self, take: Callable[[Fact], None], changed: Callable[[SourceChanged], None]) -> None:
        """Connect, report facts, reconnect; returns only when cancelled."""
        loop = asyncio.get_running_loop()
        changed(SourceChanged(self._id, SourceState.CONNECTING))
        while True:
            try:
                reader, writer = await _connected(self._host, self._port)
            except OSError as error:
                self._short = 0
                changed(SourceChanged(self._id, SourceState.WAITING, _why(error), str(error)))
                await asyncio.sleep(self._backoff.wait())
                continue
            since = loop.time()
            changed(SourceChanged(self._id, SourceState.CONNECTED, detail=f"{self._host}:{self._port}"))
            try:
                detail = await self._listen(reader, writer, take)
            finally:
                self._left(writer)
            take(SourceLost(source=self._id))
            why = self._loss(loop.time() - since)
            changed(SourceChanged(self._id, SourceState.WAITING, why, detail))
            await asyncio.sleep(self._backoff.wait())

    async def answer(self, key: CallKey) -> None:
        """Answer a ringing call."""
        if any(rings for other, rings in self._open.items() if other != key):
            raise SourceRefused("other_rings", "baresip cannot answer while another call rings too")
        await self._command("accept", key)

    async def decline(self, key: CallKey) -> None:
        """Decline a ringing call or hang up."""
        await self._command("hangup", key)

    async def dial(self, number: str) -> None:
        """Call a number through baresip's account."""
        if NUMBER.fullmatch(number) is None:
            raise SourceRefused("bad_number", f"only digits, *, # and a leading + can be dialled: {number[:40]!r}")
        user = number.replace("#", "%23")
        await self._ask("dial", f"sip:{user}@{self._domain}" if _DOMAIN.fullmatch(self._domain) else number)

    async def _command(self, command: str, key: CallKey) -> None:
        if self._writer is not None and key not in self._open:
            raise SourceRefused("unknown_call", "baresip has no such call")
        if self._open and next(reversed(self._open)) != key:
            raise SourceRefused("other_call", "baresip can act on its newest call only, and that is another one")
        await self._ask(command, "")

    async def _ask(self, command: str, params: str) -> None:
        """Send a command and wait for its reply."""
        if self._writer is None:
            raise SourceRefused("not_connected", f"no baresip at {self._host}:{self._port}")
        token = f"ringdesk-{next(self._tokens)}"
        reply = self._waiting[token] = asyncio.get_running_loop().create_future()
        self._writer.write(packed(_order(command, params, token)))
        try:
            got = await asyncio.wait_for(reply, REPLY_SECONDS)
        except TimeoutError as error:
            raise SourceRefused("timeout", f"baresip did not reply to {command}") from error
        finally:
            self._waiting.pop(token, None)
        if not got.ok:
            raise SourceRefused("refused", got.data.strip()[:200])

    async def _listen(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: Callable[[Fact], None]
    ) -> str:
        """Report facts until the connection ends; gives what the system said about that."""
        wire, self._writer = Wire(self._id), writer
        try:
            while data := await reader.read(65536):
                for item in wire.feed(data):
                    self._take(item, take)
        except OSError as error:
            return str(error)
        return ""

    def _take(self, item: Fact | Reply, take: Callable[[Fact], None]) -> None:
        if isinstance(item, Reply):
            waiting = self._waiting.get(item.token)
            if waiting is not None and not waiting.done():
                waiting.set_result(item)
            return
        self._note(item)
        take(item)

    def _note(self, fact: Fact) -> None:
        """Keep in mind which calls there are, for the commands."""
        if isinstance(fact, Rang):
            self._open.setdefault(fact.key, fact.direction is Direction.INCOMING)
            if len(self._open) > OPEN_MOST:
                del self._open[next(iter(self._open))]
        elif isinstance(fact, Answered) and fact.key in self._open:
            self._open[fact.key] = False
        elif isinstance(fact, Ended):
            self._open.pop(fact.key, None)

    def _left(self, writer: asyncio.StreamWriter) -> None:
        self._writer = None
        self._open.clear()
        writer.close()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(SourceRefused("lost", "the connection to baresip broke"))

    def _loss(self, lasted: float) -> str:
        """Why a connection ended. A softphone that was restarted refuses or stays; one that is shared throws us out."""
        self._short = self._short + 1 if lasted < STOLEN_WITHIN else 0
        if self._short > 1:
            self._backoff.long()
            return "stolen"
        self._backoff.reset()
        return "lost"


async def probe(host: str, port: int) -> Finding:
    """What the test button finds. It takes the stream for a moment, so a running source reconnects afterwards."""
    what = f"baresip at {host}:{port}"
    try:
        reader, writer = await _connected(host, port)
    except OSError as error:
        return Finding(what, Health.BAD, f"{_why(error)}: {error}", _HOW)
    try:
        writer.write(packed(_order("help", "", "ringdesk-probe")))
        replied = await asyncio.wait_for(_reply(reader), REPLY_SECONDS)
    except (OSError, TimeoutError):
        replied = False
    finally:
        writer.close()
    if not replied:
        return Finding(what, Health.BAD, "something listens there, but it does not answer as baresip does", _HOW)
    if not _is_loopback(host):
        return Finding(what, Health.NOTE, "answers", _OPEN_PORT)
    return Finding(what, Health.GOOD, "answers")


_HOW: Final = (
    "In baresip's config, load the module with 'module_app ctrl_tcp.so' and set 'ctrl_tcp_listen 127.0.0.1:4444', "
    "then start baresip again."
)
_OPEN_PORT: Final = "This port has no password: whoever reaches it can place calls. Let it listen on 127.0.0.1 only."


async def _reply(reader: asyncio.StreamReader) -> bool:
    wire = Wire("probe")
    while data := await reader.read(65536):
        if any(isinstance(item, Reply) and item.token == "ringdesk-probe" for item in wire.feed(data)):
            return True
    return False


async def _connected(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), CONNECT_SECONDS)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return reader, writer


def _order(command: str, params: str, token: str) -> bytes:
    return json.dumps({"command": command, "params": params, "token": token}).encode("ascii")


def _why(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    return "timeout" if isinstance(error, TimeoutError) else "unreachable"


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
