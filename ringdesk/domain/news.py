"""What other threads tell the main thread. Carried by the ui room's post; every item is a frozen value."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ringdesk.domain.values import dataclass

if TYPE_CHECKING:
    from ringdesk.domain.status import StoreTrouble
    from ringdesk.domain.syncing import AccountNews
    from ringdesk.domain.team import TeamNews


@dataclass(frozen=True, slots=True)
class ContactsChanged:
    """These contacts were saved or deleted; an empty set means too many to name."""

    ids: frozenset[str]
    more: bool = False
    """An account brings them: others may follow at once, or a picture each, for minutes."""


@dataclass(frozen=True, slots=True)
class CallsChanged:
    """The call list changed."""

    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class NotesChanged:
    """Notes of this contact changed."""

    contact: str


@dataclass(frozen=True, slots=True)
class StoreTroubled:
    """A write failed: the user must be told, nothing was lost that was shown as saved."""

    trouble: StoreTrouble
    detail: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """A file is being read in: contacts taken, cards refused so far; `done` at the end."""

    taken: int
    refused: int
    done: bool = False


News: TypeAlias = (
    "ContactsChanged | CallsChanged | NotesChanged | StoreTroubled | ImportProgress | AccountNews | TeamNews"
)
