"""Connections to the team's PostgreSQL server, and its errors as `TeamError`.

Over TCP there is one way in: TLS with the server's name verified, SCRAM, bound to the TLS channel. What libpq would
take from the environment or from files in the home folder is set here, so that none of it can weaken a connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, assert_never

import psycopg

from ringdesk.providers.team.trouble import TeamError, TeamTrouble

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"

_ALWAYS: Final[dict[str, str]] = {
    "application_name": "ringdesk",
    "client_encoding": "UTF8",
    "connect_timeout": "10",
    "gssencmode": "disable",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "options": "-c statement_timeout=60000 -c lock_timeout=15000 -c idle_in_transaction_session_timeout=60000",
    "require_auth": "scram-sha-256",
    "tcp_user_timeout": "30000",
}

_TLS: Final[dict[str, str]] = {
    "channel_binding": "require",
    "ssl_min_protocol_version": "TLSv1.2",
    "sslcertmode": "disable",
    "sslcrl": "",
    "sslmode": "verify-full",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A server reached over TCP; `authority` is a PEM file, or "system" for the system's authorities."""

    host: str
    database: str
    authority: str
    port: int = 5432


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server on this machine, reached by a unix socket in `folder`: set-up and tests only.

    `peer`: the server asks the operating system who is connecting instead of wanting a password.
    """

    folder: str
    database: str
    port: int = 5432
    peer: bool = False


Place = Server | LocalServer


def conninfo(place: Place, login: str, password: str) -> str:
    """The connection string for a place. Raises ValueError for a TCP place that is none or could not be trusted."""
    match place:
        case Server():
            where = _by_tcp(place, password)
        case LocalServer(folder):
            where = {"host": folder, "sslmode": "disable"} | ({"require_auth": "none"} if place.peer else {})
        case _:
            assert_never(place)
    parts: dict[str, Any] = {**_ALWAYS, **where, "dbname": place.database, "port": place.port, "user": login}
    return psycopg.conninfo.make_conninfo("", **parts, password=password)


def _by_tcp(place: Server, password: str) -> dict[str, str]:
    if not place.host or place.host.startswith(("/", "@")) or "," in place.host:
        raise ValueError(f"no host name: {place.host!r}")
    if not place.authority or not password:
        raise ValueError("an authority and a password are needed")
    return {**_TLS, "host": place.host, "hostaddr": "", "sslrootcert": place.authority}


def connect(place: Place, login: str, password: str) -> Connection:
    """Open a connection in autocommit mode. Raises TeamError."""
    with translated():
        return psycopg.connect(conninfo(place, login, password), autocommit=True)


@contextmanager
def translated() -> Iterator[None]:
    """Turn psycopg's errors into TeamError."""
    try:
        yield
    except psycopg.Error as error:
        raise TeamError(_trouble(error), _detail(error)) from error


_BY_STATE: Final[dict[str, TeamTrouble]] = {
    "28": TeamTrouble.LOGIN,
    "42501": TeamTrouble.NOT_A_COWORKER,
    "42710": TeamTrouble.TAKEN,
    "42939": TeamTrouble.TAKEN,
    "55000": TeamTrouble.EXPIRED,
    "42883": TeamTrouble.VERSION,
    "42P01": TeamTrouble.VERSION,
    "3F": TeamTrouble.VERSION,
    "3D": TeamTrouble.VERSION,
    "P0002": TeamTrouble.UNKNOWN,
    "22": TeamTrouble.INVALID,
    "23": TeamTrouble.INVALID,
    "42": TeamTrouble.INVALID,
    "40": TeamTrouble.BUSY,
    "55P03": TeamTrouble.BUSY,
    "57014": TeamTrouble.BUSY,
    "53": TeamTrouble.UNREACHABLE,
    "57": TeamTrouble.UNREACHABLE,
    "08": TeamTrouble.UNREACHABLE,
}

# libpq gives no code where the connection never came about, only English text.
_UNTRUSTED: Final = ("certificate", "SSL", "ssl", "channel binding", "authentication method requirement")
_LOST: Final = (
    "closed unexpectedly",
    "closed the connection",
    "consuming input failed",
    "unexpected eof",
    "SYSCALL error",
    "Connection refused",
    "is starting up",
)
_LOGIN: Final = ("password authentication failed", "pg_hba.conf", "no password supplied")
_OUT: Final = "is not permitted to log in"
"""Said of a login that was shut, and only once its password was found to be right."""
_LEFT: Final = "not a coworker of this team"
"""Said by our own functions (schema 003, `rd.me`)."""


def _trouble(error: psycopg.Error) -> TeamTrouble:
    state = error.sqlstate or ""
    if (state == "42501" and error.diag.message_primary == _LEFT) or (not state and _OUT in str(error)):
        return TeamTrouble.OUT
    for key in (state, state[:2]):
        if key in _BY_STATE:
            return _BY_STATE[key]
    if not isinstance(error, psycopg.OperationalError):
        return TeamTrouble.SERVER
    text = str(error)
    if any(sign in text for sign in _LOGIN):
        return TeamTrouble.LOGIN
    # A name may have several addresses: psycopg tells of each attempt in a line of its own.
    untrusted = any(_untrusted(line) for line in text.splitlines())
    return TeamTrouble.UNTRUSTED if untrusted else TeamTrouble.UNREACHABLE


def _untrusted(line: str) -> bool:
    """An encrypted connection that breaks speaks of SSL too."""
    return any(sign in line for sign in _UNTRUSTED) and not any(sign in line for sign in _LOST)


def _detail(error: psycopg.Error) -> str:
    """What the server said, without the DETAIL line, which can quote a row."""
    return error.diag.message_primary or str(error).strip()
