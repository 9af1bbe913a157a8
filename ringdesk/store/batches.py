"""The last actions as a whole, for a list to take them back from."""

from __future__ import annotations

import json
from typing import Any, Final, cast

from ringdesk.domain.contact import Batch, BatchKind, Source
from ringdesk.domain.document import FIELDS, from_document
from ringdesk.store.database import Connection
from ringdesk.store.encode import Key, id_of, key_of, seconds
from ringdesk.store.history import ASIDE, NOTE, NOTHING, UNDONE, WHOLE

LOOKED: Final = 100
"""So many changes of a batch are looked at; the others are only counted."""

IMPORTED: Final = "import "
"""Beginning of the meta key that keeps how many contacts an import took, and the first one's id."""


def batches(connection: Connection, limit: int) -> list[Batch]:
    """The last batches that undo may take back, newest first. What a call made by itself is not among them."""
    rows = connection.rows(
        "SELECT id, at, who, source, state, many FROM batch WHERE source <> 'call' AND state <> ?"
        " AND (many OR EXISTS (SELECT 1 FROM change WHERE change.batch = batch.id)) ORDER BY id DESC LIMIT ?",
        (ASIDE, limit),
    )
    return [_imported(connection, row) if row[5] else _batch(connection, row) for row in rows]


def remember_import(connection: Connection, batch: int, first: str, count: int) -> None:
    """Keep how many contacts an import has taken so far: counting them later would mean to walk through all."""
    connection.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (f"{IMPORTED}{batch}", f"{count} {first}"))


def _imported(connection: Connection, row: tuple[Any, ...]) -> Batch:
    kept = connection.value("SELECT value FROM meta WHERE key = ?", (f"{IMPORTED}{row[0]}",))
    count, _, first = str(kept or "0 ").partition(" ")
    if row[3] == "file":
        return _made(row, kind=BatchKind.IMPORTED, count=int(count), contact=first, name="", fields=())
    name = name_of(connection, key_of(first))
    return _made(row, kind=BatchKind.ADDED, count=int(count), contact=first, name=name, fields=())


def _batch(connection: Connection, row: tuple[Any, ...]) -> Batch:
    found = connection.rows(
        "SELECT contact, field, old = 'null', new = 'null' FROM change WHERE batch = ? ORDER BY id LIMIT ?",
        (row[0], LOOKED),
    )
    key = found[0][0]
    kinds = {_kind(*change[1:]) for change in found}
    fields = tuple(dict.fromkeys(change[1] for change in found if change[1] not in (WHOLE, NOTE)))
    return _made(
        row,
        kind=kinds.pop() if len(kinds) == 1 else BatchKind.CHANGED,
        count=len({change[0] for change in found}) if len(found) < LOOKED else _count(connection, row[0]),
        contact=id_of(key),
        name=name_of(connection, key),
        fields=fields,
    )


def _kind(field: str, was_nothing: bool, is_nothing: bool) -> BatchKind:
    if field == NOTE:
        return BatchKind.NOTED
    if field == WHOLE:
        return BatchKind.DELETED if is_nothing else BatchKind.ADDED
    return BatchKind.CHANGED


def _count(connection: Connection, batch: int) -> int:
    return int(connection.value("SELECT count(DISTINCT contact) FROM change WHERE batch = ?", (batch,)))


def name_of(connection: Connection, key: Key) -> str:
    """A contact's name, else its number; of one that is gone, what it was deleted with."""
    here = connection.row("SELECT name, phone FROM contact WHERE uuid = ?", (key,))
    if here is not None:
        return str(here[0] or here[1])
    last = connection.value(
        "SELECT old FROM change WHERE contact = ? AND field = ? AND new = ? ORDER BY id DESC LIMIT 1",
        (key, WHOLE, NOTHING),
    )
    fields = json.loads(last)["fields"] if last else {}
    card = from_document({name: value for name, value in fields.items() if name in FIELDS})
    return card.display_name or (card.phones[0].value if card.phones else "")


def _made(
    row: tuple[Any, ...], *, kind: BatchKind, count: int, contact: str, name: str, fields: tuple[str, ...]
) -> Batch:
    id, at, who, source, state, _ = row
    return Batch(
        id=str(id),
        at=seconds(at),
        by=who,
        source=cast(Source, source),
        kind=kind,
        count=count,
        contact=contact,
        name=name,
        fields=fields,
        undone=state == UNDONE,
    )
