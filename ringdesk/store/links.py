"""Links as rows: one replica of a contact in an account, with the base both sides last agreed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ringdesk.domain.replica import Link, LinkState
from ringdesk.store.database import Connection, Row
from ringdesk.store.encode import id_of, json_of, key_of, press, unpress

_COLUMNS: Final = (
    "contact, remote, etag, base, there, payload, state, acknowledged, held, updated, written,"
    " photo, photo_ref, photo_due"
)


def link(connection: Connection, account: str, contact: str) -> Link | None:
    """The link of a contact."""
    found = _links(connection, "account = ? AND contact = ?", (account, key_of(contact)))
    return found[0] if found else None


def links(connection: Connection, account: str, remotes: Iterable[str]) -> dict[str, Link]:
    """Links by remote id, of those asked for that there are."""
    asked = json_of(list(remotes))
    found = _links(connection, "account = ? AND remote IN (SELECT value FROM json_each(?))", (account, asked))
    return {one.remote: one for one in found}


def in_state(connection: Connection, account: str, state: LinkState, limit: int) -> list[Link]:
    """Some links in a state other than active."""
    where = "account = ? AND state = ? AND state <> 'active' ORDER BY id LIMIT ?"
    return _links(connection, where, (account, state.value, limit))


def photos_due(connection: Connection, account: str, limit: int) -> list[Link]:
    """Active links with a picture to carry."""
    where = "account = ? AND photo_due AND state = 'active' ORDER BY id LIMIT ?"
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


def put(connection: Connection, account: str, kept: Link) -> None:
    """Keep a link; it takes the place of any other of its contact, and of any other of its remote id."""
    put_many(connection, account, [kept])


def put_many(connection: Connection, account: str, kept: Sequence[Link], pressed: Pressed | None = None) -> None:
    """Keep links of different contacts; `pressed` has documents that are known already."""
    rows = [(account, *_row(link, pressed or {})) for link in kept]
    taken = "SELECT remote FROM link WHERE account = ? AND remote IN (SELECT value FROM json_each(?))"
    others = {remote for (remote,) in connection.rows(taken, (account, json_of([one.remote for one in kept])))}
    connection.many(
        "DELETE FROM link WHERE account = ? AND remote = ? AND contact <> ?",
        [(account, remote, key) for _, key, remote, *_ in rows if remote in others],
    )
    connection.pour(
        f"INSERT INTO link (account, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
        then=" ON CONFLICT (contact, account) DO UPDATE SET remote = excluded.remote, etag = excluded.etag,"
        " base = excluded.base, there = excluded.there, payload = excluded.payload, state = excluded.state,"
        " acknowledged = excluded.acknowledged, held = excluded.held, updated = excluded.updated,"
        " written = excluded.written, photo = excluded.photo, photo_ref = excluded.photo_ref,"
        " photo_due = excluded.photo_due",
    )


Pressed = Mapping[int, bytes]
"""Documents of cards by the identity of these, for as long as they are held elsewhere."""


def _row(kept: Link, pressed: Pressed) -> Row:
    return (
        key_of(kept.contact),
        kept.remote,
        kept.etag,
        pressed.get(id(kept.base)) or press(kept.base)[1],
        None if kept.there is None else press(kept.there)[1],
        kept.raw or None,
        kept.state.value,
        kept.acknowledged,
        ",".join(sorted(kept.held)),
        kept.updated,
        kept.written,
        kept.photo,
        kept.photo_ref,
        int(kept.photo_due),
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


def heirs(connection: Connection, account: str, remotes: Iterable[str]) -> dict[str, str]:
    """Contacts by a former id, of those asked for that there are."""
    sql = "SELECT remote, contact FROM former WHERE account = ? AND remote IN (SELECT value FROM json_each(?))"
    return {remote: id_of(key) for remote, key in connection.rows(sql, (account, json_of(list(remotes))))}


def formers(connection: Connection, account: str, contact: str) -> list[str]:
    """The former ids of a contact."""
    sql = "SELECT remote FROM former WHERE account = ? AND contact = ? ORDER BY remote"
    return [remote for (remote,) in connection.rows(sql, (account, key_of(contact)))]


def _links(connection: Connection, where: str, values: Iterable[object]) -> list[Link]:
    return [_link(row) for row in connection.rows(f"SELECT {_COLUMNS} FROM link WHERE {where}", tuple(values))]


def _link(row: Row) -> Link:
    contact, remote, etag, base, there, payload, state, acknowledged, held, updated, written, photo, ref, due = row
    return Link(
        contact=id_of(contact),
        remote=remote,
        etag=etag,
        base=unpress(base),
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
    )
