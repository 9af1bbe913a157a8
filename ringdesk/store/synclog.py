"""What the last round of an account did with each contact, for undo: rows of `sync_log`.

Contacts that came together have one row for all of them: nobody's, with their keys one behind another where others
have what lay there. Whoever of them is taken back first brings the others of that row into rows of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.effects import Arrive, Logged
from ringdesk.store.database import Connection, Row
from ringdesk.store.encode import Key, id_of, key_of, press, unpress

_COLUMNS: Final = "round, contact, remote, here, there, deed"
_INSERT: Final = f"INSERT INTO sync_log (account, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"

_NOBODY: Final = b""
_KEY_BYTES: Final = 16


def note(connection: Connection, account: str, logged: Sequence[Logged]) -> None:
    """Write down what was done; with the first of a round, what earlier rounds did is forgotten."""
    _forget_before(connection, account, {one.round for one in logged})
    rows = [
        (account, one.round, key_of(one.contact), one.remote, _document(one.here), _document(one.there), one.deed)
        for one in logged
    ]
    connection.pour(_INSERT, rows)


def note_arrived(connection: Connection, account: str, come: Arrive, keys: Sequence[Key]) -> None:
    """`note` of contacts that came together under these keys, whose links say what there is to say of them."""
    _forget_before(connection, account, {come.round})
    if together := [key for key in keys if isinstance(key, bytes)]:
        connection.run(_INSERT, (account, come.round, _NOBODY, "", None, b"".join(together), come.deed))
    alone = [key for key in keys if not isinstance(key, bytes)]
    connection.pour(_INSERT, _rows_of(alone, account, come.round, come.deed))


def forget(connection: Connection, account: str, contact: str) -> None:
    """Take out what was done with a contact."""
    key = key_of(contact)
    if isinstance(key, bytes):
        _part(connection, account, key)
    connection.run("DELETE FROM sync_log WHERE account = ? AND contact = ?", (account, key))


def read(connection: Connection, account: str) -> list[Logged]:
    """What the last round that changed something changed, newest first."""
    return [
        Logged(round_, id_of(one), remote, _card(here), None if key == _NOBODY else _card(there), deed)
        for round_, key, remote, here, there, deed in connection.rows(_LAST, (account,))
        for one in ([key] if key != _NOBODY else reversed(_keys(there)))
    ]


def reaches(connection: Connection, account: str, round_: int) -> bool:
    """Whether anything was done in this round or a later one."""
    sql = "SELECT 1 FROM sync_log WHERE account = ? AND round >= ? LIMIT 1"
    return connection.value(sql, (account, round_)) is not None


_LAST: Final = (
    f"SELECT {_COLUMNS} FROM sync_log WHERE account = ?1"
    " AND round = (SELECT max(round) FROM sync_log WHERE account = ?1) ORDER BY id DESC"
)
_WITH: Final = (
    "SELECT id, round, there, deed FROM sync_log WHERE account = ? AND contact = ? AND id > ? AND instr(there, ?)"
    " ORDER BY id LIMIT 1"
)
_APART: Final = (
    "SELECT 1 FROM sync_log WHERE account = ?1 AND contact = ?2 AND remote = '' AND here IS NULL AND there IS NULL"
    " AND deed = (SELECT deed FROM sync_log WHERE account = ?1 AND contact = ?3 LIMIT 1)"
)


def _part(connection: Connection, account: str, key: bytes) -> None:
    """Give all of those who came together with a contact rows of their own, unless they have them."""
    if connection.row(_APART, (account, key, _NOBODY)) is not None:
        return
    if (found := _together_with(connection, account, key)) is not None:
        row, round_, keys, deed = found
        connection.run("DELETE FROM sync_log WHERE id = ?", (row,))
        connection.pour(_INSERT, _rows_of(keys, account, round_, deed))


def _together_with(connection: Connection, account: str, key: bytes) -> tuple[int, int, list[bytes], str] | None:
    """The row that a contact shares with others: taken back in the order of the log, it is in the first one left."""
    after = 0
    while (found := connection.row(_WITH, (account, _NOBODY, after, key))) is not None:
        after, round_, there, deed = found
        if key in (keys := _keys(there)):  # the end of one key and the beginning of the next may look like it
            return after, round_, keys, deed
    return None


def _forget_before(connection: Connection, account: str, rounds: Collection[int]) -> None:
    sql = "DELETE FROM sync_log WHERE account = ? AND round < ?"
    connection.many(sql, [(account, round_) for round_ in sorted(rounds)])


def _rows_of(keys: Sequence[Key], account: str, round_: int, deed: str) -> list[Row]:
    return [(account, round_, key, "", None, None, deed) for key in keys]


def _keys(joined: bytes) -> list[bytes]:
    return [joined[at : at + _KEY_BYTES] for at in range(0, len(joined), _KEY_BYTES)]


def _document(card: Card | None) -> bytes | None:
    return None if card is None else press(card)[1]


def _card(document: bytes | None) -> Card | None:
    return None if document is None else unpress(document)
