"""Who calls: the lookup of the call path, from the store's candidates to a caller."""

from __future__ import annotations

from collections.abc import Callable

from ringdesk.domain.lookup import Caller, Candidate, Hidden, who_is
from ringdesk.domain.phone import Number, Withheld
from ringdesk.domain.sockets import ContactReads
from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Callers:
    """Looks numbers up in the contacts. `region` gives the home country of now."""

    contacts: ContactReads
    region: Callable[[], str]

    def who(self, number: Number) -> Caller:
        """Who has this number; a withheld one is never looked up."""
        if isinstance(number, Withheld):
            return Hidden()
        found = self.contacts.find(number)
        picked = self.contacts.picked(number) if len(found) > 1 else None
        return who_is(number, found, region=self.region(), picked=picked)

    def latest_note(self, who: Candidate) -> str:
        """The newest note on a contact; empty where there is none."""
        if who.note is not None:
            return who.note
        note = self.contacts.latest_note(who.contact)
        return note.text if note else ""
