"""Pictures of the simulator's people: one pixel each, whose colour says which it is, however they were encoded anew."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

WORD = "photo"
_HEAD = b"\x89PNG\r\n\x1a\n"


@lru_cache(maxsize=4096)
def drawn(token: str) -> bytes:
    """The picture of a token (`photo17`)."""
    pixel = int(token.removeprefix(WORD)).to_bytes(3, "big")
    size = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return _HEAD + _chunk(b"IHDR", size) + _chunk(b"IDAT", zlib.compress(b"\0" + pixel)) + _chunk(b"IEND", b"")


@lru_cache(maxsize=4096)
def seen(data: bytes) -> str:
    """The token of a picture."""
    place = data.index(_HEAD) + len(_HEAD)
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        if data[place + 4 : place + 8] == b"IDAT":
            pixel = zlib.decompress(data[place + 8 : place + 8 + length])[1:4]
            return f"{WORD}{int.from_bytes(pixel, 'big')}"
        place += 12 + length
    raise ValueError("a picture without a pixel")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
