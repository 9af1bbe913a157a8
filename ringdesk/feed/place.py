"""What makes a folder safe to put the feed's socket in."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

PATH_MOST: Final = 107
"""Bytes of the longest unix socket path (sun_path of Linux, less its end)."""


class UnsafePlaceError(Exception):
    """The socket's folder cannot be used; `why` is a short reason code."""

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


def prepare(socket: Path) -> None:
    """Make the socket's folder, for this user alone. Raises UnsafePlaceError."""
    if len(os.fsencode(socket)) > PATH_MOST:
        raise UnsafePlaceError("path_too_long", f"{socket} has more than {PATH_MOST} bytes")
    folder = socket.parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        info = folder.lstat()
        if not stat.S_ISDIR(info.st_mode):
            raise UnsafePlaceError("unsafe_folder", f"{folder} is no folder of its own")
        if info.st_uid != os.getuid():
            raise UnsafePlaceError("unsafe_folder", f"{folder} belongs to another user")
        if stat.S_IMODE(info.st_mode) != 0o700:
            folder.chmod(0o700)
    except OSError as error:
        raise UnsafePlaceError("unsafe_folder", str(error)) from error
