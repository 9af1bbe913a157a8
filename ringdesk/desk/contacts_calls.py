"""The list of recent calls, without Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.news import CallsChanged
from ringdesk.domain.sockets import CallReads, ContactReads

STEP: Final = 200


class RecentCalls:
    """Calls, newest first; further ones are read when the list is scrolled to its end.

    While nobody looks (`watch`), a change of the calls is only remembered: reading them is work, and a ringing phone
    is no time for it. Names are looked up with the contacts, in either book, when a row is shown: the call list keeps
    none of a coworker's contact, so nothing of it is left here once it is not shared any more.
    """

    def __init__(self, reads: CallReads, contacts: ContactReads) -> None:
        self._reads, self._contacts = reads, contacts
        self._names: dict[str, str] = {}
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

    def name(self, record: CallRecord) -> str:
        """What the contact of a call is called now, or was when the call was written; empty where nobody named it."""
        id = record.contact
        if id is None:
            return record.contact_name
        if id not in self._names:
            contact = self._contacts.get(id)
            self._names[id] = contact.card.display_name if contact is not None and contact.card.named else ""
        return self._names[id] or record.contact_name

    def forget_names(self) -> None:
        """Contacts have changed: names are looked up anew."""
        self._names.clear()

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
