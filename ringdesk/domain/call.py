"""Calls: the facts that sources report, and the call this user had.

Facts say what was seen on the wire and nothing more. The tracker (feed.tracker) turns them into calls by the table
in `domain.callstate`. Times are seconds since 1970, UTC; `at` is the source's own time where it gives one.
"""

from __future__ import annotations

from enum import Enum

from ringdesk.domain.line import Line, UnknownLine
from ringdesk.domain.phone import Number, Withheld
from ringdesk.domain.values import dataclass


class Direction(Enum):
    """Which way a call goes, seen from this user."""

    INCOMING = "in"
    OUTGOING = "out"


class EndReason(Enum):
    """Why a call ended, as far as its source can know."""

    HANGUP = "hangup"
    """Somebody hung up, and the source cannot say more."""
    CANCELLED = "cancelled"
    """The caller gave up before an answer."""
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    """Declined at this user's phone."""
    BUSY = "busy"
    ELSEWHERE = "answered_elsewhere"
    FAILED = "failed"
    BLOCKED = "blocked"
    NOT_PLACED = "not_placed"
    """Click-to-dial whose own phone was never lifted."""
    LOST = "lost"
    """The source went away; what happened after is not known."""


class Answerer(Enum):
    """Who answered, as far as the source can know."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class CallKey:
    """Names one call of one source: the source's id and the id the source gives the call."""

    source: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """A call came up: it rings here (incoming) or is being dialled or rings there (outgoing).

    `number` and `name` are as the source wrote them. `withheld` is the source's privacy mark.
    `alerting` is False for an outgoing call that does not ring at the far end yet.
    """

    key: CallKey
    direction: Direction
    number: str
    name: str = ""
    withheld: bool = False
    called: str | None = None
    queue: str | None = None
    diverted_from: str | None = None
    alerting: bool = True
    at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The call was answered; `by` is an extension or a coworker's name where the source knows it."""

    key: CallKey
    who: Answerer = Answerer.HERE
    by: str = ""
    at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The call was put on hold."""

    key: CallKey
    at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """The call was taken off hold."""

    key: CallKey
    at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """The call was passed on to `to`, or the other party changed to `number`; it has not ended by that."""

    key: CallKey
    to: str = ""
    number: str | None = None
    name: str = ""
    via: str = ""
    at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The call is over."""

    key: CallKey
    reason: EndReason = EndReason.HANGUP
    at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLost:
    """The source's connection broke: its open calls end with LOST, none of them as missed."""

    source: str


Fact = Rang | Answered | Held | Resumed | Transferred | Ended | SourceLost


class CallState(Enum):
    """Where a call stands for this user. The values are the outcomes of the call list."""

    RINGING = "ringing"
    ANSWERED_HERE = "answered_here"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    ANSWERED = "answered"
    """A landline gateway knows that somebody answered, not who."""
    MISSED = "missed"
    REJECTED = "rejected"
    ENDED_UNKNOWN = "ended_unknown"
    """It rang here and nobody here answered; the source cannot say why. Shown as "Not answered here"."""
    BLOCKED = "blocked"
    DIALING = "dialing"
    REMOTE_RINGING = "remote_ringing"
    OUTGOING_ANSWERED = "outgoing_answered"
    OUTGOING_BUSY = "outgoing_busy"
    OUTGOING_CANCELLED = "outgoing_cancelled"
    OUTGOING_FAILED = "outgoing_failed"
    OUTGOING_NOT_PLACED = "outgoing_not_placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of this user, as a value; every change of it makes a new one.

    `id` is ours and never changes. `state` is where it stands; after an answered call has ended `over` is True and
    `state` still says how it was answered. `name` is what the caller says, never a match.
    """

    id: str
    keys: tuple[CallKey, ...]
    direction: Direction
    state: CallState
    number: Number
    name: str = ""
    line: Line = UnknownLine()
    called: str | None = None
    queue: str | None = None
    diverted_from: str | None = None
    answered_by: str = ""
    transferred_to: str = ""
    via: str = ""
    held: bool = False
    over: bool = False
    started: float = 0.0
    answered: float | None = None
    ended: float | None = None

    @property
    def withheld(self) -> bool:
        """True when the number must not be shown, stored or matched."""
        return isinstance(self.number, Withheld)

    @property
    def ringing_here(self) -> bool:
        """True while this user's phone rings."""
        return self.state is CallState.RINGING and not self.over

    @property
    def duration(self) -> float | None:
        """Seconds spoken, or None where the call was not answered or is not over."""
        return None if self.answered is None or self.ended is None else max(0.0, self.ended - self.answered)


@dataclass(frozen=True, slots=True)
class CallChanged:
    """A call came up or changed. `before` is None for a new one."""

    call: Call
    before: Call | None


class Ability(Enum):
    """What a call source can do on command."""

    ANSWER = "answer"
    DECLINE = "decline"
    DIAL = "dial"


class SourceState(Enum):
    """How a call source is doing."""

    OFF = "off"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"
    """Lost or refused; tried again by itself."""


@dataclass(frozen=True, slots=True)
class SourceChanged:
    """A call source connected or went away; `why` is a short reason code, `detail` what the system said."""

    source: str
    state: SourceState
    why: str = ""
    detail: str = ""
