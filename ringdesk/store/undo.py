"""Takes a batch of changes back, newest change first, a limited number a transaction.

Where an undo of many is cut short, `batch.reached` says how far it came, and the next one goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ringdesk.domain.contact import Undone
from ringdesk.domain.news import ContactsChanged, NotesChanged
from ringdesk.store import history
from ringdesk.store.database import Connection
from ringdesk.store.encode import millis
from ringdesk.store.history import Difference
from ringdesk.store.takeback import Row, TakeBack
from ringdesk.store.writer import Work

MOST_NAMED = 1000
"""News names no more contacts than these."""

_FOREIGN: Final = frozenset({"account", "team"})


class Undo:
    """One undo, as steps of a chain; of the newest batch where none is named."""

    def __init__(
        self, region: Callable[[], str], now: Callable[[], float], most: int, batch: str | None = None
    ) -> None:
        self._region, self._now, self._most = region, now, most
        self._wanted = batch
        self._batch: int | None = None
        self._made: int | None = None
        self._back: TakeBack | None = None

    def step(self, work: Work) -> Undone | None:
        """Take up to `most` changes back; gives what was done once nothing is left."""
        connection = work.connection
        if self._batch is None:
            self._batch = self._find(connection)
        row = connection.row(
            "SELECT many, reached, source FROM batch WHERE id = ? AND state IN (0, 2) AND source <> 'call'",
            (self._batch,),
        )
        if row is None or self._batch is None:
            return self._end(work)
        many, reached, source = row
        back = self._back = self._back or TakeBack(self._region(), self._now(), foreign=source in _FOREIGN)
        more = self._import_back if many else self._changes_back
        if more(connection, back, self._batch, reached):
            return None
        connection.run("UPDATE batch SET state = ? WHERE id = ?", (history.UNDONE, self._batch))
        return self._end(work)

    def _find(self, connection: Connection) -> int | None:
        if self._wanted is not None:
            known = self._wanted.isascii() and self._wanted.isdigit() and len(self._wanted) < 19
            return int(self._wanted) if known else None
        newest = history.newest_undoable(connection)
        return None if newest is None else newest[0]

    def _end(self, work: Work) -> Undone:
        back = self._back
        if back is None:
            return Undone()
        if back.touched:
            named = back.touched if len(back.touched) <= MOST_NAMED else ()
            work.news.append(ContactsChanged(frozenset(named)))
        work.news += [NotesChanged(id) for id in back.noted]
        return Undone(tuple(back.touched), tuple(back.skipped))

    def _import_back(self, connection: Connection, back: TakeBack, batch: int, reached: int | None) -> bool:
        sql = "SELECT id FROM contact WHERE batch = ? AND id > ? ORDER BY id LIMIT ?"
        rows = [row for (row,) in connection.rows(sql, (batch, reached or 0, self._most))]
        for row in rows:
            removed = back.imported(connection, row)
            if removed is not None:
                self._write(connection, *removed)
        if rows:
            connection.run("UPDATE batch SET reached = ? WHERE id = ?", (rows[-1], batch))
        return bool(rows)

    def _changes_back(self, connection: Connection, back: TakeBack, batch: int, reached: int | None) -> bool:
        rows: list[Row] = connection.rows(
            "SELECT id, contact, field, old, new FROM change WHERE batch = ? AND id < ? ORDER BY id DESC LIMIT ?",
            (batch, (1 << 62) if reached is None else reached, self._most),
        )
        for id, found in back.changes(connection, rows):
            self._write(connection, id, found)
        if rows:
            connection.run("UPDATE batch SET reached = ? WHERE id = ?", (rows[-1][0], batch))
        return len(rows) == self._most

    def _write(self, connection: Connection, id: str, found: list[Difference]) -> None:
        """An undo is one batch, however many transactions it takes."""
        if self._made is None:
            self._made = history.open_batch(connection, millis(self._now()), "undo")
        history.write(connection, self._made, id, found)
