"""Pictures that are small as files and huge once they are unpacked; as a program: decodes them all, tells the memory.

bombs.py FOLDER     prints the growth of the memory in MiB, and what became of each picture, as JSON
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from struct import pack

from PySide6.QtGui import QColor, QGuiApplication, QImage

from ringdesk.ui.widgets_photo import PhotoTrouble, read_photo

SIGNATURE = b"\x89PNG\r\n\x1a\n"
UNPACKED = 400 * 1024 * 1024


def chunk(kind: bytes, data: bytes) -> bytes:
    """One part of a PNG."""
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


def squeezed(size: int) -> bytes:
    """So many zero bytes, deflated: a thousandth of that."""
    packer, zeros = zlib.compressobj(9), bytes(1024 * 1024)
    return b"".join(packer.compress(zeros) for _ in range(size // len(zeros))) + packer.flush()


def png(width: int, height: int, *more: bytes, bits: int = 1, kind: int = 0) -> bytes:
    """A black picture, all of it there."""
    row = 1 + (width * bits * (4 if kind == 6 else 1) + 7) // 8
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(row)) for _ in range(height)) + packer.flush()
    head = chunk(b"IHDR", pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0))
    return SIGNATURE + head + b"".join(more) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def bombs(folder: Path) -> Mapping[str, bytes]:
    """One of each kind."""
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff00ff"))
    made: dict[str, bytes] = {}
    for kind in ("jpeg", "webp"):
        image.save(str(folder / f"a.{kind}"))
        made[kind] = (folder / f"a.{kind}").read_bytes()
    jpeg, webp = made["jpeg"], made["webp"]
    frame = jpeg.index(b"\xff\xc0") + 5
    sides = webp.index(b"\x9d\x01\x2a") + 3
    text = squeezed(UNPACKED)
    return {
        "png 10,000 x 10,000": png(10_000, 10_000),
        "png 2,000 x 60,000": png(2000, 60_000),
        "png of one row of 2^31": SIGNATURE + chunk(b"IHDR", pack(">IIBBBBB", 2**31 - 1, 1, 1, 0, 0, 0, 0)),
        "png whose text unpacks": png(64, 64, chunk(b"zTXt", b"Comment\0\0" + text)),
        "png whose profile unpacks": png(64, 64, chunk(b"iCCP", b"profile\0\0" + text), bits=8, kind=6),
        "jpeg 65,000 x 65,000": jpeg[:frame] + pack(">HH", 65_000, 65_000) + jpeg[frame + 4 :],
        "webp 16,383 x 16,383": webp[:sides] + pack("<HH", 16_383, 16_383) + webp[sides + 4 :],
    }


def became(read: QImage | PhotoTrouble) -> str:
    """What a reader made of a picture."""
    return read.value if isinstance(read, PhotoTrouble) else f"{read.width()} x {read.height()}"


def memory(kind: str) -> float:
    """MiB of this process, as Linux counts them."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(kind))


def main() -> None:
    """Decode all."""
    app = QGuiApplication([])
    made = bombs(Path(sys.argv[1]))
    read_photo(png(64, 64))
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from now
    found = {name: became(read_photo(data)) for name, data in made.items()}
    growth = memory("VmHWM") - before
    print(json.dumps({"growth": growth, "found": found, "bytes": {name: len(data) for name, data in made.items()}}))
    del app


if __name__ == "__main__":
    main()
