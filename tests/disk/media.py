"""A disk in memory that keeps a journal of what was asked of it, so that the power can be cut at any point of it.

What a write becomes is decided at the cut: what a sync covered survives; of the rest, any choice of 512-byte sectors
does, in any order, as a drive with a cache may do it. A cut is a function of the journal, a point in it and a source
of chance, so that one seed is one run.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

SECTOR: Final = 512
"""What a drive writes as one."""


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes were written."""

    name: str
    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """A file was cut to a size."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """A file was to be made safe; `folder`: and which files there are."""

    name: str
    folder: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """A file was deleted; `safe` where the folder was to be made safe too."""

    name: str
    safe: bool


Op = Write | Truncate | Sync | Delete


class DiskFullError(Exception):
    """There is no room for these bytes."""


class DiskFailedError(Exception):
    """The power is off, or this read fails."""


@dataclass
class Faults:
    """What goes wrong. Changes are counted from 0 as in `Disk.journal`, reads from 0 as in `Disk.reads`."""

    off_at: int | None = None
    """The power goes during this change; from then on nothing works."""

    capacity: int | None = None
    """Bytes that all files together may have."""

    bad_reads: frozenset[int] = frozenset()
    """Reads that fail."""

    lies: bool = False
    """A sync says that it was done, and does nothing."""


@dataclass
class Disk:
    """Files by name, and everything that was done to them since the power went on."""

    files: dict[str, bytearray] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    journal: list[Op] = field(default_factory=list)
    reads: int = 0
    off: bool = False

    def __post_init__(self) -> None:
        self._start = self.image()

    def image(self) -> Mapping[str, bytes]:
        """What the files hold now, safe or not."""
        return {name: bytes(data) for name, data in self.files.items()}

    def read(self, name: str, at: int, count: int) -> bytes:
        """Bytes of a file; fewer at its end."""
        number, self.reads = self.reads, self.reads + 1
        if self.off or number in self.faults.bad_reads:
            raise DiskFailedError(f"read {number} of {name}")
        return bytes(self.files[name][at : at + count])

    def write(self, name: str, at: int, data: bytes) -> None:
        """Put bytes into a file."""
        self._note(Write(name, at, data))
        capacity = self.faults.capacity
        grown = max(0, at + len(data) - len(self.files[name]))
        if capacity is not None and sum(map(len, self.files.values())) + grown > capacity:
            self.journal.pop()
            raise DiskFullError(name)
        _put(self.files[name], at, data)

    def truncate(self, name: str, size: int) -> None:
        """Cut a file."""
        self._note(Truncate(name, size))
        del self.files[name][size:]

    def sync(self, name: str, *, folder: bool = False) -> None:
        """Make what was written to a file safe."""
        self._note(Sync(name, folder))

    def delete(self, name: str, *, safe: bool) -> None:
        """Delete a file."""
        self._note(Delete(name, safe))
        del self.files[name]

    def cut(self, at: int, chance: random.Random) -> Disk:
        """The disk as it is found after the power went during the change number `at`."""
        return Disk(dict(_Survivors(self, at, chance).files()))

    def _note(self, op: Op) -> None:
        if self.off:
            raise DiskFailedError("the power is off")
        self.journal.append(op)
        if self.faults.off_at is not None and len(self.journal) > self.faults.off_at:
            self.off = True
            raise DiskFailedError("the power went off")


class _Survivors:
    """What is left of each file after a cut."""

    def __init__(self, disk: Disk, at: int, chance: random.Random) -> None:
        self._safe = {name: bytearray(data) for name, data in disk._start.items()}
        self._loose: dict[str, list[Op]] = {}
        self._chance = chance
        self._share = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        for op in disk.journal[:at]:
            self._take(op, lies=disk.faults.lies)
        self._take(next(iter(disk.journal[at : at + 1]), Sync("")), lies=True)

    def files(self) -> Iterator[tuple[str, bytearray]]:
        """Each file that is there, and what it holds."""
        for name, ops in self._loose.items():
            for op in ops:
                self._apply(name, op)
        yield from self._safe.items()

    def _take(self, op: Op, *, lies: bool) -> None:
        match op:
            case Sync() if lies:
                pass
            case Sync(name, folder):
                for loose in self._loose.pop(name, ()):
                    _do(self._safe, loose)
                if folder:
                    self._deleted()
            case Delete(name, safe=True) if not lies:
                self._loose.pop(name, None)
                self._safe.pop(name, None)
            case _:
                self._loose.setdefault(op.name, []).append(op)

    def _deleted(self) -> None:
        """Make every deletion safe; what was written to a new file of that name since then stays loose."""
        for name, ops in self._loose.items():
            gone = [number for number, op in enumerate(ops) if isinstance(op, Delete)]
            if gone:
                self._safe.pop(name, None)
                del ops[: gone[-1] + 1]

    def _apply(self, name: str, op: Op) -> None:
        """Do what chance lets survive of a change that was not made safe."""
        match op:
            case Write(_, at, data):
                for first, part in _sectors(at, data):
                    if self._chance.random() < self._share:
                        _put(self._safe.setdefault(name, bytearray()), first, part)
            case _:
                if self._chance.random() < self._share:
                    _do(self._safe, op)


def _do(files: dict[str, bytearray], op: Op) -> None:
    match op:
        case Write(name, at, data):
            _put(files.setdefault(name, bytearray()), at, data)
        case Truncate(name, size):
            if name in files:
                del files[name][size:]
        case Delete(name):
            files.pop(name, None)
        case Sync():
            pass


def _put(file: bytearray, at: int, data: bytes) -> None:
    if at > len(file):
        file.extend(bytes(at - len(file)))
    file[at : at + len(data)] = data


def _sectors(at: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    """The bytes, cut where the drive's sectors end."""
    end = at + len(data)
    first = at
    while first < end:
        last = min(end, (first // SECTOR + 1) * SECTOR)
        yield first, data[first - at : last - at]
        first = last
