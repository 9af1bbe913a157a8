"""How an account's sync stands, as values for the main thread; the ui room turns them into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringdesk.domain.remote import Death


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDone:
    """What a round did: counts by deed ("added here", ...), and what waits for the user.

    `lines`: deed, contact id, name; at most a thousand. `guard_here` and `guard_there`: so many deletions wait for the
    user's word. `unclear` and `put_off`: contacts whose turn comes later, by itself.
    """

    account: str
    at: float
    counts: Mapping[str, int]
    lines: tuple[tuple[str, str, str], ...] = ()
    guard_here: int = 0
    guard_there: int = 0
    questions: int = 0
    invalid: int = 0
    unclear: int = 0
    put_off: int = 0
    unreadable: int = 0
    distrusted: bool = False


@dataclass(frozen=True, slots=True)
class SyncRunning:
    """A round is going on."""

    account: str


@dataclass(frozen=True, slots=True)
class SyncWaiting:
    """The last round broke off; the next try comes by itself."""

    account: str
    until: float
    detail: str


@dataclass(frozen=True, slots=True)
class SyncDead:
    """The user has to connect anew; nothing is lost, edits wait."""

    account: str
    cause: Death


@dataclass(frozen=True, slots=True)
class SyncHalted:
    """Something else the user has to see to; *Sync now* tries again."""

    account: str
    code: str
    detail: str


SyncNews = RoundDone | SyncRunning | SyncWaiting | SyncDead | SyncHalted
