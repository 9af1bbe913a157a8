"""Icons: small drawings of resources/icons in the colour that is asked for.

They are rendered by Qt's image reader, so that no further Qt module is imported at start.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QSize
from PySide6.QtGui import QGuiApplication, QIcon, QImageReader, QPixmap

from ringdesk.assets import asset

SIZES: Final = (16, 20, 24)
"""What controls, fields and menus show."""
LARGE: Final = (16, 24, 32, 48)
"""What desktops show of a window."""
_SHARP: Final = (1, 2)
"""Scales an icon is made for where some screen is not of scale 1; elsewhere twice the pictures would never be seen."""


def drawing(name: str, color: str) -> bytes:
    """The drawing as SVG text, in one colour (#rrggbb)."""
    return _file(name).replace(b"currentColor", color.encode("ascii"))


@lru_cache(maxsize=256)
def _file(name: str) -> bytes:
    return asset("icons", f"{name}.svg").read_bytes()


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


def make_icon(name: str, color: str, disabled: str = "", sizes: Sequence[int] = SIZES) -> QIcon:
    """An icon in some sizes; `disabled` is the colour it has on a disabled control."""
    icon = QIcon()
    plain = all(screen.devicePixelRatio() == 1 for screen in QGuiApplication.screens())
    modes = [(QIcon.Mode.Normal, color)] + ([(QIcon.Mode.Disabled, disabled)] if disabled else [])
    for mode, tone in modes:
        for size in sizes:
            for scale in (1,) if plain else _SHARP:
                icon.addPixmap(icon_pixmap(name, tone, size, scale), mode)
    return icon
