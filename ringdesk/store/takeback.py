"""Takes single changes back: what a batch wrote goes, what was changed again since then stays and is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from ringdesk.domain.contact import Skipped
from ringdesk.store import contacts, history, notes
from ringdesk.store.database import Connection
from ringdesk.store.encode import Key, id_of, json_of, key_of
from ringdesk.store.history import NOTE, NOTHING, WHOLE, Difference
from ringdesk.store.snapshot import revive

Row = tuple[int, Key, str, str, str]
"""id, contact, field, old, new"""

_NOT_A_PAST: Final = frozenset({WHOLE, "linked"})
"""What does not say that somebody changed a contact: that it came, that an account has it too."""


class TakeBack:
    """What one undo takes back. `foreign`: the batch is an account's, whose contacts are not ours to remove."""

    def __init__(self, region: str, now: float, *, foreign: bool) -> None:
        self._region, self._now, self._foreign = region, now, foreign
        self.touched: dict[str, None] = {}
        self.noted: dict[str, None] = {}
        self.skipped: dict[Skipped, None] = {}

    def changes(self, connection: Connection, rows: Sequence[Row]) -> Iterator[tuple[str, list[Difference]]]:
        """Take changes back, newest first; gives what that changed, contact by contact."""
        for (key, kind), some in groupby(rows, key=_what):
            id, found = id_of(key), list[Difference]()
            if kind == WHOLE:
                for row, _, _, old, _ in some:
                    found += self._whole(connection, id, old, row)
            elif kind == NOTE:
                for _, _, _, old, new in some:
                    found += self._note(connection, id, old, new)
            else:
                found = self._fields(connection, id, [(name, old, new) for _, _, name, old, new in some])
            if found:
                self.touched[id] = None
                yield id, found

    def imported(self, connection: Connection, row: int) -> tuple[str, list[Difference]] | None:
        """Remove a contact that an import made, unless somebody has changed it."""
        gone = contacts.held_at(connection, row)
        found = [] if gone is None else self._remove(connection, gone, 0)
        if gone is None or not found:
            return None
        self.touched[gone.contact.id] = None
        return gone.contact.id, found

    def _whole(self, connection: Connection, id: str, old: str, row: int) -> list[Difference]:
        here = contacts.held(connection, id)
        if old == NOTHING:
            return [] if here is None else self._remove(connection, here, row)
        if here is not None:
            return []
        revive(connection, id, json.loads(old), self._now, self._region)
        return [(WHOLE, NOTHING, history.ADDED)]

    def _remove(self, connection: Connection, gone: contacts.Held, after: int) -> list[Difference]:
        if self._foreign or changed_since(connection, gone, after):
            self._skip(gone.contact.id, WHOLE)
            return []
        text = history.snapshot(connection, gone)
        contacts.remove(connection, gone, self._region)
        return [(WHOLE, text, NOTHING)]

    def _note(self, connection: Connection, id: str, old: str, new: str) -> list[Difference]:
        if old == NOTHING:
            gone = notes.take(connection, notes.from_json(new, id).id, self._region)
            found = [] if gone is None else [(NOTE, notes.to_json(gone), NOTHING)]
        else:
            found = put_note(connection, id, old, self._region)
            if contacts.held(connection, id) is None:
                self._skip(id, NOTE)
        if found:
            self.noted[id] = None
        return found

    def _fields(self, connection: Connection, id: str, changes: list[Difference]) -> list[Difference]:
        changes = [change for change in changes if not (self._foreign and change[0] == "linked")]
        before = contacts.held(connection, id)
        if before is None:
            for name, _, _ in changes:
                self._skip(id, name)
            return []
        old = before.contact
        wanted = history.taken_back(old, changes)
        after = history.fields_of(wanted)
        for name, was in {name: was for name, was, _ in changes}.items():
            if json_of(after.get(name)) != was:
                self._skip(id, name)
        found = history.differences(old, wanted)
        if found:
            wanted = replace(wanted, revision=old.revision + 1, updated=self._now)
            contacts.change(connection, before, wanted, self._region)
        return found

    def _skip(self, id: str, field: str) -> None:
        self.skipped[Skipped(id, field)] = None


def put_note(connection: Connection, id: str, text: str, region: str) -> list[Difference]:
    """Put a deleted note back, unless it is there or its contact is gone; gives what that changed."""
    note = notes.from_json(text, id)
    there = connection.value("SELECT 1 FROM note WHERE id = ?", (note.id,))
    if there or contacts.held(connection, id) is None:
        return []
    notes.put(connection, note, region)
    return [(NOTE, NOTHING, text)]


def changed_since(connection: Connection, on: contacts.Held, after: int) -> bool:
    """True where a contact is no longer as it was when a change was written.

    What it was then is the oldest value that later changes name, of each field and of each note.
    """
    was: dict[tuple[str, str], str] = {}
    for field, old, new in connection.rows(
        "SELECT field, old, new FROM change WHERE contact = ? AND id > ? ORDER BY id", (key_of(on.contact.id), after)
    ):
        if field == NOTE:
            note = json.loads(new if old == NOTHING else old)[0]
            was.setdefault((NOTE, note), NOTHING if old == NOTHING else NOTE)
        elif field not in _NOT_A_PAST:
            was.setdefault((field, ""), old)
    if not was:
        return False
    fields = {(name, ""): json_of(value) for name, value in history.fields_of(on.contact).items()}
    here = {(NOTE, id): NOTE for (id,) in connection.rows("SELECT id FROM note WHERE contact = ?", (on.row,))}
    now = fields | here
    return any(now.get(what, NOTHING) != then for what, then in was.items())


def _what(row: Row) -> tuple[Key, str]:
    return row[1], row[2] if row[2] in (WHOLE, NOTE) else ""
