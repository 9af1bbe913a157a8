"""New contacts that an account brings: made ready once, put in a hundred a transaction, filed some thousands together.

They have no rows of history for having come: their batch says so, as that of an import does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.news import ContactsChanged
from ringdesk.domain.values import dataclass
from ringdesk.store import history
from ringdesk.store.batches import remember_import
from ringdesk.store.contacts import insert_arrived, settle_some
from ringdesk.store.database import Connection
from ringdesk.store.derive import Derived
from ringdesk.store.encode import millis
from ringdesk.store.filing import Filed, put
from ringdesk.store.leftovers import shrink, trim
from ringdesk.store.lump import Lump
from ringdesk.store.ready import Prepared, prepare
from ringdesk.store.writer import Work, Writer

FILED_AT_ONCE: Final = 200
"""So many contacts in a row are filed as they come: a round that brings a few gains nothing by waiting."""

LUMP: Final = 400
"""Contacts that are filed together: rows of more would take the memory for which a page has just been let go."""

SETTLED_AT_ONCE: Final = 100
"""Contacts that others have left unfiled, a transaction."""


@dataclass(frozen=True, slots=True)
class Unfiled:
    """What one transaction has put in and not filed."""

    ids: list[str]
    filed: list[Filed]
    categories: dict[str, int]


class Arrivals:
    """The new contacts of one account on their way into the tables; belongs to the thread of its worker."""

    def __init__(self, account: str, reading: Connection, writer: Writer, region: Callable[[], str]) -> None:
        self._account = account
        self._reading = reading
        self._writer = writer
        self._region = region
        self._lump = Lump()
        self._in_a_row = 0
        self._many = False
        self._ready: dict[int, tuple[Card, Prepared]] = {}
        self._ready_in = ""

    def derived(self, cards: Sequence[Card]) -> list[Derived]:
        """What cards will be found by; they are kept ready for when they are put in, which mostly is at once."""
        region = self._region()
        self._ready_in = region
        self._ready = {id(card): (card, prepare(card, region)[1]) for card in cards}
        return [one.derived for _, one in self._ready.values()]

    def _prepared(self, card: Card, region: str) -> Prepared:
        kept = self._ready.get(id(card))
        return kept[1] if kept is not None and self._ready_in == region else prepare(card, region)[1]

    def put(self, work: Work, made: Sequence[Contact], now: float, *, clean: bool) -> Unfiled | None:
        """Put contacts in; gives what is to be filed later. `clean`: nothing of them has to go back."""
        connection, region, ids = work.connection, self._region(), [contact.id for contact in made]
        ready = [self._prepared(contact.card, region) for contact in made]
        batch = history.open_batch(connection, millis(now), "account", many=True)
        remember_import(connection, batch, ids[0], len(ids))
        if clean:
            connection.run("UPDATE account SET arriving = 1 WHERE id = ?", (self._account,))
        filed, categories = insert_arrived(connection, made, ready, batch=batch, at=millis(now))
        if clean:
            connection.run("UPDATE account SET arriving = 0 WHERE id = ?", (self._account,))
        if self._in_a_row < FILED_AT_ONCE:
            put(connection, filed, categories)
            work.news.append(ContactsChanged(frozenset(ids)))
            return None
        connection.pour("INSERT INTO unfiled (contact) VALUES (?)", [(row,) for row, _, _ in filed])
        return Unfiled(ids, filed, categories)

    def kept(self, count: int, left: Sequence[Unfiled]) -> None:
        """So many were put in by a transaction that is kept, and of these some are to be filed."""
        self._in_a_row += count
        self._ready = {}
        for one in left:
            self._lump.add(one.ids, one.filed, one.categories)
        if self._lump.size >= LUMP:
            self._file()

    def file(self) -> None:
        """File what is left: no more are coming for now."""
        if self._lump.size:
            self._file()
        self._many = self._many or self._in_a_row > FILED_AT_ONCE
        self._in_a_row = 0

    def rest(self) -> None:
        """The round is over: file what is left, and let go of the memory that many have taken."""
        self.file()
        if self._many:
            self._many = False
            self._ready = {}
            self._writer.submit(lambda work: shrink(work.connection)).result()
            shrink(self._reading)
            trim()

    def _file(self) -> None:
        lump, self._lump = self._lump, Lump()  # whatever is not filed now is filed by `settle`, or at the next start
        lump.close()
        self._writer.chain(lambda work: lump.file(work) or None).result()

    def settle(self) -> None:
        """See to it that what others have put in can be found; of what this account brought nobody is asked."""
        waiting = int(self._reading.value("SELECT count(*) FROM unfiled")) - self._lump.size
        for _ in range(0, waiting, SETTLED_AT_ONCE):  # and no longer: they may go on putting in
            self._writer.submit(self._settle_some).result()

    def _settle_some(self, work: Work) -> int:
        return settle_some(work.connection, SETTLED_AT_ONCE, self._region())
