"""What makes accounts sync besides their own intervals: a save, a look, a call, the end of a sleep, a network again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Final

from ringdesk.app.account_seat import Seat
from ringdesk.app.clockwork import Outside
from ringdesk.domain.orders import Refresh, SyncSoon, Wake

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 20.0
"""Seconds between two looks at the clock for a sleep of the computer."""
STAYS: Final = 0.4
"""Seconds after which a contact that is shown counts as opened: who scrolls past it does not mean it."""
REFRESH_AGAIN: Final = 20.0
"""Seconds within which a contact that is opened again is not read anew."""


class Triggers:
    """Gives the workers of connected accounts (`seats`) their orders. Belongs to the main thread."""

    def __init__(self, seats: Callable[[], Sequence[Seat]], touched: Callable[[str], bool], outside: Outside) -> None:
        """`touched`: whether an account may have something to send."""
        self._seats, self._touched, self._outside = seats, touched, outside
        self._refreshed: dict[str, float] = {}
        self._looked_at = ""

    def contacts_changed(self) -> None:
        """Contacts were saved: what has something to send does so soon."""
        for seat in self._seats():
            if not seat.by_hand and self._touched(seat.account.id):
                seat.order(SyncSoon())

    def looked_at(self, contact: str) -> None:
        """A contact is shown; where the user stays with it, it is opened."""
        self._looked_at = contact
        self._outside.timers.call_later(STAYS, lambda: self.opened(contact) if self._looked_at == contact else None)

    def opened(self, contact: str) -> None:
        """A contact is opened or calling: it is read anew, behind whatever shows it."""
        now = self._outside.clock.now()
        if now - self._refreshed.get(contact, float("-inf")) < REFRESH_AGAIN:
            return
        self._refreshed = {id: at for id, at in self._refreshed.items() if now - at < REFRESH_AGAIN} | {contact: now}
        for seat in self._seats():
            if not seat.by_hand:
                seat.order(Refresh(contact))

    def woke(self) -> None:
        """The computer woke up, or the network is back."""
        for seat in self._seats():
            seat.order(Wake())

    def watch_sleep(self) -> None:
        """Look at the clock from now on: timers do not count the computer's sleep, and it does."""
        self._look(self._outside.clock.now())

    def _look(self, before: float) -> None:
        now = self._outside.clock.now()
        if now - before > 2 * LOOK_EVERY:
            log.info("the computer has slept")
            self.woke()
        self._outside.timers.call_later(LOOK_EVERY, lambda: self._look(now))
