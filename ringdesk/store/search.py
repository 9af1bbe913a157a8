"""Search as you type: words by the token table, numbers by integer ranges, ranked and stopped early.

One word: the classes are walked best first (name, nickname, company, e-mail, notes), each in alphabetical order, so
the word itself comes before longer ones, and the walk ends with the page. Several words: the rarest drives, the
others must begin a word in `contact.words`. A number: ranges over E.164 for every length it may yet grow to, then
extensions and unparsable numbers, then the last seven digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ringdesk.domain.contact import ContactRow
from ringdesk.domain.numbering import dialled_digits, trunk_and_country
from ringdesk.domain.phone import EXTENSION_DIGITS, TAIL_DIGITS
from ringdesk.domain.words import tokens
from ringdesk.store.contacts import ROW_COLUMNS, row_of
from ringdesk.store.database import Connection, Row
from ringdesk.store.derive import EMAIL, LONGEST_WORD, NAME, NOTE
from ringdesk.store.encode import json_of, storable

AFTER: Final = "\U0010ffff"
"""Sorts after every letter that follows a beginning."""

MOST_WORDS: Final = 12
LONGEST_NUMBER: Final = 15
_COUNTED: Final = 500
_NUMBER: Final = re.compile(r"[+\uff0b]?[\d\s().\-/\u2010-\u2015]*\d[\d\s().\-/\u2010-\u2015]*")
_CLASSES: Final = (*range(NAME, EMAIL + 1), NOTE)


@dataclass(frozen=True, slots=True)
class Only:
    """A condition that rows must meet besides the search: SQL on `contact c`, and its values."""

    sql: str = ""
    values: tuple[object, ...] = ()


def search(connection: Connection, text: str, only: Only, region: str, start: int, count: int) -> list[ContactRow]:
    """A page of a search, best first."""
    if count <= 0:
        return []
    found: dict[object, Row] = {}
    wanted = start + count
    for row in _hits(connection, storable(text).strip(), only, region):
        if row[0] not in found:
            found[row[0]] = row
            if len(found) >= wanted:
                break
    return [row_of(row) for row in list(found.values())[start:]]


def _hits(connection: Connection, text: str, only: Only, region: str) -> Iterator[Row]:
    if _NUMBER.fullmatch(text):
        yield from _by_number(connection, text, only, region)
    words = list(dict.fromkeys(word[:LONGEST_WORD] for word in tokens(text)))[:MOST_WORDS]
    if words:
        yield from _by_words(connection, words, only, region)


def _by_words(connection: Connection, words: list[str], only: Only, region: str) -> Iterator[Row]:
    lead = words[0] if len(words) == 1 else min(words, key=lambda word: _rarity(connection, word))
    sql = (
        f"SELECT {ROW_COLUMNS} FROM token k JOIN contact c ON c.id = k.contact "
        "WHERE k.class = ? AND k.word >= ? AND k.word < ?"
    )
    values: list[object] = []
    for word in words:
        if word != lead:
            condition, wanted = _also(word, region)
            sql += f" AND {condition}"
            values += wanted
    sql += only.sql + " ORDER BY k.word, k.contact"
    for kind in _CLASSES:
        yield from connection.each(sql, (kind, lead, lead + AFTER, *values, *only.values))


def _also(word: str, region: str) -> tuple[str, list[object]]:
    """The condition that a contact has a word, or a number, that begins so."""
    if not (word.isascii() and word.isdigit()):
        return "instr(c.words, ?)", [f" {word}"]
    return (
        (
            "(instr(c.words, ?) OR EXISTS (SELECT 1 FROM phone p JOIN json_each(?) r ON p.number >= r.value ->> 0"
            " AND p.number < r.value ->> 1 WHERE p.contact = c.id))"
        ),
        [f" {word}", json_of(ranges(word, region))],
    )


def _rarity(connection: Connection, word: str) -> tuple[int, int]:
    """How often a beginning occurs, counted no further than needed; among equals the longer word is rarer."""
    total = 0
    for kind in _CLASSES:
        sql = "SELECT count(*) FROM (SELECT 1 FROM token WHERE class = ? AND word >= ? AND word < ? LIMIT ?)"
        total += connection.value(sql, (kind, word, word + AFTER, _COUNTED))
    digits = word.isascii() and word.isdigit()  # these may be in a number as well, so they must not drive
    return (total + (1 << 30) * digits, -len(word))


def ranges(text: str, region: str) -> list[tuple[int | str, int | str]]:
    """The ranges of stored numbers that begin as this text says, the likeliest first.

    A text in national form means the home country; a trunk prefix is dropped; + or 00 mean any country.
    """
    digits = dialled_digits(text.replace("(0)", ""))
    trunk, country = trunk_and_country(region)
    starts: list[str] = []
    if text.lstrip(" (").startswith(("+", "\uff0b")):
        starts = [digits]
    else:
        if trunk and digits.startswith(trunk):
            starts.append(country + digits[len(trunk) :])
        if digits.startswith("00"):
            starts.append(digits[2:])
        starts += [country + digits, digits]
    found: list[tuple[int | str, int | str]] = []
    for beginning in dict.fromkeys(start for start in starts if start and not start.startswith("0")):
        found += _growing(beginning)
    significant = digits.lstrip("0")
    for exact in dict.fromkeys((digits, significant) if len(digits) <= EXTENSION_DIGITS else (significant,)):
        if exact:
            found.append((exact, exact + ":"))
    return found


def _growing(beginning: str) -> list[tuple[int | str, int | str]]:
    first = int(beginning)
    room = range(LONGEST_NUMBER - len(beginning) + 1)
    return [(first * 10**more, (first + 1) * 10**more) for more in room]


def _by_number(connection: Connection, text: str, only: Only, region: str) -> Iterator[Row]:
    rest = f"JOIN contact c ON c.id = p.contact WHERE true{only.sql}"
    yield from connection.each(
        f"SELECT {ROW_COLUMNS} FROM json_each(?) r CROSS JOIN phone p INDEXED BY phone_number"
        f" ON p.number >= r.value ->> 0 AND p.number < r.value ->> 1 AND p.number IS NOT NULL {rest}",
        (json_of(ranges(text, region)), *only.values),
    )
    digits = dialled_digits(text)
    if len(digits) >= TAIL_DIGITS:
        yield from connection.each(
            f"SELECT {ROW_COLUMNS} FROM phone p {rest} AND p.tail = ? ORDER BY p.contact",
            (*only.values, int(digits[-TAIL_DIGITS:])),
        )
