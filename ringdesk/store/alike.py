"""Contacts of mine that share a phone, an e-mail or the whole name with a card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Me
from ringdesk.store import contacts
from ringdesk.store.database import Connection
from ringdesk.store.derive import Derived, derive
from ringdesk.store.encode import json_of

MOST_ALIKE: Final = 40
_OF: Final = "s CROSS JOIN contact c ON c.id = s.contact WHERE"
_ASKED: Final = "IN (SELECT value FROM json_each(?1))"
_SIGNS: Final = (
    f"FROM phone {_OF} s.number {_ASKED}",
    f"FROM email {_OF} s.key {_ASKED}",
    f"FROM listed {_OF} s.part IN (0, 1) AND s.sort {_ASKED}",
)
_SIGNS_ALONE: Final = tuple(sign.replace(_OF, "s WHERE") for sign in _SIGNS)
_AMONG: Final = " AND +s.contact IN (SELECT value FROM json_each(?2))"
_FREE: Final = (
    " AND NOT EXISTS (SELECT 1 FROM link l WHERE l.contact = c.uuid AND l.account = ?2 AND l.state = 'active')"
)


def like(connection: Connection, card: Card, region: str) -> Sequence[Contact]:
    """Contacts of mine like a card; a few dozen at most."""
    rows: dict[int, None] = {}
    derived = derive(card, (), region)
    for sql, keys in _signs([derived, *_of_before(connection, card, derived)]):
        for (row,) in connection.rows(f"SELECT s.contact {sql} LIMIT ?2", (json_of(keys), MOST_ALIKE)):
            rows[row] = None
    found = [held.contact for row in rows if (held := contacts.held_at(connection, row)) is not None]
    return [contact for contact in found if isinstance(contact.owner, Me)]


def _of_before(connection: Connection, card: Card, derived: Derived) -> list[Derived]:
    """What else a card may be listed under, as long as not all names were brought to today's order."""
    if contacts.names_ordered(connection):
        return []
    from ringdesk.store.order import sort_before  # once in the life of a database of before

    return [replace(derived, sort=sort_before(card))]


def any_free(connection: Connection, account: str, cards: Iterable[Derived]) -> bool:
    """Whether any contact without an active link to the account is like any of these cards."""
    if not contacts.names_ordered(connection):
        return True  # some may be listed under another name yet: let each be looked for
    free = free_few(connection, account)
    if free is not None:
        return bool(free) and any(
            connection.value(f"SELECT 1 {sql}{_AMONG} LIMIT 1", (json_of(keys), json_of(free))) is not None
            for sql, keys in _signs(cards, _SIGNS_ALONE)
        )
    return any(
        connection.value(f"SELECT 1 {sql}{_FREE} LIMIT 1", (json_of(keys), account)) is not None
        for sql, keys in _signs(cards)
    )


def all_linked(connection: Connection, account: str) -> bool:
    """Whether every contact has an active link to the account, as far as counts can say so: False may mean yes."""
    return free_few(connection, account) == []


def free_few(connection: Connection, account: str) -> list[int] | None:
    """Rows of all contacts without an active link to the account; None where they are many or counts cannot say.

    They are looked for among the contacts that may have something to send, and found to be all by counting. A contact
    that was deleted here keeps its active link until the account has heard of it: it is among those too, or something
    is on its way about it, and then counts say nothing.
    """
    if connection.row(_OPEN, (account,)) is not None:
        return None
    touched = connection.rows(_TOUCHED, (account, FEW + 1))
    if len(touched) > FEW:
        return None
    free = [row for row, linked in touched if row is not None and not linked]
    gone = sum(1 for row, linked in touched if row is None and linked)
    return free if connection.value(_UNLINKED, (account,)) + gone == len(free) else None


FEW: Final = 64
_OPEN: Final = " UNION ALL ".join(
    f"SELECT 1 FROM {table} WHERE account = ?1" for table in ("outbox", "parked", "question")
)
_TOUCHED: Final = (
    "SELECT c.id, l.id IS NOT NULL FROM touched t LEFT JOIN contact c ON c.uuid = t.contact"
    " LEFT JOIN link l ON l.contact = t.contact AND l.account = t.account AND l.state = 'active'"
    " WHERE t.account = ?1 LIMIT ?2"
)
_UNLINKED: Final = (
    "SELECT coalesce((SELECT sum(size) FROM tally WHERE part IN (0, 1)), 0) + (SELECT count(*) FROM unfiled)"
    " - coalesce((SELECT size FROM linked WHERE account = ?1), 0)"
)


def _signs(cards: Iterable[Derived], signs: Sequence[str] = _SIGNS) -> list[tuple[str, list[Any]]]:
    numbers: dict[Any, None] = {}
    emails: dict[Any, None] = {}
    names: dict[Any, None] = {}
    for card in cards:
        numbers |= dict.fromkeys(card.numbers)
        emails |= dict.fromkeys(card.emails)
        names[card.sort] = None
    found = zip(signs, (numbers, emails, names), strict=True)
    return [(sql, keys) for sql, some in found if (keys := [key for key in some if key != ""])]
