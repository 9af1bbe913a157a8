"""Contacts and their lookup rows in the tables: put in, replaced, taken out, always both together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import BLOCKED, SHARED, VIP, Contact, ContactRow, Marks, flags_of
from ringdesk.store.database import Connection, Row
from ringdesk.store.derive import CHANGES_PART, Derived, derive, parts
from ringdesk.store.encode import (
    ORIGINS,
    id_of,
    key_of,
    millis,
    owner_of,
    owner_text,
    press,
    seconds,
    unpress,
)

ROW_COLUMNS: Final = (
    "c.uuid, c.name, c.company, coalesce((SELECT p.stored FROM phone p WHERE p.contact = c.id AND p.place = 0), ''), "
    "c.flags"
)
"""What `row_of` needs of `contact c`."""

_COLUMNS: Final = "id, uuid, flags, owner, origin, linked, revision, created, updated, batch, document"


@dataclass(frozen=True, slots=True)
class Held:
    """A contact as it lies in the table."""

    row: int
    batch: int
    contact: Contact


def row_of(row: Row) -> ContactRow:
    """A list row from ROW_COLUMNS."""
    return ContactRow(id_of(row[0]), row[1], row[2], row[3], row[4])


def contact_of(row: Row) -> Held:
    """A contact from its table row."""
    rowid, uuid, flags, owner, origin, linked, revision, created, updated, batch, document = row
    contact = Contact(
        id=id_of(uuid),
        card=unpress(document),
        owner=owner_of(owner),
        shared=bool(flags & SHARED),
        marks=Marks(vip=bool(flags & VIP), blocked=bool(flags & BLOCKED)),
        origin=ORIGINS[origin],
        linked=bool(linked),
        revision=revision,
        created=seconds(created),
        updated=seconds(updated),
    )
    return Held(rowid, batch, contact)


def held(connection: Connection, id: str) -> Held | None:
    """The contact with an id, or None."""
    row = connection.row(f"SELECT {_COLUMNS} FROM contact WHERE uuid = ?", (key_of(id),))
    return None if row is None else contact_of(row)


def held_at(connection: Connection, row: int) -> Held | None:
    """The contact at a row, or None."""
    found = connection.row(f"SELECT {_COLUMNS} FROM contact WHERE id = ?", (row,))
    return None if found is None else contact_of(found)


def note_texts(connection: Connection, row: int) -> list[str]:
    """The texts of all notes on a contact."""
    return [text for (text,) in connection.rows("SELECT text FROM note WHERE contact = ? ORDER BY at, id", (row,))]


def insert(connection: Connection, contacts: Sequence[Contact], *, batch: int, region: str) -> list[Held]:
    """Put new contacts in, with their lookup rows."""
    first = int(connection.value("SELECT coalesce(max(id), 0) + 1 FROM contact"))
    made: list[Held] = []
    rows: list[Row] = []
    filed: list[tuple[int, Derived, set[int]]] = []
    for row, contact in enumerate(contacts, first):
        stored, values = _values(contact)
        derived = derive(stored.card, (), region)
        made.append(Held(row, batch, stored))
        rows.append((row, key_of(contact.id), batch, *values, derived.words))
        filed.append((row, derived, set()))
    connection.many(
        "INSERT INTO contact (id, uuid, batch, flags, owner, origin, linked, revision, created, updated, name, company,"
        " title, photo, document, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    categories = category_ids(connection, {group for _, derived, _ in filed for group in derived.groups})
    for values, (_, derived, into) in zip(rows, filed, strict=True):
        into |= parts(values[3], [categories[group] for group in derived.groups])
    _file(connection, filed, categories)
    return made


def _values(contact: Contact) -> tuple[Contact, Row]:
    card, document = press(contact.card)
    stored = contact if card is contact.card else replace(contact, card=card)
    return stored, (
        flags_of(stored),
        owner_text(stored.owner),
        ORIGINS.index(stored.origin),
        int(stored.linked),
        stored.revision,
        millis(stored.created),
        millis(stored.updated),
        card.display_name,
        card.company,
        card.title,
        card.photo,
        document,
    )


def change(connection: Connection, before: Held, contact: Contact, region: str) -> Held:
    """Replace a contact by a changed one, with its lookup rows."""
    stored, values = _values(contact)
    notes = note_texts(connection, before.row)
    old = derive(before.contact.card, notes, region)
    new = derive(stored.card, notes, region)
    connection.run(
        "UPDATE contact SET flags = ?, owner = ?, origin = ?, linked = ?, revision = ?, created = ?, updated = ?,"
        " name = ?, company = ?, title = ?, photo = ?, document = ?, words = ? WHERE id = ?",
        (*values, new.words, before.row),
    )
    refile(connection, before.row, (old, flags_of(before.contact)), (new, flags_of(stored)))
    return Held(before.row, before.batch, stored)


def remove(connection: Connection, gone: Held, region: str) -> None:
    """Take a contact out, with its lookup rows, notes and picks; its calls stay."""
    old = derive(gone.contact.card, note_texts(connection, gone.row), region)
    nothing = Derived("", "", frozenset(), (), frozenset(), frozenset())
    refile(connection, gone.row, (old, flags_of(gone.contact)), (nothing, None))
    connection.run("UPDATE call SET contact = NULL WHERE contact = ?", (key_of(gone.contact.id),))
    connection.run("DELETE FROM contact WHERE id = ?", (gone.row,))


def refile(connection: Connection, row: int, old: tuple[Derived, int | None], new: tuple[Derived, int | None]) -> None:
    """Bring the lookup rows of a contact from one state to another; flags None means that there is no contact."""
    before, after = old[0], new[0]
    categories = category_ids(connection, before.groups | after.groups)
    parts_before = _parts(old, categories)
    parts_after = _parts(new, categories)
    moved = before.sort != after.sort
    leave = parts_before if moved else parts_before - parts_after
    enter = parts_after if moved else parts_after - parts_before
    connection.many(
        "DELETE FROM token WHERE class = ? AND word = ? AND contact = ?",
        [(*token, row) for token in before.tokens - after.tokens],
    )
    connection.many(
        "DELETE FROM email WHERE key = ? AND contact = ?",
        [(key, row) for key in before.emails - after.emails],
    )
    connection.many(
        "DELETE FROM listed WHERE part = ? AND sort = ? AND contact = ?",
        [(part, before.sort, row) for part in leave],
    )
    connection.many(
        "DELETE FROM membership WHERE contact = ? AND category = ?",
        [(row, categories[group]) for group in before.groups - after.groups],
    )
    if before.phones != after.phones:
        connection.run("DELETE FROM phone WHERE contact = ?", (row,))
    _count(connection, dict.fromkeys(leave, -1))
    fresh = Derived(
        sort=after.sort,
        words=after.words,
        tokens=after.tokens - before.tokens,
        phones=after.phones if before.phones != after.phones else (),
        emails=after.emails - before.emails,
        groups=after.groups - before.groups,
    )
    _file(connection, [(row, fresh, enter)], categories)


def _parts(state: tuple[Derived, int | None], categories: dict[str, int]) -> set[int]:
    derived, flags = state
    return set() if flags is None else parts(flags, [categories[group] for group in derived.groups])


def _file(connection: Connection, filed: Sequence[tuple[int, Derived, set[int]]], categories: dict[str, int]) -> None:
    """Put lookup rows in: in key order, because a B-tree likes that."""
    connection.many(
        "INSERT INTO phone (contact, place, kind, number, tail, stored, label) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(row, *phone) for row, derived, _ in filed for phone in derived.phones],
    )
    connection.many(
        "INSERT INTO token (class, word, contact) VALUES (?, ?, ?)",
        sorted((*token, row) for row, derived, _ in filed for token in derived.tokens),
    )
    connection.many(
        "INSERT INTO email (key, contact) VALUES (?, ?)",
        sorted((key, row) for row, derived, _ in filed for key in derived.emails),
    )
    connection.many(
        "INSERT INTO listed (part, sort, contact) VALUES (?, ?, ?)",
        sorted((part, derived.sort, row) for row, derived, into in filed for part in into),
    )
    connection.many(
        "INSERT INTO membership (contact, category) VALUES (?, ?)",
        [(row, categories[group]) for row, derived, _ in filed for group in derived.groups],
    )
    _count(connection, Counter(part for _, _, into in filed for part in into))


def _count(connection: Connection, changes: dict[int, int]) -> None:
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


def reindex(connection: Connection, after: int, count: int, region: str) -> list[int]:
    """Read the phones of the next contacts after a row anew in a region; gives their rows."""
    found = connection.rows(f"SELECT {_COLUMNS} FROM contact WHERE id > ? ORDER BY id LIMIT ?", (after, count))
    rows: list[int] = []
    for one in map(contact_of, found):
        rows.append(one.row)
        connection.run("DELETE FROM phone WHERE contact = ?", (one.row,))
        derived = derive(Card(phones=one.contact.card.phones), (), region)
        _file(connection, [(one.row, replace(derived, tokens=frozenset()), set())], {})
    return rows
