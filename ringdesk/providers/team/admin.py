"""Sets a team directory up and looks after its logins, over a connection of the set-up role.

The set-up role is a superuser, or a role with CREATEROLE that owns the database (a managed server). An administrator's
daily login is a coworker like any other and can make no roles: a role with CREATEROLE is close to a superuser, and it
should not lie in a desktop's keyring.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg
from psycopg import sql

from ringdesk.providers.team.link import Connection, translated
from ringdesk.providers.team.password import new_password, set_own_password
from ringdesk.providers.team.roster import Staff, read_staff
from ringdesk.providers.team.trouble import TeamError, TeamTrouble

LOGIN: Final = re.compile(r"[a-z][a-z0-9_.-]{0,62}")
LONGEST_LOGIN: Final = 63

CONNECTIONS: Final = 8
"""Connections a coworker may have at once: two a desktop, and some that the server has not noticed are gone."""


LONGEST_LOCK: Final = "3s"
"""How long an offboarding waits for a lock: it is decided before a desk that was told of it asks again."""


TRIES: Final = 3
"""How often the connections of a leaver are cut before the login is shut: a program may come back at once."""


def hba(database: str) -> str:
    """The lines for pg_hba.conf that let coworkers in over TLS and nobody else over TCP, superusers included."""
    return f"hostssl {database} +rd_coworker all scram-sha-256\nhost all,replication all all reject\n"


@dataclass(frozen=True, slots=True)
class NewCoworker:
    """Who is invited."""

    login: str
    name: str
    administrator: bool = False
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Secret:
    """A login's first password, to be told apart from the invitation and changed at once."""

    login: str
    password: str

    def __repr__(self) -> str:
        return f"Secret({self.login!r}, ...)"


def login_for(name: str) -> str:
    """The login a name suggests: "Zoë de Boer" is zoe.de.boer. Empty where the name has no Latin letter."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    login = ".".join(re.findall(r"[a-z0-9_-]+", plain)).lstrip("0123456789_.-")[:LONGEST_LOGIN].rstrip(".")
    return login if LOGIN.fullmatch(login) else ""


def invite(connection: Connection, who: NewCoworker, *, until: datetime | None = None, probe: bool = False) -> Secret:
    """Make a coworker: role, row, departments. Refuses a login that is or was anybody's, also a leaver's.

    `until`: when the invitation ends; without it the first password is good for ever.
    """
    if not LOGIN.fullmatch(who.login) or who.login.startswith("pg_"):
        raise TeamError(TeamTrouble.INVALID, f"no login: {who.login!r} (a to z, digits, _ . -, a letter first)")
    secret = Secret(who.login, new_password())
    role = sql.Identifier(who.login)
    with translated(), connection.transaction():
        connection.execute(sql.SQL("create role {} login connection limit {}").format(role, sql.Literal(CONNECTIONS)))
        set_own_password(connection, who.login, secret.password)
        connection.execute(sql.SQL("grant rd_coworker to {}").format(role))
        row = (who.login, who.name, who.administrator, probe, until)
        connection.execute("select api.enroll(%s, %s, %s, %s, %s)", row)
        for department in who.departments:
            add_to_department(connection, department, who.login)
    return secret


def add_to_department(connection: Connection, department: str, login: str) -> None:
    """Put a coworker into a department, which is made where there is none."""
    query = """select array(
        select m.login from rd.membership m join rd.department d on d.id = m.department
        join rd.coworker c on c.login = %(login)s and c.probe = d.probe
        where lower(d.name) = lower(%(name)s))"""
    with translated():
        row = connection.execute(query, {"name": department, "login": login}).fetchone()
        members: Sequence[str] = row[0] if row else ()
        everybody = sorted({*members, login})
        connection.execute("select api.set_department(%s, to_jsonb(%s::text[]))", (department, everybody))


def renew(connection: Connection) -> None:
    """Have every desktop pull everything anew: after a backup of the directory was put back."""
    with translated():
        connection.execute("select api.new_epoch()")


def tidy(connection: Connection) -> int:
    """Forget calls and operations of more than two years ago; gives how many."""
    with translated():
        row = connection.execute("select api.tidy()").fetchone()
    return int(row[0]) if row else 0


def make_department(connection: Connection, name: str) -> None:
    """Make a department nobody is in yet; one of that name is left as it is."""
    with translated():
        query = "select 1 from rd.department where lower(name) = lower(%s) and not probe"
        if connection.execute(query, (name,)).fetchone() is None:
            connection.execute("select api.set_department(%s, '[]')", (name,))


def invite_again(connection: Connection, login: str, until: datetime | None) -> Secret:
    """Another first password, for a coworker who lost theirs or who did not join in time; `until` as in `invite`."""
    secret = Secret(login, new_password())
    with translated(), connection.transaction():
        connection.execute("select api.invite_again(%s, %s)", (login, until))
        set_own_password(connection, login, secret.password)
    return secret


def staff(connection: Connection) -> Staff:
    """The whole team, for the set-up role."""
    with translated():
        row = connection.execute("select api.team()").fetchone()
    if row is None:
        raise TeamError(TeamTrouble.SERVER, "api.team gave nothing")
    return read_staff(row[0])


@dataclass(frozen=True, slots=True)
class Offboarded:
    """How many shared contacts were handed over, and whether running connections of the leaver were cut."""

    given: int
    cut: bool


def offboard(connection: Connection, login: str, give_to: str | None) -> Offboarded:
    """Shut a coworker out. The role stays, so that nobody else ever gets its name.

    Login and row are shut in one transaction: where the directory refuses, or this is broken off, nobody hears of it.
    Only where an open transaction of the leaver's keeps their row locked, which could put off every change of it, the
    login goes first and its connections with it. Password and membership stay: only a desk that comes through
    pg_hba.conf and its own password hears that the login is shut, and then erases coworkers' contacts. The login and
    the row are two locks already.
    """
    with translated():
        if not connection.execute("select 1 from rd.coworker where login = %s", (login,)).fetchone():
            raise TeamError(TeamTrouble.UNKNOWN, "no such coworker")
        try:
            given = _shut(connection, login, give_to)
        except psycopg.errors.LockNotAvailable:
            return _shut_first(connection, login, give_to)
        return Offboarded(given, cut=_cut(connection, login))


def _shut(connection: Connection, login: str, give_to: str | None) -> int:
    with connection.transaction():
        connection.execute("select set_config('lock_timeout', %s, true)", (LONGEST_LOCK,))
        connection.execute(sql.SQL("alter role {} nologin").format(sql.Identifier(login)))
        row = connection.execute("select api.offboard(%s, %s)", (login, give_to)).fetchone()
    return int(row[0]) if row else 0


def _shut_first(connection: Connection, login: str, give_to: str | None) -> Offboarded:
    role = sql.Identifier(login)
    found = connection.execute("select rolcanlogin from pg_roles where rolname = %s", (login,)).fetchone()
    try:
        cut = _lock_out(connection, login)
        given = _shut(connection, login, give_to)
    except BaseException:  # Ctrl+C too: half out, their desk would erase what nobody took from them
        if found == (True,):
            connection.execute(sql.SQL("alter role {} login").format(role))
        raise
    return Offboarded(given, cut=cut)


def _lock_out(connection: Connection, login: str) -> bool:
    """Shut the login alone and cut its connections; gives whether they could be cut.

    Cut before too, and as often as TRIES: whoever alters their own password in an open transaction locks the role.
    """
    left = TRIES
    while True:
        cut, left = _cut(connection, login), left - 1
        try:
            with connection.transaction():
                connection.execute("select set_config('lock_timeout', %s, true)", (LONGEST_LOCK,))
                connection.execute(sql.SQL("alter role {} nologin").format(sql.Identifier(login)))
        except psycopg.errors.LockNotAvailable:
            if not left:
                raise
        else:
            return _cut(connection, login) or cut


def _cut(connection: Connection, login: str) -> bool:
    """End the leaver's connections and wait for it. Where the set-up role may not, every function refuses them."""
    every = "select pg_terminate_backend(pid, %s) from pg_stat_activity where usename = %s"
    try:
        connection.execute(every, (0, login))  # told all at once, then waited for
        connection.execute(every, (1000, login))
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True
