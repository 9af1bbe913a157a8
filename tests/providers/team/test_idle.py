"""Whoever is in no team pays nothing for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.e2e.kills import ROOT, environment

LOOK = """
import sys, json
from pathlib import Path
from PySide6.QtWidgets import QApplication
import asyncio, qasync
from tests.e2e.program import Program

app = QApplication([])
program = Program(Path(sys.argv[1]), app)
loop = qasync.QEventLoop(app, already_running=False)
asyncio.set_event_loop(loop)

async def live():
    await program.start()
    await program.person("Harriet", "Patel", "020 7946 0777")
    program.front.window.show()
    await program.front.stop()

with loop:
    loop.run_until_complete(live())
team = ("psycopg", "ringdesk.providers.team", "ringdesk.sync", "ringdesk.store.shared", "ringdesk.store.joined",
        "ringdesk.store.team", "ringdesk.app.team", "ringdesk.ui.team", "ringdesk.store.replicas")
print(json.dumps([name for name in sorted(sys.modules) if name.startswith(team)]))
"""


def test_nothing_of_the_team_is_imported_without_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path / "data")],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    assert not (tmp_path / "data" / "shared.db").exists()
