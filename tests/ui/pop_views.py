"""Pops to test and to look at, composed by the desk from real domain values."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ringdesk.desk.popview import Phase, PopView, compose
from ringdesk.domain.call import Ability, Call, CallKey, CallState, Direction
from ringdesk.domain.calllog import LastContact
from ringdesk.domain.line import Department, Line, Personal
from ringdesk.domain.lookup import Book, Caller, Candidate, Found, Hidden, Nobody, who_is
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import Number, Withheld

NOW: Final = 1_795_000_000.0
CONTROL: Final = frozenset({Ability.ANSWER, Ability.DECLINE, Ability.DIAL})
NOTHING: Final[frozenset[Ability]] = frozenset()
SALES: Final = Department("Sales")


def a_call(
    id: str = "1",
    number: str = "+442079460123",
    state: CallState = CallState.RINGING,
    *,
    line: Line = SALES,
    name: str = "",
    answered: float | None = None,
    over: bool = False,
    by: str = "",
    held: bool = False,
    direction: Direction = Direction.INCOMING,
) -> Call:
    """A call that began seven seconds ago."""
    return Call(
        id=id,
        keys=(CallKey("feed", id),),
        direction=direction,
        state=state,
        number=parse(number, "GB"),
        name=name,
        line=line,
        answered=answered,
        answered_by=by,
        over=over,
        held=held,
        started=NOW - 7,
        ended=NOW if over else None,
    )


def a_candidate(
    contact: str = "c1",
    name: str = "Jane Doe",
    company: str = "Acme Trading Ltd",
    title: str = "Head of purchasing",
    stored: str = "020 7946 0123",
    *,
    book: Book = Book.MINE,
    owner: str = "",
    shared: bool = False,
    vip: bool = False,
    photo: str = "",
    known: bool = True,
) -> Candidate:
    """A contact as the store finds it."""
    return Candidate(
        contact=contact,
        name=name,
        company=company,
        title=title,
        stored=stored,
        label="work",
        number=parse(stored, "GB"),
        book=book,
        owner_name=owner,
        shared=shared,
        vip=vip,
        photo=photo,
        known=known,
    )


YESTERDAY: Final = LastContact(NOW - 86_400, Direction.INCOMING, CallState.ANSWERED_HERE, 245.0)
BY_MARIA: Final = LastContact(NOW - 1200, Direction.INCOMING, CallState.ANSWERED_ELSEWHERE, None, "Maria Lopez")
NOTE: Final = "Asked for the new price list; promised it by Friday.\nSecond line"


def a_caller(number: Number, *candidates: Candidate, picked: str | None = None) -> Caller:
    """Who it is."""
    if isinstance(number, Withheld):
        return Hidden()
    return who_is(number, candidates, region="GB", picked=picked)


def a_view(
    call: Call | None = None,
    *candidates: Candidate,
    phase: Phase = Phase.RINGING,
    last: LastContact | None = YESTERDAY,
    note: str = "",
    abilities: frozenset[Ability] = CONTROL,
    picked: str | None = None,
    draft: str = "",
) -> PopView:
    """A pop as the desk makes it; with no candidate, a known caller."""
    call = call or a_call()
    return compose(
        call,
        a_caller(call.number, *(candidates or (a_candidate(),)), picked=picked),
        phase=phase,
        region="GB",
        last=last,
        note=note,
        abilities=abilities,
        draft=draft,
    )


def unknown(id: str = "2", name: str = "", abilities: frozenset[Ability] = NOTHING) -> PopView:
    """Nobody has this number."""
    call = a_call(id, "+4915112345678", name=name, line=Personal())
    return compose(call, Nobody(), phase=Phase.RINGING, region="GB", abilities=abilities)


def withheld(id: str = "3") -> PopView:
    """No number."""
    call = a_call(id, "anonymous")
    return compose(call, Hidden(), phase=Phase.RINGING, region="GB", abilities=CONTROL)


def chooser(id: str = "4", count: int = 3, picked: str | None = None) -> PopView:
    """Several contacts have this number."""
    people = ("Jane Doe", "Acme Reception", "Peter Okonkwo", "Ana María Fernández de la Vega", "Old Jane", "Sixth")
    found = [a_candidate(f"c{n}", people[n], "Acme Trading Ltd" if n != 2 else "", "") for n in range(count)]
    return a_view(a_call(id), *found, picked=picked)


def maybe(id: str = "5") -> PopView:
    """Only the last digits are the same."""
    found = a_candidate("c9", "Erika Mustermann", "Muster GmbH", "", "79460123")
    caller = a_caller(a_call().number, found)
    assert isinstance(caller, Found)
    return compose(a_call(id), caller, phase=Phase.RINGING, region="GB", last=None, abilities=CONTROL)


def all_views() -> dict[str, PopView]:
    """Every kind of pop, by name."""
    talking = a_call(state=CallState.ANSWERED_HERE, answered=NOW - 64)
    ended = a_call(state=CallState.ANSWERED_HERE, answered=NOW - 245, over=True)
    missed = a_call(state=CallState.MISSED, over=True)
    lost = a_call(state=CallState.ENDED_UNKNOWN, over=True)
    elsewhere = a_call(state=CallState.ANSWERED_ELSEWHERE, by="Maria Lopez")
    vip = a_candidate(vip=True, shared=True)
    coworkers = a_candidate(book=Book.SHARED, owner="Maria Lopez")
    long = a_candidate(name="Wolfeschlegelsteinhausenbergerdorff " * 3, company="Société Générale " * 5, title="CEO")
    return {
        "known": a_view(),
        "known_feed": a_view(abilities=NOTHING, note=NOTE),
        "known_note": a_view(note=NOTE),
        "known_vip": a_view(None, vip, last=BY_MARIA),
        "known_coworkers": a_view(None, coworkers, last=BY_MARIA),
        "known_bare": a_view(None, a_candidate(company="", title=""), last=None),
        "long": a_view(None, long, note=NOTE * 3),
        "unknown": unknown(),
        "unknown_says": unknown(name="MUELLER GMBH"),
        "unknown_control": unknown(name="MUELLER GMBH", abilities=CONTROL),
        "withheld": withheld(),
        "chooser": chooser(),
        "chooser_many": chooser(count=6),
        "picked": chooser(count=3, picked="c1"),
        "maybe": maybe(),
        "talking": a_view(talking, phase=Phase.TALKING),
        "held": a_view(replace(talking, held=True), phase=Phase.TALKING),
        "strip": a_view(talking, phase=Phase.STRIP),
        "dialling": a_view(a_call(state=CallState.DIALING, direction=Direction.OUTGOING), phase=Phase.STRIP),
        "note": a_view(ended, phase=Phase.NOTE, abilities=NOTHING),
        "note_unknown": replace(unknown(), phase=Phase.NOTE, call=replace(ended, number=unknown().call.number)),
        "missed": a_view(missed, phase=Phase.MISSED, abilities=NOTHING),
        "not_answered": a_view(lost, phase=Phase.MISSED, abilities=NOTHING),
        "elsewhere": a_view(elsewhere, phase=Phase.ELSEWHERE, abilities=NOTHING),
    }
