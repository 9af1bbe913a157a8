"""The store does not drag in drivers of databases it never uses."""

from __future__ import annotations

import subprocess
import sys


def test_store_imports_no_driver_of_another_database_and_hides_none() -> None:
    code = "import ringdesk.store.store, sys; print([n for n in sys.modules if n.startswith(('psycopg', 'pymysql'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
