"""Orders to the worker of an account, from any thread."""

from __future__ import annotations

from ringdesk.domain.replica import Choice, Policy, Question
from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Begin:
    """The set-up is over: sync from now on."""


@dataclass(frozen=True, slots=True)
class SyncNow:
    """Sync at once; `full`: list everything."""

    full: bool = False


@dataclass(frozen=True, slots=True)
class SyncSoon:
    """Something was saved."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """A contact is opened or calling."""

    contact: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The user answered a question."""

    question: Question
    choice: Choice


@dataclass(frozen=True, slots=True)
class Approve:
    """The user allows so many deletions, once; those of the contacts in `kept` are not to be."""

    deletions: int
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PolicyChanged:
    """The choices of how to sync have changed."""


@dataclass(frozen=True, slots=True)
class Wake:
    """The computer has woken up, or the network is back: whatever waits for a better time need not any more."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Count what the account holds."""


@dataclass(frozen=True, slots=True)
class Rehearse:
    """Find out what the next round would do by this policy."""

    policy: Policy


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last sync back."""


Order = Begin | SyncNow | SyncSoon | Refresh | Answer | Approve | PolicyChanged | Wake | Survey | Rehearse | Undo
