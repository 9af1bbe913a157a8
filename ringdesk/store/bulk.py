"""Takes many cards in: a hundred a transaction, nobody doubled, one batch for undo."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Me, Origin
from ringdesk.domain.news import ContactsChanged, ImportProgress
from ringdesk.domain.numbering import parse
from ringdesk.domain.sockets import Ids
from ringdesk.domain.words import fold
from ringdesk.store import contacts, history
from ringdesk.store.database import Connection
from ringdesk.store.derive import email_key
from ringdesk.store.encode import json_of, millis, phone_key, press
from ringdesk.store.writer import Work


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: contacts added, and cards that were here already."""

    added: int = 0
    already: int = 0


Incoming = tuple[Card, bytes | None]


class Import:
    """One import, as steps of a chain."""

    def __init__(
        self,
        cards: Iterator[Incoming],
        origin: Origin,
        ids: Ids,
        region: Callable[[], str],
        now: Callable[[], float],
        progress: Callable[[Imported], None] | None,
        stop: Callable[[], bool],
        most: int,
    ) -> None:
        self._cards = cards
        self._origin = origin
        self._ids = ids
        self._region = region
        self._now = now
        self._progress = progress
        self._stop = stop
        self._most = most
        self._batch: int | None = None
        self._done = Imported()

    def step(self, work: Work) -> Imported | None:
        """Take the next hundred cards; gives the counts once there are no more."""
        some = [] if self._stop() else [_pictured(*one) for one in islice(self._cards, self._most)]
        if not some:
            work.news.append(ImportProgress(self._done.added, 0, done=True))
            return self._done
        connection, now = work.connection, self._now()
        batch = self._batch
        if batch is None:
            source = history.source_of(self._origin)
            batch = history.open_batch(connection, millis(now), source, many=True)
        fresh = _Fresh(connection, self._region()).of(some)
        made = [self._contact(connection, card, photo, now) for card, photo in fresh]
        contacts.insert(connection, made, batch=batch, region=self._region())
        self._batch = batch
        self._done = Imported(self._done.added + len(made), self._done.already + len(some) - len(made))
        work.news.append(ContactsChanged(frozenset(contact.id for contact in made)))
        if self._progress is not None:
            self._progress(self._done)
        return None

    def _contact(self, connection: Connection, card: Card, photo: bytes | None, now: float) -> Contact:
        if photo is not None:
            connection.run("INSERT OR IGNORE INTO photo (digest, data) VALUES (?, ?)", (card.photo, photo))
        return Contact(
            id=self._ids.new(), card=card, owner=Me(), origin=self._origin, revision=1, created=now, updated=now
        )


def _pictured(card: Card, photo: bytes | None) -> Incoming:
    """The card, naming the picture that comes with it."""
    if photo is None:
        return card, None
    return replace(card, photo=hashlib.sha256(photo).hexdigest()), photo


_Sign = tuple[str, str, int | str | bytes]
"""A name, and what else must be equal: kind and value."""


class _Fresh:
    """Tells new cards from those that are here already, in the store or earlier in the same hundred."""

    def __init__(self, connection: Connection, region: str) -> None:
        self._connection = connection
        self._region = region

    def of(self, cards: Sequence[Incoming]) -> list[Incoming]:
        """The cards that are new."""
        signs = [self._signs(card) for card, _ in cards]
        here = self._here([sign for some in signs for sign in some])
        fresh: list[Incoming] = []
        for incoming, some in zip(cards, signs, strict=True):
            if here.isdisjoint(some):
                fresh.append(incoming)
            here.update(some)
        return fresh

    def _signs(self, card: Card) -> list[_Sign]:
        name = fold(card.display_name)
        phones = [phone_key(parse(phone.value, self._region))[1] for phone in card.phones]
        signs: list[_Sign] = [(name, "phone", key) for key in phones if key]
        signs += [(name, "email", email_key(email.value)) for email in card.emails if email.value.strip()]
        return signs or [(card.sort_key, "card", press(card)[1])]

    def _here(self, signs: list[_Sign]) -> set[_Sign]:
        """Those of the signs that a stored contact has."""
        found: set[_Sign] = set()
        for kind, sql in _HERE.items():
            keys = json_of([key for _, of, key in signs if of == kind])
            found |= {(fold(name), kind, key) for key, name in self._connection.rows(sql, (keys,))}
        for sign in signs:
            if sign[1] == "card" and self._connection.row(_SAME_CARD, (sign[0], sign[2])):
                found.add(sign)
        return found


_HERE = {
    "phone": (
        "SELECT p.number, c.name FROM json_each(?) k CROSS JOIN phone p ON p.number = k.value"
        " JOIN contact c ON c.id = p.contact"
    ),
    "email": (
        "SELECT e.key, c.name FROM json_each(?) k CROSS JOIN email e ON e.key = k.value"
        " JOIN contact c ON c.id = e.contact"
    ),
}
_SAME_CARD = (
    "SELECT 1 FROM listed l JOIN contact c ON c.id = l.contact WHERE l.part IN (0, 1) AND l.sort = ? AND c.document = ?"
)
