"""Says when to look at the directory again: on its notification, and every half a minute anyway.

A notification carries nothing and means only "pull soon": anybody on the server may send one, so they are gathered,
and polling goes on whether any come or not.
"""

from __future__ import annotations

import logging
import random
import selectors
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ringdesk.providers.team.link import Connection, translated
from ringdesk.providers.team.trouble import TeamError, TeamTrouble

log = logging.getLogger(__name__)

CHANNEL: Final = "ringdesk"
POLL: Final = 30.0
"""Seconds between looks where nothing is heard; the jitter takes up to a fifth off."""

GATHER: Final = 0.1
"""Seconds at least between two wake-ups by notification."""

PRESSED: Final = 100
"""Wake-ups in a row with another notification waiting, ten seconds of them: only a flood goes on like that."""

LONGEST_GATHER: Final = 0.25
"""A flood costs a desk four short rounds a second; changes that truly come that often are seen within half a second."""

LONGEST_WAIT: Final = 60.0
"""Seconds at most between attempts to connect."""

HOPELESS: Final = frozenset({TeamTrouble.UNTRUSTED, TeamTrouble.LOGIN, TeamTrouble.OUT, TeamTrouble.EXPIRED})
"""Troubles that trying again does not mend: look again only as often as the longest wait."""


@dataclass(frozen=True, slots=True)
class Listening:
    """The server is connected and will be heard."""


@dataclass(frozen=True, slots=True)
class Deaf:
    """No connection; `trouble` says why, the next attempt comes in `wait` seconds."""

    trouble: TeamTrouble
    wait: float


State = Listening | Deaf


def next_wait(attempt: int, trouble: TeamTrouble, chance: float) -> float:
    """Seconds before the next attempt: 1, 2, 4 .. 60, spread so that an office does not come back all at once.

    `chance` is a random number of 0 to 1.
    """
    full = LONGEST_WAIT if trouble in HOPELESS else min(LONGEST_WAIT, 2.0 ** min(attempt, 6))
    return full * (0.5 + chance / 2)


def gathering(pressed: int) -> float:
    """Seconds to the next wake-up by notification, after so many that had another notification waiting behind them."""
    return GATHER if pressed < PRESSED else min(LONGEST_GATHER, GATHER * 2.0 ** min(pressed - PRESSED + 1, 5))


class Listener:
    """A thread with a connection of its own that calls `wake` when the directory may have changed.

    `wake` and `told` are called on that thread; `wake` also after every (re)connect, because what happened meanwhile
    was not heard.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        wake: Callable[[], None],
        told: Callable[[State], None],
        *,
        poll: float = POLL,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._connect = connect
        self._wake = wake
        self._told = told
        self._poll = poll
        self._chance = chance
        self._stopping = threading.Event()
        self._again = threading.Event()
        self._bell, self._rope = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="team listener")

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop and wait for the thread; takes as long as a running connection attempt."""
        self._stopping.set()
        self._again.set()
        self._rope.send(b"!")
        self._thread.join()
        self._bell.close()
        self._rope.close()

    def hurry(self) -> None:
        """The directory was reached just now: a wait for the next attempt to connect ends."""
        self._again.set()

    def _run(self) -> None:
        attempt = 0
        while not self._stopping.is_set():
            try:
                with translated(), self._connect() as connection:
                    connection.execute(f"listen {CHANNEL}")
                    attempt = 0
                    self._told(Listening())
                    self._hear(connection)
            except TeamError as error:
                wait = next_wait(attempt, error.trouble, self._chance())
                attempt += 1
                log.info("team directory not heard: %s, again in %.0f s", error.trouble.value, wait)
                self._again.clear()
                self._told(Deaf(error.trouble, wait))
                if not self._stopping.is_set():  # asked after the clearing: a stop before it rang for nobody
                    self._again.wait(wait)

    def _hear(self, connection: Connection) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.register(self._bell, selectors.EVENT_READ)
            pressed = 0
            while not self._stopping.is_set():
                self._wake()
                if self._stopping.wait(gathering(pressed)):
                    return
                pressed = pressed + 1 if _heard(connection) else self._wait(connection, selector)

    def _wait(self, connection: Connection, selector: selectors.BaseSelector) -> int:
        """Come back when something was heard or it is time to look anyway; gives 0, for nothing was waiting."""
        until = time.monotonic() + self._poll * (0.8 + self._chance() / 5)
        heard = False
        while not heard and not self._stopping.is_set() and (left := until - time.monotonic()) > 0:
            heard = _heard(connection)
            if not heard:
                selector.select(left)
        if not heard:
            connection.execute("select 1")  # a dead peer is found out here
        return 0


def _heard(connection: Connection) -> bool:
    return any(True for _ in connection.notifies(timeout=0))
