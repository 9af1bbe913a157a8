"""A look at a database from outside, for the doctor: nothing is changed."""

from __future__ import annotations

from pathlib import Path

from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store.database import Connection, check_head
from ringdesk.store.migrations import steps


def checkup(path: Path) -> tuple[int, int]:
    """Check the whole file; gives how many contacts and calls it holds. Raises StoreError where it is not sound."""
    connection = Connection(path, write=False)
    try:
        check_head(connection, len(steps()))
        said = connection.value("PRAGMA quick_check(1)")
        if said != "ok":
            raise StoreError(StoreTrouble.CORRUPT, str(said)[:200], str(path))
        contacts = connection.value("SELECT count(*) FROM contact")
        calls = connection.value("SELECT count(*) FROM call")
    finally:
        connection.close()
    return int(contacts), int(calls)
