"""New contacts that an account brings: made ready once, put in and filed by the hundred.

They have no rows of history for having come: their batch says so, as that of an import does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import is_
from typing import TYPE_CHECKING, Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.store import history
from ringdesk.store.batches import remember_import
from ringdesk.store.contacts import Head, heads, heads_of, insert_alike
from ringdesk.store.derive import Derived
from ringdesk.store.encode import Key, millis
from ringdesk.store.filing import put
from ringdesk.store.ready import Prepared, prepare, prepare_all
from ringdesk.store.writer import Work

if TYPE_CHECKING:
    from ringdesk.domain.effects import Arrive

MANY: Final = 200
"""After a round that brought more than these, memory is given back."""


class Arrivals:
    """The new contacts of one account on their way into the tables; belongs to the thread of its worker."""

    def __init__(self, account: str, region: Callable[[], str]) -> None:
        self._account = account
        self._region = region
        self._count = 0
        self._cards: Sequence[Card] = ()
        self._ready: Sequence[Prepared] = ()
        self._ready_in = ""

    def derived(self, cards: Sequence[Card]) -> list[Derived]:
        """What cards will be found by; they are kept ready for when they are put in, which mostly is at once."""
        region = self._region()
        self._ready_in = region
        self._cards = cards
        self._ready = prepare_all(cards, region)
        return [one.derived for one in self._ready]

    def _prepared(self, cards: Sequence[Card], region: str) -> Sequence[Prepared]:
        if self._ready_in != region:
            return prepare_all(cards, region)
        if len(cards) == len(self._cards) and all(map(is_, cards, self._cards)):
            return self._ready
        kept = {id(card): one for card, one in zip(self._cards, self._ready, strict=True)}
        found = [kept.get(id(card)) for card in cards]
        return [one or prepare(card, region)[1] for card, one in zip(cards, found, strict=True)]

    def put(self, work: Work, made: Sequence[Contact], now: float, *, clean: bool) -> None:
        """Put contacts in. `clean`: nothing of them has to go back."""
        region = self._region()
        ready = self._prepared([contact.card for contact in made], region)
        self._put(work, [contact.id for contact in made], heads(made), ready, now, clean=clean)

    def take(self, work: Work, come: Arrive, keys: Sequence[Key], now: float) -> None:
        """Put contacts in that come as they are, under these keys."""
        region = self._region()
        ready = self._prepared([link.base for link in come.links], region)
        self._put(work, [link.contact for link in come.links], heads_of(come, keys, ready), ready, now, clean=True)

    def _put(
        self,
        work: Work,
        ids: Sequence[str],
        rows: Sequence[Head],
        ready: Sequence[Prepared],
        now: float,
        *,
        clean: bool,
    ) -> None:
        connection = work.connection
        batch = history.open_batch(connection, millis(now), "account", many=True)
        remember_import(connection, batch, ids[0], len(ids))
        if clean:
            connection.run("UPDATE account SET arriving = 1 WHERE id = ?", (self._account,))
        put(connection, *insert_alike(connection, rows, ready, batch=batch, at=millis(now)))
        if clean:
            connection.run("UPDATE account SET arriving = 0 WHERE id = ?", (self._account,))
        self._count += len(ids)

    def rest(self) -> bool:
        """The round is over; gives whether it brought so many that there is memory to give back."""
        many, self._count = self._count > MANY, 0
        self._cards = self._ready = ()
        return many
