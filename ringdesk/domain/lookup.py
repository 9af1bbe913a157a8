"""Who is it: from a number and what the store found by it, to the name on the pop and the reason for it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from ringdesk.domain.phone import E164, Extension, Number, Sameness, Unparsable, Withheld, sameness
from ringdesk.domain.values import dataclass


class Book(Enum):
    """Whose contact a match came from. Own ones come first."""

    MINE = "mine"
    SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A contact that the store found by a key of the number, with all that a pop shows of it.

    `stored` is the phone number as typed on the card, `number` the same parsed in the region it was stored with.
    """

    contact: str
    name: str
    company: str = ""
    title: str = ""
    stored: str
    label: str = ""
    number: Number
    book: Book = Book.MINE
    owner_name: str = ""
    shared: bool = False
    vip: bool = False
    blocked: bool = False
    known: bool = True
    photo: str = ""
    updated: float = 0.0
    note: str | None = None
    """The newest note of mine on it; None where that is to be asked for."""


class Rule(Enum):
    """Which rule made the match."""

    SAME_NUMBER = "same number"
    SAME_EXTENSION = "same extension"
    SAME_TAIL = "same last digits"
    PICKED = "picked by you"


@dataclass(frozen=True, slots=True)
class Why:
    """Why this name: the number that called, the rule, where the contact came from, the phone field that matched."""

    number: Number
    rule: Rule
    book: Book
    label: str
    stored: str
    region: str


@dataclass(frozen=True, slots=True)
class Match:
    """One contact the caller may be. `sure` is False for a maybe, which never opens, logs or writes by itself."""

    who: Candidate
    sure: bool
    why: Why


@dataclass(frozen=True, slots=True)
class Nobody:
    """No contact has this number."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The number is withheld: nothing is looked up."""


@dataclass(frozen=True, slots=True)
class Found:
    """Who it may be, best guess first. `picked` says that the user chose the first one for this number before."""

    matches: tuple[Match, ...]
    picked: bool = False

    @property
    def best(self) -> Match:
        """The best guess."""
        return self.matches[0]

    @property
    def several(self) -> bool:
        """True when the pop offers a choice."""
        return len(self.matches) > 1 and not self.picked


Caller = Found | Nobody | Hidden


def who_is(number: Number, candidates: Sequence[Candidate], *, region: str, picked: str | None = None) -> Caller:
    """Decide who calls.

    Own contacts before shared ones, exact numbers before maybes; among equals the one changed last. Maybes count only
    where nothing is exact, anonymous contacts only where nobody is known. `picked` is the contact the user chose for
    this number earlier; it comes first as long as it is among the matches.
    """
    match number:
        case Withheld():
            return Hidden()
        case Extension() | E164() | Unparsable():
            pass
    exact = _matches(number, candidates, Sameness.EXACT, region)
    found = _named(exact or _matches(number, candidates, Sameness.MAYBE, region))
    if not found:
        return Nobody()
    chosen = [m for m in found if m.who.contact == picked]
    if chosen:
        rest = [m for m in found if m.who.contact != picked]
        return Found((*chosen, *rest), picked=True)
    return Found(tuple(found))


def _matches(number: Number, candidates: Sequence[Candidate], wanted: Sameness, region: str) -> list[Match]:
    seen: set[str] = set()
    matches: list[Match] = []
    for candidate in sorted(candidates, key=_order):
        if candidate.contact not in seen and sameness(number, candidate.number) is wanted:
            seen.add(candidate.contact)
            matches.append(_match(number, candidate, wanted, region))
    return matches


def _named(matches: list[Match]) -> list[Match]:
    """Contacts that somebody has named; an anonymous one beside them is the same caller before that."""
    return [match for match in matches if match.who.known] or matches


def _match(number: Number, candidate: Candidate, wanted: Sameness, region: str) -> Match:
    sure = wanted is Sameness.EXACT
    exact_rule = Rule.SAME_EXTENSION if isinstance(number, Extension) else Rule.SAME_NUMBER
    rule = exact_rule if sure else Rule.SAME_TAIL
    return Match(candidate, sure, Why(number, rule, candidate.book, candidate.label, candidate.stored, region))


def _order(candidate: Candidate) -> tuple[bool, bool, float, str]:
    return (candidate.book is not Book.MINE, not candidate.known, -candidate.updated, candidate.contact)
