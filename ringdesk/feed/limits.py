"""How much a producer may send, and what is let go first when too much comes. Pure; the time comes with each call."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from ringdesk.domain.call import Ended, Fact, Rang

PER_SECOND: Final = 20.0
BURST: Final = 50.0
PRODUCERS_MOST: Final = 256
QUEUE_MOST: Final = 1000


class Rates:
    """A leaky bucket for each producer; the ones longest silent are forgotten first."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def allows(self, producer: int, now: float) -> bool:
        """True when this producer may send one more event now."""
        left, before = self._buckets.pop(producer, (BURST, now))
        left = min(BURST, left + max(0.0, now - before) * PER_SECOND)
        allowed = left >= 1
        self._buckets[producer] = (left - 1 if allowed else left, now)
        if len(self._buckets) > PRODUCERS_MOST:
            self._buckets.popitem(last=False)
        return allowed


class Backlog:
    """Facts that wait to be told: when full, the oldest ring goes first and an end never."""

    def __init__(self, most: int = QUEUE_MOST) -> None:
        self._most = most
        self._facts: list[Fact] = []
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._facts)

    def put(self, fact: Fact) -> None:
        """Add a fact; where there is no room another one is let go, or this one."""
        if len(self._facts) >= self._most:
            self._make_room()
        self._facts.append(fact)

    def some(self, most: int) -> list[Fact]:
        """The next facts, oldest first."""
        taken, self._facts = self._facts[:most], self._facts[most:]
        return taken

    def _make_room(self) -> None:
        rings = (i for i, fact in enumerate(self._facts) if isinstance(fact, Rang))
        others = (i for i, fact in enumerate(self._facts) if not isinstance(fact, Ended))
        place = next(rings, next(others, None))
        if place is not None:
            del self._facts[place]
            self.dropped += 1
