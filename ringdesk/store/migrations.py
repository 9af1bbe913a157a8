"""Brings a database to the newest schema: numbered frozen SQL, each step in a transaction of its own.

`foreign_keys` goes off before BEGIN, because inside a transaction the pragma does nothing and a rebuilt table would
take its child rows with it. A step is kept only when the whole file checks out.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.domain.values import dataclass
from ringdesk.store.database import APPLICATION_ID, Connection, check_head

log = logging.getLogger(__name__)

SCHEMA: Final = Path(__file__).with_name("schema")


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered schema change."""

    version: int
    sql: str


def steps(folder: Path = SCHEMA) -> Sequence[Step]:
    """All schema changes in order; the numbers are 1, 2, 3 without a gap."""
    found = [Step(int(file.name[:3]), file.read_text("utf-8")) for file in sorted(folder.glob("[0-9]*.sql"))]
    numbers = [step.version for step in found]
    if numbers != list(range(1, len(found) + 1)):
        raise ValueError(f"schema files are not numbered 1..n: {numbers}")
    return found


def migrate(connection: Connection, todo: Sequence[Step] | None = None) -> int:
    """Bring the database to the newest schema; gives how many steps were taken.

    Before the first step on a database with content, a copy is put beside it (`NAME.before-N`). A step that fails is
    taken back whole, and the steps before it stay.
    """
    todo = steps() if todo is None else todo
    version = check_head(connection, len(todo))
    waiting = [step for step in todo if step.version > version]
    if waiting and version:
        connection.copy_to(connection.path.with_name(f"{connection.path.name}.before-{waiting[0].version}"))
    return sum(_take(connection, step) for step in waiting)


def _take(connection: Connection, step: Step) -> bool:
    """Take a step, unless another program over the same file has taken it meanwhile; gives whether it was taken."""
    connection.run("PRAGMA foreign_keys = OFF")
    try:
        with connection.transaction():
            if int(connection.value("PRAGMA user_version")) >= step.version:
                return False
            log.info("schema step %d", step.version)
            for statement in _statements(step.sql):
                connection.run(statement)
            connection.run(f"PRAGMA user_version = {step.version}")
            connection.run(f"PRAGMA application_id = {APPLICATION_ID}")
            _check(connection)
    finally:
        connection.run("PRAGMA foreign_keys = ON")
    return True


def _check(connection: Connection) -> None:
    if broken := connection.rows("PRAGMA foreign_key_check"):
        raise StoreError(StoreTrouble.CORRUPT, f"{len(broken)} broken references", str(connection.path))
    answer = connection.value("PRAGMA integrity_check")
    if answer != "ok":
        raise StoreError(StoreTrouble.CORRUPT, str(answer), str(connection.path))


def _statements(sql: str) -> list[str]:
    """The single statements of a script; `executescript` would commit the transaction they belong to."""
    found: list[str] = []
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    if pending.strip() and not all(line.strip().startswith("--") or not line.strip() for line in pending.splitlines()):
        raise ValueError(f"unfinished statement: {pending.strip()[:60]!r}")
    return found
