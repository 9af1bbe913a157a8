"""Avatars: a photo in a circle, or initials on a soft colour that a name always gets."""

from __future__ import annotations

import zlib
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap

from ringdesk.domain.words import fold, initials
from ringdesk.ui.theme_colors import Colors

RING: Final = 3
"""How much smaller the circle is within a VIP's ring, in logical pixels on each side."""


def avatar_colors(name: str, colors: Colors) -> tuple[str, str]:
    """Ground and letters for a name: the same name gets the same pair on every desk."""
    return colors.avatars[zlib.crc32(fold(name).encode("utf-8", "surrogatepass")) % len(colors.avatars)]


def paint_avatar(
    painter: QPainter, place: QRectF, name: str, colors: Colors, photo: QPixmap | None = None, *, ring: bool = False
) -> None:
    """Paint into a square: the photo, else initials, else a figure for somebody without a name.

    `ring` draws the VIP ring, which stands beside the star badge and never alone.
    """
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    inner = place.adjusted(RING, RING, -RING, -RING) if ring else place
    if ring:
        width = max(1.5, place.width() / 28)
        painter.setPen(QPen(QColor(colors.star), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place.adjusted(width / 2, width / 2, -width / 2, -width / 2))
    if photo is not None and not photo.isNull():
        _photo(painter, inner, photo)
    else:
        _letters(painter, inner, name, colors)
    painter.restore()


def avatar_pixmap(
    name: str, size: int, colors: Colors, photo: QPixmap | None = None, *, scale: float = 1.0, ring: bool = False
) -> QPixmap:
    """An avatar as a picture of its own, `size` logical pixels wide on a screen of this scale."""
    side = round(size * scale)
    picture = QPixmap(side, side)
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_avatar(painter, QRectF(0, 0, size, size), name, colors, photo, ring=ring)
    painter.end()
    return picture


def _photo(painter: QPainter, place: QRectF, photo: QPixmap) -> None:
    clip = QPainterPath()
    clip.addEllipse(place)
    painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
    side = min(photo.width(), photo.height())
    source = QRectF((photo.width() - side) / 2, (photo.height() - side) / 2, side, side)
    painter.drawPixmap(place, photo, source)


def _letters(painter: QPainter, place: QRectF, name: str, colors: Colors) -> None:
    letters = avatar_letters(name)
    ground, ink = avatar_colors(name, colors) if letters else (colors.raised, colors.soft)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawEllipse(place)
    if not letters:
        _figure(painter, place, QColor(ink))
        return
    painter.setFont(letters_font(painter.font(), letters, place.width()))
    painter.setPen(QColor(ink))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, letters)


def avatar_letters(name: str) -> str:
    """The initials on an avatar; empty where a figure stands for somebody without a name."""
    return initials(_without_titles(name))


def letters_font(font: QFont, letters: str, width: float) -> QFont:
    """The font of initials in a circle of this width."""
    sized = QFont(font)
    sized.setPixelSize(max(8, round(width * (0.36 if len(letters) > 1 else 0.42))))
    sized.setWeight(QFont.Weight.DemiBold)
    return sized


def _without_titles(name: str) -> str:
    """The name without "Dr." and the like, unless nothing else is left."""
    if "." not in name:
        return name
    words = [word for word in name.split() if not word.endswith(".")]
    return " ".join(words) or name


def _figure(painter: QPainter, place: QRectF, ink: QColor) -> None:
    clip = QPainterPath()
    clip.addEllipse(place)
    painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
    ink.setAlpha(150)
    painter.setBrush(ink)
    side, middle = place.width(), place.center()
    painter.drawEllipse(QPointF(middle.x(), place.top() + side * 0.40), side * 0.16, side * 0.16)
    painter.drawEllipse(QPointF(middle.x(), place.top() + side * 0.92), side * 0.30, side * 0.29)
