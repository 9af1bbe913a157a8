"""The disks of the simulator's desks: a file, or a simulated disk that loses its power at any change it is told to."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Protocol

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

    def end(self) -> None:
        """Nothing starts from it any more."""

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

    def end(self) -> None:
        """Its file stays where it is."""

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

    def end(self) -> None:
        """It was memory."""

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


class _Again(Connection):
    """The connection of a program that starts again: the handle is set as before, and its statements are at hand."""

    def __init__(self, owner: Connection) -> None:
        self.__dict__.update(owner.__dict__, _open=True)


class _Memory:
    """A database in SQLite's own memory that begins as an image, once and again: a new one takes longest of all."""

    _spare: ClassVar[dict[bytes, list[_Memory]]] = {}

    def __init__(self, image: bytes) -> None:
        head = bytearray(image)
        if head:
            head[18:20] = b"\1\1"  # memory has no log beside it
        self.raw = raw = _Handle(":memory:", isolation_level=None, check_same_thread=False, cached_statements=1000)
        if head:
            raw.deserialize(bytes(head))
        self._image = image
        self._connection: Connection | None = None
        self._emptied = [f"DELETE FROM {table}" for table in _children_first(raw)] * 2  # as triggers fill some anew
        self._filled = [*_rows(raw)]

    @classmethod
    def of(cls, image: bytes) -> _Memory:
        """One that holds what the image does."""
        return spare.pop() if (spare := cls._spare.get(image)) else cls(image)

    def connection(self, path: Path) -> Connection:
        """The connection of a program that starts."""
        if self._connection is not None:
            return _Again(self._connection)
        self._connection = Connection(path, write=True, opened=lambda *_: self.raw)
        return self._connection

    def give_back(self) -> None:
        """It is to be used again; one without an image has nothing to begin as."""
        if not self._image:
            return
        self.raw.close()
        self.raw.execute("BEGIN")
        for sql in self._emptied:
            self.raw.execute(sql)
        for sql, rows in self._filled:
            self.raw.executemany(sql, rows)
        self.raw.execute("COMMIT")
        self._spare.setdefault(self._image, []).append(self)


def _children_first(raw: sqlite3.Connection) -> list[str]:
    """The tables, each before those that its rows point to."""
    tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    points = {name: {row[2] for row in raw.execute(f"PRAGMA foreign_key_list({name})")} for name in tables}
    return [*TopologicalSorter(points).static_order()][::-1]


def _rows(raw: sqlite3.Connection) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """What each table holds, and how to put it there."""
    for table in reversed(_children_first(raw)):
        rows = raw.execute(f"SELECT * FROM {table}").fetchall()
        if rows:
            yield f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows


class SoundDrive:
    """A disk of which nothing is asked but to keep what was written: SQLite's own memory, which outlives a kill."""

    path = DATABASE
    dead = False

    def __init__(self, image: bytes) -> None:
        self._memory = _Memory.of(image)

    def on(self) -> Connect:
        memory, made = self._memory, list[Connection]()

        def connect(path: Path, *, write: bool, busy: int) -> Connection:
            del write, busy
            made.append(Borrowed(made[0]) if made else memory.connection(path))
            return made[-1]

        return connect

    def off(self) -> None:
        """What a killed program had begun is taken back."""
        self._memory.raw.close()

    def end(self) -> None:
        self._memory.give_back()

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
