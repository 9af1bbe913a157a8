"""`ringdesk doctor`: looks at everything RingDesk needs and says what to do."""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ringdesk import __version__, settings
from ringdesk.app.places import Places, places
from ringdesk.domain.status import Finding, Health, StoreError, StoreTrouble
from ringdesk.domain.words import for_display
from ringdesk.vault.probe import Keyring, probe

MARKS: Final = {Health.GOOD: "ok  ", Health.NOTE: "note", Health.BAD: "BAD "}
PACKAGES: Final = ("PySide6-Essentials", "qasync", "peewee", "keyring", "phonenumbers")


def add_parser(subparsers: Any) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("doctor", help="look at everything RingDesk needs and say what to do")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder to look at")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Print the findings; the status is 1 when something is bad."""
    here = places(options.data)
    worst = Health.GOOD
    for finding in findings(here):
        print(f"{MARKS[finding.health]}  {finding.what}: {finding.seen}")
        if finding.advice:
            print(f"      {finding.advice}")
        if finding.health is Health.BAD:
            worst = Health.BAD
    return int(worst is Health.BAD)


def findings(here: Places) -> Iterator[Finding]:
    """Everything there is to say, in the order of the report."""
    yield Finding(
        "RingDesk", Health.GOOD, f"{__version__} on Python {platform.python_version()}, {platform.platform()}"
    )
    yield from _versions()
    yield from _desktop()
    yield _keyring()
    chosen = _settings(here)
    if isinstance(chosen, Finding):
        yield chosen
        chosen = settings.Settings()
    yield _store(here)
    yield _backup(here)
    yield from _phones(here, chosen)


def _versions() -> Iterator[Finding]:
    found = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    yield Finding("packages", Health.GOOD, f"{found}")
    if sys.version_info[:2] not in ((3, 11), (3, 12), (3, 13)):
        yield Finding("Python", Health.NOTE, "not a version RingDesk was tested with", "Use Python 3.11 to 3.13.")


def _desktop() -> Iterator[Finding]:
    from ringdesk.ui.desktop.checks import findings as desktop_findings

    yield from desktop_findings()


_KEYRING: Final = {
    Keyring.GOOD: (Health.GOOD, "keeps secrets", ""),
    Keyring.NONE: (
        Health.NOTE,
        "none that keeps secrets",
        "Install and unlock GNOME Keyring or KWallet; without one, accounts are connected anew at every start.",
    ),
    Keyring.LOCKED: (Health.NOTE, "locked", "Unlock it, or log in to the desktop again."),
    Keyring.SILENT: (Health.NOTE, "does not answer", "Look for a window that asks for a password."),
    Keyring.BROKEN: (Health.BAD, "lost what it was given", "Repair it; until then no account stays connected."),
}


def _keyring() -> Finding:
    found = probe()
    health, seen, advice = _KEYRING[found.found]
    told = [text for text in (found.name, seen, found.detail) if text]
    return Finding("keyring", health, ", ".join(told), advice)


def _settings(here: Places) -> settings.Settings | Finding:
    try:
        return settings.load(here.data)
    except settings.SettingsError as error:
        return Finding(
            "settings", Health.BAD, str(error), "At its next start RingDesk sets the file aside and uses defaults."
        )


_RESCUE: Final = "Nothing was changed. Start RingDesk: it offers the newest sound backup and keeps this file."
_ADVICE: Final = {
    StoreTrouble.LOCKED: "Another program holds it: close that, then look again.",
    StoreTrouble.READ_ONLY: "Allow writing in that folder.",
    StoreTrouble.NEWER: "Nothing was changed. Install the newer RingDesk that made it.",
    StoreTrouble.CORRUPT: _RESCUE,
    StoreTrouble.NOT_OURS: _RESCUE,
    StoreTrouble.UNREACHABLE: "See that you may read it, and that its disk is there.",
}
_NO_BACKUP: Final = "Nothing was changed, and there is no backup."
_WITHOUT_BACKUP: Final = {
    StoreTrouble.CORRUPT: f"{_NO_BACKUP} Start RingDesk: it offers to begin with no contacts and keeps this file.",
    StoreTrouble.NOT_OURS: f"{_NO_BACKUP} Move that file away, or name another folder with --data.",
}
"""What differs where RingDesk has nothing to offer."""


def _advice(database: Path, trouble: StoreTrouble) -> str:
    from ringdesk.store.backup import backups

    known = _ADVICE if backups(database) else {**_ADVICE, **_WITHOUT_BACKUP}
    return known.get(trouble, "Nothing was changed. Ask for help with this line.")


def _store(here: Places) -> Finding:
    from ringdesk.store.checkup import checkup

    if here.data.exists() and not here.data.is_dir():
        return Finding(
            "store", Health.BAD, f"{here.data} is no folder", "Move that file, or name a folder with --data."
        )
    if not here.database.exists():
        return Finding("store", Health.GOOD, f"none yet; it will be {here.database}")
    try:
        contacts, calls = checkup(here.database)
    except StoreError as error:
        seen = f"{here.database}: {error.trouble.value}: {for_display(error.detail, 200)}"
        return Finding("store", Health.BAD, seen, _advice(here.database, error.trouble))
    size = here.database.stat().st_size / 1e6
    return Finding("store", Health.GOOD, f"{here.database}, {size:.1f} MB, {contacts} contacts, {calls} calls, intact")


def _backup(here: Places) -> Finding:
    from ringdesk.store.restore import finding

    return finding(here.database, time.time())


def _phones(here: Places, chosen: settings.Settings) -> Iterator[Finding]:
    from ringdesk.feed.sources.baresip import probe as ask_baresip

    if here.socket.exists():
        yield Finding("local feed", Health.GOOD, f"{here.socket}: post events with 'ringdesk call'")
    else:
        yield Finding("local feed", Health.NOTE, "RingDesk is not running", f"It will listen at {here.socket}.")
    for source in chosen.sources:
        if source.enabled and source.kind == "baresip":
            yield asyncio.run(ask_baresip(source.host, source.port))
    if not chosen.sources:
        yield Finding("phones", Health.NOTE, "none set up", "Settings > Phone, or post events from any script.")
