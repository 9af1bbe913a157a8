"""What the contacts pane asks about and tells, without a dialog."""

from __future__ import annotations

from ringdesk.desk.holders import Holder
from ringdesk.domain.status import StoreTrouble
from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Farewell:
    """What a deletion would take with it; asked about before it is done."""

    ids: tuple[str, ...]
    name: str
    notes: int
    holders: tuple[Holder, ...] = ()
    """Connected accounts that have it too."""
    everybodys: bool = False
    """A caller of the team's that nobody owns: it goes from every coworker's list, and nothing brings it back."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A contact was deleted; it can be taken back, unless it was a caller of the whole team."""

    name: str
    everybodys: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """So many contacts were shared (`on`) or unshared; it can be taken back."""

    count: int
    on: bool


@dataclass(frozen=True, slots=True)
class Undone:
    """A change was taken back; it had touched this many contacts.

    `left` names the fields that stay as they are, because they were changed again since.
    """

    count: int
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """A field has its old value again; undo takes that back."""

    field: str


@dataclass(frozen=True, slots=True)
class NothingToUndo:
    """There is no change to take back, or a later one stands in its way."""


@dataclass(frozen=True, slots=True)
class Troubled:
    """Something was not saved."""

    trouble: StoreTrouble
    path: str = ""


Told = Deleted | Shared | Undone | Restored | NothingToUndo | Troubled
