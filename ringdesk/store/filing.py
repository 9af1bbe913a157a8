"""The lookup rows of contacts: put in, brought from one state to another, taken out.

An import puts its contacts in first and files them later, some thousands together, because rows that lie near each
other are written at a tenth of the cost. Until then they stand in `unfiled`: whoever changes one files it before, and
what a crash left there is filed when the database is opened next.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Final, TypeVar

from ringdesk.store.database import Connection, Row
from ringdesk.store.derive import CHANGES_PART, Derived, parts
from ringdesk.store.wording import CLASSES

T = TypeVar("T")

Filed = tuple[int, Derived, frozenset[int]]
"""A contact's row, what it is found by, and the lists it is in."""

NOTHING: Final = Derived("", 0, (), (), (), (), ())

_TOKENS: Final = [f"INSERT INTO token (class, word, contact) VALUES ({kind}, ?, ?)" for kind in sorted(CLASSES)]
_PHONE: Final = "INSERT INTO phone (number, contact) VALUES (?, ?)"
_TAIL: Final = "INSERT INTO tail (tail, contact) VALUES (?, ?)"
_EMAIL: Final = "INSERT INTO email (key, contact) VALUES (?, ?)"
_MEMBERSHIP: Final = "INSERT INTO membership (category, contact) VALUES (?, ?)"
_LISTED: Final = "INSERT INTO listed (part, sort, contact) VALUES (?, ?, ?)"

Run = tuple[str, list[Row]]
"""A statement, and the rows to run it with."""


def runs(filed: Sequence[Filed], categories: dict[str, int]) -> list[Run]:
    """All rows of some contacts (given in the order of their rows) as their tables' keys go: a B-tree likes that.

    A run a table, of words one a class and, of many contacts, one a letter, so that none takes long to sort.
    """
    words = _words_of_few(filed) if len(filed) <= _FEW else _words_of_many(filed)
    integers: list[Row] = []
    texts: list[Row] = []
    tails: list[Row] = []
    emails: list[Row] = []
    groups: list[Row] = []
    listed: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    add_tail, add_email, add_group = tails.append, emails.append, groups.append
    for row, derived, into in filed:
        for number in derived.numbers:
            (integers if type(number) is int else texts).append((number, row))
        for tail in derived.tails:
            add_tail((tail, row))
        for key in derived.emails:
            add_email((key, row))
        for group in derived.groups:
            add_group((categories[group], row))
        for part in into:
            listed[part].append((derived.sort, row))
    others: list[Run] = [(_PHONE, integers), (_PHONE, texts), (_TAIL, tails), (_EMAIL, emails), (_MEMBERSHIP, groups)]
    found = [*words, *[(sql, sorted(rows, key=_KEY)) for sql, rows in others if rows]]
    parts_in_order = [(part, sorted(listed[part], key=_KEY)) for part in sorted(listed)]
    if parts_in_order:
        found.append((_LISTED, [(part, sort, row) for part, some in parts_in_order for sort, row in some]))
    return found


_KEY: Final = itemgetter(0)
"""What rows are sorted by: those of one key are in the order of their contacts already."""

_FEW: Final = 1000
"""The words of so many contacts are sorted at once."""


def _words_of_few(filed: Sequence[Filed]) -> Iterator[Run]:
    """The rows of words, a run a class."""
    words: list[list[Row]] = [[] for _ in CLASSES]
    add = [some.append for some in words]
    for row, derived, _ in filed:
        for kind, word in derived.tokens:
            add[kind]((word, row))
    return ((_TOKENS[kind], sorted(rows, key=_KEY)) for kind, rows in enumerate(words) if rows)


def _words_of_many(filed: Sequence[Filed]) -> Iterator[Run]:
    """The rows of words, a run a letter: each word is sorted once, however many contacts have it."""
    words: list[defaultdict[str, list[int]]] = [defaultdict(list) for _ in CLASSES]
    for row, derived, _ in filed:
        for kind, word in derived.tokens:
            words[kind][word].append(row)
    for kind, rows in enumerate(words):
        letters: defaultdict[str, list[str]] = defaultdict(list)
        for word in rows:
            letters[word[0]].append(word)
        for letter in sorted(letters):
            yield _TOKENS[kind], [(word, row) for word in sorted(letters[letter]) for row in rows[word]]


def put(connection: Connection, filed: Sequence[Filed], categories: dict[str, int]) -> None:
    """Put lookup rows in."""
    for sql, rows in runs(filed, categories):
        put_run(connection, sql, rows)


def put_run(connection: Connection, sql: str, rows: Sequence[Row]) -> None:
    """Put rows of one table in, and count those of lists."""
    connection.pour(sql, rows)
    if sql is _LISTED:
        count(connection, Counter(map(_KEY, rows)))


def settle(
    connection: Connection, row: int, derived: Derived, into: frozenset[int], categories: dict[str, int]
) -> None:
    """File one contact now that still waits for it."""
    if connection.run("DELETE FROM unfiled WHERE contact = ?", (row,)) == 0:
        return
    for sql, rows in runs([(row, derived, into)], categories):
        anyway = sql.replace("INSERT", "INSERT OR IGNORE", 1)
        if sql is not _LISTED:
            connection.many(anyway, rows)
            continue
        count(connection, Counter(one[0] for one in rows if connection.run(anyway, one)))


def refile(connection: Connection, row: int, old: tuple[Derived, int | None], new: tuple[Derived, int | None]) -> None:
    """Bring the lookup rows of a contact from one state to another; flags None means that there is no contact."""
    before, after = old[0], new[0]
    categories = category_ids(connection, {*before.groups, *after.groups})
    parts_before = _parts(old, categories)
    parts_after = _parts(new, categories)
    settle(connection, row, before, parts_before, categories)
    moved = before.sort != after.sort
    leave = parts_before if moved else parts_before - parts_after
    enter = parts_after if moved else parts_after - parts_before
    _take_out(connection, row, before, after, categories)
    connection.many(
        "DELETE FROM listed WHERE part = ? AND sort = ? AND contact = ?",
        [(part, before.sort, row) for part in leave],
    )
    count(connection, dict.fromkeys(leave, -1))
    fresh = Derived(
        sort=after.sort,
        words=after.words,
        tokens=besides(after.tokens, before.tokens),
        numbers=besides(after.numbers, before.numbers),
        tails=besides(after.tails, before.tails),
        emails=besides(after.emails, before.emails),
        groups=besides(after.groups, before.groups),
    )
    put(connection, [(row, fresh, enter)], categories)


def besides(some: tuple[T, ...], others: tuple[T, ...]) -> tuple[T, ...]:
    """Those that are not among the others."""
    return tuple({*some} - {*others})


def _take_out(connection: Connection, row: int, before: Derived, after: Derived, categories: dict[str, int]) -> None:
    connection.many(
        "DELETE FROM token WHERE class = ? AND word = ? AND contact = ?",
        [(*token, row) for token in besides(before.tokens, after.tokens)],
    )
    take_numbers_out(connection, row, before, after)
    connection.many(
        "DELETE FROM email WHERE key = ? AND contact = ?",
        [(key, row) for key in besides(before.emails, after.emails)],
    )
    connection.many(
        "DELETE FROM membership WHERE category = ? AND contact = ?",
        [(categories[group], row) for group in besides(before.groups, after.groups)],
    )


def take_numbers_out(connection: Connection, row: int, before: Derived, after: Derived) -> None:
    """Take the numbers out that a contact no longer has."""
    connection.many(
        "DELETE FROM phone WHERE number = ? AND contact = ?",
        [(number, row) for number in besides(before.numbers, after.numbers)],
    )
    connection.many(
        "DELETE FROM tail WHERE tail = ? AND contact = ?", [(t, row) for t in besides(before.tails, after.tails)]
    )


def renumber(connection: Connection, row: int, before: Iterable[Derived], after: Derived) -> None:
    """Bring the numbers of a contact, read in any of some ways before, to how they are read now."""
    for old in before:
        take_numbers_out(connection, row, old, after)
    for sql, keys in ((_PHONE, after.numbers), (_TAIL, after.tails)):
        connection.many(sql.replace("INSERT", "INSERT OR IGNORE", 1), [(key, row) for key in keys])


def _parts(state: tuple[Derived, int | None], categories: dict[str, int]) -> frozenset[int]:
    derived, flags = state
    return frozenset() if flags is None else parts(flags, [categories[group] for group in derived.groups])


def count(connection: Connection, changes: dict[int, int]) -> None:
    """Keep the sizes of lists, and that they have changed."""
    if not changes:
        return
    connection.many(
        "INSERT INTO tally (part, size) VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET size = size + excluded.size",
        [*changes.items(), (CHANGES_PART, 1)],
    )


def category_ids(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """The ids of contact groups by name; new names get one."""
    found: dict[str, int] = {}
    for name in names:
        row = connection.value("SELECT id FROM category WHERE name = ?", (name,))
        found[name] = row if row is not None else connection.insert("INSERT INTO category (name) VALUES (?)", (name,))
    return found
