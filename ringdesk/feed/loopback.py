"""Listening on this computer only: one port at 127.0.0.1 and, where there is IPv6, the same port at ::1.

A port that is chosen must be ours at both, else a producer that asks for "localhost" could hand its token to whoever
holds the other one. A free port is tried until it is ours at both.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TRIES: Final = 8
BACKLOG: Final = 128
_NO_IPV6: Final = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)


class NoPortError(Exception):
    """The port cannot be had; `why` is a short reason code."""

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Address:
    """Where a running RingDesk listens, and its process."""

    port: int
    process: int

    @property
    def url(self) -> str:
        """What a producer posts to, less the route."""
        return f"http://127.0.0.1:{self.port}"


def listen(port: int) -> list[socket.socket]:
    """Listen at a port, or at any free one where `port` is 0. Raises NoPortError."""
    tries = 1 if port else TRIES
    for left in reversed(range(tries)):
        first = _bound(socket.AF_INET, "127.0.0.1", port)
        try:
            return [first, *_second(first.getsockname()[1])]
        except NoPortError:
            first.close()
            if not left:
                raise
    raise NoPortError("port_in_use", str(port))


def announce(path: Path, port: int) -> None:
    """Write down where RingDesk listens, for this user only."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(file, "w", encoding="ascii") as opened:
        address = Address(port, os.getpid())
        json.dump({"version": 1, "url": address.url, "port": port, "pid": address.process}, opened)
    fresh.replace(path)


def withdraw(path: Path) -> None:
    """Take the note of `announce` away."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def announced(path: Path) -> Address | None:
    """Where RingDesk listens; None where it does not, or died without taking its note away."""
    try:
        said = json.loads(path.read_bytes()[:4096])
        address = Address(int(said["port"]), int(said["pid"]))
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return address if _lives(address.process) else None


def _second(port: int) -> list[socket.socket]:
    try:
        return [_bound(socket.AF_INET6, "::1", port)]
    except NoPortError as error:
        if error.why == "no_ipv6":
            return []
        raise


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    try:
        listening = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise NoPortError("no_ipv6" if family is socket.AF_INET6 else "no_network", str(error)) from error
    try:
        _alone(listening)
        if family is socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        why = "no_ipv6" if family is socket.AF_INET6 and error.errno in _NO_IPV6 else "port_in_use"
        raise NoPortError(why, f"{host}, port {port}: {error.strerror}") from error
    listening.setblocking(False)
    return listening


def _alone(listening: socket.socket) -> None:
    """Nobody else may listen at our port; only elsewhere than on Windows is SO_REUSEADDR about old connections."""
    if sys.platform == "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def _lives(process: int) -> bool:
    if process <= 0 or sys.platform == "win32":
        return process > 0
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
