"""The real program is killed while a note is typed into its pop: at the next start the note is on the contact."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ringdesk.store.database import Connection
from tests.e2e.kills import ROOT, Running, environment, kill, until
from tests.store.kit import integrity


def texts(database: Path, table: str) -> list[str]:
    """What another process reads there; nothing while there is no database."""
    if not database.exists():
        return []
    connection = Connection(database, write=False)
    found = [text for (text,) in connection.rows(f"SELECT text FROM {table}")]
    connection.close()
    return found


def test_a_note_survives_a_kill_while_it_is_typed(tmp_path: Path) -> None:
    running = Running(tmp_path)
    database = running.here.database
    command = [sys.executable, "-m", "tests.e2e.note_process", str(running.here.data)]
    writer = subprocess.Popen(command, cwd=ROOT, env={**environment(tmp_path), "TMPDIR": str(tmp_path)})
    try:
        until(lambda: "draft" in tables(database) and len("".join(texts(database, "draft"))) > 20, "a draft is kept")
        shown = texts(database, "draft")[0]
    finally:
        kill(writer)
    assert integrity(database) == "ok"
    with running.started():
        until(lambda: bool(texts(database, "note")), "the note is on the contact")
        [note] = texts(database, "note")
        until(lambda: texts(database, "draft") == [], "the draft has gone")
    assert note.startswith(shown.strip())


def tables(database: Path) -> list[str]:
    """Which there are."""
    if not database.exists():
        return []
    connection = Connection(database, write=False)
    found = [name for (name,) in connection.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    connection.close()
    return found
