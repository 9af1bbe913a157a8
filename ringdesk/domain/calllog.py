"""What is remembered of calls: one row of the call list, and the last contact with somebody."""

from __future__ import annotations

from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.phone import Number
from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call as the call list keeps it. `id` is the id of `domain.call.Call`; times are seconds since 1970, UTC.

    `name` is what the caller said; `contact` the contact it was matched to for sure, or None; `line` as
    `domain.line.line_text` writes it; `seen` is False for a missed call that still counts on the badge.
    """

    id: str
    source: str
    direction: Direction
    state: CallState
    over: bool
    number: Number
    name: str = ""
    contact: str | None = None
    contact_name: str = ""
    line: str = "unknown"
    answered_by: str = ""
    transferred_to: str = ""
    private: bool = False
    elsewhere: bool = False
    """The contact lies in the coworkers' book. Not kept: it says so when the call is written."""
    seen: bool = True
    started: float = 0.0
    answered: float | None = None
    ended: float | None = None

    @property
    def duration(self) -> float | None:
        """Seconds spoken, or None where nobody spoke."""
        return None if self.answered is None or self.ended is None else max(0.0, self.ended - self.answered)


@dataclass(frozen=True, slots=True)
class EarlierCalls:
    """Finished calls with a shared contact from before it was shared; `shown` where coworkers see them all the same."""

    count: int
    shown: bool


@dataclass(frozen=True, slots=True)
class LastContact:
    """The call before this one with the same number or contact."""

    at: float
    direction: Direction
    state: CallState
    duration: float | None
    answered_by: str = ""
