"""Icons: small drawings of resources/icons in the colour that is asked for.

They are rendered by Qt's image reader, so that no further Qt module is imported at start.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QSize
from PySide6.QtGui import QIcon, QImageReader, QPixmap

from ringdesk.assets import asset

SIZES: Final = (16, 20, 24, 32, 48)
_SCALES: Final = (1, 2)


def drawing(name: str, color: str) -> bytes:
    """The drawing as SVG text, in one colour (#rrggbb)."""
    return asset("icons", f"{name}.svg").read_bytes().replace(b"currentColor", color.encode("ascii"))


def icon_pixmap(name: str, color: str, size: int, scale: float = 1.0) -> QPixmap:
    """One picture of an icon, `size` logical pixels wide on a screen of this scale."""
    buffer = QBuffer()
    buffer.setData(QByteArray(drawing(name, color)))
    reader = QImageReader(buffer, QByteArray(b"svg"))
    side = round(size * scale)
    reader.setScaledSize(QSize(side, side))
    picture = QPixmap.fromImage(reader.read())
    picture.setDevicePixelRatio(scale)
    return picture


def make_icon(name: str, color: str, disabled: str = "") -> QIcon:
    """An icon in all usual sizes; `disabled` is the colour it has on a disabled control."""
    icon = QIcon()
    modes = [(QIcon.Mode.Normal, color)] + ([(QIcon.Mode.Disabled, disabled)] if disabled else [])
    for mode, tone in modes:
        for size in SIZES:
            for scale in _SCALES:
                icon.addPixmap(icon_pixmap(name, tone, size, scale), mode)
    return icon
