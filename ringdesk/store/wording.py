"""The words by which a contact is found: how texts are folded and cut, and what is remembered of texts that come often.

Given names, firms and the domains of addresses come again and again in a large book; what they give is worked out
once. What is remembered is bounded, and `forget` lets go of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from zlib import crc32

from ringdesk.domain.words import fold, tokens

NAME, EMAIL, COMPANY, NICKNAME, NOTE = range(5)
"""Classes of words as stored: the two that most contacts have take no byte."""

CLASSES: Final = (NAME, NICKNAME, COMPANY, EMAIL, NOTE)
"""Classes of words, best first: a search ranks by them."""

LONGEST_WORD: Final = 40

Token = tuple[int, str]
"""A class and a word."""

_APOSTROPHES: Final = "'\u2019\u02bc"
_APOSTROPHE_IN: Final = re.compile(f"[{_APOSTROPHES}]").search

_OTHER_LETTERS: Final = 26
_HASHED_FROM: Final = 27
_HASHED_TO: Final = 63
"""Bits of a signature: one a letter a to z that words begin with, one for all others, the rest for more letters."""

_REMEMBERED: Final = 8192
_LONGEST_REMEMBERED: Final = 100


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


_BEGINNINGS: Final = _Beginnings()


def _beginning(word: str) -> int:
    """The bits of the first letters of a word."""
    first = ord(word[0]) - ord("a")
    bits = 1 << (first if 0 <= first < _OTHER_LETTERS else _OTHER_LETTERS)
    for length in range(2, len(word) + 1):
        bits |= 1 << (_HASHED_FROM + crc32(word[:length].encode()) % (_HASHED_TO - _HASHED_FROM))
    return bits


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


@lru_cache(maxsize=2048)
def _part_words(part: str) -> tuple[str, ...]:
    """The words of a text without spaces; the same names come again and again in an import."""
    return tuple(tokens(part))


NameSaid = tuple[str, tuple[Token, ...], int]
"""A word of a name folded, then as `Said`."""

Said = tuple[tuple[Token, ...], int]
"""The words of a text with their class, and the bits of their signature."""


class _Texts(dict[str, Said]):
    """What texts of a class say, each worked out when it is first asked for; a bounded number is remembered."""

    def __init__(self, kind: int) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, text: str) -> Said:
        said = said_by(self._kind, words_of(text))
        if len(text) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[text] = said
        return said


def said_by(kind: int, words: Iterable[str]) -> Said:
    """Words as words of a class."""
    kept = tuple([(kind, word[:LONGEST_WORD]) for word in words])
    return kept, signature([word for _, word in kept])


class _NameWords(dict[str, NameSaid]):
    """Words of names, between blanks: folded, and what they say."""

    def __missing__(self, word: str) -> NameSaid:
        said: NameSaid
        if word.isascii() and word.isalnum():
            low = word.lower()
            said = low, ((NAME, low[:LONGEST_WORD]),), _BEGINNINGS[low[:3]]
            if word.isdigit():  # seldom the same twice
                return said
        else:
            said = (fold(word), *said_by(NAME, words_of(word)))
        if len(word) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = said
        return said


class _Domains(dict[str, Said]):
    """Domains of addresses: their words but the last one; nothing of those that take more thought."""

    def __missing__(self, domain: str) -> Said:
        words = _plain_words(domain) if domain.isascii() else []
        said = said_by(EMAIL, words[:-1])
        if len(domain) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[domain] = said
        return said


SAID_BY_FIRM: Final = _Texts(COMPANY)
"""What the name of an organization says."""
_NAME_WORDS: Final = _NameWords()
_DOMAINS: Final = _Domains()


def take_name(full: str, found: list[Token]) -> tuple[str, int]:
    """Add the words of a name; gives the name folded (`folded`), and the bits of the words' signature."""
    if " " not in full:
        fold_, said, bits = _NAME_WORDS[full]
        found += said
        return fold_, bits
    bits, folds = 0, []
    for word in full.split(" "):
        fold_, said, more = _NAME_WORDS[word]
        folds.append(fold_)
        found += said
        bits |= more
    return " ".join(folds), bits


def take_address(address: str, found: list[Token]) -> int:
    """Add the words of an e-mail address; gives the bits of their signature.

    They are all but the last label of its domain, which nobody looks for and everybody has.
    """
    local, _, domain = address.partition("@")
    if domain and local.isascii() and local.isalnum():
        rest, bits = _DOMAINS[domain]
        if rest:
            low = local.lower()
            found.append((EMAIL, low[:LONGEST_WORD]))
            found += rest
            return bits | _BEGINNINGS[low[:3]]
    said, bits = said_by(EMAIL, _email_words(address))
    found += said
    return bits


def _email_words(address: str) -> list[str]:
    words = _plain_words(address) if address.isascii() else tokens(address)
    return words[:-1] if len(words) > 2 and "@" in address else words


def forget() -> None:
    """Let go of the words that are remembered from one contact to the next."""
    for remembered in (_folded_word, _part_words):
        remembered.cache_clear()
    for said in (_BEGINNINGS, SAID_BY_FIRM, _NAME_WORDS, _DOMAINS):
        said.clear()
