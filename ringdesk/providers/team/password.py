"""Passwords of logins: made here, and sent to the server as SCRAM verifiers only."""

from __future__ import annotations

import secrets
from typing import Final

from psycopg import sql

from ringdesk.providers.team.link import Connection

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters that look alike: the first password is read out or typed."""


def new_password() -> str:
    """A password of 99 bits, in groups that can be read out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def verifier(connection: Connection, login: str, password: str) -> str:
    """The SCRAM verifier, so that the password itself is in no statement and no server log."""
    return connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()


def set_own_password(connection: Connection, login: str, password: str) -> None:
    """Change the password of a login, one's own or, for the set-up role, a coworker's."""
    connection.execute(
        sql.SQL("alter role {} password {}").format(sql.Identifier(login), verifier(connection, login, password))
    )
