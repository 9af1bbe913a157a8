"""What every part of the practice Google shares: the time, the dice, the switches and one counter."""

from __future__ import annotations

import hmac
from random import Random

from ringdesk.sandbox.google.clock import Clock
from ringdesk.sandbox.google.pictures import Picture
from ringdesk.sandbox.google.switches import Switches


class World:
    """The time, the dice and the switches; one seed and one order of requests give one run."""

    def __init__(self, switches: Switches, clock: Clock, rng: Random) -> None:
        self.switches = switches
        self.clock = clock
        self.rng = rng
        self.base_url = "http://practice-google.invalid"
        self.late: float | None = None
        self.pictures: dict[str, Picture] = {}
        self._secret = rng.randbytes(16)
        self._sequence = 0
        self._last_stamp = 0

    def now(self) -> float:
        """Seconds since 1970."""
        return self.clock.now()

    def next_sequence(self) -> int:
        """The number of a change; later changes have greater numbers whatever the clock does."""
        self._sequence += 1
        return self._sequence

    def next_stamp(self) -> int:
        """The moment of a change in microseconds, different for every change."""
        self._last_stamp = max(round(self.clock.now() * 1_000_000), self._last_stamp + 1)
        return self._last_stamp

    def next_arrival(self) -> float:
        """When the write made now shows in sync requests [D: several minutes]; `late` settles it write by write."""
        shortest, longest = self.switches.propagation
        if self.late is not None:
            return self.clock.now() + self.late
        if longest <= 0:
            return self.clock.now()
        return self.clock.now() + self.rng.uniform(shortest, longest)

    def number(self, bits: int) -> int:
        """A random number with exactly this many bits."""
        return self.rng.getrandbits(bits - 1) | 1 << bits - 1

    def secret(self, length: int) -> str:
        """A random text for tokens and ids, of letters and digits."""
        alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        return "".join(self.rng.choices(alphabet, k=length))

    def seal(self, data: bytes) -> str:
        """What shows that a token is ours."""
        return hmac.digest(self._secret, data, "sha256").hex()[:16]
