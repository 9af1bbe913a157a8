"""One connection to the database file, and the one place where SQLite's errors become the store's.

Raw SQL and peewee queries go through the same SQLite handle. A connection belongs to the thread that uses it.
"""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from ringdesk.domain.rightofway import WINDOW
from ringdesk.domain.status import StoreError, StoreTrouble

if TYPE_CHECKING:
    from ringdesk.store.orm import Peewee, Query

log = logging.getLogger(__name__)

APPLICATION_ID: Final = 1380197195
"""Says in the file's head that it is ours ("RDSK")."""

BUSY_MILLISECONDS: Final = 5000
CACHE_KIBIBYTES: Final = 2048
BLOCKS: Final = (100, 10)
"""Rows that one statement inserts, as long as there are so many."""
WAL_BYTES: Final = 4 << 20
"""The log is cut back to this after a burst of writes."""

_TROUBLES: Final = {
    sqlite3.SQLITE_BUSY: StoreTrouble.LOCKED,
    sqlite3.SQLITE_LOCKED: StoreTrouble.LOCKED,
    sqlite3.SQLITE_READONLY: StoreTrouble.READ_ONLY,
    sqlite3.SQLITE_PERM: StoreTrouble.READ_ONLY,
    sqlite3.SQLITE_FULL: StoreTrouble.FULL,
    sqlite3.SQLITE_CORRUPT: StoreTrouble.CORRUPT,
    sqlite3.SQLITE_NOTADB: StoreTrouble.NOT_OURS,
    sqlite3.SQLITE_CANTOPEN: StoreTrouble.UNREACHABLE,
    sqlite3.SQLITE_AUTH: StoreTrouble.UNREACHABLE,
    sqlite3.SQLITE_IOERR: StoreTrouble.IO,
    sqlite3.SQLITE_PROTOCOL: StoreTrouble.IO,
    sqlite3.SQLITE_NOMEM: StoreTrouble.IO,
}
"""Primary result codes that are the world's fault. All others are ours and stay as they are."""

FAILURES: Final = (sqlite3.Error, OSError)
"""What `translated` looks at. A statement catches these itself: entering and leaving costs a fifth of a quick one."""

Row = tuple[Any, ...]


def trouble_of(error: BaseException) -> StoreTrouble | None:
    """What an error of SQLite means for the user, or None where it is a fault of this program."""
    if not isinstance(error, sqlite3.Error):
        return None
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return StoreTrouble.CORRUPT if "decode to UTF-8" in str(error) else None
    if code == sqlite3.SQLITE_IOERR_SHMSIZE:
        return StoreTrouble.FULL  # no room for the index of the log
    return _TROUBLES.get(code & 0xFF)


_FILE_TROUBLES: Final = {
    errno.ENOSPC: StoreTrouble.FULL,
    errno.EDQUOT: StoreTrouble.FULL,
    errno.EROFS: StoreTrouble.READ_ONLY,
    errno.EIO: StoreTrouble.IO,
}


class translated:  # noqa: N801  # used as a verb: with translated(path)
    """Turn the errors of SQLite and of the file system into StoreError."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is not None:
            self.tell(error)

    def tell(self, error: BaseException) -> None:
        """Raise the StoreError that an error is, if it is one."""
        match error:
            case sqlite3.Error():
                if (trouble := trouble_of(error)) is not None:
                    if trouble is StoreTrouble.UNREACHABLE and _read_only(self._path):
                        trouble = StoreTrouble.READ_ONLY
                    raise StoreError(trouble, str(error), str(self._path)) from error
            case PermissionError():
                raise StoreError(StoreTrouble.READ_ONLY, str(error), str(self._path)) from error
            case OSError():
                trouble = _FILE_TROUBLES.get(error.errno or 0, StoreTrouble.UNREACHABLE)
                raise StoreError(trouble, str(error), str(self._path)) from error


def _read_only(path: Path) -> bool:
    """A file is there, in a folder where no log can be made beside it."""
    return path.is_file() and not os.access(path.parent, os.W_OK)


def opened(path: Path, busy: int) -> sqlite3.Connection:
    """A handle on a file of the real disk; a query waits so many milliseconds for a lock."""
    return sqlite3.connect(path, timeout=busy / 1000, isolation_level=None, check_same_thread=False)


class Connection:
    """A connection that speaks raw SQL and peewee, and fails with StoreError only where the world is at fault.

    `opened` gives the handle of a simulated disk.
    """

    def __init__(
        self,
        path: Path,
        *,
        write: bool,
        busy: int = BUSY_MILLISECONDS,
        opened: Callable[[Path, int], Any] = opened,
    ) -> None:
        self.path = path
        self._translated = translated(path)
        with self._translated:
            self.raw: sqlite3.Connection = opened(path, busy)
            self._open = True
            try:
                for name, value in _pragmas(write):
                    self.raw.execute(f"PRAGMA {name} = {value}").close()
            except BaseException:
                self.close()
                raise

    @cached_property
    def _peewee(self) -> Peewee:
        from ringdesk.store.orm import Peewee  # not on the way to the first picture

        return Peewee(self.raw)

    def close(self) -> None:
        """Close it; harmless when closed."""
        if not self._open:
            return
        self._open = False
        with self._translated:
            if self.raw.in_transaction:
                self.raw.rollback()
            self.raw.close()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        WINDOW.ask()
        try:
            return self.raw.execute(sql, values).fetchall()
        except FAILURES as error:
            self._translated.tell(error)
            raise

    def row(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        """The first row of a query, or None."""
        try:
            found: Row | None = self.raw.execute(sql, values).fetchone()
        except FAILURES as error:
            self._translated.tell(error)
            raise
        return found

    def value(self, sql: str, values: Sequence[object] = ()) -> Any:
        """The first column of the first row, or None."""
        found = self.row(sql, values)
        return None if found is None else found[0]

    def some(self, count: int, sql: str, values: Sequence[object] = ()) -> Iterator[list[Row]]:
        """The rows of a query, so many at a time; whoever stops early saves the rest of the work."""
        with self._translated:
            cursor = self.raw.execute(sql, values)
            try:
                while rows := cursor.fetchmany(count):
                    yield rows
            finally:
                cursor.close()

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run a statement; gives how many rows it touched."""
        WINDOW.ask()
        try:
            return self.raw.execute(sql, values).rowcount
        except FAILURES as error:
            self._translated.tell(error)
            raise

    def insert(self, sql: str, values: Sequence[object]) -> int:
        """Run an INSERT; gives the new row's id."""
        with self._translated:
            return self.raw.execute(sql, values).lastrowid or 0

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row."""
        WINDOW.ask()
        try:
            self.raw.executemany(sql, rows)
        except FAILURES as error:
            self._translated.tell(error)
            raise

    def fetch(self, query: Query) -> list[Any]:
        """All rows of a peewee query."""
        with self._translated:
            return self._peewee.rows(query)

    def apply(self, query: Query) -> int:
        """Run a peewee insert, update or delete."""
        with self._translated:
            return self._peewee.touched(query)

    def pour(self, sql: str, rows: Sequence[Row], *, shared: Row = (), then: str = "") -> None:
        """Insert rows, as many a statement as BLOCKS says: that takes less than half the time of one by one.

        `sql` ends in the values of one row, `VALUES (?, ...)`; `then` is what is to follow all rows of a statement.
        What all rows have in common is `shared`: it comes first in a row, as `?1`, `?2` and so on, and is bound once.
        """
        done = 0
        with self._translated:
            for size in BLOCKS:
                until = len(rows) - (len(rows) - done) % size
                block = sql + f", {sql[sql.rindex('(') :]}" * (size - 1) + then if done < until else ""
                for start in range(done, until, size):
                    WINDOW.ask()
                    self.raw.execute(block, (*shared, *chain.from_iterable(rows[start : start + size])))
                done = until
            if done < len(rows):
                WINDOW.ask()
                left = rows[done:]
                self.raw.executemany(sql + then, [(*shared, *row) for row in left] if shared else left)

    def copy_to(self, target: Path) -> None:
        """Copy the whole database to a new file that only its owner may read, and check the copy."""
        part = target.with_name(target.name + ".part")
        with translated(target):
            part.unlink(missing_ok=True)
            part.touch(mode=0o600)
            with closing(sqlite3.connect(part)) as copy:
                self.raw.backup(copy)
                answer = copy.execute("PRAGMA integrity_check").fetchone()[0]
            if answer != "ok":
                raise StoreError(StoreTrouble.CORRUPT, str(answer), str(self.path))
            part.replace(target)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self.raw.in_transaction:
                self.run("ROLLBACK")
            raise


def _pragmas(write: bool) -> list[tuple[str, object]]:
    both: list[tuple[str, object]] = [
        ("trusted_schema", 0),
        ("cache_size", -CACHE_KIBIBYTES),
        ("temp_store", 2),
    ]
    if not write:
        return [*both, ("query_only", 1)]
    return [*both, ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("journal_size_limit", WAL_BYTES)]


class Connect(Protocol):
    """Makes a connection to a database file; a simulated disk brings its own."""

    def __call__(self, path: Path, *, write: bool, busy: int) -> Connection:
        """A connection; to write, the file is made where it is not there yet."""


def connect(path: Path, *, write: bool, busy: int) -> Connection:
    """A connection to a file on the real disk."""
    if write:
        prepare_file(path)
    return Connection(path, write=write, busy=busy)


def ready_of(path: Path) -> Path:
    """Where a backup lies that is decided to take the place of a database at the next start, if not now."""
    return path.with_name(f"{path.name}.restored")


def prepare_file(path: Path) -> None:
    """Make the folder and an empty file that nobody else may read, where they are not there yet."""
    with translated(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            return


def check_head(connection: Connection, newest: int) -> int:
    """Refuse a file that is not ours or newer than this program; gives its schema version, 0 for an empty one."""
    version = int(connection.value("PRAGMA user_version"))
    mark = int(connection.value("PRAGMA application_id"))
    if mark != APPLICATION_ID:
        empty = mark == 0 and version == 0 and not connection.value("SELECT count(*) FROM sqlite_master")
        if not empty:
            raise StoreError(StoreTrouble.NOT_OURS, f"application id {mark}", str(connection.path))
        return 0
    if version > newest:
        raise StoreError(StoreTrouble.NEWER, f"schema {version}, known up to {newest}", str(connection.path))
    return version
