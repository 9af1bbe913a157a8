"""What time it is at the practice Google: a clock that tests turn, or the real one for the demo."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

START = 1_772_000_000.0
"""Where a virtual clock starts: 25 February 2026. Any fixed moment would do."""

DAY = 86_400.0


class Clock(Protocol):
    """Tells the time in seconds since 1970."""

    def now(self) -> float:
        """Seconds since 1970."""
        ...


class VirtualClock:
    """Stands still until it is turned; also backwards, as a computer's clock can jump."""

    def __init__(self, start: float = START) -> None:
        self._now = start

    def now(self) -> float:
        """Seconds since 1970."""
        return self._now

    def advance(self, seconds: float) -> float:
        """Turn the clock and tell the new time."""
        self._now += seconds
        return self._now


class RealClock:
    """The computer's own clock, for the demo."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()


@lru_cache(maxsize=4096)
def stamp(microseconds: int) -> str:
    """A moment as Google writes it: RFC 3339 in UTC with microseconds [R]."""
    moment = datetime.fromtimestamp(microseconds // 1_000_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{microseconds % 1_000_000:06d}Z"
