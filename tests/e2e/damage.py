"""A data folder with contacts, a backup and a damaged database."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Final

from ringdesk.domain.contact import Me, Origin
from ringdesk.store.backup import Backup, make
from tests.store.kit import card, open_store

BACKED_UP: Final = 400
"""Contacts in the backup; enough that a reader does not have them all in its memory."""

MADE: Final = 1_790_000_000.0


def filled(database: Path) -> Backup:
    """A database with contacts, and its backup."""
    opened = open_store(database)
    for n in range(BACKED_UP):
        opened.store.writes.add(
            card(f"Ana{n} Gil{n}", f"+4420794{n:05}", note="lorem ipsum " * 40), origin=Origin.HAND, owner=Me()
        ).result()
    made = make(database, MADE, threading.Event())
    assert made is not None
    opened.store.close()
    return made


def damage(database: Path, first: int = 0) -> bytes:
    """Overwrite the file from a page on with something else, as a dying disk does; gives what it holds now."""
    with database.open("r+b") as file:
        file.seek(4096 * first)
        file.write(os.urandom(database.stat().st_size - 4096 * first))
    return database.read_bytes()
