"""Takes the newest batch of changes back, newest change first, a limited number a transaction.

Where an undo of many is cut short, `batch.reached` says how far it came, and the next one goes on from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Note, Origin
from ringdesk.domain.news import ContactsChanged, NotesChanged
from ringdesk.store import contacts, history, notes
from ringdesk.store.database import Connection
from ringdesk.store.encode import id_of, key_of, millis
from ringdesk.store.writer import Work

MOST_NAMED = 1000
"""News names no more contacts than these."""

Row = tuple[int, bytes | str, str, str, str]
"""id, contact, field, old, new"""


class Undo:
    """One undo, as steps of a chain."""

    def __init__(self, region: Callable[[], str], now: Callable[[], float], most: int) -> None:
        self._region = region
        self._now = now
        self._most = most
        self._batch: int | None = None
        self._touched: dict[str, None] = {}
        self._noted: dict[str, None] = {}

    def step(self, work: Work) -> Sequence[str] | None:
        """Take up to `most` changes back; gives the contacts touched once nothing is left."""
        newest = history.newest_undoable(work.connection)
        if newest is None or (self._batch is not None and newest[0] < self._batch):
            return self._end(work)
        batch = self._batch if self._batch is not None else newest[0]
        row = work.connection.row("SELECT many, reached FROM batch WHERE id = ? AND state = 0", (batch,))
        if row is None:
            return self._end(work)
        many, reached = row
        left = self._import_back(work, batch, reached or 0) if many else self._changes_back(work, batch, reached)
        self._batch = batch
        if left:
            return None
        work.connection.run("UPDATE batch SET state = 1 WHERE id = ?", (batch,))
        return self._end(work)

    def _end(self, work: Work) -> Sequence[str]:
        if self._touched:
            named = self._touched if len(self._touched) <= MOST_NAMED else ()
            work.news.append(ContactsChanged(frozenset(named)))
        work.news += [NotesChanged(id) for id in self._noted]
        return list(self._touched)

    def _import_back(self, work: Work, batch: int, reached: int) -> bool:
        sql = "SELECT id FROM contact WHERE batch = ? AND id > ? ORDER BY id LIMIT ?"
        rows = [row for (row,) in work.connection.rows(sql, (batch, reached, self._most))]
        for row in rows:
            gone = contacts.held_at(work.connection, row)
            if gone is not None:
                self._touched[gone.contact.id] = None
                contacts.remove(work.connection, gone, self._region())
        if rows:
            work.connection.run("UPDATE batch SET reached = ? WHERE id = ?", (rows[-1], batch))
        return bool(rows)

    def _changes_back(self, work: Work, batch: int, reached: int | None) -> bool:
        connection = work.connection
        rows: list[Row] = connection.rows(
            "SELECT id, contact, field, old, new FROM change WHERE batch = ? AND id < ? ORDER BY id DESC LIMIT ?",
            (batch, (1 << 62) if reached is None else reached, self._most),
        )
        if not rows:
            return False
        made = history.open_batch(connection, millis(self._now()), "undo")
        for key, group in groupby(rows, key=lambda row: row[1]):
            id = id_of(key)
            self._touched[id] = None
            history.write(connection, made, id, self._back(connection, id, list(group)))
        connection.run("UPDATE batch SET reached = ? WHERE id = ?", (rows[-1][0], batch))
        return len(rows) == self._most

    def _back(self, connection: Connection, id: str, rows: list[Row]) -> list[history.Difference]:
        field, old, new = rows[0][2:]
        if field == history.WHOLE:
            return self._whole_back(connection, id, old)
        if field == history.NOTE:
            return self._note_back(connection, id, old, new)
        return self._fields_back(connection, id, [(name, was, now) for _, _, name, was, now in rows])

    def _whole_back(self, connection: Connection, id: str, old: str) -> list[history.Difference]:
        if old == history.NOTHING:
            gone = contacts.held(connection, id)
            if gone is None:
                return []
            text = history.snapshot(connection, gone)
            contacts.remove(connection, gone, self._region())
            return [(history.WHOLE, text, history.NOTHING)]
        if contacts.held(connection, id) is not None:
            return []
        restore(connection, id, json.loads(old), self._now(), self._region())
        return [(history.WHOLE, history.NOTHING, history.ADDED)]

    def _note_back(self, connection: Connection, id: str, old: str, new: str) -> list[history.Difference]:
        self._noted[id] = None
        if old == history.NOTHING:
            gone = notes.take(connection, notes.from_json(new, id).id, self._region())
            return [] if gone is None else [(history.NOTE, new, history.NOTHING)]
        if contacts.held(connection, id) is None:
            return []
        notes.put(connection, notes.from_json(old, id), self._region())
        return [(history.NOTE, history.NOTHING, old)]

    def _fields_back(
        self, connection: Connection, id: str, changes: list[history.Difference]
    ) -> list[history.Difference]:
        before = contacts.held(connection, id)
        if before is None:
            return []
        old = before.contact
        wanted = history.taken_back(old, changes)
        found = history.differences(old, wanted)
        if found:
            wanted = replace(wanted, revision=old.revision + 1, updated=self._now())
            contacts.change(connection, before, wanted, self._region())
        return found


def restore(connection: Connection, id: str, saved: dict[str, Any], now: float, region: str) -> None:
    """Bring a deleted contact back from its snapshot, with notes, picks and its calls."""
    base = Contact(
        id=id,
        card=Card(),
        origin=Origin(saved["origin"]),
        revision=saved["revision"] + 1,
        created=saved["created"],
        updated=now,
    )
    fields = saved["fields"]
    (made,) = contacts.insert(connection, [history.with_fields(base, fields)], batch=saved["batch"], region=region)
    _restore_around(connection, made, saved, region)


def _restore_around(connection: Connection, made: contacts.Held, saved: dict[str, Any], region: str) -> None:
    for note in _list(saved, "notes"):
        id, at, text, call = note
        notes.put(connection, Note(id, made.contact.id, text, at / 1000, call), region)
    key = key_of(made.contact.id)
    connection.many(
        "UPDATE call SET contact = ? WHERE id = ? AND contact IS NULL",
        [(key, call) for call in _list(saved, "calls")],
    )
    connection.many(
        "INSERT OR IGNORE INTO pick (number, contact) VALUES (?, ?)",
        [(number, made.row) for number in _list(saved, "picks")],
    )


def _list(saved: dict[str, Any], name: str) -> list[Any]:
    found = saved.get(name)
    return found if isinstance(found, list) else []
