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
from ringdesk.store.encode import millis, phone_key, press
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
        some = [] if self._stop() else list(islice(self._cards, self._most))
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
            digest = hashlib.sha256(photo).hexdigest()
            connection.run("INSERT OR IGNORE INTO photo (digest, data) VALUES (?, ?)", (digest, photo))
            card = replace(card, photo=digest)
        return Contact(
            id=self._ids.new(),
            card=card,
            owner=Me(),
            origin=self._origin,
            revision=1,
            created=now,
            updated=now,
        )


_Sign = tuple[str, str, int | str | bytes]
"""A name, and what else must be equal: kind and value."""


class _Fresh:
    """Tells new cards from those that are here already, in the store or earlier in the same hundred."""

    def __init__(self, connection: Connection, region: str) -> None:
        self._connection = connection
        self._region = region
        self._seen: set[_Sign] = set()

    def of(self, cards: Sequence[Incoming]) -> list[Incoming]:
        """The cards that are new."""
        return [incoming for incoming in cards if self._is_new(incoming[0])]

    def _is_new(self, card: Card) -> bool:
        name = fold(card.display_name)
        keys: list[tuple[str, int | str]] = [("phone", key) for key in self._phones(card)]
        keys += [("email", key) for key in _emails(card)]
        signs: list[_Sign] = [(name, *key) for key in keys] or [(name, "card", press(card)[1])]
        known = any(sign in self._seen or self._here(sign) for sign in signs)
        self._seen.update(signs)
        return not known

    def _phones(self, card: Card) -> list[int | str]:
        found = [phone_key(parse(phone.value, self._region))[1] for phone in card.phones]
        return [key for key in found if key]

    def _here(self, sign: _Sign) -> bool:
        name, kind, key = sign
        names = self._connection.rows(_HERE[kind], (key,) if kind != "card" else (name, key))
        return any(fold(other) == name for (other,) in names)


_HERE = {
    "phone": "SELECT c.name FROM phone p JOIN contact c ON c.id = p.contact WHERE p.number = ?",
    "email": "SELECT c.name FROM email e JOIN contact c ON c.id = e.contact WHERE e.key = ?",
    "card": (
        "SELECT c.name FROM listed l JOIN contact c ON c.id = l.contact"
        " WHERE l.part IN (0, 1) AND l.sort = ? AND c.document = ?"
    ),
}


def _emails(card: Card) -> list[int]:
    return [email_key(email.value) for email in card.emails if email.value.strip()]
