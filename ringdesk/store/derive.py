"""What the lookup tables hold of a contact: worked out from its card and notes, and from nothing else.

Pure, so that a test can compare the tables with a rebuild at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final
from zlib import crc32

from ringdesk.domain.card import Card
from ringdesk.domain.contact import ANONYMOUS, VIP
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import tail
from ringdesk.domain.values import dataclass
from ringdesk.domain.words import fold, tokens
from ringdesk.store.encode import phone_key

NAME, EMAIL, COMPANY, NICKNAME, NOTE = range(5)
"""Classes of words as stored: the two that most contacts have take no byte."""

CLASSES: Final = (NAME, NICKNAME, COMPANY, EMAIL, NOTE)
"""Classes of words, best first: a search ranks by them."""

LONGEST_WORD: Final = 40
MOST_WORDS: Final = 3000
"""Of one contact; a note of a megabyte must not fill the index."""

_APOSTROPHES: Final = "'\u2019\u02bc"
_NO_WORD: Final = {code: " " for code in range(128) if not chr(code).isalnum()}

KNOWN_PART, ANONYMOUS_PART, VIP_PART = 0, 1, 2

CHANGES_PART: Final = -1
"""Not a list: its tally counts how often any list has changed."""

_OTHER_LETTERS: Final = 26
_HASHED_FROM: Final = 27
_HASHED_TO: Final = 63
"""Bits of a signature: one a letter a to z that words begin with, one for all others, the rest for more letters."""


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything the lookup tables hold of one contact."""

    sort: str
    words: int
    tokens: frozenset[tuple[int, str]]
    numbers: frozenset[int | str]
    tails: frozenset[int]
    emails: frozenset[int]
    groups: frozenset[str]


def derive(card: Card, notes: Sequence[str], region: str) -> Derived:
    """Work out the lookup rows of a contact."""
    found = frozenset(_tokens(card, notes))
    numbers = [parse(phone.value, region) for phone in card.phones]
    return Derived(
        sort=sort_key(card),
        words=signature([word for _, word in found]),
        tokens=found,
        numbers=frozenset([key for number in numbers if (key := phone_key(number)[1]) is not None]),
        tails=frozenset([int(end) for number in numbers if (end := tail(number)) is not None]),
        emails=frozenset([email_key(email.value) for email in card.emails if email.value.strip()]),
        groups=frozenset([group for group in card.groups if group]),
    )


def sort_key(card: Card) -> str:
    """`Card.sort_key`, whose words are folded once for all contacts."""
    name = card.name
    shown = " ".join([part for part in (name.given, name.middle, name.family, name.suffix) if part])
    return folded(shown or name.full) or folded(card.display_name)


def folded(text: str) -> str:
    """`fold`, word by word: the same names come again and again in an import."""
    return text.lower() if text.isascii() else " ".join([_folded_word(word) for word in text.split(" ")])


@lru_cache(maxsize=4096)
def _folded_word(word: str) -> str:
    return fold(word)


def signature(words: Iterable[str]) -> int:
    """Bits that say what words begin with: a contact that lacks one of a beginning's bits has no such word."""
    bits = 0
    for word in words:
        bits |= _beginning(word[:3])
    return bits


@lru_cache(maxsize=8192)
def _beginning(word: str) -> int:
    """The bits of the first letters of a word."""
    first = ord(word[0]) - ord("a")
    bits = 1 << (first if 0 <= first < _OTHER_LETTERS else _OTHER_LETTERS)
    for length in range(2, len(word) + 1):
        bits |= 1 << (_HASHED_FROM + crc32(word[:length].encode()) % (_HASHED_TO - _HASHED_FROM))
    return bits


def _tokens(card: Card, notes: Sequence[str]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for kind, text in _texts(card, notes):
        words = _email_words(text) if kind == EMAIL else words_of(text)
        found += [(kind, word[:LONGEST_WORD]) for word in words]
        if len(found) >= MOST_WORDS:
            return found[:MOST_WORDS]
    return found


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


def words_of(text: str) -> list[str]:
    """The words of a text, and those with an apostrophe as one word too: O'Connor is o, connor and oconnor."""
    if text.isascii() and "'" not in text:
        return _plain_words(text)
    words = [word for part in text.split() for word in _part_words(part)]
    for part in text.split():
        if any(mark in part for mark in _APOSTROPHES):
            words += tokens("".join(c for c in part if c not in _APOSTROPHES))
    return words


def _plain_words(text: str) -> list[str]:
    """`tokens` of an ASCII text."""
    return text.lower().translate(_NO_WORD).split()


@lru_cache(maxsize=2048)
def _part_words(part: str) -> tuple[str, ...]:
    """The words of a text without spaces; the same names come again and again in an import."""
    return tuple(tokens(part))


def _email_words(address: str) -> list[str]:
    """The words of an address but the last label of its domain, which nobody looks for and everybody has."""
    words = _plain_words(address) if address.isascii() else tokens(address)
    return words[:-1] if len(words) > 2 and "@" in address else words


@lru_cache(maxsize=1024)
def email_key(address: str) -> int:
    """A number of 32 bits that stands for an e-mail address, however it is written."""
    return int.from_bytes(blake2b(fold(address.strip()).encode(), digest_size=4).digest(), signed=True)


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
