"""Memory that much work has left behind: SQLite's pages and what the C library keeps go back to the system."""

from __future__ import annotations

import sys

from ringdesk.store.database import Connection


def shrink(connection: Connection) -> None:
    """Let go of the pages that a connection keeps for later; on the thread that the connection belongs to."""
    connection.run("PRAGMA shrink_memory")


def trim() -> None:
    """Give free memory back, where the C library can: it keeps the peak of a large pull for as long as it runs."""
    if sys.platform != "linux":
        return
    import ctypes  # nobody needs it before

    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):  # glibc only
        libc.malloc_trim(0)
