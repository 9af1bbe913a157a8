"""A pop's card, painted ahead: while the desktop brings the window up, which takes as long as painting does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from ringdesk.ui.pop_layout import Plan


class Ahead:
    """One picture, painted into again for every pop; good for the plan and the timer it was painted with."""

    def __init__(self) -> None:
        self._picture = QPixmap()
        self._plan: Plan | None = None
        self._timer = ""

    def paint(self, window: QWidget, plan: Plan, timer: str, card: Callable[[QPainter], None]) -> None:
        """Paint the card now; left out where the window measures its text otherwise than a picture does."""
        scale = window.devicePixelRatioF()
        if self._picture.size() != plan.size * scale:
            self._picture = QPixmap(plan.size * scale)
            self._picture.setDevicePixelRatio(scale)
        if self._picture.logicalDpiY() != window.logicalDpiY():
            return
        painter = QPainter(self._picture)
        card(painter)
        painter.end()
        self._plan, self._timer = plan, timer

    def put(self, painter: QPainter, plan: Plan, timer: str) -> bool:
        """Put the card on the window, once; False where there is none of this plan that still tells the time."""
        good = self._plan is plan and self._timer == timer
        self._plan = None
        if good:
            painter.drawPixmap(0, 0, self._picture)
        return good

    def forget(self) -> None:
        """The card is another one now, though its plan is the same: paint it anew."""
        self._plan = None
