"""What one pop shows, as a value; composed by a pure function from the call, the caller and what is remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final

from ringdesk.domain.call import Ability, Call, CallState, Direction
from ringdesk.domain.calllog import LastContact
from ringdesk.domain.lookup import Book, Caller, Found, Hidden, Match, Nobody, Why
from ringdesk.domain.numbering import display
from ringdesk.domain.phone import Extension, Unparsable
from ringdesk.domain.team import CoworkerCall
from ringdesk.domain.values import dataclass
from ringdesk.domain.words import for_display, initials

NOTE_LETTERS: Final = 160
"""How much of the latest note's first line a pop carries."""


class Phase(Enum):
    """Which shape a pop has."""

    __hash__ = object.__hash__  # as that of Action

    RINGING = "ringing"
    TALKING = "talking"
    STRIP = "strip"
    NOTE = "note"
    """The call is over: the note box is open for a while."""
    MISSED = "missed"
    ELSEWHERE = "elsewhere"


class Action(Enum):
    """What the user can do from a pop."""

    __hash__ = object.__hash__  # Enum's own is Python, and a pop asks some dozens of times

    OPEN = "open"
    NOTE = "note"
    COPY = "copy number"
    CLOSE = "close"
    ANSWER = "answer"
    DECLINE = "decline"
    ADD = "add contact"
    ADD_TO = "add to existing"
    BLOCK = "block"
    PICK = "pick"
    FORGET_PICK = "not them"


class Certainty(Enum):
    """How sure the name in the headline is."""

    SURE = "sure"
    MAYBE = "maybe"
    CALLER_SAYS = "caller says"
    NONE = "none"


class Sharing(Enum):
    """Who else has this contact."""

    PRIVATE = "private"
    SHARED = "shared by me"
    SHARED_BY = "shared by a coworker"


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the chooser."""

    contact: str
    name: str
    company: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PopView:
    """Everything a pop paints. All text is plain and already cleaned for display; an empty text has no line.

    `headline` is empty where the number is withheld; `certainty` says what kind of name it is. `choices` holds all
    matches where the user must choose (or may choose otherwise, after a pick). `contact` is set for a sure match
    only. `unknown` says that nobody has this number.
    """

    id: str
    phase: Phase
    call: Call
    headline: str = ""
    certainty: Certainty = Certainty.NONE
    company: str = ""
    role: str = ""
    number: str = ""
    label: str = ""
    says: str = ""
    last: LastContact | None = None
    spoke: CoworkerCall | None = None
    """The newest call of a coworker with this contact, where it is newer than `last`."""
    note: str = ""
    sharing: Sharing | None = None
    owner: str = ""
    photo: str = ""
    initials: str = ""
    vip: bool = False
    contact: str | None = None
    unknown: bool = False
    choices: tuple[Choice, ...] = ()
    picked: bool = False
    why: Why | None = None
    actions: tuple[Action, ...] = ()
    draft: str = ""


def compose(
    call: Call,
    caller: Caller,
    *,
    phase: Phase,
    region: str,
    last: LastContact | None = None,
    note: str = "",
    abilities: frozenset[Ability] = frozenset(),
    draft: str = "",
    spoke: CoworkerCall | None = None,
    coworker: str = "",
) -> PopView:
    """Put a pop together. `abilities` are those of the call's source; `region` is the user's home country.

    `spoke`: the newest call of a coworker with this contact; `coworker`: who is behind the extension that calls.
    """
    number = for_display(display(call.number, region), 40)
    says = "" if call.withheld else for_display(call.name)
    fields: dict[str, Any] = {}
    match caller:
        case Found():
            fields = _of_match(caller, says, number)
        case Nobody() if coworker:
            name = for_display(coworker)
            fields = {"headline": name, "certainty": Certainty.SURE, "initials": initials(name)}
        case Nobody():
            fields = {
                "headline": says or number,
                "certainty": Certainty.CALLER_SAYS if says else Certainty.NONE,
                "says": says,
                "initials": initials(says),
                "unknown": not isinstance(call.number, Extension),
            }
        case Hidden():
            pass
    return PopView(
        id=call.id,
        phase=phase,
        call=call,
        number=number,
        last=last,
        spoke=spoke if spoke is not None and (last is None or spoke.started > last.at) else None,
        note=_first_line(note),
        draft=draft,
        actions=tuple(_actions(call, caller, fields, abilities)),
        **fields,
    )


def _of_match(found: Found, says: str, number: str) -> dict[str, Any]:
    """What the best match and the others say, as fields of a `PopView`."""
    best: Match = found.best
    who = best.who
    known = who.known
    name = for_display(who.name) if known else ""
    sharing = Sharing.SHARED_BY if who.book is Book.SHARED else Sharing.SHARED if who.shared else Sharing.PRIVATE
    settled = best.sure and not found.several
    certainty = Certainty.SURE if settled and known else Certainty.MAYBE if known else Certainty.CALLER_SAYS
    return {
        "headline": name or says or number,
        "certainty": certainty if name or says else Certainty.NONE,
        "company": for_display(who.company),
        "role": for_display(who.title),
        "label": for_display(who.label, 24),
        "says": says,
        "sharing": sharing if known else None,
        "owner": for_display(who.owner_name),
        "photo": who.photo if settled else "",
        "initials": initials(name or says),
        "vip": who.vip and settled,
        "contact": who.contact if settled else None,
        "unknown": not known,
        "choices": _choices(found) if len(found.matches) > 1 or not best.sure else (),
        "picked": found.picked,
        "why": best.why if known else None,
    }


def _choices(found: Found) -> tuple[Choice, ...]:
    return tuple(Choice(m.who.contact, for_display(m.who.name), for_display(m.who.company)) for m in found.matches)


def _actions(call: Call, caller: Caller, fields: Mapping[str, Any], abilities: frozenset[Ability]) -> Sequence[Action]:
    actions: list[Action] = []
    if abilities and call.ringing_here and call.direction is Direction.INCOMING:
        actions += [Action.ANSWER] * (Ability.ANSWER in abilities) + [Action.DECLINE] * (Ability.DECLINE in abilities)
    if isinstance(caller, Hidden):
        return [*actions, Action.NOTE, Action.CLOSE]
    if fields.get("unknown"):
        blockable = not isinstance(call.number, Unparsable)
        return [*actions, Action.ADD, Action.ADD_TO, *([Action.BLOCK] * blockable), Action.CLOSE]
    opening = [Action.OPEN] if fields.get("contact") else []
    return [*actions, *opening, Action.NOTE, Action.COPY, Action.CLOSE]


def _first_line(text: str) -> str:
    return for_display(next((line for line in text.splitlines() if line.strip()), ""), NOTE_LETTERS)


def phase_of(call: Call) -> Phase | None:
    """The shape a call's pop takes when the call has just come into this state; None: no pop, or an end to it."""
    if call.over and call.answered is not None:
        return Phase.NOTE
    return _PHASES.get(call.state)


_PHASES: Final = {
    CallState.RINGING: Phase.RINGING,
    CallState.ANSWERED_HERE: Phase.TALKING,
    CallState.ANSWERED: Phase.TALKING,
    CallState.ANSWERED_ELSEWHERE: Phase.ELSEWHERE,
    CallState.MISSED: Phase.MISSED,
    CallState.ENDED_UNKNOWN: Phase.MISSED,
    CallState.DIALING: Phase.STRIP,
    CallState.REMOTE_RINGING: Phase.STRIP,
    CallState.OUTGOING_ANSWERED: Phase.STRIP,
}
