"""peewee without the drivers of other databases, which it imports wherever it finds them.

PostgreSQL's, which the team directory brings along, takes as long to import as all the rest of the store, and 10 MB.
"""

from __future__ import annotations

import sys
from typing import Any, Final

_OTHERS: Final = ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb")


def _import_peewee() -> None:
    modules: dict[str, Any] = sys.modules
    hidden = [name for name in _OTHERS if name not in modules]
    modules.update(dict.fromkeys(hidden))  # None says: not to be imported
    try:
        import peewee  # noqa: F401  # so that it is imported now, without the drivers
    finally:
        for name in hidden:
            del modules[name]


_import_peewee()
