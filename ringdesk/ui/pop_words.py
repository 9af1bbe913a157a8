"""What a pop says: from the values of a `PopView` to the sentences on it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from ringdesk.desk.popview import Action, Certainty, Phase, PopView, Sharing
from ringdesk.domain.call import Call, CallState, Direction
from ringdesk.domain.calllog import LastContact
from ringdesk.domain.line import Department, Internal, Line, OtherPerson, Personal, UnknownLine
from ringdesk.ui.words import QT_TRANSLATE_NOOP, call_state, counted, label, shown
from ringdesk.ui.words import say as say_anew
from ringdesk.ui.words_time import ago, lasted, running, spoke

say = lru_cache(maxsize=512)(say_anew)
"""Sentences of pops, kept: looking one up costs more than painting it. Clear the cache when the language changes."""

ACTIONS: Final[Mapping[Action, tuple[str, str]]] = {
    Action.OPEN: (QT_TRANSLATE_NOOP("words", "Open"), QT_TRANSLATE_NOOP("words", "Open contact")),
    Action.NOTE: (QT_TRANSLATE_NOOP("words", "Note"), QT_TRANSLATE_NOOP("words", "Write a note")),
    Action.COPY: (QT_TRANSLATE_NOOP("words", "Copy"), QT_TRANSLATE_NOOP("words", "Copy number")),
    Action.CLOSE: (QT_TRANSLATE_NOOP("words", "Close"), QT_TRANSLATE_NOOP("words", "Close")),
    Action.ANSWER: (QT_TRANSLATE_NOOP("words", "Answer"), QT_TRANSLATE_NOOP("words", "Answer the call")),
    Action.DECLINE: (QT_TRANSLATE_NOOP("words", "Decline"), QT_TRANSLATE_NOOP("words", "Decline the call")),
    Action.ADD: (QT_TRANSLATE_NOOP("words", "Add contact"), QT_TRANSLATE_NOOP("words", "Add contact")),
    Action.ADD_TO: (
        QT_TRANSLATE_NOOP("words", "Add to existing"),
        QT_TRANSLATE_NOOP("words", "Add the number to an existing contact"),
    ),
    Action.BLOCK: (QT_TRANSLATE_NOOP("words", "Block"), QT_TRANSLATE_NOOP("words", "Block this number")),
    Action.FORGET_PICK: (
        QT_TRANSLATE_NOOP("words", "Not them?"),
        QT_TRANSLATE_NOOP("words", "Not them? Choose again"),
    ),
}
"""Action -> what its button shows, and what it is called in full (tool tip and accessible name)."""

_LINES: Final[Mapping[type[Line], str]] = {
    Personal: QT_TRANSLATE_NOOP("words", "your line"),
    Internal: QT_TRANSLATE_NOOP("words", "internal"),
    OtherPerson: QT_TRANSLATE_NOOP("words", "somebody else's line"),
}

_LAST: Final[Mapping[CallState, str]] = {
    CallState.ANSWERED: QT_TRANSLATE_NOOP("words", "answered"),
    CallState.ANSWERED_ELSEWHERE: QT_TRANSLATE_NOOP("words", "answered elsewhere"),
    CallState.MISSED: QT_TRANSLATE_NOOP("words", "missed"),
    CallState.REJECTED: QT_TRANSLATE_NOOP("words", "declined"),
    CallState.ENDED_UNKNOWN: QT_TRANSLATE_NOOP("words", "not answered here"),
    CallState.BLOCKED: QT_TRANSLATE_NOOP("words", "blocked"),
    CallState.OUTGOING_BUSY: QT_TRANSLATE_NOOP("words", "you called, busy"),
    CallState.OUTGOING_CANCELLED: QT_TRANSLATE_NOOP("words", "you called, no answer"),
    CallState.OUTGOING_FAILED: QT_TRANSLATE_NOOP("words", "you called, it failed"),
    CallState.OUTGOING_NOT_PLACED: QT_TRANSLATE_NOOP("words", "you called, not placed"),
}

WHY: Final = QT_TRANSLATE_NOOP("words", "Why this name?")
WHY_SHORT: Final = QT_TRANSLATE_NOOP("words", "Why?")
NOTE_HINT: Final = QT_TRANSLATE_NOOP("words", "Note about this call. It is kept as you type; Esc goes back.")
NOTE_NAME: Final = QT_TRANSLATE_NOOP("words", "Note about this call")


def state(view: PopView) -> str:
    """State and line: "Ringing, Sales line"."""
    call = view.call
    told = _told(call)
    via = shown(call.via, 40)
    parts = [told, line(call.line), say(QT_TRANSLATE_NOOP("words", "via %1"), via) if via else ""]
    if view.phase is Phase.ELSEWHERE:
        parts = [told]
    return ", ".join(part for part in parts if part)


def _told(call: Call) -> str:
    if call.over and call.answered is not None:
        spoken = call.duration
        ended = say(QT_TRANSLATE_NOOP("words", "Call ended"))
        return f"{ended}, {lasted(spoken)}" if spoken else ended
    if call.transferred_to and call.answered is not None:
        return say(QT_TRANSLATE_NOOP("words", "Passed on to %1"), shown(call.transferred_to, 40))
    if call.held:
        return say(QT_TRANSLATE_NOOP("words", "On hold"))
    if call.state in (CallState.ANSWERED_HERE, CallState.OUTGOING_ANSWERED):
        return say(QT_TRANSLATE_NOOP("words", "Talking"))
    if call.state is CallState.MISSED:
        return say(QT_TRANSLATE_NOOP("words", "Missed call"))
    return call_state(call.state, answered_by=call.answered_by)


def line(value: Line) -> str:
    """The line as the end of a sentence; nothing where it is not known."""
    match value:
        case Department(name):
            return say(QT_TRANSLATE_NOOP("words", "%1 line"), shown(name, 40))
        case UnknownLine():
            return ""
        case _:
            return say(_LINES[type(value)])


def headline(view: PopView) -> str:
    """The name, else the number, else that it is withheld."""
    return view.headline or say(QT_TRANSLATE_NOOP("words", "Number withheld"))


def company(view: PopView) -> str:
    """Company and role; for a caller nobody has named, that nobody has."""
    told = ", ".join(part for part in (view.company, view.role) if part)
    if told or not view.unknown or view.call.withheld:
        return told
    return say(QT_TRANSLATE_NOOP("words", "Not in your contacts"))


def number(view: PopView) -> str:
    """The number with its label, unless it is the headline already."""
    if not view.number or view.number == view.headline:
        return ""
    return f"{view.number}  {label(view.label)}" if view.label else view.number


def certainty(view: PopView) -> str:
    """What kind of name the headline is, where it is not a sure one."""
    match view.certainty:
        case Certainty.MAYBE:
            return say(QT_TRANSLATE_NOOP("words", "maybe"))
        case Certainty.CALLER_SAYS:
            return say(QT_TRANSLATE_NOOP("words", "caller says"))
        case _:
            return ""


def last(contact: LastContact | None, now: float) -> str:
    """The call before: when, with whom, how it ended."""
    if contact is None:
        return ""
    return say(QT_TRANSLATE_NOOP("words", "Last: %1, %2"), ago(contact.at, now), _ending(contact))


def before(view: PopView, now: float) -> str:
    """The call before this one: mine, or a coworker's where that was later."""
    return last(view.last, now) if view.spoke is None else spoke(view.spoke, now, note=False)


def _ending(contact: LastContact) -> str:
    spoken = contact.duration
    if contact.state in (CallState.ANSWERED_HERE, CallState.OUTGOING_ANSWERED):
        if not spoken:
            return say(QT_TRANSLATE_NOOP("words", "you spoke"))
        told = QT_TRANSLATE_NOOP("words", "you spoke %1")
        if contact.direction is Direction.OUTGOING:
            told = QT_TRANSLATE_NOOP("words", "you called and spoke %1")
        return say(told, lasted(spoken))
    if contact.answered_by and contact.state in (CallState.ANSWERED_ELSEWHERE, CallState.ANSWERED):
        by = shown(contact.answered_by, 40)
        if spoken:
            return say(QT_TRANSLATE_NOOP("words", "%1 spoke %2"), by, lasted(spoken))
        return say(QT_TRANSLATE_NOOP("words", "answered by %1"), by)
    return say(_LAST.get(contact.state, QT_TRANSLATE_NOOP("words", "not answered")))


def note(view: PopView) -> str:
    """The latest note's first line: mine, else what a coworker noted in the last call."""
    said = view.note
    if not said and view.spoke is not None:
        said = shown(next((line for line in view.spoke.note.splitlines() if line.strip()), ""))
    return say(QT_TRANSLATE_NOOP("words", "Note: %1"), said) if said else ""


def sharing(view: PopView) -> str:
    """Who else has this contact."""
    match view.sharing:
        case Sharing.PRIVATE:
            return say(QT_TRANSLATE_NOOP("words", "Private"))
        case Sharing.SHARED:
            return say(QT_TRANSLATE_NOOP("words", "Shared"))
        case Sharing.SHARED_BY:
            if view.owner:
                return say(QT_TRANSLATE_NOOP("words", "Shared by %1"), view.owner)
            return say(QT_TRANSLATE_NOOP("words", "Shared by a coworker"))
        case None:
            return ""


def timer(call: Call, now: float) -> str:
    """How long it rings or is spoken; nothing once it is over."""
    if call.over or call.state in (CallState.MISSED, CallState.ENDED_UNKNOWN, CallState.ANSWERED_ELSEWHERE):
        return ""
    return running(now - (call.started if call.answered is None else call.answered))


def choose(view: PopView) -> str:
    """The line above the chooser."""
    if len(view.choices) == 1:
        return say(QT_TRANSLATE_NOOP("words", "Only the last digits match. Is it?"))
    return counted("%n possible. Who is it?", "%n possible. Who is it?", len(view.choices))


def best_guess() -> str:
    """The mark on the chooser's first row."""
    return say(QT_TRANSLATE_NOOP("words", "best guess"))


def more(count: int) -> str:
    """How many pops there are beyond those on the screen."""
    return say(QT_TRANSLATE_NOOP("words", "+%1 more"), str(count))


def announcement(view: PopView) -> str:
    """What a screen reader says once: "Incoming call, Jane Doe, Acme, Sales line"."""
    incoming = view.call.direction is Direction.INCOMING
    kind = QT_TRANSLATE_NOOP("words", "Incoming call") if incoming else QT_TRANSLATE_NOOP("words", "Outgoing call")
    parts = (say(kind), certainty(view), headline(view), view.company, line(view.call.line))
    return ", ".join(part for part in parts if part)


def description(view: PopView, now: float) -> str:
    """All that can be read on the pop, in its order."""
    parts = (
        state(view), headline(view), company(view), number(view), certainty(view), before(view, now), note(view),
        sharing(view),
    )  # several to a line  # fmt: skip
    return ". ".join(part for part in parts if part)
