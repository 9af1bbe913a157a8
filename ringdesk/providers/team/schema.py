"""Brings a database to the newest schema of the team directory: numbered SQL files, one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from psycopg import sql

from ringdesk.providers.team.link import Connection, translated
from ringdesk.providers.team.trouble import TeamError, TeamTrouble

_LOCK: Final = 7_263_480_001
"""Two set-ups at once wait for each other."""
_MAY_LOCK: Final = "select has_function_privilege('pg_catalog.pg_advisory_xact_lock(bigint)', 'execute')"
"""Where a superuser has closed that door (step 0), a set-up role that is none may lock as rd_owner only."""


@dataclass(frozen=True, slots=True)
class Step:
    """One SQL file of the schema."""

    version: int
    name: str
    text: str


@cache
def steps() -> tuple[Step, ...]:
    """All steps in order; step 0 is the one that runs every time."""
    files = sorted((Path(__file__).parent / "schema").glob("[0-9][0-9][0-9]_*.sql"))
    return tuple(Step(int(file.name[:3]), file.stem[4:], file.read_text("utf-8")) for file in files)


def newest() -> int:
    """The schema version this RingDesk brings."""
    return steps()[-1].version


def version(connection: Connection) -> int:
    """The version a database has, 0 for none. Needs the set-up role."""
    with translated():
        there = connection.execute("select to_regclass('rd.schema_step')::text").fetchone()
        if there is None or there[0] is None:
            return 0
        row = connection.execute("select coalesce(max(version), 0) from rd.schema_step").fetchone()
    return int(row[0]) if row else 0


def apply(connection: Connection) -> int:
    """Bring the database to the newest schema and close its doors; gives how many steps were missing.

    One transaction: a database is as it was, or whole. Raises TeamError VERSION where it is newer than this RingDesk.
    """
    first, *rest = steps()
    with translated(), connection.transaction():
        connection.execute("set local lock_timeout = '20s'")
        if connection.execute(_MAY_LOCK).fetchone() == (True,):
            connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute(first.text.encode())
        connection.execute("set local role rd_owner")
        connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        found = version(connection)
        if found > newest():
            raise TeamError(TeamTrouble.VERSION, f"the directory has schema {found}, this RingDesk knows {newest()}")
        missing = [step for step in rest if step.version > found]
        for step in missing:
            connection.execute(step.text.encode())
            connection.execute(
                sql.SQL("insert into rd.schema_step (version, name) values ({}, {})").format(step.version, step.name)
            )
        connection.execute("reset role")
    return len(missing)
