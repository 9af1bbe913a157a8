"""Calls together between the house's values and the directory's. Pure."""

from __future__ import annotations

from typing import Final

from ringdesk.domain.call import Direction
from ringdesk.domain.team import CallDue, CallsPage, RingAnswered
from ringdesk.domain.team import CoworkerCall as Told
from ringdesk.providers.team.calls import (
    AnsweredRing,
    CallOp,
    CallPage,
    CoworkerCall,
    GoneCall,
    LogCall,
    WithdrawCall,
)

LONGEST_NOTE: Final = 4000
LONGEST_CALL: Final = 604_800
"""Seconds the directory takes for one call."""

_DIRECTIONS: Final = {Direction.INCOMING: "in", Direction.OUTGOING: "out"}


def encoded(op: str, due: CallDue) -> CallOp:
    """A call to be told, or to be taken back where nobody may hear of it."""
    record = due.record
    if due.contact is None:
        return WithdrawCall(op, record.id)
    spoken = record.duration
    return LogCall(
        op=op,
        call=record.id,
        contact=due.contact,
        direction=_DIRECTIONS[record.direction],
        state=record.state.value,
        started=record.started,
        seconds=None if spoken is None else min(int(spoken), LONGEST_CALL),
        note=due.note[:LONGEST_NOTE],
    )


def calls_page(page: CallPage) -> CallsPage:
    """A page as the house reads it; what this version cannot read is let pass."""
    return CallsPage(
        calls=tuple(_told(item) for item in page.items if isinstance(item, CoworkerCall)),
        gone=tuple(item.id for item in page.items if isinstance(item, GoneCall)),
        answered=tuple(
            RingAnswered(item.ring, item.who, item.who, item.at)
            for item in page.items
            if isinstance(item, AnsweredRing)
        ),
        full=page.full,
        more=page.more,
        cursor=page.cursor,
    )


def _told(item: CoworkerCall) -> Told:
    return Told(
        id=item.id,
        contact=item.contact,
        who=item.who,
        direction=item.direction,
        state=item.state,
        started=item.started,
        seconds=item.seconds,
        note=item.note,
    )
