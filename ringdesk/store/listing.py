"""The list of contacts: any page of it, and where in it a contact stands, quick at a million rows.

SQLite finds a key at once but a row's number only by walking. So the reader keeps the keys of every 4,096th row it
came by (`Ladder`), as long as the lists do not change, and walks from the nearest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from ringdesk.domain.contact import ContactRow
from ringdesk.domain.sockets import Show
from ringdesk.store.contacts import ROW_COLUMNS, held, row_of
from ringdesk.store.database import Connection
from ringdesk.store.derive import CHANGES_PART, VIP_PART, group_part
from ringdesk.store.encode import json_of

STRIDE: Final = 4096

Key = tuple[str, int]
"""sort, contact"""

FIRST: Final[Key] = ("", -1)
"""Before every row."""


class Ladder:
    """The order of one list: the union of some parts."""

    def __init__(self, connection: Connection, parts: Sequence[int], size: int) -> None:
        self._connection = connection
        self._parts = tuple(parts)
        self._size = size
        self._rungs: list[Key] = [FIRST]
        one = "SELECT sort, contact FROM listed WHERE part = ? AND (sort, contact) {} (?, ?)"
        self._up = " UNION ALL ".join([one.format(">=")] * len(parts)) + " ORDER BY sort, contact LIMIT ? OFFSET ?"
        self._down = (
            " UNION ALL ".join([one.format("<")] * len(parts)) + " ORDER BY sort DESC, contact DESC LIMIT ? OFFSET ?"
        )
        between = (
            "SELECT count(*) FROM listed WHERE part = ? AND (sort, contact) >= (?, ?) AND (sort, contact) < (?, ?)"
        )
        self._between = f"SELECT {' + '.join([f'({between})'] * len(parts))}"

    def keys(self, start: int, count: int) -> list[Key]:
        """The keys of rows start .. start + count."""
        if start >= self._size or count <= 0:
            return []
        if self._size - start <= STRIDE:
            last = ("\U0010ffff", 1 << 62)
            count = min(count, self._size - start)
            back = self._keys(self._down, last, count, self._size - start - count)
            return back[::-1]
        rung = start // STRIDE
        self._climb(rung)
        return self._keys(self._up, self._rungs[rung], count, start - rung * STRIDE)

    def place(self, key: Key) -> int:
        """How many rows come before a key."""
        while self._rungs[-1] <= key and len(self._rungs) * STRIDE < self._size:
            self._climb(len(self._rungs))
        rung = bisect_right(self._rungs, key) - 1
        values = [value for part in self._parts for value in (part, *self._rungs[rung], *key)]
        return rung * STRIDE + int(self._connection.value(self._between, values))

    def _climb(self, rung: int) -> None:
        while len(self._rungs) <= rung:
            found = self._keys(self._up, self._rungs[-1], 1, STRIDE)
            if not found:  # rows went away while we climbed: the next look finds a new ladder
                self._rungs += [("\U0010ffff", 1 << 62)] * (rung - len(self._rungs) + 1)
                return
            self._rungs += found

    def _keys(self, sql: str, edge: Key, count: int, offset: int) -> list[Key]:
        values = [value for part in self._parts for value in (part, *edge)]
        return [(sort, contact) for sort, contact in self._connection.rows(sql, (*values, count, offset))]


class Listing:
    """The lists over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._changes = -1
        self._ladders: dict[tuple[int, ...], Ladder] = {}

    def count(self, show: Show) -> int:
        """How many rows the list has."""
        if show.group and show.vip:
            return len(self._vips_of_group(show))
        return self._size(self._parts(show))

    def page(self, show: Show, start: int, count: int) -> list[ContactRow]:
        """Rows start .. start + count."""
        keys = self.keys(show, start, count)
        sql = f"SELECT {ROW_COLUMNS} FROM json_each(?) k CROSS JOIN contact c ON c.id = k.value ORDER BY k.key"
        return [row_of(row) for row in self._connection.rows(sql, (json_of([contact for _, contact in keys]),))]

    def keys(self, show: Show, start: int, count: int) -> list[Key]:
        """The keys of rows start .. start + count."""
        start = max(0, start)
        if show.group and show.vip:
            return self._vips_of_group(show)[start : start + max(0, count)]
        parts = self._parts(show)
        return self._ladder(parts).keys(start, count) if parts else []

    def stamp(self) -> int:
        """Another number whenever any list has changed."""
        return self._size([CHANGES_PART])

    def place(self, id: str, show: Show) -> int | None:
        """The row of a contact in the list, or None where the list does not hold it."""
        contact = held(self._connection, id)
        if contact is None:
            return None
        key = (contact.contact.card.sort_key, contact.row)
        if show.group and show.vip:
            keys = self._vips_of_group(show)
            return keys.index(key) if key in keys else None
        parts = self._parts(show)
        inside = "SELECT 1 FROM listed WHERE part = ? AND sort = ? AND contact = ?"
        if not any(self._connection.row(inside, (part, *key)) for part in parts):
            return None
        return self._ladder(parts).place(key)

    def category(self, name: str) -> int | None:
        """The id of a contact group."""
        found: int | None = self._connection.value("SELECT id FROM category WHERE name = ?", (name,))
        return found

    def _ladder(self, parts: list[int]) -> Ladder:
        changes = self._size([CHANGES_PART])
        if changes != self._changes:
            self._changes = changes
            self._ladders.clear()
        key = tuple(parts)
        if key not in self._ladders:
            self._ladders[key] = Ladder(self._connection, key, self._size(parts))
        return self._ladders[key]

    def _size(self, parts: list[int]) -> int:
        return sum(self._connection.value("SELECT size FROM tally WHERE part = ?", (part,)) or 0 for part in parts)

    def _parts(self, show: Show) -> list[int]:
        """The parts that hold what is shown; none for a group that is not there."""
        base = VIP_PART if show.vip else 0
        if show.group:
            category = self.category(show.group)
            if category is None:
                return []
            base = group_part(category)
        if show.anonymous is None:
            return [base, base + 1]
        return [base + int(show.anonymous)]

    def _vips_of_group(self, show: Show) -> list[Key]:
        """Few are VIPs, so their list is walked and the group asked of each."""
        parts = (VIP_PART, VIP_PART + 1)
        if show.anonymous is not None:
            parts = (VIP_PART + int(show.anonymous),) * 2
        return [
            (sort, contact)
            for sort, contact in self._connection.rows(
                "SELECT l.sort, l.contact FROM listed l JOIN membership m ON m.contact = l.contact"
                " WHERE l.part IN (?, ?) AND m.category = ? ORDER BY l.sort, l.contact",
                (*parts, self.category(show.group)),
            )
        ]
