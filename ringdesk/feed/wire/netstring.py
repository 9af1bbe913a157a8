"""Netstrings (`length:bytes,`) out of a byte stream that may hold anything. It never fails, it skips.

After garbage it finds its feet at the next thing that looks like the head of a JSON object, `digits:{`. What comes out
does not depend on how the stream was cut into pieces.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 65536
"""Bytes of one frame; a head that claims more is garbage (baresip's own buffers hold 8 KiB)."""

_HEAD: Final = re.compile(rb"([0-9]{1,5}):(?=\{)")
_MAYBE_HEAD: Final = re.compile(rb"[0-9]{1,5}:?\Z")
_HEAD_MOST: Final = 6
"""Bytes of the longest head."""


class Netstrings:
    """Collects bytes and gives out whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that the new bytes complete."""
        self._buffer += data
        frames: list[bytes] = []
        place = 0
        while (head := _HEAD.search(self._buffer, place)) is not None:
            start, end = head.end(), head.end() + int(head[1])
            if end - start > LONGEST:
                place = start
            elif len(self._buffer) <= end:
                del self._buffer[: head.start()]
                return frames
            elif self._buffer[end] != ord(","):
                place = start
            else:
                frames.append(bytes(self._buffer[start:end]))
                place = end + 1
        self._keep_tail(place)
        return frames

    def _keep_tail(self, place: int) -> None:
        """Keep only what may still become a head."""
        tail = _MAYBE_HEAD.search(self._buffer, max(place, len(self._buffer) - _HEAD_MOST))
        del self._buffer[: len(self._buffer) if tail is None else tail.start()]


def packed(payload: bytes) -> bytes:
    """One frame."""
    return b"%d:%s," % (len(payload), payload)
