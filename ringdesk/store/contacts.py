"""Contacts and their lookup rows in the tables: put in, replaced, taken out, always both together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import (
    ANONYMOUS,
    BLOCKED,
    LINKED,
    SHARED,
    VIP,
    Contact,
    ContactRow,
    Marks,
    Origin,
    flags_of,
)
from ringdesk.domain.values import dataclass
from ringdesk.domain.words import EAST_ASIAN
from ringdesk.store.database import Connection, Row
from ringdesk.store.derive import derive, parts
from ringdesk.store.encode import (
    ORIGINS,
    Key,
    id_of,
    key_of,
    millis,
    owner_of,
    owner_text,
    seconds,
    unpress_row,
)
from ringdesk.store.filing import NOTHING, Filed, category_ids, put, refile, renumber, settle
from ringdesk.store.ready import Prepared, prepare

if TYPE_CHECKING:
    from ringdesk.domain.effects import Arrive

ROW_COLUMNS: Final = "c.uuid, c.name, c.company, c.phone, c.flags"
"""What `row_of` needs of `contact c`."""

_COLUMNS: Final = "id, uuid, flags, owner, origin, revision, created, edited, batch, name, company, phone, document"

_INSERT: Final = (
    "INSERT INTO contact (id, uuid, batch, flags, owner, origin, revision, created, edited, name, company, phone,"
    " words, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_ALIKE: Final = (
    "INSERT INTO contact (batch, created, owner, origin, revision, edited, id, uuid, flags, name, company, phone,"
    " words, document) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?, ?, ?, ?, ?, ?, ?, ?)"
)


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
    rowid, uuid, flags, owner, origin, revision, created, edited, batch, *texts = row
    contact = Contact(
        id=id_of(uuid),
        card=unpress_row(*texts),
        owner=owner_of(owner),
        shared=bool(flags & SHARED),
        marks=Marks(vip=bool(flags & VIP), blocked=bool(flags & BLOCKED)),
        origin=ORIGINS[origin >> 1],
        linked=bool(origin & 1),
        revision=revision,
        created=seconds(created),
        updated=seconds(created + edited),
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
    ready = [prepare(contact.card, region) for contact in contacts]
    first = int(connection.value("SELECT coalesce(max(id), 0) + 1 FROM contact"))
    categories = category_ids(connection, {group for _, one in ready for group in one.derived.groups})
    made: list[Held] = []
    rows: list[Row] = []
    filed: list[Filed] = []
    for row, (contact, (card, one)) in enumerate(zip(contacts, ready, strict=True), first):
        stored = contact if card is contact.card else replace(contact, card=card)
        flags = flags_of(stored)
        made.append(Held(row, batch, stored))
        rows.append((row, key_of(contact.id), batch, *_values(stored, flags, one)))
        filed.append((row, one.derived, parts(flags, [categories[group] for group in one.derived.groups])))
    connection.pour(_INSERT, rows)
    put(connection, filed, categories)
    return made


Alike = tuple[str | None, int, int]
"""Owner, origin and revision, as they are stored: of many contacts that come together they are the same."""

Head = tuple[Key, int, Alike]
"""What a new contact's row says besides its card: key, flags and these."""


def heads_imported(ready: Sequence[Prepared], keys: Sequence[Key], origin: Origin) -> list[Head]:
    """The heads of contacts of mine from a file."""
    alike = None, 2 * ORIGINS.index(origin), 1
    return [(key, 0 if one.named else ANONYMOUS, alike) for key, one in zip(keys, ready, strict=True)]


def heads(contacts: Sequence[Contact]) -> list[Head]:
    """The heads of contacts."""
    return [
        (
            key_of(contact.id),
            flags_of(contact),
            (
                owner_text(contact.owner),
                2 * ORIGINS.index(contact.origin) + contact.linked,
                max(1, contact.revision),
            ),
        )
        for contact in contacts
    ]


def heads_of(come: Arrive, keys: Sequence[Key], ready: Sequence[Prepared]) -> list[Head]:
    """The heads of contacts that come together under these keys: `heads` of `come.contacts()`."""
    came = 2 * ORIGINS.index(come.origin) + come.linked
    own, unnamed = LINKED * come.linked, ANONYMOUS * (not come.linked)
    alike = {revision: (None, came, max(1, revision)) for revision in {link.acknowledged for link in come.links}}
    shared = come.shared
    return [
        (
            key,
            own | SHARED * (link.contact in shared) | (0 if one.named else unnamed),
            alike[link.acknowledged],
        )
        for link, key, one in zip(come.links, keys, ready, strict=True)
    ]


def insert_alike(
    connection: Connection, heads: Sequence[Head], ready: Sequence[Prepared], *, batch: int, at: int
) -> tuple[list[Filed], dict[str, int]]:
    """Put new contacts in that come together, without their lookup rows; gives what is to be filed.

    `at` is when they came, in milliseconds; with what is to be filed come the ids of their groups.
    """
    first = int(connection.value("SELECT coalesce(max(id), 0) + 1 FROM contact"))
    categories = category_ids(connection, {group for one in ready for group in one.derived.groups})
    rows: dict[Alike, list[Row]] = {alike: [] for _, _, alike in heads}
    filed: list[Filed] = []
    for row, ((key, flags, alike), one) in enumerate(zip(heads, ready, strict=True), first):
        derived = one.derived
        texts = one.name, one.company, one.phone, derived.words, one.document
        rows[alike].append((row, key, flags, *texts))
        groups = [categories[group] for group in derived.groups] if derived.groups else ()
        filed.append((row, derived, parts(flags, groups)))
    for alike, some in rows.items():
        connection.pour(_INSERT_ALIKE, some, shared=(batch, at, *alike))
    return filed, categories


def _values(contact: Contact, flags: int, ready: Prepared) -> Row:
    created = millis(contact.created)
    return (
        flags,
        owner_text(contact.owner),
        2 * ORIGINS.index(contact.origin) + contact.linked,
        contact.revision,
        created,
        millis(contact.updated) - created,
        ready.name,
        ready.company,
        ready.phone,
        ready.derived.words,
        ready.document,
    )


def change(connection: Connection, before: Held, contact: Contact, region: str) -> Held:
    """Replace a contact by a changed one, with its lookup rows."""
    in_order(connection, before)
    notes = note_texts(connection, before.row)
    card, ready = prepare(contact.card, region, notes)
    stored = contact if card is contact.card else replace(contact, card=card)
    old = derive(before.contact.card, notes, region)
    connection.run(
        "UPDATE contact SET flags = ?, owner = ?, origin = ?, revision = ?, created = ?, edited = ?,"
        " name = ?, company = ?, phone = ?, words = ?, document = ? WHERE id = ?",
        (*_values(stored, flags_of(stored), ready), before.row),
    )
    others = _forget_other_readings(connection, before)
    refile(connection, before.row, (old, flags_of(before.contact)), (ready.derived, flags_of(stored)))
    if others:
        renumber(connection, before.row, [], ready.derived)
    return Held(before.row, before.batch, stored)


def remove(connection: Connection, gone: Held, region: str) -> None:
    """Take a contact out, with its lookup rows, notes and picks; its calls stay."""
    in_order(connection, gone)
    old = derive(gone.contact.card, note_texts(connection, gone.row), region)
    _forget_other_readings(connection, gone)
    refile(connection, gone.row, (old, flags_of(gone.contact)), (NOTHING, None))
    connection.run("UPDATE call SET contact = NULL WHERE contact = ?", (key_of(gone.contact.id),))
    connection.run("DELETE FROM contact WHERE id = ?", (gone.row,))


def in_order(connection: Connection, one: Held) -> None:
    """Before the rows of a contact change: an East Asian name may still stand where it was listed once."""
    if one.contact.card.name.given >= EAST_ASIAN:
        from ringdesk.store.order import put_in_order  # most books need it never, and no start does

        put_in_order(connection, one.row, one.contact.card, flags_of(one.contact))


def _forget_other_readings(connection: Connection, gone: Held) -> bool:
    """While numbers are read anew in another region, a contact may still stand under an old reading of its own.

    Takes all readings out; gives whether there was anything to do.
    """
    regions = regions_read(connection)
    phones = Card(phones=gone.contact.card.phones)
    renumber(connection, gone.row, [derive(phones, (), region) for region in regions], NOTHING)
    return bool(regions)


NEW_IS_ORDERED: Final = (
    "SELECT 'names', 'family first' WHERE NOT EXISTS (SELECT 1 FROM contact) AND NOT EXISTS (SELECT 1 FROM listed)"
)
"""What a new database says of itself in `meta`."""


def names_ordered(connection: Connection) -> bool:
    """Whether all names stand in today's order, family first where they are said so; `store.reorder` sees to it."""
    return connection.value("SELECT 1 FROM meta WHERE key = 'names' AND value = 'family first'") is not None


def regions_read(connection: Connection) -> list[str]:
    """The regions that numbers may stand in while they are read anew; none otherwise."""
    text = connection.value("SELECT value FROM meta WHERE key = 'reading'")
    return [] if text is None else str(text).split()


def reindex(connection: Connection, after: int, count: int, region: str) -> list[int]:
    """Read the phones of the next contacts after a row anew in a region; gives their rows."""
    before = regions_read(connection)
    found = connection.rows(f"SELECT {_COLUMNS} FROM contact WHERE id > ? ORDER BY id LIMIT ?", (after, count))
    rows: list[int] = []
    for one in map(contact_of, found):
        rows.append(one.row)
        phones = Card(phones=one.contact.card.phones)
        if phones.phones:
            renumber(connection, one.row, [derive(phones, (), old) for old in before], derive(phones, (), region))
    return rows


def settle_some(connection: Connection, count: int, region: str) -> int:
    """File contacts that an import has left unfiled; gives how many."""
    rows = [row for (row,) in connection.rows("SELECT contact FROM unfiled ORDER BY contact LIMIT ?", (count,))]
    for row in rows:
        one = held_at(connection, row)
        if one is None:
            connection.run("DELETE FROM unfiled WHERE contact = ?", (row,))
            continue
        in_order(connection, one)
        derived = derive(one.contact.card, note_texts(connection, row), region)
        categories = category_ids(connection, derived.groups)
        into = parts(flags_of(one.contact), [categories[group] for group in derived.groups])
        settle(connection, row, derived, into, categories)
    return len(rows)
