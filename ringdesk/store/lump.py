"""Contacts that were taken in together, and are filed together: a lump of lookup rows in order, a slice at a time."""

from __future__ import annotations

from typing import Final

from ringdesk.domain.news import ContactsChanged
from ringdesk.store.database import Connection
from ringdesk.store.filing import Filed, Run, put_run, runs
from ringdesk.store.writer import Work

LUMP: Final = 4000
LARGEST_LUMP: Final = 12_000
"""Contacts that are filed together: rows that lie near each other in the tables are written for a tenth of the cost.
The more an import took in, the further apart its rows lie, and the more are filed together."""

SLICE: Final = 3000
"""Lookup rows in one transaction: they take no longer to write than a hundred contacts."""


class Lump:
    """Contacts that were taken in and are not filed yet."""

    def __init__(self) -> None:
        self.filing = False
        self._filed: list[Filed] = []
        self._ids: list[list[str]] = []
        self._categories: dict[str, int] = {}
        self._runs: list[Run] = []
        self._at = 0
        self._ranges: list[tuple[int, int]] = []
        self._waiting = 0

    @property
    def size(self) -> int:
        """How many contacts it holds."""
        return len(self._filed)

    def add(self, ids: list[str], filed: list[Filed], categories: dict[str, int]) -> None:
        """Take contacts in whose rows follow one another; others may have come between two calls."""
        self._ids.append(ids)
        first, last = filed[0][0], filed[-1][0]
        if self._ranges and self._ranges[-1][1] + 1 == first:
            first, _ = self._ranges.pop()
        self._ranges.append((first, last))
        self._filed += filed
        self._categories |= categories

    def close(self) -> None:
        """Take no more; from now on it is filed."""
        self.filing = True
        self._waiting = len(self._filed)
        self._runs = runs(self._filed, self._categories)

    def file(self, work: Work) -> bool:
        """File the next slice; True after the last one."""
        connection = work.connection
        self._leave_out_settled(connection)
        left = SLICE
        while self._runs and left > 0:
            sql, rows = self._runs[-1]
            some = rows[self._at : self._at + left]
            put_run(connection, sql, some)
            left -= len(some)
            self._at += len(some)
            if self._at == len(rows):
                self._runs.pop()
                self._at = 0
        if self._runs:
            return False
        connection.many(f"DELETE {_HERE}", self._ranges)
        self._filed = []  # whoever waited for this may hold it for long
        work.news += [ContactsChanged(frozenset(ids)) for ids in self._ids]
        return True

    def _leave_out_settled(self, connection: Connection) -> None:
        """Somebody changed a contact meanwhile, so that it is filed already, or gone."""
        if sum(connection.value(f"SELECT count(*) {_HERE}", one) for one in self._ranges) == self._waiting:
            return
        waiting = {row for one in self._ranges for (row,) in connection.rows(f"SELECT contact {_HERE}", one)}
        self._waiting = len(waiting)
        if self._at:
            self._runs[-1] = self._runs[-1][0], self._runs[-1][1][self._at :]
            self._at = 0
        self._runs = [(sql, kept) for sql, rows in self._runs if (kept := [row for row in rows if row[-1] in waiting])]


_HERE: Final = "FROM unfiled WHERE contact BETWEEN ? AND ?"
