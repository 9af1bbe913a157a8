"""The way back: which backup can be used, and putting it in the place of a damaged database."""

from __future__ import annotations

import logging
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ringdesk.domain.status import Finding, Health, StoreError
from ringdesk.store.backup import DAY, STAMP, Backup, backups, sync
from ringdesk.store.checkup import checkup
from ringdesk.store.database import translated

log = logging.getLogger(__name__)

LATE: Final = 3 * DAY


@dataclass(frozen=True, slots=True)
class Offer:
    """A backup that was checked and can be restored, and what is in it."""

    backup: Backup
    contacts: int
    calls: int


def offer(database: Path) -> Offer | None:
    """The newest backup that is whole, or None. Reads it all: not for the Qt thread."""
    for one in backups(database):
        try:
            contacts, calls = checkup(one.path)
        except StoreError as error:
            log.warning("backup %s cannot be used: %s", one.path.name, error.trouble.value)
        else:
            return Offer(one, contacts, calls)
    return None


def restore(database: Path, backup: Backup, now: float) -> Path:
    """Put a backup in the place of the database, which nobody has open; gives where the old file was set aside.

    The old file keeps its place until the new one takes it at one stroke. Its log goes first: left there, it would
    be read into the new file.
    """
    checkup(backup.path)
    stamp = time.strftime(STAMP, time.gmtime(now))
    aside = database.with_name(f"{database.name}.damaged-{stamp}")
    part = database.with_name(f"{database.name}.restoring")
    with translated(database):
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        shutil.copyfile(backup.path, part)
        sync(part)
        if database.exists():
            _second_name(database, aside)
        for end in ("-wal", "-shm", "-journal"):
            beside = database.with_name(database.name + end)
            if beside.exists():
                beside.replace(aside.with_name(aside.name + end))
        sync(database.parent)
        part.replace(database)
        sync(database.parent)
    log.warning("restored %s; the old file is %s", backup.path.name, aside.name)
    return aside


def _second_name(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError:  # a file system without links
        shutil.copyfile(file, name)
        sync(name)


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
                       "Delete this file; RingDesk then makes a new backup.")  # fmt: skip
    size = sum(one.path.stat().st_size for one in found) / 1e6
    seen = f"{newest.path}, {hours:.0f} hours old, {contacts} contacts, {calls} calls, intact; {len(found)} kept, {size:.1f} MB"  # noqa: E501
    if now - newest.at > LATE:
        return Finding("backup", Health.NOTE, seen, "It is old. Leave RingDesk running, and look for room on the disk.")
    return Finding("backup", Health.GOOD, seen)
