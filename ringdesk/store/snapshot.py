"""Deleted contacts brought back from what history kept of them."""

from __future__ import annotations

from typing import Any

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Note, Origin
from ringdesk.store import contacts, history, notes
from ringdesk.store.database import Connection
from ringdesk.store.encode import key_of


def revive(connection: Connection, id: str, saved: dict[str, Any], now: float, region: str) -> Contact:
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
    _revive_around(connection, made, saved, region)
    return made.contact


def _revive_around(connection: Connection, made: contacts.Held, saved: dict[str, Any], region: str) -> None:
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
