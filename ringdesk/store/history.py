"""The past: what a save changed, field by field, kept so that it can be read and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from ringdesk.domain.contact import Change, Contact, Marks, Origin, Source
from ringdesk.domain.document import FIELDS, from_document, to_document
from ringdesk.store.contacts import Held
from ringdesk.store.database import Connection
from ringdesk.store.encode import id_of, json_of, key_of, owner_of, owner_text, seconds

WHOLE: Final = "contact"
"""The field of a change that made a contact (old is null, new true) or deleted it (old is all of it, new null)."""

NOTE: Final = "note_added"
"""The field of a change that added a note on a contact (old is null) or deleted one (new is null)."""

ME: Final = "me"
NOTHING: Final = "null"
ADDED: Final = "true"

CAN_UNDO, UNDONE, NOT_THE_USERS, ASIDE = 0, 1, 2, 3
"""States of a batch. NOT_THE_USERS is taken back only by its id; ASIDE holds values that lost a clash: nothing was
done, so there is nothing to take back, but each value can be restored."""

_UNDOABLE: Final = frozenset({"hand", "file"})
_SOURCES: Final[Mapping[Origin, Source]] = {
    Origin.HAND: "hand",
    Origin.FILE: "file",
    Origin.ACCOUNT: "account",
    Origin.CALL: "call",
    Origin.TEAM: "team",
}

Difference = tuple[str, str, str]
"""field, old, new"""


def source_of(origin: Origin) -> Source:
    """The source of a change that made a contact of this origin."""
    return _SOURCES[origin]


def fields_of(contact: Contact) -> dict[str, Any]:
    """All that can change of a contact, as JSON values; empty fields are left out."""
    marks = contact.marks
    plain = {"shared": contact.shared, "vip": marks.vip, "blocked": marks.blocked, "linked": contact.linked}
    return {
        **to_document(contact.card),
        **{name: True for name, on in plain.items() if on},
        **({} if (owner := owner_text(contact.owner)) is None else {"owner": owner}),
    }


def with_fields(contact: Contact, fields: Mapping[str, Any]) -> Contact:
    """The contact with these fields instead of its own; the inverse of `fields_of`."""
    return replace(
        contact,
        card=from_document({name: value for name, value in fields.items() if name in FIELDS}),
        owner=owner_of(fields.get("owner")),
        shared=bool(fields.get("shared")),
        marks=Marks(vip=bool(fields.get("vip")), blocked=bool(fields.get("blocked"))),
        linked=bool(fields.get("linked")),
    )


def differences(old: Contact, new: Contact) -> list[Difference]:
    """Which fields differ, and how."""
    before, after = fields_of(old), fields_of(new)
    return [
        (name, json_of(before.get(name)), json_of(after.get(name)))
        for name in (*FIELDS, "owner", "shared", "vip", "blocked", "linked")
        if before.get(name) != after.get(name)
    ]


def taken_back(contact: Contact, changes: Iterable[Difference]) -> Contact:
    """The contact with changes taken back; a field that has changed again since then stays."""
    fields = fields_of(contact)
    for name, old, new in changes:
        if json_of(fields.get(name)) == new:
            fields[name] = json.loads(old)
    return with_fields(contact, {name: value for name, value in fields.items() if value is not None})


def open_batch(connection: Connection, at: int, source: Source, *, many: bool = False, state: int | None = None) -> int:
    """A new batch for the changes of one action; its state follows from the source where none is given."""
    if state is None:
        state = CAN_UNDO if source in _UNDOABLE else NOT_THE_USERS
    return connection.insert(
        "INSERT INTO batch (at, who, source, state, many) VALUES (?, ?, ?, ?, ?)",
        (at, ME, source, state, int(many)),
    )


def write(connection: Connection, batch: int, id: str, found: Sequence[Difference]) -> None:
    """Write the changes of a contact down."""
    key = key_of(id)
    connection.many(
        "INSERT INTO change (batch, contact, field, old, new) VALUES (?, ?, ?, ?, ?)",
        [(batch, key, *difference) for difference in found],
    )


def write_added(connection: Connection, batch: int, ids: Iterable[str]) -> None:
    """Write down that contacts were made."""
    connection.pour(
        "INSERT INTO change (batch, contact, field, old, new) VALUES (?, ?, ?, ?, ?)",
        [(batch, key_of(id), WHOLE, NOTHING, ADDED) for id in ids],
    )


def snapshot(connection: Connection, gone: Held) -> str:
    """All of a contact that is to be deleted, so that it can come back."""
    contact, key = gone.contact, key_of(gone.contact.id)
    notes = connection.rows("SELECT id, at, text, call FROM note WHERE contact = ? ORDER BY at", (gone.row,))
    return json_of(
        {
            "fields": fields_of(contact),
            "origin": contact.origin.value,
            "revision": contact.revision,
            "created": contact.created,
            "updated": contact.updated,
            "batch": gone.batch,
            "notes": notes,
            "calls": [id for (id,) in connection.rows("SELECT id FROM call WHERE contact = ?", (key,))],
            "picks": [n for (n,) in connection.rows("SELECT number FROM pick WHERE contact = ?", (gone.row,))],
        }
    )


_SELECT: Final = "SELECT h.id, h.contact, h.field, h.old, h.new, b.at, b.who, b.source, h.batch, b.state FROM "


def changes_of(connection: Connection, id: str, limit: int) -> list[Change]:
    """A contact's changes, newest first. Being imported is the first one."""
    key = key_of(id)
    rows = connection.rows(
        _SELECT + "change h JOIN batch b ON b.id = h.batch WHERE h.contact = ? ORDER BY h.id DESC LIMIT ?",
        (key, limit),
    )
    if len(rows) < limit:
        rows += connection.rows(
            f"SELECT 0, c.uuid, '{WHOLE}', '{NOTHING}', '{ADDED}', b.at, b.who, b.source, b.id, b.state FROM contact c"
            " JOIN batch b ON b.id = c.batch WHERE c.uuid = ? AND b.many",
            (key,),
        )
    return [_change(row) for row in rows]


def newest_undoable(connection: Connection) -> tuple[int, bool, int | None] | None:
    """The batch that undo would take back: its id, whether it is an import, and where an undo begun earlier is."""
    row = connection.row("SELECT id, many, reached FROM batch WHERE state = 0 ORDER BY id DESC LIMIT 1")
    return None if row is None else (row[0], bool(row[1]), row[2])


def changes_in(connection: Connection, batch: int, *, many: bool, limit: int) -> list[Change]:
    """The changes of a batch, newest first."""
    if many:
        sql = (
            f"SELECT 0, c.uuid, '{WHOLE}', '{NOTHING}', '{ADDED}', b.at, b.who, b.source, b.id, b.state FROM batch b"
            " JOIN contact c ON c.batch = b.id WHERE b.id = ? ORDER BY c.id DESC LIMIT ?"
        )
    else:
        sql = _SELECT + "batch b JOIN change h ON h.batch = b.id WHERE b.id = ? ORDER BY h.id DESC LIMIT ?"
    return [_change(row) for row in connection.rows(sql, (batch, limit))]


def _change(row: tuple[Any, ...]) -> Change:
    id, key, field, old, new, at, who, source, batch, state = row
    aside = state == ASIDE
    return Change(id, id_of(key), field, old, new, seconds(at), who, cast(Source, source), str(batch), aside)
