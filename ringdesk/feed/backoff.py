"""How long to wait before the next try: doubling, with a random part so that two programs do not march in step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Backoff:
    """Waiting times in seconds; `chance` gives a number from 0 to 1."""

    chance: Callable[[], float]
    first: float = 0.5
    most: float = 30.0
    _next: float = 0.0

    def wait(self) -> float:
        """The next waiting time: between half and the whole of a span that doubles up to `most`."""
        span = min(self.most, self._next or self.first)
        self._next = span * 2
        return span * (0.5 + 0.5 * self.chance())

    def reset(self) -> None:
        """Begin again with the first span."""
        self._next = 0.0

    def long(self) -> None:
        """Go on with the longest span."""
        self._next = self.most
