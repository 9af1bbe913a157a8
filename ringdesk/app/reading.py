"""The cards of a file made ready for the store, and what was refused of it.

A large file is read by a process of its own (`forereader`), so that reading and writing go on side by side and the
window's thread is left alone. Should that process end before the file does, the rest is read here.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO, Final

from ringdesk.app.forereader import LENGTH_BYTES
from ringdesk.desk.importing import RefusedCard, Refusing
from ringdesk.domain.dates import DayOrder
from ringdesk.files.report import ReadCard, Refused, RefusedCode
from ringdesk.files.source import FileError, FileErrorCode
from ringdesk.store.ready import Incoming, pictured, read, unpacked

log = logging.getLogger(__name__)

LARGE: Final = 1 << 20
"""A file of so many bytes is worth a process of its own."""

AHEAD: Final = 1 << 20
"""So many bytes the process may be ahead, where the system lets it."""

LISTED: Final = 500
"""Refused cards that are named; more are counted only."""

_REFUSING: Final = {
    RefusedCode.EMPTY: Refusing.EMPTY,
    RefusedCode.TRUNCATED: Refusing.TRUNCATED,
    RefusedCode.TOO_LARGE: Refusing.TOO_LARGE,
    RefusedCode.BAD_ENCODING: Refusing.BAD_ENCODING,
    RefusedCode.STRAY: Refusing.STRAY,
    RefusedCode.GROUP: Refusing.GROUP,
    RefusedCode.TOO_MANY: Refusing.TOO_MANY,
}


@dataclass(slots=True)
class Tally:
    """What was seen of a file so far."""

    cards: int = 0
    with_phones: int = 0
    refused: list[RefusedCard] = field(default_factory=list)
    lost: dict[str, None] = field(default_factory=dict)
    orders: set[DayOrder] = field(default_factory=set)
    unclear: int = 0
    example: str = ""

    def count(self, item: ReadCard | Refused) -> None:
        """Take one item in."""
        if isinstance(item, ReadCard):
            self.cards += 1
            self.with_phones += bool(item.card.phones)
            self.orders.update(item.orders)
            self.unclear += len(item.unclear)
            self.example = self.example or next(iter(item.unclear), "")
            for name in item.lost[: LISTED - len(self.lost)]:
                self.lost.setdefault(name)
        elif len(self.refused) < LISTED:
            self.refused.append(RefusedCard(item.where, _REFUSING[item.code], item.detail))


def ready_cards(path: str, region: str, order: DayOrder | None, tally: Tally) -> Generator[Incoming, None, None]:
    """The cards of a file, its dates in this order. Raises FileError or OSError where it cannot be read."""
    with open(path, "rb") as file:
        read_so_far: int | None = 0
        if os.fstat(file.fileno()).st_size >= LARGE:
            read_so_far = yield from _read_ahead(file, region, order, tally)
        if read_so_far is not None:
            file.seek(0)
            yield from _read_here(file, region, order, tally, read_so_far)


def _read_here(file: BinaryIO, region: str, order: DayOrder | None, tally: Tally, skip: int) -> Iterator[Incoming]:
    from ringdesk.files.reading import read_contacts  # the readers of formats are not needed to start

    for number, item in enumerate(read_contacts(file, name=os.path.basename(file.name), order=order)):
        if number < skip:
            continue
        tally.count(item)
        if isinstance(item, ReadCard):
            yield pictured(item.card, item.picture.data if item.picture else None, region)


def _read_ahead(
    file: BinaryIO, region: str, order: DayOrder | None, tally: Tally
) -> Generator[Incoming, None, int | None]:
    """Cards as a process of its own gives them; returns None at the file's end, else how many items were read."""
    name = os.path.basename(file.name)
    command = [sys.executable, "-m", "ringdesk.app.forereader", name, region, order.value if order else ""]
    process = subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE)
    _widen(process.stdout)
    items = 0
    try:
        while (frame := _frame(process)) is not None:
            match frame:
                case ("cards", cards, refused):
                    items += len(cards) + len(refused)
                    for where, code, detail in refused:
                        tally.count(Refused(where, RefusedCode(code), detail))
                    yield from unpacked(cards)
                case ("error", code):
                    raise FileError(FileErrorCode(code))
                case _:
                    return None
    finally:
        process.kill()
        process.communicate()
    log.warning("the process that read the file ahead ended early; reading on here after %d cards", items)
    return items


def _widen(pipe: IO[bytes] | None) -> None:
    """Let the process be further ahead."""
    if sys.platform == "linux" and pipe is not None:
        from fcntl import F_SETPIPE_SZ, fcntl  # elsewhere a pipe is as wide as it is

        with suppress(PermissionError):  # then it is less far ahead
            fcntl(pipe.fileno(), F_SETPIPE_SZ, AHEAD)


def _frame(process: subprocess.Popen[bytes]) -> Any:
    """The next frame, None where the process has ended."""
    pipe = process.stdout
    length = pipe.read(LENGTH_BYTES) if pipe is not None else b""
    if pipe is None or len(length) < LENGTH_BYTES:
        return None
    data = pipe.read(size := int.from_bytes(length, "big"))
    return read(data) if len(data) == size else None
