"""The feed's listening socket: one owner at a time, a dead owner's file replaced, the peer's user known.

Ownership is a lock on a file beside the socket, which the system takes back when its holder dies. So two programs that
start together cannot both take a stale socket for dead.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from ringdesk.domain.values import dataclass
from ringdesk.feed.place import UnsafePlaceError, prepare

if sys.platform != "win32":
    import fcntl

_PEER: Final = struct.Struct("3i")


class HasOptions(Protocol):
    """As much of a socket as asyncio shows."""

    def getsockopt(self, level: int, name: int, size: int, /) -> bytes:
        """The bytes of an option."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end."""

    pid: int
    uid: int


ReadPeer = Callable[[HasOptions], Peer | None]


def peer_of(connected: HasOptions) -> Peer | None:
    """Who is at the other end as the kernel says; None where it does not say, and the folder alone protects."""
    if sys.platform != "linux":
        return None
    pid, uid, _ = _PEER.unpack(connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    return Peer(pid, uid)


class Door:
    """A listening unix socket that is ours alone."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises UnsafePlaceError: in_use, unsafe_folder, path_too_long, no_unix_sockets."""
        if sys.platform == "win32":
            raise UnsafePlaceError("no_unix_sockets", "on Windows the local feed is not made yet")
        prepare(path)
        self._path = path
        self._lock = _lock(path.with_name(path.name + ".lock"))
        try:
            self.socket = _listen(path)
        except UnsafePlaceError:
            os.close(self._lock)
            raise

    def close(self) -> None:
        """Take the socket file away and let the next owner in."""
        self.socket.close()
        self._path.unlink(missing_ok=True)
        os.close(self._lock)


def _lock(path: Path) -> int:
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise UnsafePlaceError("unsafe_folder", str(error)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise UnsafePlaceError("in_use", f"another RingDesk listens at {path.parent}") from error
    return lock


def _listen(path: Path) -> socket.socket:
    _clear(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listening.bind(os.fspath(path))
        path.chmod(0o600)
        listening.listen(64)
    except OSError as error:
        listening.close()
        raise UnsafePlaceError("unsafe_folder", f"{path}: {error}") from error
    listening.setblocking(False)
    return listening


def _clear(path: Path) -> None:
    """Remove a dead owner's socket; anything else that lies there is not ours to remove."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return
    if not stat.S_ISSOCK(mode):
        raise UnsafePlaceError("in_use", f"{path} is no socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(os.fspath(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    raise UnsafePlaceError("in_use", f"another program answers at {path}")
