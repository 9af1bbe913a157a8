"""What the lookup tables hold of a contact: worked out from its card and notes, and from nothing else.

Pure, so that a test can compare the tables with a rebuild at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Any, Final, TypeVar

from ringdesk.domain.card import Card, PhoneEntry
from ringdesk.domain.contact import ANONYMOUS, VIP
from ringdesk.domain.numbering import LONGEST, as_spelled, parse, plain_digits
from ringdesk.domain.phone import TAIL_DIGITS, tail
from ringdesk.domain.values import dataclass, maker
from ringdesk.domain.words import fold
from ringdesk.store.encode import phone_key
from ringdesk.store.wording import (
    LONGEST_WORD,
    NAME,
    NICKNAME,
    NOTE,
    SAID_BY_FIRM,
    Token,
    folded,
    said_by,
    signature,
    take_address,
    take_name,
    words_of,
)

T = TypeVar("T")

MOST_WORDS: Final = 3000
"""Of one contact; a note of a megabyte must not fill the index."""

_TAILS: Final = 10**TAIL_DIGITS

KNOWN_PART, ANONYMOUS_PART, VIP_PART = 0, 1, 2

CHANGES_PART: Final = -1
"""Not a list: its tally counts how often any list has changed."""


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything the lookup tables hold of one contact; each word, number and so on once.

    Tuples, because many contacts are made ready before the first is put in: sets take five times the room.
    """

    sort: str
    words: int
    tokens: tuple[Token, ...]
    numbers: tuple[int | str, ...]
    tails: tuple[int, ...]
    emails: tuple[int, ...]
    groups: tuple[str, ...]


def derive(card: Card, notes: Sequence[str], region: str) -> Derived:
    """Work out the lookup rows of a contact."""
    found: list[Token] = []
    sort, bits = _said(card, found)
    if card.note or notes or len(found) > MOST_WORDS:
        _add_notes((card.note, *notes), found)
        bits = signature([word for _, word in found])
    numbers, tails = _numbers(card.phones, region.upper())
    return _made()(
        sort,
        bits,
        tuple({*found}),
        _once(numbers),
        _once(tails),
        _once([email_key(email.value) for email in card.emails if email.value.strip()]) if card.emails else (),
        _once([group for group in card.groups if group]) if card.groups else (),
    )


@cache
def _made() -> Callable[..., Derived]:
    return maker(Derived)  # compiled with the first contact: no start waits for it


def _once(some: list[T]) -> tuple[T, ...]:
    return tuple(some) if len(some) < 2 else tuple({*some})  # fewer are no two


def _said(card: Card, found: list[Token]) -> tuple[str, int]:
    """Add the words of each text of a card but its note; gives the key it is sorted by, and their signature."""
    name, full = card.name, card.name.full
    sort, bits = take_name(full, found) if full else ("", 0)
    if name.prefix:
        sort = card.sort_key
    elif not sort:
        sort = folded(card.display_name)
    if name.phonetic_given or name.phonetic_middle or name.phonetic_family:
        bits |= _take(NAME, f"{name.phonetic_given} {name.phonetic_middle} {name.phonetic_family}", found)
    for nickname in card.nicknames:
        bits |= _take(NICKNAME, nickname, found)
    for organization in card.organizations:
        if organization.name:
            said, more = SAID_BY_FIRM[organization.name]
            found += said
            bits |= more
    for email in card.emails:
        bits |= take_address(email.value, found)
    return sort, bits


def _take(kind: int, text: str, found: list[Token]) -> int:
    said, bits = said_by(kind, words_of(text))
    found += said
    return bits


def _add_notes(notes: Iterable[str], found: list[Token]) -> None:
    """Add the words of notes, up to the most that a contact may have."""
    for note in notes:
        if note and len(found) < MOST_WORDS:
            found += [(NOTE, word[:LONGEST_WORD]) for word in words_of(note)]
    del found[MOST_WORDS:]


def _numbers(phones: Sequence[PhoneEntry], home: str) -> tuple[list[int | str], list[int]]:
    """The keys of phone numbers, and their tails."""
    keys: list[int | str] = []
    tails: list[int] = []
    for phone in phones:
        text = phone.value
        plain = as_spelled(text) or plain_digits(text[: LONGEST + 1].strip(), home)
        if plain is not None and len(plain[0]) - plain[1] >= TAIL_DIGITS:
            key = int(plain[0])
            keys.append(key)
            tails.append(key % _TAILS)
            continue
        number = parse(text, home)
        if (other := phone_key(number)[1]) is not None:
            keys.append(other)
        if (end := tail(number)) is not None:
            tails.append(int(end))
    return keys, tails


def email_key(address: str) -> int:
    """A number of 32 bits that stands for an e-mail address, however it is written."""
    plain = address.strip()
    plain = plain.lower() if plain.isascii() else fold(plain)
    return int.from_bytes(_hash()(plain.encode(), digest_size=4).digest(), signed=True)


@cache
def _hash() -> Callable[..., Any]:
    from hashlib import blake2b  # brings OpenSSL along: not on the way to the first picture

    return blake2b


def parts(flags: int, categories: Collection[int]) -> frozenset[int]:
    """Which lists a contact with these flags and groups is in."""
    anonymous = ANONYMOUS_PART if flags & ANONYMOUS else KNOWN_PART
    if not categories and not flags & VIP:
        return _ALONE[anonymous]
    found = {anonymous, *(group_part(category) + anonymous for category in categories)}
    if flags & VIP:
        found.add(VIP_PART + anonymous)
    return frozenset(found)


_ALONE: Final = (frozenset({KNOWN_PART}), frozenset({ANONYMOUS_PART}))
"""The lists of a contact that is in no more than one."""


def group_part(category: int) -> int:
    """The list of a contact group's known members; the next one is that of its anonymous members."""
    return 2 + 2 * category
