"""Links as rows: one replica of a contact in an account, with the base both sides last agreed on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.replica import Link, LinkState
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store import told
from ringdesk.store.database import Connection, Row
from ringdesk.store.encode import Key, id_of, json_of, key_of, press, unpress, unpress_row

TEAM: Final = "team"
"""The account that a team's directory is; those of the coworkers' book have no other."""

_COLUMNS: Final = (
    "contact, remote, etag, base, there, payload, state, acknowledged, held, updated, written,"
    " photo, photo_ref, photo_due, others"
)
_WHOLE: Final = (
    "SELECT l.contact, l.remote, l.etag, coalesce(l.base, c.document), l.there, l.payload, l.state, l.acknowledged,"
    " l.held, l.updated, l.written, l.photo, l.photo_ref, l.photo_due, l.others,"
    " coalesce(l.name, c.name), coalesce(l.company, c.company), coalesce(l.phone, c.phone)"
    " FROM link l LEFT JOIN contact c ON c.uuid = l.contact AND l.base IS NULL WHERE "
)
"""All columns of links; with a base that is or was a contact's document come the columns it is deflated behind."""


def link(connection: Connection, account: str, contact: str) -> Link | None:
    """The link of a contact."""
    found = _links(connection, "l.account = ? AND l.contact = ?", (account, key_of(contact)))
    return found[0] if found else None


def links(connection: Connection, account: str, remotes: Iterable[str]) -> dict[str, Link]:
    """Links by remote id, of those asked for that there are."""
    asked = json_of(list(remotes))
    found = _links(connection, "l.account = ? AND l.remote IN (SELECT value FROM json_each(?))", (account, asked))
    return {one.remote: one for one in found}


def in_state(connection: Connection, account: str, state: LinkState, limit: int) -> list[Link]:
    """Some links in a state other than active."""
    where = "l.account = ? AND l.state = ? AND l.state <> 'active' ORDER BY l.id LIMIT ?"
    return _links(connection, where, (account, state.value, limit))


def photos_due(connection: Connection, account: str, limit: int) -> list[Link]:
    """Active links with a picture to carry."""
    where = "l.account = ? AND l.photo_due AND l.state = 'active' ORDER BY l.id LIMIT ?"
    return _links(connection, where, (account, limit))


def active(connection: Connection, account: str, after: str, limit: int) -> list[str]:
    """Remote ids of active links, in order from one on."""
    rows = connection.rows(
        "SELECT remote FROM link WHERE account = ? AND remote > ? AND state = 'active' ORDER BY remote LIMIT ?",
        (account, after, limit),
    )
    return [remote for (remote,) in rows]


def linked(connection: Connection, account: str) -> int:
    """How many active links an account has."""
    return int(connection.value("SELECT size FROM linked WHERE account = ?", (account,)) or 0)


def newest(connection: Connection, account: str) -> float | None:
    """The account's own time of the last change of any contact that has a link. It is asked for seldom: no index.

    All rows as they lie in the file: in the order of their ids, by an index that says nothing of times, takes six times
    as long.
    """
    found: float | None = connection.value(NEWEST, (account,))
    return found


NEWEST: Final = "SELECT max(updated) FROM link WHERE +account = ?"


def put(connection: Connection, account: str, kept: Link) -> None:
    """Keep a link; it takes the place of any other of its contact, and of any other of its remote id."""
    put_many(connection, account, [kept])


def put_many(connection: Connection, account: str, kept: Sequence[Link]) -> None:
    """Keep links of different contacts."""
    rows = [(account, *_row(link, press(link.base)[1])) for link in kept]
    _free(connection, account, kept)
    connection.pour(
        _INSERT,
        rows,
        then=" ON CONFLICT (contact, account) DO UPDATE SET remote = excluded.remote, etag = excluded.etag,"
        " base = excluded.base, name = NULL, company = NULL, phone = NULL, there = excluded.there,"
        " payload = excluded.payload, state = excluded.state, acknowledged = excluded.acknowledged,"
        " held = excluded.held, updated = excluded.updated, written = excluded.written, photo = excluded.photo,"
        " photo_ref = excluded.photo_ref, photo_due = excluded.photo_due, others = excluded.others",
    )
    told.itself(connection, account, kept)


def put_born(connection: Connection, account: str, kept: Sequence[Link], keys: Sequence[Key]) -> None:
    """Keep links of contacts (with these keys) that were made just now of what lies there: that is their base."""
    try:
        _pour_born(connection, account, kept, keys)
    except sqlite3.IntegrityError:  # a link of such a contact, or under such an id, is there already
        _free(connection, account, kept)
        ids = [(account, key) for key in keys]
        connection.many("DELETE FROM link WHERE account = ? AND contact = ?", ids)
        _pour_born(connection, account, kept, keys)
    told.itself(connection, account, kept)


def _pour_born(connection: Connection, account: str, kept: Sequence[Link], keys: Sequence[Key]) -> None:
    revisions = {link.acknowledged for link in kept}
    if len(revisions) == 1 and all(map(_NOTHING_LATER.__eq__, map(_later, kept))):
        rows = [
            (key, one.remote, one.etag, one.raw or None, one.updated, one.photo_due)
            for key, one in zip(keys, kept, strict=True)
        ]
        connection.pour(_INSERT_PLAIN, rows, shared=(account, *revisions))
    else:
        connection.pour(_INSERT, [(account, *_row(link, None)) for link in kept])


_INSERT: Final = f"INSERT INTO link (account, {_COLUMNS}) VALUES (?{', ?' * 15})"
_INSERT_PLAIN: Final = (
    "INSERT INTO link (account, acknowledged, contact, remote, etag, payload, updated, photo_due)"
    " VALUES (?1, ?2, ?, ?, ?, ?, ?, ?)"
)
"""The same of a link that has nothing of what comes later: the tables' own values stand for that."""
_later: Final = attrgetter("there", "state", "held", "written", "photo", "photo_ref", "others")
_NOTHING_LATER: Final = _later(Link(contact="", remote="", etag="", base=Card()))


def _free(connection: Connection, account: str, kept: Sequence[Link]) -> None:
    """Take out what other contacts have under these remote ids."""
    sql = "SELECT remote FROM link WHERE account = ? AND remote IN (SELECT value FROM json_each(?))"
    others = {remote for (remote,) in connection.rows(sql, (account, json_of([link.remote for link in kept])))}
    connection.many(
        "DELETE FROM link WHERE account = ? AND remote = ? AND contact <> ?",
        [(account, link.remote, key_of(link.contact)) for link in kept if link.remote in others],
    )


def among(connection: Connection, sql: str, keys: Sequence[Key], *values: object) -> set[Key]:
    """Of these keys those that a query finds; `sql` ends in the column to compare."""
    found: set[Key] = set()
    for start in range(0, len(keys), _ASKED):
        some = keys[start : start + _ASKED]
        asked = (*values, *some, *[None] * (_ASKED - len(some)))  # one statement, whatever their number
        found |= {key for (key,) in connection.rows(f"{sql} IN (?{', ?' * (_ASKED - 1)})", asked)}
    return found


_ASKED: Final = 100


def _row(kept: Link, base: bytes | None) -> Row:
    return (
        key_of(kept.contact),
        kept.remote,
        kept.etag,
        base,
        None if kept.there is None else press(kept.there)[1],
        kept.raw or None,
        kept.state.value,
        kept.acknowledged,
        ",".join(sorted(kept.held)) if kept.held else "",
        kept.updated,
        kept.written,
        kept.photo,
        kept.photo_ref,
        int(kept.photo_due),
        kept.others,
    )


def drop(connection: Connection, account: str, contact: str) -> None:
    """Forget a link."""
    connection.run("DELETE FROM link WHERE account = ? AND contact = ?", (account, key_of(contact)))


def leave(connection: Connection, account: str, contact: str) -> None:
    """Forget a link, and remember under which id the contact lay there."""
    connection.run(
        "INSERT OR REPLACE INTO former (account, remote, contact)"
        " SELECT account, remote, contact FROM link WHERE account = ? AND contact = ?",
        (account, key_of(contact)),
    )
    drop(connection, account, contact)


def heard(connection: Connection, account: str) -> bool:
    """Whether there is any link of an account, or was one that left its remote id."""
    tables = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE account = ?1" for table in ("link", "former"))
    return connection.row(tables, (account,)) is not None


def heirs(connection: Connection, account: str, remotes: Iterable[str]) -> dict[str, str]:
    """Contacts by a former id, of those asked for that there are."""
    sql = "SELECT remote, contact FROM former WHERE account = ? AND remote IN (SELECT value FROM json_each(?))"
    return {remote: id_of(key) for remote, key in connection.rows(sql, (account, json_of(list(remotes))))}


def formers(connection: Connection, account: str, contact: str) -> list[str]:
    """The former ids of a contact."""
    sql = "SELECT remote FROM former WHERE account = ? AND contact = ? ORDER BY remote"
    return [remote for (remote,) in connection.rows(sql, (account, key_of(contact)))]


def _links(connection: Connection, where: str, values: Iterable[object]) -> list[Link]:
    return [_link(row) for row in connection.rows(_WHOLE + where, tuple(values))]


def _link(row: Row) -> Link:
    contact, remote, etag, base, there, payload, state, acknowledged, held, updated, written, *rest = row
    photo, ref, due, others, *near = rest
    return Link(
        contact=id_of(contact),
        remote=remote,
        etag=etag,
        base=_base(base, *near),
        there=None if there is None else unpress(there),
        raw=bytes(payload or b""),
        state=LinkState(state),
        acknowledged=acknowledged,
        held=frozenset(held.split(",")) if held else frozenset(),
        updated=updated,
        written=written,
        photo=photo,
        photo_ref=ref,
        photo_due=bool(due),
        others=others,
    )


def _base(document: bytes | None, name: str | None, company: str | None, phone: str | None) -> Card:
    if document is None:
        raise StoreError(StoreTrouble.CORRUPT, "a link without a base and without its contact")
    if name is None or company is None or phone is None:
        return unpress(document)
    return unpress_row(name, company, phone, document)
