"""Sets a team directory up from nothing, or once more over one that is there, and tries it before anybody gets in.

The order matters: rules first, then the attack on them by temporary coworkers, who come the way a desktop comes, and
only when all of it was refused the first invitation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from psycopg import sql

from ringdesk.providers.team import admin, schema, selfattack
from ringdesk.providers.team.link import Connection, Place, connect, translated
from ringdesk.providers.team.trouble import TeamError, TeamTrouble

OLDEST_SERVER: Final = 15
NEWEST_TRIED: Final = 18
MAINTENANCE: Final = "postgres"
"""The database every server has: from there the directory's own is made."""

_ABSENT: Final = "3D000"

_LOOK: Final = """
select current_setting('server_version_num')::integer / 10000, pg_encoding_to_char(d.encoding),
       r.rolsuper, r.rolcreaterole, pg_has_role(d.datdba, 'USAGE')
from pg_database d, pg_roles r where d.datname = current_database() and r.rolname = current_user"""


@dataclass(frozen=True, slots=True)
class SetUp:
    """Who sets up, and where: the role, its password (empty where the server asks the system who it is)."""

    place: Place
    role: str
    password: str = ""

    def __repr__(self) -> str:
        return f"SetUp({self.place!r}, {self.role!r}, ...)"

    def open(self) -> Connection:
        """A connection to the directory's database. Raises TeamError."""
        return connect(self.place, self.role, self.password)


@dataclass(frozen=True, slots=True)
class Founded:
    """How many schema steps were missing; the attacks that got through; the first password, None for one who is in.

    Where an attack got through nobody was invited.
    """

    steps: int
    broken: tuple[selfattack.Broken, ...]
    secret: admin.Secret | None


@dataclass(frozen=True, slots=True)
class Founders:
    """The first administrator, the departments there shall be, and when the first invitation ends."""

    administrator: admin.NewCoworker
    departments: tuple[str, ...]
    until: datetime


def found(setup: Connection, founders: Founders, as_coworker: selfattack.Connect) -> Founded:
    """Bring the directory to the newest schema, attack it, and invite the first administrator; safe to repeat.

    `as_coworker` connects with a login and a password as a desktop would. Raises TeamError.
    """
    examine(setup)
    steps = schema.apply(setup)
    for name in departments_of((*founders.departments, *founders.administrator.departments)):
        admin.make_department(setup, name)
    admin.tidy(setup)
    broken = tuple(selfattack.attack(setup, as_coworker))
    if broken:
        return Founded(steps, broken, None)
    who = founders.administrator
    known = {person.login for person in admin.staff(setup).coworkers}
    secret = None if who.login in known else admin.invite(setup, who, until=founders.until)
    return Founded(steps, (), secret)


def open_or_make(setup: SetUp) -> Connection:
    """A connection to the directory's database, which is made where there is none. Raises TeamError."""
    try:
        return setup.open()
    except TeamError as error:
        if getattr(error.__cause__, "sqlstate", None) != _ABSENT and "does not exist" not in error.detail:
            raise
    _make_database(setup)
    return setup.open()


def _make_database(setup: SetUp) -> None:
    name = setup.place.database
    if not admin.LOGIN.fullmatch(name):
        raise TeamError(TeamTrouble.INVALID, f"no database name: {name!r} (a to z, digits, _ . -, a letter first)")
    with translated(), replace(setup, place=replace(setup.place, database=MAINTENANCE)).open() as connection:
        examine(connection, owner=False)
        connection.execute(
            sql.SQL("create database {} encoding 'UTF8' template template0").format(sql.Identifier(name))
        )


def examine(setup: Connection, *, owner: bool = True) -> None:
    """Look whether this server and this role can carry a directory. Raises TeamError VERSION or RIGHTS."""
    with translated():
        row = setup.execute(_LOOK).fetchone()
    if row is None:
        raise TeamError(TeamTrouble.SERVER, "the server does not know its own database")
    version, encoding, superuser, makes_roles, owns = row
    if version < OLDEST_SERVER:
        raise TeamError(TeamTrouble.VERSION, f"PostgreSQL {version} is too old: {OLDEST_SERVER} or newer is needed")
    if owner and encoding != "UTF8":
        raise TeamError(TeamTrouble.INVALID, f"the database is encoded in {encoding}, and UTF8 is needed")
    if not (superuser or makes_roles):
        raise TeamError(TeamTrouble.RIGHTS, "it may not make roles (CREATEROLE)")
    if owner and not (superuser or owns):
        raise TeamError(TeamTrouble.RIGHTS, "it does not own the database")


def port(setup: Connection) -> int:
    """The port the server listens on, by its own account."""
    with translated():
        row = setup.execute("show port").fetchone()
    return int(row[0]) if row else 0


def coworker_connects(place: Place) -> Callable[[str, str], Connection]:
    """How a desktop connects to a place."""
    return lambda login, password: connect(place, login, password)


def departments_of(names: Sequence[str]) -> tuple[str, ...]:
    """Department names as typed, each once, in order."""
    tidy = (" ".join(name.split()) for name in names)
    return tuple(dict.fromkeys(name for name in tidy if name))
