"""What a notification says of a call: from a `PopView` to the values the notification service takes."""

from __future__ import annotations

import html
from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from ringdesk.desk.popview import Action, Phase, PopView
from ringdesk.domain.call import Direction
from ringdesk.domain.values import dataclass
from ringdesk.ui import pop_words as words
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say, shown

DEFAULT: Final = "default"
PICK: Final = "pick:"
MOST: Final = 4
"""Buttons on a notification; some services show no more, and a pop has no more either."""

_OFFERED: Final = (Action.ANSWER, Action.DECLINE, Action.OPEN, Action.ADD, Action.ADD_TO, Action.BLOCK, Action.COPY)
"""What can be done without a window of ours, the most urgent first. Closing is the service's own button."""


class Urgency(IntEnum):
    """How urgent; the values are those of the specification."""

    NORMAL = 1
    CRITICAL = 2


@dataclass(frozen=True, slots=True)
class Able:
    """What the notification service announces that it can do; nothing else may be relied upon."""

    actions: bool = False
    body: bool = False
    markup: bool = False

    @classmethod
    def of(cls, capabilities: Sequence[str]) -> Able:
        """From the names of the specification."""
        return cls("actions" in capabilities, "body" in capabilities, "body-markup" in capabilities)


@dataclass(frozen=True, slots=True)
class Note:
    """One notification. `actions` are keys and labels in turn, as the service takes them."""

    summary: str
    body: str
    urgency: Urgency
    category: str
    actions: tuple[str, ...] = ()


def note_of(view: PopView, able: Able, now: float, *, locked: bool, more: int = 0) -> Note | None:
    """The notification for a pop; None where it should have none: the call is folded, or over and done with."""
    urgency = _URGENCY.get(view.phase)
    if urgency is None:
        return None
    category = _CATEGORY[view.phase]
    if locked:
        return Note(_unnamed(view), "", urgency, category)
    lines = [line for line in _lines(view, now, more) if line]
    summary = " · ".join(part for part in (words.headline(view), words.certainty(view)) if part)
    if not able.body:
        return Note(", ".join([summary, *lines[:2]]), "", urgency, category, _actions(view, able))
    body = "\n".join(lines)
    return Note(summary, html.escape(body, quote=False) if able.markup else body, urgency, category,
                _actions(view, able))  # several to a line  # fmt: skip


_URGENCY: Final = {
    Phase.RINGING: Urgency.CRITICAL,
    Phase.TALKING: Urgency.NORMAL,
    Phase.MISSED: Urgency.NORMAL,
    Phase.ELSEWHERE: Urgency.NORMAL,
}
_CATEGORY: Final = {
    Phase.RINGING: "call.incoming",
    Phase.TALKING: "call",
    Phase.MISSED: "call.unanswered",
    Phase.ELSEWHERE: "call.ended",
}


def _unnamed(view: PopView) -> str:
    """What may be said while the screen is locked."""
    if view.phase is Phase.MISSED:
        return say(QT_TRANSLATE_NOOP("words", "Missed call"))
    if view.call.direction is Direction.OUTGOING:
        return say(QT_TRANSLATE_NOOP("words", "Outgoing call"))
    return say(QT_TRANSLATE_NOOP("words", "Incoming call"))


def _lines(view: PopView, now: float, more: int) -> Sequence[str]:
    return (
        words.state(view),
        words.company(view),
        words.number(view),
        words.before(view, now),
        words.note(view),
        words.sharing(view),
        words.choose(view) if view.choices and not view.picked else "",
        words.more(more) if more else "",
    )


def _actions(view: PopView, able: Able) -> tuple[str, ...]:
    """A click on the notification itself, then at most four buttons."""
    if not able.actions:
        return ()
    made = [(DEFAULT, words.ACTIONS[Action.OPEN][1])]
    if view.phase is not Phase.MISSED:  # its pop is soon gone, and a button must not outlive what it does
        picks = [] if view.picked else [(f"{PICK}{c.contact}", shown(c.name, 30)) for c in view.choices]
        offered = [action for action in _OFFERED if action in view.actions]
        urgent = [a for a in offered if a in (Action.ANSWER, Action.DECLINE)]
        rest = [a for a in offered if a not in urgent]
        buttons = [*_named(urgent), *picks, *_named(rest)]
        made += buttons[:MOST]
    return tuple(part for pair in made for part in pair)


def _named(actions: Sequence[Action]) -> list[tuple[str, str]]:
    return [(action.name, words.ACTIONS[action][0]) for action in actions]
