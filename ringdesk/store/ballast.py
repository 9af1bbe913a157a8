"""Eight megabytes held against the day the disk is full.

SQLite needs room to delete, too: the log grows before the database shrinks. So a file of no use lies beside the
database, and goes when a write finds no room; it comes back once there is plenty.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

SIZE: Final = 8 << 20
NAME: Final = "ballast"
_BLOCK: Final = 1 << 20


class Ballast:
    """The file that can be given up. Any thread may call."""

    def __init__(self, folder: Path, size: int = SIZE) -> None:
        self.path = folder / NAME
        self._size = size

    @property
    def held(self) -> bool:
        """Whether it is there, whole."""
        try:
            return self.path.stat().st_size == self._size
        except OSError:
            return False

    def make(self) -> bool:
        """Make it where it is not there and the disk has room for two; True where it is there now."""
        if self.held:
            return True
        part = self.path.with_name(f"{NAME}.part")
        try:
            if shutil.disk_usage(self.path.parent).free < 2 * self._size:
                return False
            part.unlink(missing_ok=True)
            _fill(part, self._size)
            part.replace(self.path)
        except OSError as error:
            log.warning("no ballast: %s", error)
            _drop(part)
            return False
        return True

    def release(self) -> bool:
        """Give its room back to the disk; True where there was any."""
        return _drop(self.path)


def _drop(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _fill(path: Path, size: int) -> None:
    """A file whose bytes really take room, also where the file system packs or leaves out zeros."""
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb", buffering=0) as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            for first in range(0, size, _BLOCK):
                file.write(os.urandom(min(_BLOCK, size - first)))
        os.fsync(file.fileno())
