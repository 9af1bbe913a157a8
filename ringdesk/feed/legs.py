"""One source's view of a call, and how several views become one state: pure.

Each source's leg walks the table of `domain.callstate` alone. The call's state is that of the leg that knows most:
a softphone says "ended, why unknown" where a telephone system says "missed" or "answered by Tomas", so the order below
ranks states by how much somebody must know to say them. A leg whose source went away has no say while another leg has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from ringdesk.domain.call import Answered, CallKey, CallState, Direction, Ended, EndReason, Rang
from ringdesk.domain.callstate import FINAL, TALKING, answered, ended
from ringdesk.domain.values import dataclass

S = CallState

KNOWLEDGE: Final = (
    S.RINGING,
    S.ENDED_UNKNOWN,
    S.MISSED,
    S.BLOCKED,
    S.REJECTED,
    S.ANSWERED,
    S.ANSWERED_ELSEWHERE,
    S.ANSWERED_HERE,
    S.DIALING,
    S.REMOTE_RINGING,
    S.OUTGOING_CANCELLED,
    S.OUTGOING_FAILED,
    S.OUTGOING_NOT_PLACED,
    S.OUTGOING_BUSY,
    S.OUTGOING_ANSWERED,
)
"""Every state, by how much a source must know to say it; incoming and outgoing ones never meet."""


@dataclass(frozen=True, slots=True)
class Leg:
    """What one source says about a call."""

    key: CallKey
    state: CallState
    over: bool = False
    lost: bool = False
    """The source went away while the leg was open."""


def first(fact: Rang) -> Leg:
    """The leg of a call that came up."""
    return Leg(fact.key, _came_up(fact))


def rang_again(leg: Leg, fact: Rang) -> Leg:
    """The leg after a repeated ring: a dialled call may begin to ring there, a lost one is found again."""
    leg = replace(leg, lost=False)
    alerting = leg.state is S.DIALING and _came_up(fact) is S.REMOTE_RINGING
    return replace(leg, state=S.REMOTE_RINGING) if alerting else leg


def answer(leg: Leg, fact: Answered) -> Leg:
    """The leg after an answer; unchanged where the table has no such row."""
    leg = replace(leg, lost=False)
    state = answered(leg.state, fact.who)
    return leg if state is None else _at(leg, state)


def end(leg: Leg, fact: Ended) -> Leg:
    """The leg after an end; unchanged where the table has no such row."""
    leg = replace(leg, lost=False)
    state = None if leg.over else ended(leg.state, fact.reason)
    return leg if state is None else replace(_at(leg, state), over=True)


def lose(leg: Leg) -> Leg:
    """The leg after its source went away; a finished one stays as it is."""
    return leg if leg.over else replace(leg, lost=True)


def decide(legs: Iterable[Leg]) -> tuple[CallState, bool]:
    """The state of a call and whether it is over, from all that is said about it."""
    said = list(legs)
    heard = [leg for leg in said if not leg.lost] or [_ended_lost(leg) for leg in said]
    best = max(heard, key=lambda leg: (KNOWLEDGE.index(leg.state), leg.over))
    return best.state, best.over


def is_talking(state: CallState, *, over: bool) -> bool:
    """True while this user speaks."""
    return state in TALKING and not over


def _came_up(fact: Rang) -> CallState:
    if fact.direction is Direction.INCOMING:
        return S.RINGING
    return S.REMOTE_RINGING if fact.alerting else S.DIALING


def _at(leg: Leg, state: CallState) -> Leg:
    return replace(leg, state=state, over=leg.over or state in FINAL)


def _ended_lost(leg: Leg) -> Leg:
    state = ended(leg.state, EndReason.LOST)
    return leg if state is None else replace(leg, state=state, over=True)
