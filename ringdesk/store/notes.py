"""Notes on contacts: put on and taken off, with the words they are found by."""

from __future__ import annotations

import json

from ringdesk.domain.contact import Note, flags_of
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store import tables
from ringdesk.store.contacts import Held, held, held_at, in_order, note_texts
from ringdesk.store.database import Connection
from ringdesk.store.derive import derive
from ringdesk.store.encode import json_of, millis, seconds
from ringdesk.store.filing import refile


def to_json(note: Note) -> str:
    """A note as history keeps it."""
    return json_of([note.id, note.text, note.at, note.call])


def from_json(text: str, contact: str) -> Note:
    """The inverse of `to_json`."""
    id, body, at, call = json.loads(text)
    return Note(id, contact, body, at, call)


def put(connection: Connection, note: Note, region: str) -> None:
    """Put a note on its contact; GONE where there is none."""
    on = held(connection, note.contact)
    if on is None:
        raise StoreError(StoreTrouble.GONE, note.contact)
    before = note_texts(connection, on.row)
    connection.apply(tables.Note.insert(id=note.id, contact=on.row, at=millis(note.at), text=note.text, call=note.call))
    _refile(connection, on, before, region)


def take(connection: Connection, id: str, region: str) -> Note | None:
    """Take a note off its contact; gives what it was."""
    found = connection.fetch(tables.Note.select().where(tables.Note.id == id).tuples())
    if not found:
        return None
    _, row, at, text, call = found[0]
    on = held_at(connection, row)
    if on is None:
        return None
    before = note_texts(connection, row)
    connection.apply(tables.Note.delete().where(tables.Note.id == id))
    _refile(connection, on, before, region)
    return Note(id, on.contact.id, text, seconds(at), call)


def _refile(connection: Connection, on: Held, before: list[str], region: str) -> None:
    in_order(connection, on)
    card, flags = on.contact.card, flags_of(on.contact)
    old = derive(card, before, region)
    new = derive(card, note_texts(connection, on.row), region)
    connection.run("UPDATE contact SET words = ? WHERE id = ?", (new.words, on.row))
    refile(connection, on.row, (old, flags), (new, flags))
