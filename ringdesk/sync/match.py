"""First match: which contact here is the one that came from the account, decided without ever guessing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from ringdesk.domain.card import Card, Name
from ringdesk.domain.contact import Contact
from ringdesk.domain.words import fold, tokens
from ringdesk.sync.keys import phone_key


class Likeness(Enum):
    """How much two cards look like one contact."""

    SAME = "a phone or e-mail in common, and names that go together; or nothing but the same name on both"
    DOUBTFUL = "one of the two"
    NO = "nothing in common"


@dataclass(frozen=True, slots=True)
class Match:
    """The contact here that it is."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class Doubt:
    """Contacts here that it may be; only the user can tell."""

    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Stranger:
    """Nobody here."""


def numbers(card: Card, region: str) -> frozenset[str]:
    """The phones of a card, normalised; extensions are nobody's sign."""
    keys = (phone_key(phone.value, region) for phone in card.phones)
    return frozenset(key for key in keys if len(key) > 6)


def addresses(card: Card) -> frozenset[str]:
    """The e-mail addresses of a card, normalised."""
    return frozenset(fold(email.value.strip()) for email in card.emails if email.value.strip())


def signs(card: Card, region: str) -> frozenset[str]:
    """The phones and e-mail addresses of a card, normalised."""
    return numbers(card, region) | addresses(card)


def compatible(one: Card, other: Card) -> bool:
    """Whether two names may be one person's: one has all the words of the other, which may be none."""
    mine, theirs = _words(one), _words(other)
    return mine <= theirs or theirs <= mine


def _words(card: Card) -> frozenset[str]:
    return frozenset(tokens(card.name.full or card.company or " ".join(card.nicknames)))


def likeness(one: Card, other: Card, region: str) -> Likeness:
    """How much two cards look like one contact."""
    common = numbers(one, region) & numbers(other, region) or addresses(one) & addresses(other)
    if common:
        return Likeness.SAME if compatible(one, other) else Likeness.DOUBTFUL
    bare = not any((*_signs(one, region), *_signs(other, region)))
    same_name = one.name != Name() and fold(one.name.full) == fold(other.name.full)
    if bare and _words(one) and _words(one) == _words(other):
        return Likeness.SAME
    half = not any(_signs(one, region)) or not any(_signs(other, region))
    return Likeness.DOUBTFUL if same_name and half else Likeness.NO


def _signs(card: Card, region: str) -> tuple[frozenset[str], frozenset[str]]:
    return numbers(card, region), addresses(card)


def find(card: Card, candidates: Iterable[Contact], region: str) -> Match | Doubt | Stranger:
    """Who of some unlinked contacts it is. Two that fit equally well are a doubt, as is a name that does not fit."""
    sure: list[Contact] = []
    maybe: list[Contact] = []
    for contact in candidates:
        match likeness(card, contact.card, region):
            case Likeness.SAME:
                sure.append(contact)
            case Likeness.DOUBTFUL:
                maybe.append(contact)
            case Likeness.NO:
                pass
    if len(sure) == 1:
        return Match(sure[0])
    if sure or maybe:
        return Doubt(_by_id(sure or maybe))
    return Stranger()


def _by_id(contacts: Sequence[Contact]) -> tuple[Contact, ...]:
    return tuple(sorted(contacts, key=lambda contact: contact.id))
