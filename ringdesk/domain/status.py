"""States and troubles as codes; the ui room turns them into sentences."""

from __future__ import annotations

from enum import Enum
from typing import Final

from ringdesk.domain.values import dataclass


class StoreTrouble(Enum):
    """Why the store could not do what was asked. Nothing was changed by the attempt."""

    LOCKED = "locked"
    """Another program holds the database longer than the busy time-out."""
    READ_ONLY = "read only"
    FULL = "disk full"
    RESERVE = "disk nearly full"
    """It was saved with the room that is held back for this day; the next time may find none."""
    NO_BACKUP = "no room for a backup"
    """What is saved is saved; only the backup of the day was not made."""
    NEWER = "made by a newer RingDesk"
    CORRUPT = "damaged"
    NOT_OURS = "not a RingDesk database"
    UNREACHABLE = "cannot be opened"
    IO = "input or output failed"
    GONE = "the contact is no longer there"
    STALE = "changed meanwhile"
    """The contact was saved by somebody else since it was read; the save was refused."""
    STOPPED = "RingDesk is stopping"


PASSING: Final = frozenset(
    {StoreTrouble.FULL, StoreTrouble.LOCKED, StoreTrouble.READ_ONLY, StoreTrouble.IO, StoreTrouble.UNREACHABLE}
)
"""Troubles that are over as soon as something is saved again."""


class StoreError(Exception):
    """The store could not do what was asked: `trouble` says why, `detail` what the system said, `path` which file."""

    def __init__(self, trouble: StoreTrouble, detail: str = "", path: str = "") -> None:
        super().__init__(f"{trouble.value}: {detail} ({path})")
        self.trouble = trouble
        self.detail = detail
        self.path = path


class Health(Enum):
    """How one line of the doctor's report stands."""

    GOOD = "good"
    NOTE = "note"
    """Works, and there is something to know."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report: what was looked at, how it stands, what was seen, what to do."""

    what: str
    health: Health
    seen: str
    advice: str = ""
