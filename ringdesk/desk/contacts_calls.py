"""The list of recent calls, without Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.news import CallsChanged
from ringdesk.domain.sockets import CallReads

STEP: Final = 200


class RecentCalls:
    """Calls, newest first; further ones are read when the list is scrolled to its end.

    While nobody looks (`watch`), a change of the calls is only remembered: reading them is work, and a ringing phone
    is no time for it.
    """

    def __init__(self, reads: CallReads) -> None:
        self._reads = reads
        self._show: Callable[[], None] | None = None
        self._watched = True
        self._stale = False
        self.rows: list[CallRecord] = []
        self.complete = False

    def attach(self, show: Callable[[], None]) -> None:
        """Call `show` whenever the rows were read anew."""
        self._show = show
        self.again()

    def again(self) -> None:
        """Read the newest calls."""
        self._stale = False
        self.rows = list(self._reads.recent(STEP))
        self.complete = len(self.rows) < STEP
        if self._show is not None:
            self._show()

    def further(self) -> Sequence[CallRecord]:
        """The calls before the oldest one in the list; empty at the end."""
        if self.complete or not self.rows:
            return ()
        more = list(self._reads.recent(STEP, before=self.rows[-1].started))
        self.complete = len(more) < STEP
        return more

    def watch(self, on: bool) -> None:
        """The list came into sight or left it."""
        self._watched = on
        if on and self._stale:
            self.again()

    def calls_changed(self, news: CallsChanged) -> None:
        """Read anew, now or when the list is looked at."""
        if self._watched:
            self.again()
        else:
            self._stale = True
