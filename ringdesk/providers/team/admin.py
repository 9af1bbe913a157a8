"""Sets a team directory up and looks after its logins, over a connection of the set-up role.

The set-up role is a superuser, or a role with CREATEROLE that owns the database (a managed server). An administrator's
daily login is a coworker like any other and can make no roles: a role with CREATEROLE is close to a superuser, and it
should not lie in a desktop's keyring.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import sql

from ringdesk.providers.team import schema
from ringdesk.providers.team.link import Connection, translated
from ringdesk.providers.team.password import new_password, set_own_password
from ringdesk.providers.team.trouble import TeamError, TeamTrouble

LOGIN: Final = re.compile(r"[a-z][a-z0-9_.-]{0,62}")

CONNECTIONS: Final = 8
"""Connections a coworker may have at once: two a desktop, and some that the server has not noticed are gone."""


def hba(database: str) -> str:
    """The lines for pg_hba.conf that let coworkers in over TLS and nobody else over TCP, superusers included."""
    return f"hostssl {database} +rd_coworker all scram-sha-256\nhost all all all reject\n"


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


def init(connection: Connection, administrator: NewCoworker) -> Secret | None:
    """Bring the database to the newest schema and invite the first administrator.

    May be run again: gives None where the administrator is a coworker already.
    """
    schema.apply(connection)
    if not administrator.administrator:
        raise TeamError(TeamTrouble.INVALID, "the first coworker must be an administrator")
    with translated():
        known = connection.execute("select enabled from rd.coworker where login = %s", (administrator.login,))
        if known.fetchone():
            return None
    return invite(connection, administrator)


def invite(connection: Connection, who: NewCoworker, *, probe: bool = False) -> Secret:
    """Make a coworker: role, row, departments. Refuses a login that is or was anybody's, also a leaver's."""
    if not LOGIN.fullmatch(who.login):
        raise TeamError(TeamTrouble.INVALID, f"no login: {who.login!r} (a to z, digits, _ . -, a letter first)")
    secret = Secret(who.login, new_password())
    role = sql.Identifier(who.login)
    with translated(), connection.transaction():
        connection.execute(sql.SQL("create role {} login connection limit {}").format(role, sql.Literal(CONNECTIONS)))
        set_own_password(connection, who.login, secret.password)
        connection.execute(sql.SQL("grant rd_coworker to {}").format(role))
        connection.execute("select api.enroll(%s, %s, %s, %s)", (who.login, who.name, who.administrator, probe))
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


def reset_password(connection: Connection, login: str) -> Secret:
    """A new first password for a coworker who lost theirs."""
    secret = Secret(login, new_password())
    with translated():
        if not connection.execute("select 1 from rd.coworker where login = %s and enabled", (login,)).fetchone():
            raise TeamError(TeamTrouble.UNKNOWN, "no such coworker")
        set_own_password(connection, login, secret.password)
    return secret


@dataclass(frozen=True, slots=True)
class Offboarded:
    """How many shared contacts were handed over, and whether running connections of the leaver were cut."""

    given: int
    cut: bool


def offboard(connection: Connection, login: str, give_to: str | None) -> Offboarded:
    """Shut a coworker out: rows first, then the login. The role stays, so that nobody else ever gets its name."""
    with translated(), connection.transaction():
        row = connection.execute("select api.offboard(%s, %s)", (login, give_to)).fetchone()
        connection.execute(sql.SQL("alter role {} nologin password null").format(sql.Identifier(login)))
        connection.execute(sql.SQL("revoke rd_coworker from {}").format(sql.Identifier(login)))
    return Offboarded(int(row[0]) if row else 0, cut=_cut(connection, login))


def _cut(connection: Connection, login: str) -> bool:
    """End the leaver's connections. Where the set-up role may not, every function refuses them all the same."""
    try:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s and pid <> pg_backend_pid()",
            (login,),
        )
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True
