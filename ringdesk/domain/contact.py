"""A contact: a card plus who it belongs to and the marks this user has put on it."""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import Literal

from ringdesk.domain.card import Card
from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Me:
    """The user of this desktop."""


@dataclass(frozen=True, slots=True)
class Coworker:
    """Somebody else of the team, by login name."""

    login: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Nobody yet: an anonymous contact of a department, held by the administrator until someone edits it."""

    department: str


Owner = Me | Coworker | Unclaimed


class Origin(Enum):
    """How a contact came to be here."""

    HAND = "hand"
    FILE = "file"
    ACCOUNT = "account"
    CALL = "call"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Marks:
    """What this user put on a contact; never leaves this desk."""

    vip: bool = False
    blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One contact as the store holds it.

    `id` is a UUID in text form; `revision` counts the saves, 0 for one that was never saved;
    `created` and `updated` are seconds since 1970, UTC; `linked` says an account (Google, ...) has it too.
    """

    id: str
    card: Card
    owner: Owner = field(default_factory=Me)
    shared: bool = False
    marks: Marks = Marks()
    origin: Origin = Origin.HAND
    linked: bool = False
    revision: int = 0
    created: float = 0.0
    updated: float = 0.0

    @property
    def known(self) -> bool:
        """Known: a person or an account has said who this is. Otherwise the contact is anonymous."""
        return self.card.named or self.linked


@dataclass(frozen=True, slots=True)
class ContactRow:
    """What one row of the list shows; cheap to make in thousands."""

    id: str
    name: str
    company: str
    phone: str
    flags: int
    """Bits: SHARED, VIP, BLOCKED, ANONYMOUS, FOREIGN, LINKED, UNCLAIMED."""
    owner: str = ""
    """Who shares it, where that is a coworker."""


SHARED, VIP, BLOCKED, ANONYMOUS, FOREIGN, LINKED = 1, 2, 4, 8, 16, 32
UNCLAIMED = 64
"""A department's caller that nobody owns; said of rows, and not kept with the contact."""


def flags_of(contact: Contact) -> int:
    """The bits of `ContactRow.flags` for a contact."""
    return (
        SHARED * contact.shared
        | VIP * contact.marks.vip
        | BLOCKED * contact.marks.blocked
        | ANONYMOUS * (not contact.known)
        | FOREIGN * isinstance(contact.owner, Coworker)
        | LINKED * (contact.linked and not isinstance(contact.owner, Coworker))
    )


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a contact, dated. `call` is the call it was written in, or None."""

    id: str
    contact: str
    text: str
    at: float
    call: str | None = None


Source = Literal["hand", "file", "account", "call", "undo", "team"]
"""Where a change came from."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field's past: what it was before a save. `old` and `new` are the field's document form as JSON text."""

    id: int
    contact: str
    field: str
    old: str
    new: str
    at: float
    by: str
    source: Source
    batch: str
    """All changes of one save carry the same batch; undo takes a whole batch back."""
    aside: bool = False
    """A value that lost a clash: `old` came from the source and never stood here, `new` is what stayed."""


class BatchKind(Enum):
    """What a batch did."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"
    IMPORTED = "imported"
    NOTED = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One action as a whole: a save, a deletion, an import, an undo. `undo` takes all of it back.

    `count` is how many contacts it touched, 0 where that is not known; `contact` and `name` are of the first one,
    `name` empty where nothing tells it any more. `undone`: it was taken back already.
    """

    id: str
    at: float
    by: str
    source: Source
    kind: BatchKind
    count: int
    contact: str
    name: str
    fields: tuple[str, ...] = ()
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A field that undo left alone, because it was changed again since; `contact` as a field means all of it."""

    contact: str
    field: str


@dataclass(frozen=True, slots=True)
class Undone:
    """What undo did: the contacts it touched, and what it left alone."""

    ids: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
