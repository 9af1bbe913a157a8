"""The real clock, ids and timers, and threads for what blocks."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from ringdesk.domain.sockets import Browser, Clock, Deliver, Ids, Secrets, SendNews, Timers
from ringdesk.domain.values import dataclass

if TYPE_CHECKING:
    import asyncio

log = logging.getLogger(__name__)

T = TypeVar("T")


class SystemClock:
    """The computer's clock."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time()


class RandomIds:
    """Random UUIDs that sort by when they were made: what was made together lies together in every index."""

    def new(self) -> str:
        """A new UUID (RFC 9562, version 7) in text form; put together by hand, because every call waits for one."""
        when, digits = f"{time.time_ns() // 1_000_000:012x}", os.urandom(10).hex()
        variant = "89ab"[int(digits[0], 16) & 3]
        return f"{when[:8]}-{when[8:]}-7{digits[1:4]}-{variant}{digits[4:7]}-{digits[7:19]}"


class LoopTimers:
    """Timers of the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._stopped = False

    def call_later(self, delay: float, do: Callable[[], None]) -> asyncio.TimerHandle:
        """Do it in `delay` seconds, on the loop's thread; what comes due after `stop` is left undone."""
        return self._loop.call_later(delay, lambda: None if self._stopped else do())

    def stop(self) -> None:
        """The rooms close: nothing that was put off may read or write any more."""
        self._stopped = True


@dataclass(frozen=True, slots=True)
class Outside:
    """What the rooms need of the world: time, threads, where things are told, secrets, the browser."""

    clock: Clock
    ids: Ids
    timers: Timers
    deliver: Deliver
    send: SendNews
    secrets: Secrets
    browser: Browser

    def aside(
        self, name: str, do: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Do something that blocks on a thread of its own, and go on with what it gave on the main thread."""
        future: Future[T] = Future()

        def work() -> None:
            try:
                future.set_result(do())
            except Exception as error:  # the top of a thread: logged, and told on the main thread
                log.exception("%s failed", name)
                future.set_exception(error)

        self.deliver(future, done, failed)
        threading.Thread(target=work, name=name).start()
