"""The life of a call as a table: what is not in it does not happen.

Facts come from phone systems that repeat themselves, reorder, forget and cannot know everything. So a fact that
does not fit the state a call is in changes nothing (`step` gives None); it is never an error and never invents a
call. Two rows deserve a word. RINGING + hangup ends as ENDED_UNKNOWN, not MISSED: a softphone says the same
"Connection reset by peer" for a caller who gave up and for a colleague who answered (measured: 56 of 65 closes).
And MISSED or ENDED_UNKNOWN + answered elsewhere corrects itself, because a better informed source may speak later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ringdesk.domain.call import Answerer, CallState, EndReason

S, A, E = CallState, Answerer, EndReason

ANSWERS: Final[Mapping[tuple[CallState, Answerer], CallState]] = {
    (S.RINGING, A.HERE): S.ANSWERED_HERE,
    (S.RINGING, A.ELSEWHERE): S.ANSWERED_ELSEWHERE,
    (S.RINGING, A.SOMEBODY): S.ANSWERED,
    (S.MISSED, A.ELSEWHERE): S.ANSWERED_ELSEWHERE,
    (S.ENDED_UNKNOWN, A.ELSEWHERE): S.ANSWERED_ELSEWHERE,
    (S.DIALING, A.HERE): S.OUTGOING_ANSWERED,
    (S.DIALING, A.ELSEWHERE): S.OUTGOING_ANSWERED,
    (S.DIALING, A.SOMEBODY): S.OUTGOING_ANSWERED,
    (S.REMOTE_RINGING, A.HERE): S.OUTGOING_ANSWERED,
    (S.REMOTE_RINGING, A.ELSEWHERE): S.OUTGOING_ANSWERED,
    (S.REMOTE_RINGING, A.SOMEBODY): S.OUTGOING_ANSWERED,
}

_UNANSWERED: Final[Mapping[EndReason, CallState]] = {
    E.HANGUP: S.ENDED_UNKNOWN,
    E.LOST: S.ENDED_UNKNOWN,
    E.FAILED: S.ENDED_UNKNOWN,
    E.NOT_PLACED: S.ENDED_UNKNOWN,
    E.CANCELLED: S.MISSED,
    E.NO_ANSWER: S.MISSED,
    E.REJECTED: S.REJECTED,
    E.BUSY: S.REJECTED,
    E.ELSEWHERE: S.ANSWERED_ELSEWHERE,
    E.BLOCKED: S.BLOCKED,
}
_UNCONNECTED: Final[Mapping[EndReason, CallState]] = {
    E.HANGUP: S.OUTGOING_CANCELLED,
    E.CANCELLED: S.OUTGOING_CANCELLED,
    E.NO_ANSWER: S.OUTGOING_CANCELLED,
    E.LOST: S.OUTGOING_FAILED,
    E.FAILED: S.OUTGOING_FAILED,
    E.BLOCKED: S.OUTGOING_FAILED,
    E.ELSEWHERE: S.OUTGOING_FAILED,
    E.REJECTED: S.OUTGOING_BUSY,
    E.BUSY: S.OUTGOING_BUSY,
    E.NOT_PLACED: S.OUTGOING_NOT_PLACED,
}
TALKING: Final = frozenset({S.ANSWERED_HERE, S.ANSWERED, S.OUTGOING_ANSWERED})
"""States of a call that goes on: an end keeps them, and says only that it is over."""

ENDS: Final[Mapping[tuple[CallState, EndReason], CallState]] = {
    **{(S.RINGING, reason): state for reason, state in _UNANSWERED.items()},
    **{(S.DIALING, reason): state for reason, state in _UNCONNECTED.items()},
    **{(S.REMOTE_RINGING, reason): state for reason, state in _UNCONNECTED.items()},
    **{(state, reason): state for state in TALKING for reason in E},
}

FINAL: Final = frozenset(ENDS.values()) - TALKING
"""States that only an end leads to."""


def answered(state: CallState, who: Answerer) -> CallState | None:
    """The state after an answer, or None where an answer changes nothing."""
    return ANSWERS.get((state, who))


def ended(state: CallState, reason: EndReason) -> CallState | None:
    """The state after an end, or None where an end changes nothing."""
    return ENDS.get((state, reason))
