"""The real clock, ids and timers."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable


class SystemClock:
    """The computer's clock."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time()


class RandomIds:
    """Random UUIDs."""

    def new(self) -> str:
        """A new UUID in text form."""
        return str(uuid.uuid4())


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
