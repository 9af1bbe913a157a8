"""Who may post to the HTTP feed: a token for each producer, of which only a hash is kept, in a file of this user alone.

A token is 256 random bits, so its plain SHA-256 cannot be guessed back. The command line changes the file and the
running program looks at it with every request, so that a revoked token is worth nothing from that moment on.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import fcntl

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
PRODUCERS_MOST: Final = 64
FILE_MOST: Final = 64 * 1024
TOKEN_BYTES: Final = 32
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_READING: Final = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"))
"""No link is followed, and nothing that lies there instead of a file can make the reader wait."""


class TokensError(Exception):
    """Something is wrong with the tokens: `why` is bad_name, taken, unknown, too_many, unsafe, unreadable or disk."""

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Producer:
    """Somebody who may post events: a name, the hash of the token in hexadecimal, when it was made."""

    name: str
    digest: str
    made: float

    @property
    def number(self) -> int:
        """A number that stands for this token and for no other."""
        return int(self.digest[:16], 16)


def find(producers: Sequence[Producer], token: str) -> Producer | None:
    """Whose token this is. Takes the same time whoever it is, and for nobody."""
    digest, found = _digest(token), None
    for producer in producers:
        if hmac.compare_digest(producer.digest, digest):
            found = producer
    return found


def issue(path: Path, name: str, now: float) -> str:
    """Make a producer; gives the token, which is kept nowhere. Raises TokensError."""
    if NAME.fullmatch(name) is None:
        raise TokensError("bad_name", f"{name[:80]!r}: letters, digits, '.', '_' and '-' expected, at most 40")
    with _locked(path):
        producers = read(path)
        if any(producer.name == name for producer in producers):
            raise TokensError("taken", name)
        if len(producers) >= PRODUCERS_MOST:
            raise TokensError("too_many", f"there are {PRODUCERS_MOST} already")
        token = secrets.token_hex(TOKEN_BYTES)
        _write(path, [*producers, Producer(name, _digest(token), now)])
    return token


def revoke(path: Path, name: str) -> None:
    """Take a producer's token back, at once. Raises TokensError."""
    with _locked(path):
        producers = read(path)
        left = [producer for producer in producers if producer.name != name]
        if len(left) == len(producers):
            raise TokensError("unknown", name[:80])
        _write(path, left)


def read(path: Path) -> list[Producer]:
    """The producers; none where there is no file. Raises TokensError: unsafe, unreadable."""
    try:
        file = os.open(path, _READING)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise TokensError("unreadable", f"{path}: {error.strerror}") from error
    try:
        _check(path, os.fstat(file))
        return [_producer(entry) for entry in json.loads(os.read(file, FILE_MOST + 1))["producers"]]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, OSError) as error:
        raise TokensError("unreadable", f"{path} is no file of tokens") from error
    finally:
        os.close(file)


class Tokens:
    """The tokens of a file that others change: read again whenever it is another one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: object = None
        self._producers: Sequence[Producer] = ()
        self.trouble: TokensError | None = None
        """Why nobody can be let in; None where all is well."""

    def whose(self, token: str) -> Producer | None:
        """Whose token this is now."""
        self.look()
        return find(self._producers, token)

    def look(self) -> None:
        """Take the file's present state in: a stat, and a read of a few kilobytes after a change."""
        mark = _mark(self._path)
        if mark == self._seen and mark is not None:
            return
        self._seen, self._producers, self.trouble = mark, (), None
        try:
            self._producers = read(self._path)
        except TokensError as error:
            self.trouble = error


def _mark(path: Path) -> object:
    try:
        info = path.lstat()
    except OSError:
        return None
    return info.st_ino, info.st_mtime_ns, info.st_ctime_ns, info.st_size, info.st_mode, info.st_uid


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _check(path: Path, info: os.stat_result) -> None:
    if not stat.S_ISREG(info.st_mode) or info.st_size > FILE_MOST:
        raise TokensError("unreadable", f"{path} is no file of tokens")
    if os.name == "posix" and (info.st_uid != os.getuid() or stat.S_IMODE(info.st_mode) & 0o077):
        raise TokensError("unsafe", f"{path} can be read or written by others: chmod 600")


def _producer(entry: object) -> Producer:
    if not isinstance(entry, dict):
        raise TypeError("a producer expected")
    name, digest, made = entry["name"], entry["sha256"], entry["made"]
    if not NAME.fullmatch(name) or not _DIGEST.fullmatch(digest):
        raise ValueError("a producer expected")
    return Producer(name, digest, float(made))


def _write(path: Path, producers: Sequence[Producer]) -> None:
    """Write the file whole or leave the old one."""
    entries = [{"name": p.name, "sha256": p.digest, "made": p.made} for p in producers]
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(file, "w", encoding="ascii") as opened:
            json.dump({"version": 1, "producers": entries}, opened, indent=2)
            opened.flush()
            os.fsync(file)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise TokensError("disk", f"{path}: {error.strerror}") from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One change at a time."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise TokensError("disk", f"{path.parent}: {error.strerror}") from error
    try:
        if sys.platform != "win32":
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
