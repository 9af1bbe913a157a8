"""Nobody pays for accounts who has none: a start without one imports neither the engine nor any provider."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HEAVY = (
    "googleapiclient",
    "google",
    "google.auth",
    "google_auth_oauthlib",
    "oauthlib",
    "requests",
    "keyring",
    "msgspec",
    "psycopg",
    "ringdesk.sync.engine",
    "ringdesk.sync.worker",
    "ringdesk.store.replicas",
    "ringdesk.providers.google.people",
)
RUN = """
import json, sys
from pathlib import Path
from ringdesk.app.main import Options, run
status = run(Options(data=Path(sys.argv[1]), exit_after=3.0))
print(json.dumps([status, sorted(sys.modules)]))
"""


def test_a_start_without_an_account_imports_nothing_of_accounts(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    status, modules = json.loads(done.stdout.splitlines()[-1])
    assert status == 0
    assert "ringdesk.app.accounts" in modules
    assert "ringdesk.store.store" in modules
    assert [name for name in HEAVY if name in modules] == []
