"""peewee over handles that are open already, and without the drivers of other databases.

It imports those wherever it finds them; PostgreSQL's, which the team directory brings along, takes as long to import as
all the rest of the store, and 10 MB.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

_OTHERS: Final = ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb")


class _Hidden:
    """Finds no drivers for the thread that made it. Others may be importing them: a team's worker does."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in _OTHERS and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"{name} is not for the store", name=name)


_hidden: Any = _Hidden()
sys.meta_path.insert(0, _hidden)
try:
    import peewee as peewee  # for the models: given on, so that nobody else imports it first
finally:
    sys.meta_path.remove(_hidden)


class Query(Protocol):
    """A peewee query."""

    def execute(self, database: Any = None) -> Any:
        """Run it on a database."""


class Peewee(peewee.SqliteDatabase):
    """Runs queries on a handle that somebody else opened and closes."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        super().__init__(":memory:", thread_safe=False)
        self.connect()

    def _connect(self) -> sqlite3.Connection:
        return self._raw

    def rows(self, query: Query) -> list[Any]:
        """All rows of a query."""
        with _plain_errors():
            return list(query.execute(self))

    def touched(self, query: Query) -> int:
        """Run an insert, update or delete; gives how many rows it touched."""
        with _plain_errors():
            return int(query.execute(self) or 0)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Raise what SQLite said, not what peewee calls it."""
    try:
        yield
    except peewee.PeeweeException as error:
        cause = error.__cause__ or error.__context__
        if isinstance(cause, sqlite3.Error):
            raise cause from error
        raise
