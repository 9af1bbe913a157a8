"""peewee comes without the drivers of other databases, for others as well as before, and is not there until needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ringdesk.store import tables
from ringdesk.store.database import connect

ALONE = """
import sys
from pathlib import Path
import ringdesk.store.store
assert "peewee" not in sys.modules
import ringdesk.store.models, peewee
assert peewee.psycopg is None and "psycopg" not in sys.modules
assert peewee.psycopg2 is None and not any(name.startswith("psycopg") for name in sys.modules)
import psycopg
"""

BESIDE = """
import sys, threading
found = []
class Meanwhile:
    def find_spec(self, name, path=None, target=None):
        if name == "peewee":
            hidden = sys.meta_path[0]
            found.append("psycopg" in sys.modules)
            team = threading.Thread(target=lambda: found.append(hidden.find_spec("psycopg")))
            team.start()
            team.join()
sys.meta_path.insert(0, Meanwhile())
import ringdesk.store.models
assert found == [False, None], found
"""


@pytest.mark.parametrize("story", [ALONE, BESIDE])
def test_peewee_comes_late_without_drivers_and_hides_them_from_nobody_else(story: str) -> None:
    done = subprocess.run([sys.executable, "-c", story], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_peewee_does_is_part_of_the_transaction_around_it(tmp_path: Path) -> None:
    connection = connect(tmp_path / "one.db", write=True, busy=100)
    connection.run("CREATE TABLE draft (call TEXT PRIMARY KEY, text TEXT, at INTEGER)")
    connection.run("BEGIN IMMEDIATE")
    connection.apply(tables.Draft.insert(call="1", text="lost", at=1))
    assert connection.fetch(tables.Draft.select(tables.Draft.text).tuples()) == [("lost",)]
    connection.run("ROLLBACK")
    assert connection.fetch(tables.Draft.select().tuples()) == []
    connection.close()
    connection.close()
