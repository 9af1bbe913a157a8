"""Looks after the database file: is it whole, and does its log stay short. Not for the Qt thread."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store.database import WAL_BYTES, Connection, translated

WEEK: Final = 7 * 86_400.0
BUSY: Final = 100
"""Milliseconds a check waits for another connection before it leaves the matter to the next round."""

STEPS: Final = 100_000
"""Steps of SQLite between two questions whether to stop; some ten milliseconds."""

Check = Literal["quick_check", "integrity_check"]
Stop = Callable[[], bool]


def look(database: Path, check: Check, stop: Stop = lambda: False) -> bool:
    """Read the whole file; False where it was told to stop. Raises StoreError, CORRUPT where it is damaged.

    The quick check leaves out whether every index agrees with its table.
    """
    connection = Connection(database, write=False, busy=BUSY)
    try:
        return sound(connection, check, stop)
    finally:
        connection.close()


def sound(connection: Connection, check: Check, stop: Stop) -> bool:
    """The same on a connection that is open."""
    connection.raw.set_progress_handler(lambda: int(stop()), STEPS)
    try:
        said = [str(line) for (line,) in connection.rows(f"PRAGMA {check}(5)")]
    except sqlite3.OperationalError:
        if stop():
            return False
        raise
    finally:
        connection.raw.set_progress_handler(None, 0)
    if said != ["ok"]:
        raise StoreError(StoreTrouble.CORRUPT, "; ".join(said)[:500], str(connection.path))
    return True


def check_due(database: Path, now: float) -> bool:
    """Whether the thorough check was not done for a week. A mark from the future counts for nothing."""
    try:
        done = _mark(database).stat().st_mtime
    except OSError:
        return True
    return not done <= now < done + WEEK


def check_done(database: Path, now: float) -> None:
    """Remember when the thorough check was done."""
    mark = _mark(database)
    with translated(mark):
        mark.touch(mode=0o600)
        os.utime(mark, (now, now))


def _mark(database: Path) -> Path:
    return database.with_name(f"{database.name}.checked")


def checkpoint(database: Path) -> bool:
    """Bring the log into the database, and cut it where it has grown long; True where nothing is left to bring.

    SQLite does this by itself every thousand pages of writing, unless a reader was in the way; then the log grows.
    The passive way waits for nobody. Only a log that is longer than it may stay is cut, which keeps the writer
    waiting for a moment.
    """
    connection = Connection(database, write=True, busy=BUSY)
    try:
        done = _bring(connection, "PASSIVE")
        if done and log_bytes(database) > WAL_BYTES:
            done = _bring(connection, "TRUNCATE")
    finally:
        connection.close()
    return done


def _bring(connection: Connection, how: Literal["PASSIVE", "TRUNCATE"]) -> bool:
    busy, pages, brought = connection.rows(f"PRAGMA wal_checkpoint({how})")[0]
    return not busy and bool(pages == brought)


def log_bytes(database: Path) -> int:
    """How long the log is."""
    try:
        return database.with_name(f"{database.name}-wal").stat().st_size
    except OSError:
        return 0
