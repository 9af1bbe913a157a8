"""The local call-event feed as a call source: scripts and programs of this user post events to a unix socket."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ringdesk.domain.call import Fact, SourceChanged, SourceState
from ringdesk.domain.line import Lines
from ringdesk.domain.sockets import Clock
from ringdesk.feed.backoff import Backoff
from ringdesk.feed.door import Door, Peer, ReadPeer, peer_of
from ringdesk.feed.place import UnsafePlaceError
from ringdesk.feed.posted import TOO_FAST, PostedSource
from ringdesk.feed.wire.local import LineBuffer, Refused, answer, decode

CONNECTIONS_MOST: Final = 16
HALF_LINE_SECONDS: Final = 5.0
"""How long a line may take from its first byte to its end."""

IDLE_SECONDS: Final = 60.0
"""How long a producer may keep a connection without a word; it may come back any time."""

RETRY_SECONDS: Final = 5.0

log = logging.getLogger(__name__)


class LocalSource(PostedSource):
    """Listens at a unix socket in a folder of this user alone."""

    def __init__(self, id: str, path: Path, lines: Callable[[], Lines], clock: Clock, peer: ReadPeer = peer_of) -> None:
        super().__init__(id, "local feed")
        self._path = path
        self._lines = lines
        self._clock = clock
        self._peer = peer
        self._clients: set[asyncio.Task[None]] = set()

    async def run(self, take: Callable[[Fact], None], changed: Callable[[SourceChanged], None]) -> None:
        """Listen until cancelled; where the socket cannot be had, say why and try again."""
        backoff = Backoff(lambda: 1.0, first=0.1, most=RETRY_SECONDS)
        while True:
            try:
                door = Door(self._path)
            except UnsafePlaceError as error:
                changed(SourceChanged(self._id, SourceState.WAITING, error.why, error.detail))
                await asyncio.sleep(backoff.wait())
                continue
            try:
                await self._serve(door, take, changed)
            finally:
                await self._send_home()
                door.close()

    async def _serve(self, door: Door, take: Callable[[Fact], None], changed: Callable[[SourceChanged], None]) -> None:
        server = await asyncio.start_unix_server(self._client, sock=door.socket)
        changed(SourceChanged(self._id, SourceState.CONNECTED, detail=str(self._path)))
        try:
            await self._inbox.tell(take)
        finally:
            server.close()

    async def _send_home(self) -> None:
        clients = list(self._clients)
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:  # asyncio runs every client as a task
            raise RuntimeError("no task")
        peer = self._peer(writer.get_extra_info("socket"))
        refused = self._unwelcome(peer)
        self._clients.add(task)
        try:
            if refused is not None:
                writer.write(answer(refused))
            else:
                await self._talk(reader, writer, peer.pid if peer else 0)
            writer.close()
            await asyncio.wait_for(writer.wait_closed(), HALF_LINE_SECONDS)
        except (OSError, TimeoutError) as error:
            log.info("a producer of call events went away: %s", type(error).__name__)
        finally:
            writer.transport.abort()  # one that does not read must not keep its socket open
            self._clients.discard(task)

    def _unwelcome(self, peer: Peer | None) -> Refused | None:
        if peer is not None and peer.uid != os.getuid():
            return Refused("other_user", "only the user who runs RingDesk may post events")
        if len(self._clients) >= CONNECTIONS_MOST:
            return Refused("too_many", f"at most {CONNECTIONS_MOST} connections at a time")
        return None

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, producer: int) -> None:
        buffer, loop = LineBuffer(), asyncio.get_running_loop()
        until = loop.time() + IDLE_SECONDS
        while True:
            had_half = buffer.half
            try:
                async with asyncio.timeout_at(until):
                    data = await reader.read(4096)
            except TimeoutError:
                writer.write(answer(Refused("slow", "nothing came, or a line took too long to end")))
                return
            answers = [self._one(line, producer) for line in (buffer.feed(data) if data else buffer.rest())]
            if answers:
                await asyncio.sleep(0)  # a pop that came up by it is painted first
                writer.writelines(answers)
            if not data or buffer.stopped:
                return
            if writer.transport.get_write_buffer_size():  # the producer does not read: nothing waits where it does
                async with asyncio.timeout(HALF_LINE_SECONDS):
                    await writer.drain()
            if not (had_half and buffer.half):
                until = loop.time() + (HALF_LINE_SECONDS if buffer.half else IDLE_SECONDS)

    def _one(self, line: bytes | Refused, producer: int) -> bytes:
        if isinstance(line, Refused):
            return answer(line)
        if not self._inbox.allows(producer):
            return answer(TOO_FAST)
        return answer(self._inbox.put(decode(line, self._id, self._lines().is_mine, self._clock.now())))
