"""Rows of an account besides its links: the account itself, the outbox, questions, parked contacts, containers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from ringdesk.domain.card import Card
from ringdesk.domain.document import from_document, to_document
from ringdesk.domain.remote import Container
from ringdesk.domain.replica import Account, Entry, Intent, Parked, Question, Review
from ringdesk.store.database import Connection, Row
from ringdesk.store.encode import id_of, json_of, key_of, millis, press, seconds, storable, unpress

_ACCOUNT: Final = "id, kind, name, settings, cursor, form, round, full_at, reset, synced_at, outcome, approved"


def account(connection: Connection, id: str) -> Account | None:
    """An account, or None where it is not kept."""
    row = connection.row(f"SELECT {_ACCOUNT} FROM account WHERE id = ?", (id,))
    return None if row is None else _account(row)


def accounts(connection: Connection) -> list[Account]:
    """All accounts."""
    return [_account(row) for row in connection.rows(f"SELECT {_ACCOUNT} FROM account ORDER BY id")]


def _account(row: Row) -> Account:
    id, kind, name, settings, cursor, form, round_, full_at, reset, synced_at, outcome, approved = row
    return Account(
        id=id,
        kind=kind,
        name=name,
        settings=settings,
        cursor=cursor,
        form=form,
        round=round_,
        full_at=full_at,
        reset=bool(reset),
        synced_at=synced_at,
        outcome=outcome,
        approved=approved,
    )


_ENGINES: Final = ("cursor", "form", "round", "full_at", "reset", "synced_at", "outcome", "approved")
"""The columns of a kept account that its worker writes; the others are the user's (see `describe`)."""


def put_account(connection: Connection, kept: Account) -> None:
    """Keep an account, with a new one every contact is to be looked at; of a known one what the engine keeps of it."""
    new = connection.value("SELECT 1 FROM account WHERE id = ?", (kept.id,)) is None
    connection.run(
        f"INSERT INTO account ({_ACCOUNT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _ENGINES)}",
        (
            kept.id,
            kept.kind,
            kept.name,
            kept.settings,
            kept.cursor,
            kept.form,
            kept.round,
            kept.full_at,
            int(kept.reset),
            kept.synced_at,
            kept.outcome,
            kept.approved,
        ),
    )
    if new:
        touch_all(connection, kept.id)


def describe(connection: Connection, id: str, name: str, settings: str) -> None:
    """Keep what the user calls and chose of an account."""
    connection.run("UPDATE account SET name = ?, settings = ? WHERE id = ?", (name, settings, id))


def forget_account(connection: Connection, id: str, *, links: bool) -> None:
    """Take an account out; its links stay for a later reconnect unless they shall go too."""
    for table in ("touched", "outbox", "container", "question", "parked", "sync_log"):
        connection.run(f"DELETE FROM {table} WHERE account = ?", (id,))
    for table in ("link", "former", "told") if links else ():
        connection.run(f"DELETE FROM {table} WHERE account = ?", (id,))
    connection.run("DELETE FROM account WHERE id = ?", (id,))


def touch_all(connection: Connection, account: str) -> None:
    """Every contact is to be looked at."""
    connection.run("INSERT OR IGNORE INTO touched (account, contact) SELECT ?, uuid FROM contact", (account,))
    connection.run("INSERT OR IGNORE INTO touched (account, contact) SELECT ?, contact FROM link", (account,))


def touched(connection: Connection, account: str, after: str, limit: int) -> list[str]:
    """Contacts that may have something to send, from one on."""
    rows = connection.rows(
        "SELECT contact FROM touched WHERE account = ? AND contact > ? ORDER BY contact LIMIT ?",
        (account, key_of(after), limit),
    )
    return [id_of(key) for (key,) in rows]


def untouch(connection: Connection, account: str, contact: str, revision: int | None) -> None:
    """Nothing to send as of a revision; a newer one stays touched."""
    connection.run(
        "DELETE FROM touched WHERE account = ?1 AND contact = ?2"
        " AND (SELECT revision FROM contact WHERE uuid = ?2) IS ?3",
        (account, key_of(contact), revision),
    )


# The outbox ------------------------------------------------------------------------------------------------------

_ENTRY: Final = "id, contact, intent, payload, at, tries, result"


def entries(connection: Connection, account: str) -> list[Entry]:
    """The whole outbox, oldest first."""
    return _entries(connection, "account = ? ORDER BY at, id", (account,))


def entry_of(connection: Connection, account: str, contact: str) -> Entry | None:
    """The open request about a contact."""
    found = _entries(connection, "account = ? AND contact = ? ORDER BY at, id LIMIT 1", (account, key_of(contact)))
    return found[0] if found else None


def _entries(connection: Connection, where: str, values: Sequence[object]) -> list[Entry]:
    rows = connection.rows(f"SELECT {_ENTRY} FROM outbox WHERE {where}", values)
    return [_entry(row) for row in rows]


def _entry(row: Row) -> Entry:
    id, contact, intent, payload, at, tries, result = row
    said: dict[str, Any] = json.loads(payload)
    return Entry(
        id=id,
        contact=id_of(contact),
        intent=Intent(intent),
        remote=said["remote"],
        base=from_document(said["base"]),
        sent=from_document(said["sent"]),
        mask=frozenset(said["mask"]),
        at=seconds(at),
        tries=tries,
        absent=None if result is None else float(result),
    )


def put_entry(connection: Connection, account: str, entry: Entry) -> None:
    """Keep an outbox entry, new or changed."""
    said = {
        "remote": entry.remote,
        "base": _document(entry.base),
        "sent": _document(entry.sent),
        "mask": sorted(entry.mask),
    }
    result = None if entry.absent is None else repr(entry.absent)
    connection.run(
        f"INSERT OR REPLACE INTO outbox (account, {_ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            account,
            entry.id,
            key_of(entry.contact),
            entry.intent.value,
            json_of(said).encode(),
            millis(entry.at),
            entry.tries,
            result,
        ),
    )


def _document(card: Card) -> dict[str, Any]:
    return to_document(press(card)[0])


def drop_entry(connection: Connection, id: str) -> None:
    """Take an outbox entry out."""
    connection.run("DELETE FROM outbox WHERE id = ?", (id,))


# Questions, parked contacts, containers --------------------------------------------------------------------------


def questions(
    connection: Connection, account: str, kind: Review | None, contact: str, *, start: int = 0, count: int = -1
) -> list[Question]:
    """Open questions: all, of a kind, about a contact; `count` of them from `start` on, -1 for all."""
    where, values = "account = ?", [account]
    if kind is not None:
        where += " AND kind = ?"
        values.append(kind.value)
    rows = connection.rows(
        f"SELECT kind, contact, remote, field, detail, theirs, at FROM question WHERE {where}"
        + (" AND contact = ?" if contact else "")
        + " ORDER BY at, contact, remote, field LIMIT ? OFFSET ?",
        [*values, *([key_of(contact)] if contact else []), count, start],
    )
    return [
        Question(Review(kind), id_of(key), remote, field, detail, None if theirs is None else unpress(theirs), at)
        for kind, key, remote, field, detail, theirs, at in rows
    ]


def asked(connection: Connection, account: str) -> int:
    """How many questions are open."""
    return int(connection.value("SELECT count(*) FROM question WHERE account = ?", (account,)))


def ask(connection: Connection, account: str, question: Question) -> None:
    """Put a question to the user, instead of an earlier one about the same."""
    connection.run(
        "INSERT OR REPLACE INTO question (account, kind, contact, remote, field, detail, theirs, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            account,
            question.kind.value,
            key_of(question.contact),
            question.remote,
            question.field,
            storable(question.detail),
            None if question.theirs is None else press(question.theirs)[1],
            question.at,
        ),
    )


def settle(connection: Connection, account: str, contact: str, kinds: Sequence[str], field: str, remote: str) -> None:
    """Take questions about a contact out."""
    for kind in kinds:
        connection.run(
            "DELETE FROM question WHERE account = ? AND contact = ? AND kind = ? AND ? IN ('', field)"
            " AND ? IN ('', remote)",
            (account, key_of(contact), kind, field, remote),
        )


def parked(connection: Connection, account: str, contact: str) -> Parked | None:
    """Whether and how long a contact waits."""
    row = connection.row(
        "SELECT revision, until, tries FROM parked WHERE account = ? AND contact = ?", (account, key_of(contact))
    )
    return None if row is None else Parked(contact, *row)


def park(connection: Connection, account: str, waits: Parked) -> None:
    """Let a contact wait."""
    connection.run(
        "INSERT OR REPLACE INTO parked (account, contact, revision, until, tries) VALUES (?, ?, ?, ?, ?)",
        (account, key_of(waits.contact), waits.revision, waits.until, waits.tries),
    )


def unpark(connection: Connection, account: str, contact: str) -> None:
    """A contact need not wait any more."""
    connection.run("DELETE FROM parked WHERE account = ? AND contact = ?", (account, key_of(contact)))


def containers(connection: Connection, account: str) -> list[Container]:
    """The account's containers as last read."""
    rows = connection.rows(
        "SELECT remote, name, system, members FROM container WHERE account = ? ORDER BY remote", (account,)
    )
    return [Container(remote, name, bool(system), members) for remote, name, system, members in rows]


def put_containers(connection: Connection, account: str, found: Sequence[Container]) -> None:
    """These are the account's containers now."""
    connection.run("DELETE FROM container WHERE account = ?", (account,))
    connection.many(
        "INSERT OR REPLACE INTO container (account, remote, name, system, members) VALUES (?, ?, ?, ?, ?)",
        [(account, one.remote, one.name, int(one.system), one.members) for one in found],
    )
