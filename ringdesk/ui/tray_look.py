"""How the tray's icon looks: a glyph on a ground of its own for each state, and how many calls were missed.

Drawn before anything else at start, so it goes without what is slow to load: the namespace `Qt` (20 ms for its
enumerations), and fonts until there is a badge.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap

from ringdesk.domain.values import dataclass
from ringdesk.ui.theme_icons import icon_pixmap

SIZES: Final = (22, 24, 32, 48)


class TrayState(Enum):
    """How RingDesk is doing."""

    IDLE = "idle"
    RINGING = "ringing"
    TROUBLE = "trouble"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class TrayView:
    """What the tray shows. `trouble`: a phone does not answer; `quiet`: Do Not Disturb is on.

    `callers` says who rings, a sentence each; while `hushed` the screen is locked and no name is told; `unsaved`: the
    store is in trouble, which the window tells more of.
    """

    callers: tuple[str, ...] = ()
    missed: int = 0
    trouble: bool = False
    quiet: bool = False
    system_quiet: bool = False
    hushed: bool = False
    unsaved: bool = False

    @property
    def ringing(self) -> bool:
        """A call rings."""
        return bool(self.callers)

    @property
    def state(self) -> TrayState:
        """The most urgent of its states."""
        if self.ringing:
            return TrayState.RINGING
        if self.quiet or self.system_quiet:
            return TrayState.QUIET
        return TrayState.TROUBLE if self.trouble or self.unsaved else TrayState.IDLE

    @property
    def badge(self) -> str:
        """How many calls were missed, in one or two letters; empty for none."""
        return "" if self.missed < 1 else str(self.missed) if self.missed < 10 else "9+"


_LOOKS: Final = {
    TrayState.IDLE: ("phone", "#0b6b70"),
    TrayState.RINGING: ("ringing", "#1a7444"),
    TrayState.TROUBLE: ("warning", "#85540a"),
    TrayState.QUIET: ("bell-off", "#52656b"),
}


def tray_icon(state: TrayState, badge: str) -> QIcon:
    """The icon in all sizes a tray may want."""
    made = QIcon()
    for size in SIZES:
        made.addPixmap(_drawn(state, badge, size))
    return made


def _drawn(state: TrayState, badge: str, size: int) -> QPixmap:
    """A glyph on a ground of its own, so that it is seen on light and dark panels alike."""
    glyph, ground = _LOOKS[state]
    picture = QPixmap(size, size)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rounded = QPainterPath()
    rounded.addRoundedRect(QRectF(0, 0, size, size), size * 0.26, size * 0.26)
    painter.fillPath(rounded, QColor(ground))
    inner = round(size * 0.72)
    edge = (size - inner) // 2
    painter.drawPixmap(edge, edge, icon_pixmap(glyph, "#ffffff", inner))
    if badge:
        _badge(painter, badge, size)
    painter.end()
    return picture


def _badge(painter: QPainter, text: str, size: int) -> None:
    from PySide6.QtGui import QFont, QFontMetricsF  # only who has missed a call waits for them

    radius = size * 0.29
    center = QPointF(size - radius, size - radius)
    for color, wide in (("#ffffff", radius), ("#ad2a2a", radius - max(1.0, size / 32))):
        disc = QPainterPath()
        disc.addEllipse(center, wide, wide)
        painter.fillPath(disc, QColor(color))
    font = QFont(painter.font())
    font.setPixelSize(max(7, round(size * (0.42 if len(text) == 1 else 0.32))))
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.setPen(QColor("#ffffff"))
    metrics = QFontMetricsF(font)
    down = (metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(center.x() - metrics.horizontalAdvance(text) / 2, center.y() + down), text)
