"""Python's own import, back in its place after PySide6 was imported.

PySide6 hangs a hook into the import for its `__feature__` switches: after every module that is imported later it reads
that module's source text, to see whether the word PySide6 is in it (its module `shibokensupport.feature`). That was a
third of RingDesk's start, and every text stayed in memory (`linecache`). RingDesk uses none of these switches.
"""

from __future__ import annotations

import builtins
from typing import Final

OWN: Final = "__orig_import__"
"""The name under which PySide6 keeps Python's own import. A PySide6 that no longer does so only costs time."""


def plain_import() -> None:
    """Put Python's own import back; nothing happens where it was never replaced."""
    builtins.__import__ = getattr(builtins, OWN, builtins.__import__)
