"""The window goes first: threads that work for long stand still while the Qt thread answers a user or a call.

Threads of Python take turns at one interpreter, five milliseconds each unless told otherwise. The Qt thread gives its
turn up with every statement of SQLite, some dozens for a letter typed, and a thread that is busy lets it wait for the
next one as long. So the Qt thread takes the right of way until it has painted, and the others ask between contacts or
statements. What it waits for before it can take it, the first bytes of a call or a key, is one turn. Those are made
short, and whoever asks when one is over rests for a moment: a thread that waits is let in at once then, in the middle
of a turn that nobody asks for it has to have waited for all of one.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Final

LONGEST: Final = 0.05
"""Seconds that a thread stands still for one taking, whether or not the right of way is given back."""

TURN: Final = 0.0005
"""Seconds of a busy thread's turn where somebody waits for the interpreter, in a program that hears calls."""

REST: Final = 0.00002
"""Seconds that a busy thread is asked to sleep after a turn; the system makes some 0.07 ms of them."""


class Cause(Enum):
    """What the right of way is taken for: a list that was painted does not give back what a pop still waits for.

    Pops that come at once have one between them, which the first that is painted gives back.
    """

    LIST = auto()
    POP = auto()


class RightOfWay:
    """Taken and given back by one thread, asked by any other, which then waits.

    Whoever asks may be in a transaction, for readers need no lock of it, but holds no lock that the taker waits for.
    """

    def __init__(self, longest: float = LONGEST) -> None:
        self._longest = longest
        self._free: threading.Event | None = None
        """Set when it is given back; None where nobody has taken it, which is nearly always."""
        self._holder = 0
        self._since = 0.0
        self._causes: set[Cause] = set()
        self._inside = 0
        self._turn = 0.0
        self._until = math.inf
        """When the turn of whoever is busy ends; never where nobody takes turns."""
        self._owner = 0

    def own(self, turn: float = TURN) -> None:
        """This thread is the window's: it never rests, and the others do when they ask after a turn of so long."""
        self._owner = threading.get_ident()
        self._turn = turn
        self._until = 0.0

    @property
    def taken(self) -> bool:
        """Whether the others stand still."""
        return self._free is not None

    @property
    def pressing(self) -> bool:
        """Whether it was taken a moment ago: what the taker itself can do as well later, it does later."""
        return self._free is not None and time.monotonic() - self._since < self._longest

    def take(self, cause: Cause) -> None:
        """From now on the others stand still, until it is given back. What was taken before is not made longer."""
        self._causes.add(cause)
        self._begin()

    def give(self, cause: Cause) -> None:
        """The others go on, unless it was taken for something else too. Harmless where it was not taken."""
        self._causes.discard(cause)
        self._end_unless_wanted()

    def ask(self) -> None:
        """Stand still while another thread has it; what is not given back in time is taken away."""
        free = self._free
        if free is None:
            if time.monotonic() > self._until:
                self._rest()
            return
        if threading.get_ident() == self._holder:
            return
        if not free.wait(self._longest) and self._free is free:
            self._causes.clear()
            self._end()

    def _rest(self) -> None:
        if threading.get_ident() != self._owner:
            time.sleep(REST)
            self._until = time.monotonic() + self._turn

    @contextmanager
    def first(self) -> Iterator[None]:
        """Have it inside; afterwards too where it was taken before or inside."""
        self._inside += 1
        self._begin()
        try:
            yield
        finally:
            self._inside -= 1
            self._end_unless_wanted()

    def _begin(self) -> None:
        if self._free is None:
            self._holder = threading.get_ident()
            self._since = time.monotonic()
            self._free = threading.Event()

    def _end_unless_wanted(self) -> None:
        if not (self._causes or self._inside):
            self._end()

    def _end(self) -> None:
        free, self._free = self._free, None
        if free is not None:
            free.set()


WINDOW: Final = RightOfWay()
"""The one of this process: there is one interpreter to take turns at. Where no window takes it, nobody ever waits."""


def shorten_turns() -> None:
    """From now on a thread that waits for the interpreter has it soon, in this whole process, and this one sooner."""
    sys.setswitchinterval(TURN)
    WINDOW.own()
