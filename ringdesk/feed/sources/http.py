"""The HTTP feed as a call source: programs that can only post to a web address post events with a token.

Off unless the user turns it on. Every producer is a source of its own to the tracker ("HTTP feed/NAME"): its calls are
its own, and a call that two of them see is one call. A connection carries one request and has two seconds for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Final

from ringdesk.domain.call import Fact, SourceChanged, SourceState
from ringdesk.domain.line import Lines
from ringdesk.domain.sockets import Clock
from ringdesk.feed.backoff import Backoff
from ringdesk.feed.loopback import NoPortError, announce, listen, withdraw
from ringdesk.feed.posted import TOO_FAST, PostedSource
from ringdesk.feed.tokens import Producer, Tokens
from ringdesk.feed.visitors import Visitors
from ringdesk.feed.wire import routes
from ringdesk.feed.wire.exchange import Exchange, Posted
from ringdesk.feed.wire.http import CONTINUE, Rejected, reply
from ringdesk.feed.wire.local import Refused, Taken, answer

READ_SECONDS: Final = 2.0
"""How long a request may take from its first byte, or from its connection where none comes, to its last."""

LINGER_SECONDS: Final = 0.5
LINGER_BYTES: Final = 2 * 1024 * 1024
"""What a refused sender may still send before it is cut off, so that it gets to read why."""

RETRY_SECONDS: Final = 5.0

Outcome = Taken | Refused | Rejected

log = logging.getLogger(__name__)


class HttpSource(PostedSource):
    """Listens at a port of this computer that no other computer can reach."""

    def __init__(
        self, id: str, port: int, address: Path, tokens: Path, lines: Callable[[], Lines], clock: Clock
    ) -> None:
        """`port` 0 is any free one; `address` is the file it is written to, `tokens` that of `feed.tokens`."""
        super().__init__(id, "HTTP feed")
        self._port, self._address, self._tokens = port, address, Tokens(tokens)
        self._lines = lines
        self._clock = clock
        self._visitors = Visitors()
        self.port = 0
        """Where it listens; 0 while it does not."""
        self.answered: Counter[str] = Counter()
        """How often each outcome was answered: "taken" and the codes of refusals."""

    async def run(self, take: Callable[[Fact], None], changed: Callable[[SourceChanged], None]) -> None:
        """Listen until cancelled; where the port cannot be had, say why and try again."""
        backoff = Backoff(lambda: 1.0, first=0.1, most=RETRY_SECONDS)
        while True:
            try:
                await self._serve(take, changed)
            except NoPortError as error:
                changed(SourceChanged(self._id, SourceState.WAITING, error.why, error.detail))
            except OSError as error:
                changed(SourceChanged(self._id, SourceState.WAITING, "no_address_file", str(error)))
            await asyncio.sleep(backoff.wait())

    async def _serve(self, take: Callable[[Fact], None], changed: Callable[[SourceChanged], None]) -> None:
        async with AsyncExitStack() as stack:
            stack.callback(setattr, self, "port", 0)
            stack.push_async_callback(self._visitors.send_home)
            listening = listen(self._port)
            for one in listening:
                stack.callback(one.close)
            self.port = listening[0].getsockname()[1]
            for one in listening:
                server = await asyncio.start_server(self._client, sock=one)
                stack.callback(server.close)
            announce(self._address, self.port)
            stack.callback(withdraw, self._address)
            self._tokens.look()
            await self._tell(take, changed)

    async def _tell(self, take: Callable[[Fact], None], changed: Callable[[SourceChanged], None]) -> None:
        told = self._tokens.trouble
        changed(self._state())

        def after() -> None:
            nonlocal told
            if self._tokens.trouble is not told:
                told = self._tokens.trouble
                changed(self._state())

        await self._inbox.tell(take, after)

    def _state(self) -> SourceChanged:
        trouble = self._tokens.trouble
        if trouble is not None:
            return SourceChanged(self._id, SourceState.WAITING, f"tokens_{trouble.why}", trouble.detail)
        return SourceChanged(self._id, SourceState.CONNECTED, detail=f"http://127.0.0.1:{self.port}")

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:  # asyncio runs every client as a task
            raise RuntimeError("no task")
        try:
            if self._visitors.enter(task):
                outcome = await self._request(reader, writer, task)
            else:
                outcome = Rejected(HTTPStatus.SERVICE_UNAVAILABLE, "too_many", "too many connections")
            if outcome is not None:
                writer.write(self._reply(outcome))
                await _part(reader, writer)
        except asyncio.CancelledError:
            log.debug("a connection to the HTTP feed was sent away")  # the top of its task: it ends in either case
        except (OSError, TimeoutError) as error:
            log.debug("a producer of call events went away: %s", type(error).__name__)
        finally:
            writer.transport.abort()
            self._visitors.leave(task)

    async def _request(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, task: asyncio.Task[None]
    ) -> Outcome | None:
        """What becomes of the request of a connection; None where it went away before it was whole."""
        exchange: Exchange[Producer] = Exchange(self.port, self._whose)
        told_to_go_on = False
        try:
            async with asyncio.timeout(READ_SECONDS):
                while exchange.outcome is None:
                    if not (data := await reader.read(4096)):
                        return None
                    exchange.feed(data)
                    if exchange.admitted is not None:
                        self._visitors.trust(task)
                        if exchange.admitted.waits and not told_to_go_on and exchange.outcome is None:
                            writer.write(CONTINUE)
                            told_to_go_on = True
        except TimeoutError:
            return Rejected(HTTPStatus.REQUEST_TIMEOUT, "slow", f"a request has {READ_SECONDS:g} seconds")
        return exchange.outcome if isinstance(exchange.outcome, Rejected) else self._read(exchange.outcome)

    def _whose(self, token: str) -> Producer | None:
        before = self._tokens.trouble
        producer = self._tokens.whose(token)
        if self._tokens.trouble is not before:
            self._inbox.stir()
        return producer

    def _read(self, posted: Posted[Producer]) -> Outcome:
        producer = posted.producer
        if not self._inbox.allows(producer.number):
            return Rejected(HTTPStatus.TOO_MANY_REQUESTS, TOO_FAST.error, TOO_FAST.detail)
        source = f"{self._id}/{producer.name}"
        outcome = routes.read(posted.target, posted.kind, posted.body, source, self._lines(), self._clock.now())
        return self._inbox.put(outcome)

    def _reply(self, outcome: Outcome) -> bytes:
        code = "taken" if isinstance(outcome, Taken) else outcome.error
        self.answered[code] += 1
        times = self.answered[code]
        if code != "taken" and times & (times - 1) == 0:  # the 1st, 2nd, 4th, 8th... time: a flood fills no log
            log.info("the HTTP feed refused a request (%s, %d times so far)", code, times)
        match outcome:
            case Rejected(status, error, detail):
                return reply(status, answer(Refused(error, detail)))
            case Refused():
                return reply(HTTPStatus.BAD_REQUEST, answer(outcome))
            case _:
                return reply(HTTPStatus.OK, answer(outcome))


async def _part(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say that this was all, and let the other side finish, for a moment: else it may not get to read the answer."""
    async with asyncio.timeout(LINGER_SECONDS):
        await writer.drain()
        writer.write_eof()
        left = LINGER_BYTES
        while left > 0 and (data := await reader.read(65536)):
            left -= len(data)
