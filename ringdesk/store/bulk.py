"""Takes many cards in: a hundred a transaction, nobody doubled, one batch for undo, filed some thousands together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from ringdesk.domain.contact import Origin
from ringdesk.domain.news import ContactsChanged, ImportProgress
from ringdesk.domain.sockets import Ids
from ringdesk.domain.values import dataclass
from ringdesk.store import history
from ringdesk.store.batches import remember_import
from ringdesk.store.contacts import heads_imported, insert_alike
from ringdesk.store.database import Connection
from ringdesk.store.encode import json_of, key_of, millis
from ringdesk.store.filing import put
from ringdesk.store.lump import LARGEST_LUMP, LUMP, Lump
from ringdesk.store.ready import Incoming, Prepared, again, long_document
from ringdesk.store.wording import folded
from ringdesk.store.writer import Work


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: contacts added, and cards that were here already."""

    added: int = 0
    already: int = 0


FILED_AT_ONCE: Final = 1000
"""So many contacts of an import are filed as they come: a small import gains nothing by waiting."""


class Import:
    """One import, as steps of a chain: hundreds are taken in, and of a large one some thousands are filed together.

    A contact is found and listed once it is filed. Whatever ends the import, what was taken in is filed first; what
    a crash leaves unfiled is filed when the database is opened next.
    """

    def __init__(
        self,
        cards: Iterator[Incoming],
        read_in: str,
        origin: Origin,
        ids: Ids,
        region: Callable[[], str],
        now: Callable[[], float],
        progress: Callable[[Imported], None] | None,
        stop: Callable[[], bool],
        most: int,
    ) -> None:
        self._cards = cards
        self._read_in = read_in
        self._origin = origin
        self._ids = ids
        self._region = region
        self._now = now
        self._progress = progress
        self._stop = stop
        self._most = most
        self._batch: int | None = None
        self._done = Imported()
        self._ended = False
        self._broken: Exception | None = None
        self._lump = Lump()
        self._signs: set[Sign] = set()
        self._first = ""
        self._fresh_ids: list[str] = []

    def step(self, work: Work) -> Imported | None:
        """Take the next hundred cards, or file some rows; gives the counts once there are no more."""
        if self._lump.filing:
            if self._lump.file(work):
                self._lump = Lump()
                self._signs.clear()
            return None
        if not self._ended:
            some = self._next()
            self._ended = not some
            if some:
                self._take(work, some)
            if self._lump.size >= self._enough or (self._ended and self._lump.size):
                self._lump.close()
            return None
        if self._broken is not None:
            raise self._broken
        work.news.append(ImportProgress(self._done.added, 0, done=True))
        return self._done

    @property
    def _enough(self) -> int:
        return max(LUMP, min(self._done.added // 25, LARGEST_LUMP))

    def _next(self) -> list[Incoming]:
        """The next hundred cards; none where there are no more, or where they cannot be read."""
        region = self._region()
        try:
            if self._stop():
                return []
            some = list(islice(self._cards, self._most))
        except Exception as error:  # noqa: BLE001  # raised again once all that was taken in is filed
            self._broken = error
            return []
        return some if region == self._read_in else [(again(one, region), photo) for one, photo in some]

    def _take(self, work: Work, some: Sequence[Incoming]) -> None:
        connection, now = work.connection, millis(self._now())
        fresh = _fresh(connection, some, self._signs)
        if fresh and self._batch is None:
            self._batch = history.open_batch(connection, now, history.source_of(self._origin), many=True)
        photos = [(one.photo, photo) for one, photo in fresh if photo is not None]
        connection.many("INSERT OR IGNORE INTO photo (digest, data) VALUES (?, ?)", photos)
        ids = [self._id() for _ in fresh]
        ready, keys = [one for one, _ in fresh], [key_of(id) for id in ids]
        heads = heads_imported(ready, keys, self._origin)
        filed, categories = insert_alike(connection, heads, ready, batch=self._batch or 0, at=now)
        if ids and self._batch is not None:
            self._first = self._first or ids[0]
            remember_import(connection, self._batch, self._first, self._done.added + len(ids))
        if self._done.added < FILED_AT_ONCE:
            put(connection, filed, categories)
            self._signs.clear()
            work.news.append(ContactsChanged(frozenset(ids)))
        elif filed:
            connection.pour("INSERT INTO unfiled (contact) VALUES (?)", [(row,) for row, _, _ in filed])
            self._lump.add(ids, filed, categories)
        self._done = Imported(self._done.added + len(ids), self._done.already + len(some) - len(ids))
        if self._progress is not None:
            self._progress(self._done)

    def _id(self) -> str:
        """A new id; some thousand are used in order, so that they come to lie side by side."""
        if not self._fresh_ids:
            self._fresh_ids = sorted((self._ids.new() for _ in range(min(LUMP, self._done.added + 100))), reverse=True)
        return self._fresh_ids.pop()


Sign = tuple[str, int | str | bytes]
"""A folded name, and what else must be equal: a number, an address, or where there is neither all of the card."""


def _fresh(connection: Connection, cards: Sequence[Incoming], seen: set[Sign]) -> list[Incoming]:
    """The cards that are not here already, in the store or among those seen; these become seen."""
    here = _here(connection, cards)
    fresh: list[Incoming] = []
    for incoming in cards:
        signs = _signs(incoming[0])
        if here.isdisjoint(signs) and seen.isdisjoint(signs):
            fresh.append(incoming)
        seen.update(signs)
    return fresh


def _signs(one: Prepared) -> list[Sign]:
    name, derived = folded(one.name), one.derived
    signs: list[Sign] = [(name, number) for number in derived.numbers if number]
    signs += [(name, f"@{key}") for key in derived.emails]
    return signs or [_bare(one)]


def _bare(one: Prepared) -> Sign:
    return one.derived.sort, "\0".join((one.name, one.company, one.phone)).encode() + one.document


def _here(connection: Connection, cards: Sequence[Incoming]) -> set[Sign]:
    """The signs of stored contacts with a number or address of these, or that say the same as one without either."""
    numbers = [number for one, _ in cards for number in one.derived.numbers]
    emails = [key for one, _ in cards for key in one.derived.emails]
    found: set[Sign] = {(folded(name), key) for key, name in connection.rows(_SAME_NUMBER, (json_of(numbers),))}
    found |= {(folded(name), f"@{key}") for key, name in connection.rows(_SAME_EMAIL, (json_of(emails),))}
    for one, _ in cards:
        if not one.derived.emails and not any(one.derived.numbers):
            said = one.derived.sort, one.name, one.company, one.phone, one.document, long_document(one)
            found |= {_bare(one)} if connection.row(_SAME_CARD, said) else set()
    return found


_SAME_NUMBER: Final = (
    "SELECT p.number, c.name FROM json_each(?) k CROSS JOIN phone p ON p.number = k.value"
    " JOIN contact c ON c.id = p.contact"
)
_SAME_EMAIL: Final = (
    "SELECT e.key, c.name FROM json_each(?) k CROSS JOIN email e ON e.key = k.value JOIN contact c ON c.id = e.contact"
)
_SAME_CARD: Final = (
    "SELECT 1 FROM listed l JOIN contact c ON c.id = l.contact WHERE l.part IN (0, 1) AND l.sort = ?"
    " AND c.name = ? AND c.company = ? AND c.phone = ? AND c.document IN (?, ?)"
)
