"""What I have put on coworkers' contacts: marks, notes and picks. It is mine, so it lies in my own database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ringdesk.domain.contact import BLOCKED, VIP, Contact, Marks, Note, Origin
from ringdesk.domain.news import ContactsChanged, NotesChanged
from ringdesk.domain.phone import Number
from ringdesk.store import contacts, history, notes
from ringdesk.store.database import Connection
from ringdesk.store.encode import id_of, key_of, millis, number_text, owner_text, seconds
from ringdesk.store.writer import Work


def marks(connection: Connection, contact: str) -> Marks:
    """My marks on a coworker's contact."""
    flags = connection.value("SELECT flags FROM aside_mark WHERE contact = ?", (key_of(contact),)) or 0
    return Marks(vip=bool(flags & VIP), blocked=bool(flags & BLOCKED))


def mark(work: Work, contact: str, marks: Marks) -> None:
    """Put my marks on a coworker's contact."""
    flags = VIP * marks.vip | BLOCKED * marks.blocked
    if flags:
        sql = "INSERT OR REPLACE INTO aside_mark (contact, flags) VALUES (?, ?)"
        work.connection.run(sql, (key_of(contact), flags))
    else:
        work.connection.run("DELETE FROM aside_mark WHERE contact = ?", (key_of(contact),))


def notes_on(connection: Connection, contact: str, limit: int = 10_000) -> Sequence[Note]:
    """My notes on a coworker's contact, newest first."""
    rows = connection.rows(
        "SELECT id, text, at, call FROM aside_note WHERE contact = ? ORDER BY at DESC, id DESC LIMIT ?",
        (key_of(contact), limit),
    )
    return [Note(id, contact, text, seconds(at), call) for id, text, at, call in rows]


def add_note(work: Work, note: Note) -> Note:
    """Put a note on a coworker's contact."""
    work.connection.run(
        "INSERT INTO aside_note (id, contact, at, text, call) VALUES (?, ?, ?, ?, ?)",
        (note.id, key_of(note.contact), millis(note.at), note.text, note.call),
    )
    if note.call is not None:
        work.connection.run("DELETE FROM draft WHERE call = ?", (note.call,))
    work.news.append(NotesChanged(note.contact))
    return note


def delete_note(work: Work, id: str) -> bool:
    """Delete such a note; False where it is none of these."""
    contact = work.connection.value("SELECT contact FROM aside_note WHERE id = ?", (id,))
    if contact is None:
        return False
    work.connection.run("DELETE FROM aside_note WHERE id = ?", (id,))
    work.news.append(NotesChanged(id_of(contact)))
    return True


def picked(connection: Connection, number: Number) -> str | None:
    """The coworker's contact that the user chose for a number."""
    text, _ = number_text(number)
    key = connection.value("SELECT contact FROM aside_pick WHERE number = ?", (text,))
    return None if key is None else id_of(key)


def pick(work: Work, number: Number, contact: str | None) -> None:
    """Remember such a choice, or forget it."""
    text, _ = number_text(number)
    if text is not None and contact is not None:
        sql = "INSERT OR REPLACE INTO aside_pick (number, contact) VALUES (?, ?)"
        work.connection.run(sql, (text, key_of(contact)))
    elif text is not None:
        work.connection.run("DELETE FROM aside_pick WHERE number = ?", (text,))


def take_over(work: Work, contact: Contact, was: Contact, region: str) -> Contact:
    """An unclaimed contact becomes mine, with what I had put on it; the claim waits for the directory."""
    now = contact.updated
    batch = history.open_batch(work.connection, millis(now), "hand")
    mine = replace(contact, origin=Origin.CALL, revision=was.revision + 1, created=now, updated=now, linked=False)
    (made,) = contacts.insert(work.connection, [mine], batch=batch, region=region)
    history.write(work.connection, batch, contact.id, [(history.WHOLE, history.NOTHING, history.ADDED)])
    sql = "INSERT OR REPLACE INTO claim_due (contact, owner, known) VALUES (?, ?, 1)"
    work.connection.run(sql, (key_of(contact.id), owner_text(was.owner)))
    take_notes(work, contact.id, region)
    work.news.append(ContactsChanged(frozenset({contact.id})))
    return made.contact


def take_notes(work: Work, contact: str, region: str) -> None:
    """My notes on what was a coworker's contact go over to what is mine now."""
    for note in notes_on(work.connection, contact):
        notes.put(work.connection, note, region)
    for table in ("aside_note", "aside_mark", "aside_pick"):
        work.connection.run(f"DELETE FROM {table} WHERE contact = ?", (key_of(contact),))
