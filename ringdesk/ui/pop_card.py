"""Paints a pop from its plan in one go: ground, band, bar, picture, texts, marks, timer."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from ringdesk.domain.values import dataclass
from ringdesk.ui.pop_button import Dress
from ringdesk.ui.pop_fonts import Face, PopFonts
from ringdesk.ui.pop_layout import Line, Plan
from ringdesk.ui.theme_colors import Colors

RADIUS: Final = 10


@lru_cache(maxsize=64)
def _ink(color: str) -> QColor:
    """A colour by its text, read once.

    A function of its own: what wraps a class of Qt itself copies its description, which PySide6 makes in 40 ms.
    """
    return QColor(color)


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures on a pop."""

    ground: QPixmap
    avatar: QPixmap
    """The photo in its circle, or the circle that `letters` stand on in the colour `ink`."""
    letters: str
    ink: str
    state: QPixmap
    star: QPixmap | None = None


def paint_card(painter: QPainter, plan: Plan, dirty: QRect, pictures: Pictures, timer: str, dress: Dress) -> None:
    """Paint the pop, or what of it is touched by `dirty`."""
    colors, fonts = dress.theme.colors, dress.fonts
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPixmap(0, 0, pictures.ground)
    if dirty.intersects(plan.avatar):
        painter.drawPixmap(plan.avatar.topLeft(), pictures.avatar)
        if pictures.letters:
            _initials(painter, plan.avatar, pictures, fonts)
        if pictures.star is not None:
            _star(painter, plan.avatar, pictures.star, colors)
    painter.drawPixmap(plan.icon.topLeft(), pictures.state)
    for chip in plan.chips:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(colors, chip.ground)))
        painter.drawRoundedRect(QRectF(chip.rect), chip.rect.height() / 2, chip.rect.height() / 2)
        _line(painter, chip.line, fonts, colors)
    high = fonts[Face.NAME].pitch
    for line in plan.lines:
        if dirty.top() - high <= line.baseline <= dirty.bottom() + high:
            _line(painter, line, fonts, colors)
    if timer and dirty.intersects(plan.timer):
        _timer(painter, plan, timer, fonts, colors)


def outline(size: QSize, inset: float = 0.0) -> QPainterPath:
    """The rounded edge of a pop."""
    path = QPainterPath()
    rect = QRectF(0, 0, size.width(), size.height()).adjusted(inset, inset, -inset, -inset)
    path.addRoundedRect(rect, RADIUS, RADIUS)
    return path


def _initials(painter: QPainter, place: QRect, pictures: Pictures, fonts: PopFonts) -> None:
    face = fonts.initials(pictures.letters, place.width())
    painter.setFont(face.font_of(pictures.letters))
    painter.setPen(_ink(pictures.ink))
    wide = sum([face.advance(letter) for letter in pictures.letters])  # pairs of letters are not met twice
    x = place.x() + (place.width() - wide) / 2
    y = place.y() + (place.height() - face.pitch) / 2 + face.drop
    painter.drawText(QPointF(x, y), pictures.letters)


def _timer(painter: QPainter, plan: Plan, timer: str, fonts: PopFonts, colors: Colors) -> None:
    face = fonts[Face.STATE]
    painter.setFont(face.plain)
    painter.setPen(_ink(getattr(colors, plan.tone.ink)))
    painter.drawText(QPointF(round(plan.timer.right() - face.advance(timer)), plan.timer.y() + face.drop), timer)


def ground_picture(plan: Plan, colors: Colors, bar: int, scale: float) -> QPixmap:
    """What all pops of a kind and size have in common: ground, band, bar, edge."""
    picture = QPixmap(plan.size * scale)
    picture.setDevicePixelRatio(scale)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width, height = plan.size.width(), plan.size.height()
    painter.fillRect(QRect(0, plan.header, width, height - plan.header), QColor(colors.surface))
    painter.fillRect(QRect(0, 0, width, plan.header), QColor(getattr(colors, plan.tone.ground)))
    edge = QPainterPath()
    edge.addRect(0, 0, bar, height)
    painter.fillPath(outline(plan.size).intersected(edge), QColor(getattr(colors, plan.tone.ink)))
    painter.setPen(QPen(QColor(colors.edge), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline(plan.size, 0.5))
    painter.end()
    return picture


def _line(painter: QPainter, line: Line, fonts: PopFonts, colors: Colors) -> None:
    painter.setFont(fonts[line.face].font_of(line.text))
    painter.setPen(_ink(getattr(colors, line.color)))
    painter.drawText(QPointF(line.x, line.baseline), line.text)


def _star(painter: QPainter, avatar: QRect, star: QPixmap, colors: Colors) -> None:
    side = star.deviceIndependentSize().width()
    center = QPointF(avatar.right() - side * 0.35, avatar.bottom() - side * 0.35)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.surface))
    painter.drawEllipse(center, side * 0.72, side * 0.72)
    painter.drawPixmap(QPointF(center.x() - side / 2, center.y() - side / 2), star)
