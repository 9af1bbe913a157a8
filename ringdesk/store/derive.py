"""What the lookup tables hold of a contact: worked out from its card and notes, and from nothing else.

Pure, so that a test can compare the tables with a rebuild at any time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, Final
from zlib import crc32

from ringdesk.domain.card import Card
from ringdesk.domain.contact import ANONYMOUS, VIP
from ringdesk.domain.numbering import LONGEST, parse, plain_digits
from ringdesk.domain.phone import TAIL_DIGITS, tail
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
_APOSTROPHE_IN: Final = re.compile(f"[{_APOSTROPHES}]").search

_TAILS: Final = 10**TAIL_DIGITS

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
    full = card.name.full
    sort = _sort_key(card, full)
    found = frozenset(_tokens(card, full, sort, notes))
    numbers, tails = _numbers(card, region)
    return Derived(
        sort,
        signature([word for _, word in found]),
        found,
        frozenset(numbers),
        frozenset(tails),
        frozenset([email_key(email.value) for email in card.emails if email.value.strip()]),
        frozenset([group for group in card.groups if group]) if card.groups else _NONE,
    )


_NONE: Final[frozenset[str]] = frozenset()


def forget() -> None:
    """Let go of the words that are remembered from one contact to the next."""
    for remembered in (_folded_word, _part_words):
        remembered.cache_clear()
    _BEGINNINGS.clear()


def _numbers(card: Card, region: str) -> tuple[list[int | str], list[int]]:
    """The keys of a card's phone numbers, and their tails."""
    keys: list[int | str] = []
    tails: list[int] = []
    home = region.upper()
    for phone in card.phones:
        plain = plain_digits(phone.value[: LONGEST + 1].strip(), home)
        if plain is not None and len(plain[0]) - plain[1] >= TAIL_DIGITS:
            key = int(plain[0])
            keys.append(key)
            tails.append(key % _TAILS)
            continue
        number = parse(phone.value, region)
        if (other := phone_key(number)[1]) is not None:
            keys.append(other)
        if (end := tail(number)) is not None:
            tails.append(int(end))
    return keys, tails


def _sort_key(card: Card, full: str) -> str:
    """`Card.sort_key`, whose words are folded once for all contacts."""
    return card.sort_key if card.name.prefix else folded(full) or folded(card.display_name)


def folded(text: str) -> str:
    """`fold`, word by word: the same names come again and again in an import."""
    if text.isascii():
        return text.lower()
    return " ".join([word.lower() if word.isascii() else _folded_word(word) for word in text.split(" ")])


@lru_cache(maxsize=4096)
def _folded_word(word: str) -> str:
    return fold(word)


def signature(words: Iterable[str]) -> int:
    """Bits that say what words begin with: a contact that lacks one of a beginning's bits has no such word."""
    bits = 0
    for word in words:
        bits |= _BEGINNINGS[word[:3]]
    return bits


class _Beginnings(dict[str, int]):
    """The bits of beginnings of words, each worked out when it is first asked for; a bounded number is remembered."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        bits = self[word] = _beginning(word)
        return bits


_REMEMBERED: Final = 8192
_BEGINNINGS: Final = _Beginnings()


def _beginning(word: str) -> int:
    """The bits of the first letters of a word."""
    first = ord(word[0]) - ord("a")
    bits = 1 << (first if 0 <= first < _OTHER_LETTERS else _OTHER_LETTERS)
    for length in range(2, len(word) + 1):
        bits |= 1 << (_HASHED_FROM + crc32(word[:length].encode()) % (_HASHED_TO - _HASHED_FROM))
    return bits


def _tokens(card: Card, full: str, sort: str, notes: Sequence[str]) -> list[tuple[int, str]]:
    found = [(kind, word[:LONGEST_WORD]) for kind, words in _said(card, full, sort) for word in words]
    for note in (card.note, *notes):
        if note and len(found) < MOST_WORDS:
            found += [(NOTE, word[:LONGEST_WORD]) for word in words_of(note)]
    return found[:MOST_WORDS]


def _said(card: Card, full: str, sort: str) -> Iterator[tuple[int, list[str]]]:
    """The words of each text of a card but its note, with their class."""
    name = card.name
    yield NAME, _name_words(name.prefix, full, sort)
    if name.phonetic_given or name.phonetic_middle or name.phonetic_family:
        yield NAME, words_of(f"{name.phonetic_given} {name.phonetic_middle} {name.phonetic_family}")
    for nickname in card.nicknames:
        yield NICKNAME, words_of(nickname)
    for organization in card.organizations:
        yield COMPANY, words_of(organization.name)
    for email in card.emails:
        yield EMAIL, _email_words(email.value)


def _name_words(prefix: str, full: str, sort: str) -> list[str]:
    """`words_of` a name, of which most are folded already: without a prefix the key it is sorted by is all of it."""
    if not full or prefix or not sort.isascii() or _APOSTROPHE_IN(full):
        return words_of(full)
    return _ASCII_WORDS(sort)


def words_of(text: str) -> list[str]:
    """The words of a text, and those with an apostrophe as one word too: O'Connor is o, connor and oconnor."""
    if text.isascii() and "'" not in text:
        return _plain_words(text)
    words = [word for part in text.split() for word in _part_words(part)]
    if _APOSTROPHE_IN(text):
        for part in text.split():
            if _APOSTROPHE_IN(part):
                words += tokens("".join(c for c in part if c not in _APOSTROPHES))
    return words


def _plain_words(text: str) -> list[str]:
    """`tokens` of an ASCII text."""
    return text.encode().translate(_LETTERS).decode().split()


_LETTERS: Final = bytes(ord(chr(c).lower()) if chr(c).isalnum() and c < 128 else ord(" ") for c in range(256))
"""For `bytes.translate`: letters and digits of ASCII in lower case, blanks for all others."""
_ASCII_WORDS: Final = re.compile("[A-Za-z0-9]+").findall
"""The words of a folded text: a letter that stands for others may leave a capital."""


@lru_cache(maxsize=2048)
def _part_words(part: str) -> tuple[str, ...]:
    """The words of a text without spaces; the same names come again and again in an import."""
    return tuple(tokens(part))


def _email_words(address: str) -> list[str]:
    """The words of an address but the last label of its domain, which nobody looks for and everybody has."""
    words = _plain_words(address) if address.isascii() else tokens(address)
    return words[:-1] if len(words) > 2 and "@" in address else words


def email_key(address: str) -> int:
    """A number of 32 bits that stands for an e-mail address, however it is written."""
    return int.from_bytes(_hash()(fold(address.strip()).encode(), digest_size=4).digest(), signed=True)


@cache
def _hash() -> Callable[..., Any]:
    from hashlib import blake2b  # brings OpenSSL along: not on the way to the first picture

    return blake2b


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
