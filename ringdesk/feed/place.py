"""Where the feed's socket lies, and what makes its folder safe to put it in."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

NAME: Final = "feed.sock"
PATH_MOST: Final = 107
"""Bytes of the longest unix socket path (sun_path of Linux, less its end)."""


class UnsafePlaceError(Exception):
    """The socket's folder cannot be used; `why` is a short reason code."""

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


def default_socket(environ: Mapping[str, str], data: Path) -> Path:
    """`$XDG_RUNTIME_DIR/ringdesk/feed.sock`, or `feed/feed.sock` in the data folder where there is none."""
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    return Path(runtime) / "ringdesk" / NAME if runtime.startswith("/") else data / "feed" / NAME


def default_data(environ: Mapping[str, str], home: Path) -> Path:
    """The data folder that a program without settings assumes."""
    given = environ.get("XDG_DATA_HOME", "")
    return (Path(given) if given.startswith("/") else home / ".local" / "share") / "ringdesk"


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
