"""Search as you type: words by the token table, numbers by integer ranges, ranked and stopped early.

One word: the classes are walked best first (name, nickname, company, e-mail, notes), each in alphabetical order, so
the word itself comes before longer ones, and the walk ends with the page. Several words: the rarest leads, the
others must begin words of the same contact: `contact.words` passes most of those over that lack them, and what is
left is looked at. A number: ranges over E.164 for every length it may yet grow to, then
extensions and unparsable numbers, then the last seven digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from ringdesk.domain.contact import ContactRow
from ringdesk.domain.numbering import dialled_digits, trunk_and_country
from ringdesk.domain.phone import EXTENSION_DIGITS, TAIL_DIGITS
from ringdesk.domain.values import dataclass
from ringdesk.domain.words import tokens
from ringdesk.store.contacts import ROW_COLUMNS, note_texts, row_of
from ringdesk.store.database import Connection, Row
from ringdesk.store.derive import derive
from ringdesk.store.encode import json_of, row_text, storable, unpress_row
from ringdesk.store.wording import CLASSES, LONGEST_WORD, signature

AFTER: Final = "\U0010ffff"
"""Sorts after every letter that follows a beginning."""

MOST_WORDS: Final = 12
LONGEST_NUMBER: Final = 15
SOME: Final = 16
"""Rows read at a time where most of them are passed over."""

_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
_COUNTED: Final = 500
_COUNTED_NUMBERS: Final = 4000
_NUMBER: Final = re.compile(r"[+\uff0b]?[\d\s().\-/\u2010-\u2015]*\d[\d\s().\-/\u2010-\u2015]*")


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
    for rows in _hits(connection, storable(text).strip(), only, region, count):
        for row in rows:
            found.setdefault(row[0], row)
        if len(found) >= wanted:
            break
    return [row_of(row) for row in list(found.values())[start:wanted]]


def _hits(connection: Connection, text: str, only: Only, region: str, count: int) -> Iterator[Iterable[Row]]:
    """What is found, best first, some rows at a time; a contact may be found several times."""
    if _NUMBER.fullmatch(text):
        yield from _by_number(connection, text, only, region, count)
    words = list(dict.fromkeys(word[:LONGEST_WORD] for word in tokens(text)))[:MOST_WORDS]
    if len(words) == 1:
        yield from _led(connection, words[0], ROW_COLUMNS, only, count)
    elif words:
        yield from ((row,) for row in _by_words(connection, words, only, region))


def _by_words(connection: Connection, words: list[str], only: Only, region: str) -> Iterator[Row]:
    lead = min(words, key=lambda word: _rarity(connection, word, region))
    others = _Others(connection, [word for word in words if word != lead], region)
    columns = f"{ROW_COLUMNS}, c.id, EXISTS (SELECT 1 FROM note n WHERE n.contact = c.id), c.document"
    both = Only(f" AND c.words & ? = ?{only.sql}", (others.bits, others.bits, *only.values))
    found = [_led(connection, lead, columns, both, SOME)]
    if _is_number(lead):
        found.append(_numbered(connection, lead, columns, both, region, SOME))
    for row in chain.from_iterable(chain.from_iterable(found)):
        if others.all_in(row):
            yield row[:5]


def _led(connection: Connection, word: str, columns: str, only: Only, count: int) -> Iterator[list[Row]]:
    """Contacts with a word that begins so, best class first, so many at a time."""
    sql = (
        f"SELECT {columns} FROM token k JOIN contact c ON c.id = k.contact "
        f"WHERE k.class = ? AND k.word >= ? AND k.word < ?{only.sql} ORDER BY k.word, k.contact"
    )
    for kind in CLASSES:
        yield from connection.some(count, sql, (kind, word, word + AFTER, *only.values))


def _numbered(
    connection: Connection, text: str, columns: str, only: Only, region: str, count: int
) -> Iterator[list[Row]]:
    """Contacts with a number that begins so, so many at a time."""
    yield from connection.some(
        count,
        f"SELECT {columns} FROM json_each(?) r CROSS JOIN phone p ON p.number >= r.value ->> 0"
        f" AND p.number < r.value ->> 1 JOIN contact c ON c.id = p.contact WHERE true{only.sql}",
        (json_of(ranges(text, region)), *only.values),
    )


def _is_number(word: str) -> bool:
    """These may be the beginning of a number as well as of a word."""
    return word.isascii() and word.isdigit()


class _Others:
    """The words of a search besides the one that leads: a contact must have them all."""

    def __init__(self, connection: Connection, words: list[str], region: str) -> None:
        self._connection = connection
        self._region = region
        self._words = [f" {word}" for word in words if not _is_number(word)]
        self._numbers = [(f" {word}", ranges(word, region)) for word in words if _is_number(word)]
        self.bits = signature([word for word in words if not _is_number(word)])

    def all_in(self, row: Row) -> bool:
        """Whether the contact of a row has them all: the row says it for most, else the document and the notes."""
        shown = _flat(f" {row[1]} {row[2]}").replace("'", " ")
        if not self._numbers and shown.isascii() and all(word in shown for word in self._words):
            return True
        _, name, company, phone, _, contact, noted, document = row
        if not noted and self._surely_lacks(row_text(name, company, phone, document)):
            return False
        card = unpress_row(name, company, phone, document)
        derived = derive(card, note_texts(self._connection, contact), self._region)
        words = "".join([f" {word}" for _, word in derived.tokens])
        return all(word in words for word in self._words) and all(
            word in words or any(_within(number, spans) for number in derived.numbers) for word, spans in self._numbers
        )

    def _surely_lacks(self, text: str) -> bool:
        """Whether one of the words is nowhere in a text, told quickly where the text is plain once it is folded."""
        flat = _flat(text)
        return flat.isascii() and "'" not in flat and any(word[1:] not in flat for word in self._words)


def _flat(text: str) -> str:
    """The text as `fold` gives it, at a tenth of the cost, wherever that is plain ASCII; other text is not finished."""
    return text.lower() if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def _within(number: int | str, spans: Sequence[tuple[int | str, int | str]]) -> bool:
    return any(
        first <= number < end  # type: ignore[operator]  # both are numbers or both text: asked below
        for first, end in spans
        if isinstance(first, int) == isinstance(number, int)
    )


def _rarity(connection: Connection, word: str, region: str) -> tuple[int, int]:
    """How often a beginning occurs, counted no further than needed; among equals the longer word is rarer."""
    total = 0
    for kind in CLASSES:
        sql = "SELECT count(*) FROM (SELECT 1 FROM token WHERE class = ? AND word >= ? AND word < ? LIMIT ?)"
        total += connection.value(sql, (kind, word, word + AFTER, _COUNTED))
    if _is_number(word):
        sql = (
            "SELECT count(*) FROM (SELECT 1 FROM json_each(?) r CROSS JOIN phone p ON p.number >= r.value ->> 0"
            " AND p.number < r.value ->> 1 LIMIT ?)"
        )
        total += connection.value(sql, (json_of(ranges(word, region)), _COUNTED_NUMBERS))
    return (total, -len(word))


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


def _by_number(connection: Connection, text: str, only: Only, region: str, count: int) -> Iterator[list[Row]]:
    yield from _numbered(connection, text, ROW_COLUMNS, only, region, count)
    digits = dialled_digits(text)
    if len(digits) >= TAIL_DIGITS:
        yield from connection.some(
            count,
            f"SELECT {ROW_COLUMNS} FROM tail t JOIN contact c ON c.id = t.contact WHERE t.tail = ?{only.sql}"
            " ORDER BY t.contact",
            (int(digits[-TAIL_DIGITS:]), *only.values),
        )
