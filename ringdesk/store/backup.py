"""Backups of what is the user's own: one a day, seven kept, each checked before it counts.

Only this one database is copied. Coworkers' contacts lie in a file of their own and are never backed up here.
"""

from __future__ import annotations

import calendar
import logging
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.domain.values import dataclass
from ringdesk.store.ballast import SIZE
from ringdesk.store.database import Connection, translated
from ringdesk.store.health import sound

log = logging.getLogger(__name__)

KEPT: Final = 7
DAY: Final = 86_400.0
PAGES: Final = 64
"""Pages copied in one step: a quarter of a megabyte."""

PAUSE: Final = 0.002
"""Seconds between two steps, so that the disk is never the backup's alone."""

STAMP: Final = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: its file, and when it was made."""

    path: Path
    at: float


def folder_of(database: Path) -> Path:
    """Where the backups of a database lie."""
    return database.parent / "backups"


def backups(database: Path) -> Sequence[Backup]:
    """All backups of a database, newest first."""
    found: list[Backup] = []
    for file in folder_of(database).glob(f"{database.stem}-*.db"):
        with suppress(ValueError):
            stamp = time.strptime(file.stem.removeprefix(f"{database.stem}-"), STAMP)
            found.append(Backup(file, float(calendar.timegm(stamp))))
    return sorted(found, key=lambda one: one.at, reverse=True)


def due(database: Path, now: float) -> bool:
    """Whether the last day has no backup. One from the future does not count: the clock was wrong then, or is now."""
    return not any(one.at <= now < one.at + DAY for one in backups(database))


def make(database: Path, now: float, stopping: threading.Event) -> Backup | None:
    """Copy the database as it is at this moment, check the copy, and let the oldest go; None where it was stopped.

    The writer is never kept waiting. Raises StoreError: NO_BACKUP with the folder's path where there is no room,
    CORRUPT where the copy is not whole; the backups that are there stay then.
    """
    folder = folder_of(database)
    target = folder / f"{database.stem}-{time.strftime(STAMP, time.gmtime(now))}.db"
    part = target.with_name(f"{target.name}.part")
    with translated(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        for left in folder.glob("*.part*"):
            left.unlink()
    try:
        if not _copy(database, part, stopping):
            return None
        with translated(folder):
            part.replace(target)
            sync(folder)
    except StoreError as error:
        if error.trouble is not StoreTrouble.FULL:
            raise
        raise StoreError(StoreTrouble.NO_BACKUP, error.detail, str(folder)) from error
    finally:
        part.unlink(missing_ok=True)
    made = Backup(target, float(int(now)))
    others = [one for one in backups(database) if one.path != target]
    for old in others[KEPT - 1 :]:
        log.info("backup %s goes", old.path.name)
        old.path.unlink(missing_ok=True)
    return made


def _copy(database: Path, part: Path, stopping: threading.Event) -> bool:
    source = Connection(database, write=False)
    try:
        _room(source, part.parent)
        source.run("BEGIN")
        source.value("SELECT count(*) FROM meta")  # from here on it sees one state, whatever is written meanwhile
        with translated(part.parent):
            part.touch(mode=0o600)
            with closing(sqlite3.connect(part)) as copy:
                source.raw.backup(copy, pages=PAGES, progress=_stepping(stopping))
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, no log beside it
        source.run("ROLLBACK")
    except _StoppedError:
        return False
    finally:
        source.close()
    copied = Connection(part, write=False)
    try:
        return sound(copied, "integrity_check", stopping.is_set)
    except StoreError as error:
        raise StoreError(error.trouble, error.detail, str(database)) from error
    finally:
        copied.close()


class _StoppedError(Exception):
    """RingDesk is ending."""


def _stepping(stopping: threading.Event) -> Callable[[int, int, int], None]:
    def step(status: int, left: int, of: int) -> None:
        if left and stopping.wait(PAUSE):
            raise _StoppedError

    return step


def _room(source: Connection, folder: Path) -> None:
    """The copy must leave room for the work of the day."""
    needed = source.value("PRAGMA page_count") * source.value("PRAGMA page_size") + SIZE
    with translated(folder):
        free = shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(StoreTrouble.NO_BACKUP, f"a backup needs {needed} bytes, {free} are free", str(folder))


def sync(path: Path) -> None:
    """Make a file or a folder's names safe; Windows syncs folders by itself."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
