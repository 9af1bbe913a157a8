"""The store on a simulated disk, from power on to power off.

The store speaks to Python's sqlite3; `Handle` and `Cursor` offer the calls it uses over apsw, and fail with sqlite3's
errors and their codes. All else is the real code of the store. SQLite is apsw's own build here, not the one of
Python's sqlite3. Reads go through the write connection (see `vfs`), so a read sees what a transaction in progress did;
writes are inline, so there is none while a test reads.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import apsw

from ringdesk.store.database import Connection
from tests.disk.media import Disk
from tests.disk.vfs import Vfs

DATABASE: Final = Path("/disk/ringdesk.db")
"""Where the database lies on a simulated disk."""

_CHANGING: Final = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_KINDS: Final[dict[int, type[sqlite3.Error]]] = {
    apsw.SQLITE_CONSTRAINT: sqlite3.IntegrityError,
    apsw.SQLITE_CORRUPT: sqlite3.DatabaseError,
    apsw.SQLITE_NOTADB: sqlite3.DatabaseError,
    apsw.SQLITE_TOOBIG: sqlite3.DataError,
}


@contextmanager
def _as_sqlite3_says() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        raise _error_of(error) from error


@cache
def _changing(sql: str) -> bool:
    """Whether a statement tells how many rows it touched."""
    return sql.lstrip()[:7].upper().startswith(_CHANGING)


def _error_of(error: apsw.Error) -> sqlite3.Error:
    primary = getattr(error, "result", apsw.SQLITE_ERROR)
    said = _KINDS.get(primary, sqlite3.OperationalError)(str(error))
    said.sqlite_errorcode = getattr(error, "extendedresult", primary)
    return said


class Cursor:
    """As much of sqlite3.Cursor as the store and peewee use."""

    __slots__ = ("_cursor", "_handle", "lastrowid", "rowcount")

    def __init__(self, handle: apsw.Connection) -> None:
        self._handle = handle
        self._cursor = handle.cursor()
        self.rowcount = -1
        self.lastrowid: int | None = None

    @property
    def description(self) -> Any:
        try:
            return self._cursor.get_description()
        except apsw.ExecutionCompleteError:
            return None

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        try:
            self._cursor.execute(sql, tuple(values))
        except apsw.Error as error:
            raise _error_of(error) from error
        return self._done(sql)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        try:
            self._cursor.executemany(sql, [tuple(row) for row in rows])
        except apsw.Error as error:
            raise _error_of(error) from error
        return self._done(sql)

    def fetchone(self) -> Any:
        try:
            return self._cursor.fetchone()
        except apsw.Error as error:
            raise _error_of(error) from error

    def fetchall(self) -> list[Any]:
        try:
            return self._cursor.fetchall()
        except apsw.Error as error:
            raise _error_of(error) from error

    def __iter__(self) -> Iterator[Any]:
        while (row := self.fetchone()) is not None:
            yield row

    def close(self) -> None:
        with _as_sqlite3_says():
            self._cursor.close(True)

    def _done(self, sql: str) -> Cursor:
        if _changing(sql):
            self.rowcount = self._handle.changes()
            self.lastrowid = self._handle.last_insert_rowid()
        return self


class Handle:
    """As much of sqlite3.Connection as the store and peewee use."""

    def __init__(self, path: str, vfs: str) -> None:
        with _as_sqlite3_says():
            self.apsw = apsw.Connection(path, vfs=vfs, statementcachesize=1000)
        self._open = True

    @property
    def in_transaction(self) -> bool:
        return self._open and self.apsw.in_transaction

    def cursor(self) -> Cursor:
        return Cursor(self.apsw)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        return self.cursor().execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        return self.cursor().executemany(sql, rows)

    def rollback(self) -> None:
        if self.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        """Close it; harmless when closed."""
        if self._open:
            self._open = False
            with _as_sqlite3_says():
                self.apsw.close(True)


class DiskConnection(Connection):
    """The store's connection, on a simulated disk; tells the session of each transaction that was kept."""

    def __init__(self, path: Path, session: Session) -> None:
        self._session = session
        super().__init__(path, write=True, busy=0, opened=session.opened)
        for name, value in session.pragmas.items():
            self.raw.execute(f"PRAGMA {name} = {value}")

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run a statement; one outside a transaction, or a COMMIT, keeps something."""
        touched = super().run(sql, values)
        if self._session.kept is not None and not self.raw.in_transaction:
            self._session.kept(self)
        return touched

    def copy_to(self, target: Path) -> None:
        """Copy the database to another file of the same disk; the name it has meanwhile is left out."""
        with self._translated, _as_sqlite3_says():
            for name in (str(target), f"{target}-journal", f"{target}-wal"):
                if name in self._session.disk.files:
                    self._session.vfs.xDelete(name, False)
            handle = Handle(str(target), self._session.vfs.name)
            self._session.handles.append(handle)
            handle.execute("PRAGMA locking_mode = EXCLUSIVE")
            with handle.apsw.backup("main", self.raw.apsw, "main") as backup:  # type: ignore[attr-defined]  # the stand-in's own part
                backup.step()
            handle.close()


class Borrowed(Connection):
    """A reader's view of the one connection: closing it closes nothing."""

    def __init__(self, owner: Connection) -> None:
        self.__dict__.update(owner.__dict__)

    def close(self) -> None:
        """Leave it open for its owner."""


class Session:
    """SQLite over one disk while the power is on. `kept` hears of every transaction that was kept.

    At the end of the session the power goes: what is still open then is not closed in order.
    """

    def __init__(self, disk: Disk, *, kept: Callable[[Connection], None] | None = None, **pragmas: object) -> None:
        self.disk = disk
        self.kept = kept
        self.pragmas = pragmas
        self.vfs = Vfs(disk)
        self.handles: list[Handle] = []
        self._connection: DiskConnection | None = None
        disk.off = False

    def opened(self, path: Path, busy: int) -> Handle:
        """A handle on a file of this disk; nobody waits for a lock here."""
        handle = Handle(str(path), self.vfs.name)
        self.handles.append(handle)
        handle.execute("PRAGMA locking_mode = EXCLUSIVE")
        return handle

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.disk.off = True
        for handle in self.handles:
            with suppress(sqlite3.Error):
                handle.close()
        self.vfs.unregister()

    def connect(self, path: Path, *, write: bool, busy: int) -> Connection:
        """What `Store.open` asks for its connections."""
        if write:
            self._connection = DiskConnection(path, self)
            return self._connection
        if self._connection is None:
            raise ValueError("there is no write connection to read through")
        return Borrowed(self._connection)
