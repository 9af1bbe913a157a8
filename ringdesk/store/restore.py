"""The way back: which backup can be used, and putting it in the place of a damaged database.

A restore is decided by one rename: before it nothing of the old state was touched, after it the next start finishes
what this one began. So a kill at any moment leaves either the old database with its log, or the backup in its place
and the old one set aside.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ringdesk.domain.status import Finding, Health, StoreError
from ringdesk.store.backup import DAY, STAMP, Backup, backups, sync
from ringdesk.store.checkup import checkup
from ringdesk.store.database import Connection, ready_of, translated

log = logging.getLogger(__name__)

LATE: Final = 3 * DAY


@dataclass(frozen=True, slots=True)
class Since:
    """What the damaged database shows that is later than the backup, and would be missing."""

    saves: int
    notes: int
    calls: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A backup that was checked and can be restored, and what is in it; `since` None where nobody can tell."""

    backup: Backup
    contacts: int
    calls: int
    since: Since | None = None


def offer(database: Path) -> Offer | None:
    """The newest backup that is whole, or None. Reads it all: not for the Qt thread."""
    for one in backups(database):
        try:
            contacts, calls = checkup(one.path)
        except StoreError as error:
            log.warning("backup %s cannot be used: %s", one.path.name, error.trouble.value)
        else:
            return Offer(one, contacts, calls, _since(database, one.at))
    return None


def _since(database: Path, at: float) -> Since | None:
    """What was saved after a moment, as far as the damaged file can still be read."""
    count = "SELECT (SELECT count(*) FROM batch WHERE at > :ms), (SELECT count(*) FROM note WHERE at > :ms)"
    try:
        connection = Connection(database, write=False)
        try:
            saves, notes = connection.rows(count.replace(":ms", str(int(at * 1000))))[0]
            return Since(saves, notes, connection.value("SELECT count(*) FROM call WHERE started > ?", (at,)))
        finally:
            connection.close()
    except (StoreError, sqlite3.Error) as error:
        log.info("what is later than the backup cannot be read: %s", error)
        return None


def restore(database: Path, backup: Backup, now: float) -> Path:
    """Put a backup in the place of the database, which nobody has open; gives where the old file was set aside."""
    checkup(backup.path)
    now = _free(database, now)
    part = database.with_name(f"{database.name}.restoring")
    with translated(database):
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        shutil.copyfile(backup.path, part)
        os.utime(part, (now, now))
        sync(part)
        part.replace(ready_of(database))  # from here on it is decided
        sync(database.parent)
    log.warning("restoring %s", backup.path.name)
    return finish(database)


def finish(database: Path) -> Path:
    """Do what is left of a restore that was decided; gives where the old file was set aside.

    The log goes first: beside the new file it would be read into it. The database keeps its place until the new one
    takes it at one stroke.
    """
    ready = ready_of(database)
    with translated(database):
        aside = aside_of(database, ready.stat().st_mtime)
        _lay_aside(database, aside)
        if database.exists() and not aside.exists():
            _second_name(database, aside)
        sync(database.parent)
        ready.replace(database)
        sync(database.parent)
    log.warning("restored; the old file is %s", aside.name)
    return aside


def set_aside(database: Path, now: float) -> Path:
    """Move a database that cannot be used out of the way, so that an empty one can be made; gives where it is."""
    aside = aside_of(database, _free(database, now))
    with translated(database):
        _lay_aside(database, aside)
        if database.exists():
            database.replace(aside)
        sync(database.parent)
    log.warning("the database was set aside: %s", aside.name)
    return aside


def aside_of(database: Path, at: float) -> Path:
    """Where a database goes that was found damaged."""
    return database.with_name(f"{database.name}.damaged-{time.strftime(STAMP, time.gmtime(at))}")


def _free(database: Path, at: float) -> float:
    """The next second in whose name nothing was set aside yet: two in one second are two files."""
    while aside_of(database, at).exists():
        at += 1.0
    return at


def _lay_aside(database: Path, aside: Path) -> None:
    """Move what lies beside a database to where the database will go itself."""
    for end in ("-wal", "-shm", "-journal"):
        beside = database.with_name(database.name + end)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + end))


def _second_name(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError:  # a file system without links
        part = name.with_name(f"{name.name}.part")
        shutil.copyfile(file, part)
        sync(part)
        part.replace(name)


def finding(database: Path, now: float) -> Finding:
    """The doctor's line: how old the newest backup is, and whether it is whole."""
    found = backups(database)
    if not found:
        return Finding("backup", Health.NOTE, "none yet", "RingDesk makes one a day while it runs; leave it running.")
    newest, hours = found[0], (now - found[0].at) / 3600
    try:
        contacts, calls = checkup(newest.path)
    except StoreError as error:
        return Finding("backup", Health.BAD, f"{newest.path}: {error.trouble.value}: {error.detail}",
                       "Delete this file; RingDesk then makes a new backup.")  # several to a line  # fmt: skip
    size = sum(one.path.stat().st_size for one in found) / 1e6
    held = f"{contacts} contacts, {calls} calls, intact; {len(found)} kept, {size:.1f} MB"
    seen = f"{newest.path}, {hours:.0f} hours old, {held}"
    if now - newest.at > LATE:
        return Finding("backup", Health.NOTE, seen, "It is old. Leave RingDesk running, and look for room on the disk.")
    return Finding("backup", Health.GOOD, seen)
