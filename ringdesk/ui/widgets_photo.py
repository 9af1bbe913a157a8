"""Pictures from files: looked at before they are decoded, so that a small file cannot become a huge picture."""

from __future__ import annotations

from enum import Enum
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

PHOTO_BYTES: Final = 1024 * 1024
PHOTO_SIDE: Final = 2000
MEMORY_MB: Final = 16
_KEPT_SIDE: Final = 512


class PhotoTrouble(Enum):
    """Why a picture is not taken."""

    TOO_MANY_BYTES = "more than 1 MiB"
    UNKNOWN_KIND = "neither PNG, JPEG nor WebP"
    TOO_LARGE = "wider or higher than 2000 pixels"
    BROKEN = "it cannot be read"


def kind_of(data: bytes) -> str | None:
    """Tell PNG, JPEG and WebP by their first bytes, whatever the file is called."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def read_photo(data: bytes) -> QImage | PhotoTrouble:
    """Decode a picture to at most 512 pixels a side, or say why not."""
    if len(data) > PHOTO_BYTES:
        return PhotoTrouble.TOO_MANY_BYTES
    kind = kind_of(data)
    if kind is None:
        return PhotoTrouble.UNKNOWN_KIND
    QImageReader.setAllocationLimit(MEMORY_MB)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    reader = QImageReader(buffer, QByteArray(kind.encode("ascii")))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid():
        return PhotoTrouble.BROKEN
    if max(size.width(), size.height()) > PHOTO_SIDE:
        return PhotoTrouble.TOO_LARGE
    if max(size.width(), size.height()) > _KEPT_SIDE:
        reader.setScaledSize(size.scaled(QSize(_KEPT_SIDE, _KEPT_SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    return PhotoTrouble.BROKEN if picture.isNull() else picture
