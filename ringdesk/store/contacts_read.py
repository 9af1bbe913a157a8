"""Reads contacts: the list, search, one contact, its notes and its past."""

from __future__ import annotations

from collections.abc import Sequence

from ringdesk.domain.contact import ANONYMOUS, VIP, Batch, Change, Contact, ContactRow, Note
from ringdesk.domain.lookup import Candidate
from ringdesk.domain.phone import Number
from ringdesk.domain.sockets import Show
from ringdesk.store import history, tables
from ringdesk.store.batches import batches
from ringdesk.store.contacts import held
from ringdesk.store.database import Connection
from ringdesk.store.encode import id_of, key_of, number_text, seconds
from ringdesk.store.listing import Key, Listing
from ringdesk.store.lookup import find
from ringdesk.store.search import Only, search

MOST_CHANGES = 1000


class Reads:
    """ContactReads over one connection; belongs to one thread."""

    def __init__(self, connection: Connection, region: str) -> None:
        self._connection = connection
        self._listing = Listing(connection)
        self._region = region

    def set_region(self, region: str) -> None:
        """The home region of searches for a number from now on."""
        self._region = region

    def find(self, number: Number) -> Sequence[Candidate]:
        """All contacts that may have this number."""
        return find(self._connection, number, self._region)

    def get(self, id: str) -> Contact | None:
        """The whole contact, or None where it is gone."""
        found = held(self._connection, id)
        return None if found is None else found.contact

    def count(self, show: Show) -> int:
        """How many rows the list has."""
        return self._listing.count(show)

    def page(self, show: Show, start: int, count: int) -> Sequence[ContactRow]:
        """Rows start .. start+count of the list, ordered by name."""
        return self._listing.page(show, start, count)

    def keys(self, show: Show, start: int, count: int) -> Sequence[Key]:
        """What the rows start .. start+count of the list are ordered by."""
        return self._listing.keys(show, start, count)

    def stamp(self) -> int:
        """Another number whenever any list has changed."""
        return self._listing.stamp()

    def place(self, id: str, show: Show) -> int | None:
        """The row of a contact in the list, or None where the list does not hold it."""
        return self._listing.place(id, show)

    def search(self, text: str, show: Show, start: int, count: int) -> Sequence[ContactRow]:
        """Rows of a search, best first."""
        if not text.strip():
            return self.page(show, start, count)
        return search(self._connection, text, self._only(show), self._region, max(0, start), count)

    def groups(self) -> Sequence[str]:
        """All group names in use, ordered."""
        rows = self._connection.rows(
            "SELECT name FROM category g WHERE EXISTS"
            " (SELECT 1 FROM tally t WHERE t.part IN (2 + 2 * g.id, 3 + 2 * g.id) AND t.size > 0)"
        )
        return sorted((name for (name,) in rows), key=lambda name: (name.casefold(), name))

    def changes(self, id: str, limit: int = 200) -> Sequence[Change]:
        """The contact's history, newest first."""
        return history.changes_of(self._connection, id, limit)

    def notes(self, id: str) -> Sequence[Note]:
        """Notes on a contact, newest first."""
        return self._notes(id, 10_000)

    def latest_note(self, id: str) -> Note | None:
        """The newest note on a contact."""
        return next(iter(self._notes(id, 1)), None)

    def photo(self, digest: str) -> bytes | None:
        """A picture's bytes."""
        found = self._connection.fetch(
            tables.Photo.select(tables.Photo.data).where(tables.Photo.digest == digest).tuples()
        )
        return bytes(found[0][0]) if found else None

    def picked(self, number: Number) -> str | None:
        """The contact the user chose for this number, or None."""
        text, _ = number_text(number)
        key = self._connection.value(
            "SELECT c.uuid FROM pick p JOIN contact c ON c.id = p.contact WHERE p.number = ?", (text,)
        )
        return None if key is None else id_of(key)

    def last_change(self) -> Sequence[Change]:
        """The newest batch of changes that undo would take back."""
        newest = history.newest_undoable(self._connection)
        if newest is None:
            return []
        batch, many, _ = newest
        return history.changes_in(self._connection, batch, many=many, limit=MOST_CHANGES)

    def batches(self, limit: int = 100) -> Sequence[Batch]:
        """The last actions that undo may take back, newest first."""
        return batches(self._connection, limit)

    def _notes(self, id: str, limit: int) -> list[Note]:
        rows = self._connection.rows(
            "SELECT n.id, n.text, n.at, n.call FROM note n JOIN contact c ON c.id = n.contact WHERE c.uuid = ?"
            " ORDER BY n.at DESC, n.id DESC LIMIT ?",
            (key_of(id), limit),
        )
        return [Note(note, id, text, seconds(at), call) for note, text, at, call in rows]

    def _only(self, show: Show) -> Only:
        sql, values = "", []
        if show.anonymous is not None:
            sql += f" AND c.flags & {ANONYMOUS} = ?"
            values.append(ANONYMOUS if show.anonymous else 0)
        if show.vip:
            sql += f" AND c.flags & {VIP}"
        if show.group:
            sql += " AND EXISTS (SELECT 1 FROM membership m WHERE m.contact = c.id AND m.category = ?)"
            values.append(self._listing.category(show.group) or 0)
        return Only(sql, tuple(values))
