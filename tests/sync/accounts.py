"""The provider's half of a simulated world, and the one in memory; `google_account` is the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Protocol

from ringdesk.domain.remote import RemoteBook
from tests.sync.desk import VirtualClock
from tests.sync.memory_hand import MemoryHand
from tests.sync.memory_remote import Fault, Faults, MemoryBook, Server
from tests.sync.world import HandSide

CHANGES = ("push update", "push delete", "put photo")
Before = Callable[[str, frozenset[str]], None]
"""Called before each request: what it is, and the contacts that it changes."""


class Account(Protocol):
    """An account, the way to it, and what goes wrong on that way."""

    @property
    def hand(self) -> HandSide:
        """The account as its user sees it."""

    @property
    def injected(self) -> Counter[str]:
        """What went wrong, by kind."""

    def book(self, number: int, before: Before, after: Callable[[], None]) -> RemoteBook:
        """The door of a desk that has just started; the callables are called around each request."""

    def storm(self) -> None:
        """From now on things go wrong."""

    def shift(self) -> None:
        """Something happens to the connection, or to the sign-in."""

    def end_tokens(self) -> None:
        """All access tokens end before their time."""

    def reconnect(self, number: int) -> None:
        """The user of a desk signs in again."""

    def calm(self) -> None:
        """All is well from now on."""


class MemoryAccount:
    """The account of `memory_remote`."""

    def __init__(self, clock: VirtualClock, dice: Random) -> None:
        self._dice = dice
        slow = dice.random() < 0.5
        self._server = Server(clock, delay=lambda: dice.uniform(0.0, 590.0) if slow and dice.random() < 0.5 else 0.0)
        self._page = dice.choice((2, 3, 1000))
        self._faults = Faults(dice)
        self.hand = MemoryHand(self._server)
        self.injected = self._faults.injected

    def book(self, number: int, before: Before, after: Callable[[], None]) -> RemoteBook:
        del after
        made = MemoryBook(self._server, self._faults, page=self._page, desk=number)
        made.between = lambda what: before(what, made.changing if what.startswith(CHANGES) else frozenset())
        return made

    def storm(self) -> None:
        self._faults.rate = self._dice.choice((0.0, 0.1, 0.3))
        self._faults.kinds = tuple(self._dice.sample([*Fault], self._dice.randrange(1, 1 + len(Fault))))

    def shift(self) -> None:
        """Memory is always at hand."""

    def end_tokens(self) -> None:
        """It has none."""

    def reconnect(self, number: int) -> None:
        """It asks for no sign-in."""

    def calm(self) -> None:
        self._faults.rate = 0.0
