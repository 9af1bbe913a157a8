"""One program at a time syncs an account: a lock on a file beside the store.

The system gives it back when its holder ends, however it ends, so that a killed program leaves nothing to clear up.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store.database import translated


class Lock(Protocol):
    """What holds an account against other programs."""

    def held(self) -> AbstractContextManager[None]:
        """Hold it. Raises StoreError LOCKED where another does."""


class RoundLock:
    """The lock of one account in one data folder."""

    def __init__(self, store: Path, account: str) -> None:
        name = hashlib.sha256(account.encode()).hexdigest()[:16]
        self._path = store.with_name(f"sync-{name}.lock")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it. Raises StoreError LOCKED where another program does, and what the folder refuses."""
        with translated(self._path):
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not _locked(file):
                raise StoreError(StoreTrouble.LOCKED, "another RingDesk syncs this account", str(self._path))
            yield
        finally:
            os.close(file)


if sys.platform == "win32":
    import msvcrt

    def _locked(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
