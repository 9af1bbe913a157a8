"""SQLite on a simulated disk: a VFS of apsw.

There is no shared memory, so WAL works only with locking_mode=EXCLUSIVE, and one connection to a file at a time.
"""

from __future__ import annotations

from itertools import count

import apsw

from tests.disk.media import SECTOR, Disk, DiskFailedError, DiskFullError

_NUMBERS = count(1)
FAILED = (DiskFullError, DiskFailedError)
_JOURNALS = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL | apsw.SQLITE_OPEN_WAL


def _said(error: Exception, code: int) -> Exception:
    """The disk's error as SQLite says it. Called where it failed: a context manager would cost more than the write."""
    return apsw.exception_for(apsw.SQLITE_FULL if isinstance(error, DiskFullError) else code)


class File:
    """One open file. The first sync of a journal makes its folder safe too, as in the real VFS."""

    def __init__(self, disk: Disk, name: str, *, journal: bool) -> None:
        self._disk = disk
        self._name = name
        self._folder = journal

    def xRead(self, amount: int, offset: int) -> bytes:
        try:
            return self._disk.read(self._name, offset, amount)
        except FAILED as error:
            raise _said(error, apsw.SQLITE_IOERR_READ) from None

    def xWrite(self, data: bytes, offset: int) -> None:
        try:
            self._disk.write(self._name, offset, bytes(data))
        except FAILED as error:
            raise _said(error, apsw.SQLITE_IOERR_WRITE) from None

    def xTruncate(self, size: int) -> None:
        try:
            self._disk.truncate(self._name, size)
        except FAILED as error:
            raise _said(error, apsw.SQLITE_IOERR_TRUNCATE) from None

    def xSync(self, flags: int) -> None:
        try:
            self._disk.sync(self._name, folder=self._folder)
        except FAILED as error:
            raise _said(error, apsw.SQLITE_IOERR_FSYNC) from None
        self._folder = False

    def xFileSize(self) -> int:
        return len(self._disk.files[self._name])

    def xLock(self, level: int) -> None:
        """Nobody else is there."""

    def xUnlock(self, level: int) -> None:
        """Nobody else is there."""

    def xCheckReservedLock(self) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        """What the real VFS of Linux and Windows claims, and what `media` keeps: no byte beside a write is harmed."""
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xClose(self) -> None:
        """A file needs no closing."""


class Vfs(apsw.VFS):
    """The door of SQLite to one disk."""

    def __init__(self, disk: Disk) -> None:
        self.name = f"ringdesk-{next(_NUMBERS)}"
        self._disk = disk
        super().__init__(self.name, "")

    def xFullPathname(self, name: str) -> str:
        return name

    def xAccess(self, pathname: str, flags: int) -> bool:
        return pathname in self._disk.files

    def xDelete(self, filename: str, syncdir: bool) -> None:
        if filename not in self._disk.files:
            raise apsw.exception_for(apsw.SQLITE_IOERR_DELETE_NOENT)
        try:
            self._disk.delete(filename, safe=bool(syncdir))
        except FAILED as error:
            raise _said(error, apsw.SQLITE_IOERR_DELETE) from None

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> File:  # type: ignore[override]  # the base class types it otherwise
        if name is None:
            raise apsw.exception_for(apsw.SQLITE_CANTOPEN)  # a temporary file: temp_store is memory
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path not in self._disk.files and not flags[0] & apsw.SQLITE_OPEN_CREATE:
            raise apsw.exception_for(apsw.SQLITE_CANTOPEN)
        self._disk.files.setdefault(path, bytearray())
        flags[1] = flags[0]
        return File(self._disk, path, journal=bool(flags[0] & _JOURNALS))
