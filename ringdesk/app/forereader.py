"""The process that reads a large file for an import, and makes its cards ready for the store.

usage: python -m ringdesk.app.forereader NAME REGION ORDER <FILE

Writes frames to standard output, each after its length in four bytes: `cards` with some cards made ready and what was
refused between them, at last `end`, or `error` with the code of a FileError. Whoever reads them is this process's only
reader and ends it when he has enough.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from ringdesk.domain.card import Card
from ringdesk.domain.dates import DayOrder
from ringdesk.files.reading import FileError, read_contacts
from ringdesk.files.report import Refused
from ringdesk.store.ready import packed, pictured_all, written

LENGTH_BYTES: Final = 4
FRAME_ITEMS: Final = 100
FRAME_BYTES: Final = 1 << 20
"""Of pictures; a frame ends with the card that goes beyond."""

NICE: Final = 5
"""How far this process stands back where processors are few: the window goes first."""


def frames(file: BinaryIO, name: str, region: str, order: DayOrder | None) -> Iterator[tuple[Any, ...]]:
    """What is to be written for a file."""
    cards: list[tuple[Card, bytes | None]] = []
    refused: list[tuple[str, str, str]] = []
    weight = 0
    try:
        for item in read_contacts(file, name=name, order=order):
            if isinstance(item, Refused):
                refused.append((item.where, item.code.value, item.detail))
            else:
                cards.append((item.card, item.picture.data if item.picture else None))
                weight += len(cards[-1][1] or b"")
            if len(cards) + len(refused) >= FRAME_ITEMS or weight > FRAME_BYTES:
                yield "cards", packed(pictured_all(cards, region)), refused
                cards, refused, weight = [], [], 0
        yield "cards", packed(pictured_all(cards, region)), refused
        yield ("end",)
    except FileError as error:
        yield "cards", packed(pictured_all(cards, region)), refused
        yield "error", error.code.value


def main() -> int:
    """Read what comes in, write the frames."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who reads decides when it is over
    if sys.platform != "win32":
        os.nice(NICE)
    gc.disable()  # cards hold no circles, and looking for some takes a tenth of the time
    name, region, order = sys.argv[1:]
    out = sys.stdout.buffer
    try:
        for frame in frames(sys.stdin.buffer, name, region, DayOrder(order) if order else None):
            data = written(frame)
            out.write(len(data).to_bytes(LENGTH_BYTES, "big") + data)
            out.flush()
    except BrokenPipeError:
        return 1  # nobody reads any more
    return 0


if __name__ == "__main__":
    sys.exit(main())
