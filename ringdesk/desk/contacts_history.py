"""The past of contacts without Qt: what a contact's changes were, which value can come back, the last actions."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final

from ringdesk.desk.contacts import ContactsPresenter, Details
from ringdesk.domain.contact import Batch, Change, Contact, Source, Undone
from ringdesk.domain.document import FIELDS, to_document
from ringdesk.domain.ownership import Deed
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.domain.values import dataclass

MOST: Final = 100
"""So many of the last actions can be taken back from the list."""

NOTE: Final = "note_added"
"""The field of a change that added a note or deleted one."""

_DEEDS: Final = {"shared": Deed.SHARE, "vip": Deed.MARK, "blocked": Deed.MARK, NOTE: Deed.MARK}


@dataclass(frozen=True, slots=True)
class Save:
    """The changes of one save, newest first."""

    at: float
    by: str
    source: Source
    changes: tuple[Change, ...]


def saves(changes: Sequence[Change]) -> list[Save]:
    """A contact's changes, grouped by save."""
    grouped = [tuple(some) for _, some in groupby(changes, key=lambda change: change.batch)]
    return [Save(some[0].at, some[0].by, some[0].source, some) for some in grouped]


def restorable(change: Change, details: Details) -> bool:
    """True where the old value of a change says something, is not what the contact has now, and may be set."""
    if _DEEDS.get(change.field, Deed.EDIT) not in details.may:
        return False
    old = _read(change.old)
    match change.field:
        case "shared" | "vip" | "blocked":
            return bool(old) != _marks(details.contact)[change.field]
        case field if field == NOTE:
            return isinstance(old, list) and old[0] not in {note.id for note in details.notes}
        case field:
            return field in FIELDS and bool(old) and old != to_document(details.contact.card).get(field)


def _marks(contact: Contact) -> dict[str, bool]:
    return {"shared": contact.shared, "vip": contact.marks.vip, "blocked": contact.marks.blocked}


def _read(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Failed:
    """Something was not taken back, or not restored."""

    trouble: StoreTrouble
    path: str = ""


class RecentChanges:
    """The last actions, each of which can be taken back; `show` is called when they changed, `tell` with outcomes."""

    def __init__(self, contacts: ContactsPresenter) -> None:
        self._contacts = contacts
        self.rows: Sequence[Batch] = ()
        self._show: Callable[[], None] = lambda: None
        self._tell: Callable[[Undone | Failed], None] = lambda _: None

    def attach(self, show: Callable[[], None], tell: Callable[[Undone | Failed], None]) -> None:
        """Show everything in a window from now on."""
        self._show, self._tell = show, tell
        self.refresh()

    def refresh(self) -> None:
        """Read the last actions anew."""
        rows = self._contacts.reads.batches(MOST)
        if rows != self.rows or not rows:
            self.rows = rows
            self._show()

    def undo(self, batch: Batch) -> None:
        """Take one action back; what stays as it is, is told."""

        def done(undone: Undone) -> None:
            self.refresh()
            self._tell(undone)

        self._contacts.deliver(self._contacts.writes.undo(batch.id), done, self._failed)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, StoreError):
            raise error
        self._tell(Failed(error.trouble, error.path))
