"""The disks of the simulator's desks: a file, or a simulated disk that loses its power at any change it is told to."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import Protocol

from ringdesk.store.database import Connect, Connection, connect
from tests.disk.media import Disk
from tests.disk.session import DATABASE, Borrowed, Session

ROOM = 64 * 1024
"""Bytes that a disk still has when it is about to be full."""


class Drive(Protocol):
    """What a desk's store lies on."""

    path: Path

    def on(self) -> Connect:
        """The program starts."""

    def off(self) -> None:
        """The program has ended, in whatever way."""

    @property
    def dead(self) -> bool:
        """Whether the power has gone."""

    def trouble(self, dice: Random, injected: Counter[str]) -> None:
        """Let something go wrong soon, when the dice say so."""

    def calm(self) -> None:
        """Nothing goes wrong any more."""


class FileDrive:
    """A file on the real disk, beginning as a copy of another one."""

    dead = False

    def __init__(self, path: Path, template: Path | None = None) -> None:
        self.path = path
        self._open: list[Connection] = []
        if template is not None:
            shutil.copy(template, path)

    def on(self) -> Connect:
        return self._connect

    def _connect(self, path: Path, *, write: bool, busy: int) -> Connection:
        self._open.append(made := connect(path, write=write, busy=busy))
        return made

    def off(self) -> None:
        """What a killed program had open the system closes."""
        while self._open:
            self._open.pop().close()

    def trouble(self, dice: Random, injected: Counter[str]) -> None:
        """The real disk is a good one."""

    def calm(self) -> None:
        """It always is."""


class FaultyDrive:
    """A simulated disk. A kill leaves what was written; a power cut what was synced, and of the rest any part."""

    path = DATABASE

    def __init__(self, image: bytes, dice: Random) -> None:
        self._disk = Disk({str(DATABASE): bytearray(image)} if image else {})
        self._dice = dice
        self._session: Session | None = None
        self._cut_at: int | None = None

    @property
    def dead(self) -> bool:
        return self._disk.off

    def on(self) -> Connect:
        self._session = Session(self._disk).__enter__()
        return self._session.connect

    def off(self) -> None:
        cut = self._cut_at if self._disk.off else None
        if self._session is not None:
            self._session.__exit__(None, None, None)
            self._session = None
        if cut is not None:
            self._disk = self._disk.cut(cut, self._dice)
        else:
            self._disk = Disk({name: bytearray(data) for name, data in self._disk.image().items()})
        self._cut_at = None

    def trouble(self, dice: Random, injected: Counter[str]) -> None:
        kind = dice.choice(("power cut", "power cut", "disk full", "read failed"))
        self.calm()
        match kind:
            case "power cut":
                self._cut_at = self._disk.faults.off_at = len(self._disk.journal) + dice.randrange(40)
            case "disk full":
                self._disk.faults.capacity = sum(map(len, self._disk.files.values())) + dice.randrange(ROOM)
            case _:
                self._disk.faults.bad_reads = frozenset({self._disk.reads + dice.randrange(3)})
        injected[f"{kind} at hand"] += 1

    def calm(self) -> None:
        if not self._disk.off:
            self._cut_at = self._disk.faults.off_at = None
            self._disk.faults.capacity = None
            self._disk.faults.bad_reads = frozenset()


class _Handle(sqlite3.Connection):
    """A handle that outlives its closing: what it holds is the disk."""

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()

    def end(self) -> None:
        super().close()


class SoundDrive:
    """A disk of which nothing is asked but to keep what was written: SQLite's own memory, and its image over a kill."""

    path = DATABASE
    dead = False

    def __init__(self, image: bytes) -> None:
        head = bytearray(image)
        if head:
            head[18:20] = b"\1\1"  # memory has no log beside it
        self._image = bytes(head)
        self._raw: _Handle | None = None

    def on(self) -> Connect:
        self._raw = raw = _Handle(":memory:", isolation_level=None, check_same_thread=False, cached_statements=1000)
        if self._image:
            raw.deserialize(self._image)
        made: list[Connection] = []

        def connect(path: Path, *, write: bool, busy: int) -> Connection:
            del busy
            made.append(Borrowed(made[0]) if made else Connection(path, write=write, opened=lambda *_: raw))
            return made[-1]

        return connect

    def off(self) -> None:
        """What a killed program had begun is taken back."""
        if self._raw is not None:
            self._raw.close()
            self._image = self._raw.serialize()
            self._raw.end()
            self._raw = None

    def trouble(self, dice: Random, injected: Counter[str]) -> None:
        """It is sound."""

    def calm(self) -> None:
        """It always is."""


def sound_drive(path: Path, template: Path | None, dice: Random) -> Drive:
    """A desk's store in memory."""
    del path, dice
    return SoundDrive(b"" if template is None else _image(template))


def file_drive(path: Path, template: Path | None, dice: Random) -> Drive:
    """A desk's store in a file."""
    del dice
    return FileDrive(path, template)


def faulty_drive(path: Path, template: Path | None, dice: Random) -> Drive:
    """A desk's store on a simulated disk."""
    del path
    return FaultyDrive(b"" if template is None else _image(template), dice)


@cache
def _image(template: Path) -> bytes:
    return template.read_bytes()
