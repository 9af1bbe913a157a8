"""Sets one field of a contact back to a value of its past."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from ringdesk.domain.contact import Contact
from ringdesk.domain.document import FIELDS
from ringdesk.domain.news import ContactsChanged, NotesChanged
from ringdesk.domain.ownership import owner_after_edit
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store import contacts, history
from ringdesk.store.database import Connection
from ringdesk.store.encode import key_of, millis
from ringdesk.store.history import Difference
from ringdesk.store.snapshot import revive
from ringdesk.store.takeback import put_note
from ringdesk.store.writer import Work

RESTORABLE: Final = frozenset({*FIELDS, "owner", "shared", "vip", "blocked"})
"""Every field but what only an account can tell: whether it has the contact too."""


def put_back(work: Work, id: str, change: int, now: float, region: str) -> Contact:
    """Set the field of a change back to its old value, as a new change that undo takes back first."""
    connection = work.connection
    row = connection.row("SELECT field, old FROM change WHERE id = ? AND contact = ?", (change, key_of(id)))
    field, old = (None, "") if row is None else row
    if contacts.held(connection, id) is None and not (field == history.WHOLE and old != history.NOTHING):
        raise StoreError(StoreTrouble.GONE, id)
    if field is None:
        raise StoreError(StoreTrouble.STALE, f"change {change} is not in the history of {id}")
    found = _put(connection, id, field, old, now, region)
    if found:
        batch = history.open_batch(connection, millis(now), "undo", state=history.CAN_UNDO)
        history.write(connection, batch, id, found)
        work.news.append(NotesChanged(id) if field == history.NOTE else ContactsChanged(frozenset({id})))
    here = contacts.held(connection, id)
    if here is None:
        raise StoreError(StoreTrouble.GONE, id)
    return here.contact


def _put(connection: Connection, id: str, field: str, old: str, now: float, region: str) -> list[Difference]:
    here = contacts.held(connection, id)
    if here is None:
        revive(connection, id, json.loads(old), now, region)
        return [(history.WHOLE, history.NOTHING, history.ADDED)]
    if field == history.NOTE and old != history.NOTHING:
        return put_note(connection, id, old, region)
    if field not in RESTORABLE:
        return []
    return _put_field(connection, here, field, old, now, region)


def _put_field(
    connection: Connection, here: contacts.Held, field: str, old: str, now: float, region: str
) -> list[Difference]:
    before = here.contact
    fields = history.fields_of(before) | {field: json.loads(old)}
    wanted = history.with_fields(before, {name: value for name, value in fields.items() if value is not None})
    if field not in ("owner", "vip", "blocked") and wanted != before:
        wanted = replace(wanted, owner=owner_after_edit(before))
    if not history.differences(before, wanted):
        return []
    wanted = replace(wanted, revision=before.revision + 1, updated=now)
    after = contacts.change(connection, here, wanted, region).contact
    return history.differences(before, after)
