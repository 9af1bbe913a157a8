"""Small working stand-ins: a clock and timers that a test moves by hand, ids that count."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from ringdesk.domain.signing import Keeping

T = TypeVar("T")


@dataclass
class FakeTimer:
    """Something that will happen when the test moves the clock there."""

    at: float
    do: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class FakeTime:
    """A clock and its timers."""

    time: float = 1_700_000_000.0
    _queue: list[tuple[float, int, FakeTimer]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def now(self) -> float:
        return self.time

    def call_later(self, delay: float, do: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer(self.time + delay, do)
        heapq.heappush(self._queue, (timer.at, next(self._numbers), timer))
        return timer

    def pass_(self, seconds: float) -> None:
        """Let time go by; everything due happens in its order."""
        end = self.time + seconds
        while self._queue and self._queue[0][0] <= end:
            at, _, timer = heapq.heappop(self._queue)
            self.time = max(self.time, at)
            if not timer.cancelled:
                timer.do()
        self.time = end

    @property
    def waiting(self) -> int:
        """How many timers are set."""
        return sum(not timer.cancelled for _, _, timer in self._queue)


@dataclass
class CountingIds:
    """Ids that count: id-1, id-2, ..."""

    prefix: str = "id"
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def new(self) -> str:
        return f"{self.prefix}-{next(self._numbers)}"


def deliver(future: Future[T], done: Callable[[T], None], failed: Callable[[Exception], None] | None = None) -> None:
    """Hand the outcome of a write over at once, on this thread (domain.sockets.Deliver)."""
    error = future.exception()
    if error is None:
        done(future.result())
    elif failed is not None and isinstance(error, Exception):
        failed(error)
    else:
        raise error


class FakeSecrets:
    """A keyring that keeps secrets in a dict; `trusted` False makes it one that forgets at the end of the session."""

    def __init__(self, *, trusted: bool = True) -> None:
        self.kept: dict[str, str] = {}
        self.trusted = trusted

    def keep(self, key: str, secret: str) -> Keeping:
        """Keep a secret."""
        self.kept[key] = secret
        return Keeping.KEYRING if self.trusted else Keeping.SESSION

    def get(self, key: str) -> str | None:
        """The secret."""
        return self.kept.get(key)

    def forget(self, key: str) -> bool:
        """Forget a secret."""
        self.kept.pop(key, None)
        return True


class NoBrowser:
    """A computer without a browser."""

    def open(self, address: str) -> bool:
        """Nothing opens."""
        return False
