"""What the lookup tables hold of a contact: worked out from its card and notes, and from nothing else.

Pure, so that a test can compare the tables with a rebuild at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import ANONYMOUS, VIP
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import tail
from ringdesk.domain.words import fold, tokens
from ringdesk.store.encode import phone_key

NAME, NICKNAME, COMPANY, EMAIL, NOTE = range(5)
"""Classes of words, best first: a search ranks by them."""

LONGEST_WORD: Final = 40
MOST_WORDS: Final = 3000
"""Of one contact; a note of a megabyte must not fill the index."""

_APOSTROPHES: Final = "'\u2019\u02bc"

KNOWN_PART, ANONYMOUS_PART, VIP_PART = 0, 1, 2

CHANGES_PART: Final = -1
"""Not a list: its tally counts how often any list has changed."""

PhoneRow = tuple[int, int, int | str | None, int | None, str, str]
"""place, kind, number, tail, stored, label"""


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything the lookup tables hold of one contact."""

    sort: str
    words: str
    tokens: frozenset[tuple[int, str]]
    phones: tuple[PhoneRow, ...]
    emails: frozenset[int]
    groups: frozenset[str]


def derive(card: Card, notes: Sequence[str], region: str) -> Derived:
    """Work out the lookup rows of a contact."""
    found = frozenset(_tokens(card, notes))
    return Derived(
        sort=card.sort_key,
        words=spaced({word for _, word in found}),
        tokens=found,
        phones=tuple(_phones(card, region)),
        emails=frozenset(email_key(email.value) for email in card.emails if email.value.strip()),
        groups=frozenset(group for group in card.groups if group),
    )


def spaced(words: Iterable[str]) -> str:
    """Words in one text, a space before each, so that ' ' + beginning is found where a word begins so."""
    return "".join([f" {word}" for word in sorted(words)])


def _tokens(card: Card, notes: Sequence[str]) -> Iterator[tuple[int, str]]:
    left = MOST_WORDS
    for kind, text in _texts(card, notes):
        for word in _email_words(text) if kind == EMAIL else _words(text):
            yield kind, word[:LONGEST_WORD]
            left -= 1
            if left == 0:
                return


def _texts(card: Card, notes: Sequence[str]) -> Iterator[tuple[int, str]]:
    yield NAME, card.name.full
    phonetic = (card.name.phonetic_given, card.name.phonetic_middle, card.name.phonetic_family)
    if any(phonetic):
        yield NAME, " ".join(phonetic)
    for nickname in card.nicknames:
        yield NICKNAME, nickname
    for organization in card.organizations:
        yield COMPANY, organization.name
    for email in card.emails:
        yield EMAIL, email.value
    if card.note:
        yield NOTE, card.note
    for note in notes:
        yield NOTE, note


def _words(text: str) -> list[str]:
    """The words of a text, and those with an apostrophe as one word too: O'Connor is o, connor and oconnor."""
    words = [word for part in text.split() for word in _part_words(part)]
    if not text.isascii() or "'" in text:
        for part in text.split():
            if any(mark in part for mark in _APOSTROPHES):
                words += tokens("".join(c for c in part if c not in _APOSTROPHES))
    return words


@lru_cache(maxsize=2048)
def _part_words(part: str) -> tuple[str, ...]:
    """The words of a text without spaces; the same names come again and again in an import."""
    return tuple(tokens(part))


def _email_words(address: str) -> list[str]:
    """The words of an address but the last label of its domain, which nobody looks for and everybody has."""
    words = tokens(address)
    return words[:-1] if len(words) > 2 and "@" in address else words


def _phones(card: Card, region: str) -> Iterator[PhoneRow]:
    for place, phone in enumerate(card.phones):
        number = parse(phone.value, region)
        end = tail(number)
        yield place, *phone_key(number), None if end is None else int(end), phone.value, phone.label


@lru_cache(maxsize=1024)
def email_key(address: str) -> int:
    """A number of 48 bits that stands for an e-mail address, however it is written."""
    return int.from_bytes(blake2b(fold(address.strip()).encode(), digest_size=6).digest())


def parts(flags: int, categories: Iterable[int]) -> set[int]:
    """Which lists a contact with these flags and groups is in."""
    anonymous = ANONYMOUS_PART if flags & ANONYMOUS else KNOWN_PART
    found = {anonymous, *(group_part(category) + anonymous for category in categories)}
    if flags & VIP:
        found.add(VIP_PART + anonymous)
    return found


def group_part(category: int) -> int:
    """The list of a contact group's known members; the next one is that of its anonymous members."""
    return 2 + 2 * category
