"""Ids in an account that are told to stand for a contact: it had them, or others with them were merged into it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ringdesk.domain.replica import Link, LinkState
from ringdesk.store.database import Connection
from ringdesk.store.encode import id_of, json_of, key_of


def remember(connection: Connection, account: str, contact: str, remotes: Iterable[str], *, anew: bool) -> None:
    """These ids stand for a contact from now on; unless `anew` only those that stand for none yet."""
    what = "REPLACE" if anew else "IGNORE"
    connection.many(
        f"INSERT OR {what} INTO told (account, remote, contact) VALUES (?, ?, ?)",
        [(account, remote, key_of(contact)) for remote in remotes],
    )


def itself(connection: Connection, account: str, kept: Sequence[Link]) -> None:
    """What an active link is about is that contact, whomever its id was told to stand for until now."""
    if connection.value("SELECT 1 FROM told WHERE account = ? LIMIT 1", (account,)) is not None:
        connection.many(
            "UPDATE told SET contact = ?3 WHERE account = ?1 AND remote = ?2 AND contact <> ?3",
            [(account, link.remote, key_of(link.contact)) for link in kept if link.state is LinkState.ACTIVE],
        )


def follow(connection: Connection, account: str, into: str, gone: str) -> None:
    """Whatever id a contact has or had there stands for the one it has become a part of."""
    for table in ("told", "former", "link"):
        connection.run(
            "INSERT OR REPLACE INTO told (account, remote, contact)"
            f" SELECT account, remote, ?3 FROM {table} WHERE account = ?1 AND contact = ?2",
            (account, key_of(gone), key_of(into)),
        )


def told(connection: Connection, account: str, remotes: Iterable[str]) -> dict[str, str]:
    """Contacts by an id that stands for them, of those asked for that there are."""
    sql = "SELECT remote, contact FROM told WHERE account = ? AND remote IN (SELECT value FROM json_each(?))"
    return {remote: id_of(key) for remote, key in connection.rows(sql, (account, json_of(list(remotes))))}


def told_of(connection: Connection, account: str, contact: str) -> list[str]:
    """The ids that stand for a contact."""
    sql = "SELECT remote FROM told WHERE account = ? AND contact = ? ORDER BY remote"
    return [remote for (remote,) in connection.rows(sql, (account, key_of(contact)))]
