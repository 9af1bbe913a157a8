"""Pops of nobody: those painted once before the first call, and the one that Settings shows."""

from __future__ import annotations

from typing import Final

from ringdesk.desk.popview import Action, Certainty, Phase, PopView, Sharing
from ringdesk.domain.call import Call, CallKey, CallState, Direction
from ringdesk.domain.calllog import LastContact
from ringdesk.domain.line import Department
from ringdesk.domain.phone import E164
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say

SAMPLE: Final = "sample"
"""The id of the pop that Settings shows; no call has it."""

SAMPLE_MS: Final = 6000


def sample(now: float) -> PopView:
    """A pop that shows how and where pops come up."""
    call = Call(
        id=SAMPLE,
        keys=(CallKey("", ""),),
        direction=Direction.INCOMING,
        state=CallState.RINGING,
        number=E164("442079460123", 2),
        line=Department(say(QT_TRANSLATE_NOOP("words", "Sales"))),
        started=now,
    )
    return PopView(
        id=SAMPLE, phase=Phase.RINGING, call=call, headline=say(QT_TRANSLATE_NOOP("words", "Jane Sample")),
        certainty=Certainty.SURE, company=say(QT_TRANSLATE_NOOP("words", "Sample Trading Ltd")),
        number="020 7946 0123", label="work", sharing=Sharing.PRIVATE, initials="JS",
        last=LastContact(now - 86_400, Direction.INCOMING, CallState.ANSWERED_HERE, 240.0),
        actions=(Action.CLOSE,),
    )  # several to a line  # fmt: skip


def rehearsal(now: float) -> tuple[PopView, ...]:
    """Pops that are painted once before the first call: every button's style, the note box, the usual texts."""
    call = Call(
        id="",
        keys=(CallKey("", ""),),
        direction=Direction.INCOMING,
        state=CallState.RINGING,
        number=E164("442079460123", 2),
        started=now,
    )
    last = LastContact(now - 86_400, Direction.INCOMING, CallState.ANSWERED_HERE, 60.0)
    view = PopView(
        id="", phase=Phase.RINGING, call=call, headline="Jane Doe", certainty=Certainty.MAYBE, company="Acme",
        number="020 7946 0123", label="work", note="-", last=last, sharing=Sharing.PRIVATE, initials="JD",
        actions=(Action.ANSWER, Action.DECLINE, Action.OPEN, Action.NOTE, Action.COPY, Action.CLOSE),
    )  # several to a line  # fmt: skip
    quiet = (Action.OPEN, Action.NOTE, Action.COPY, Action.CLOSE)
    return view, PopView(id="", phase=Phase.NOTE, call=call, headline="0", actions=quiet)
