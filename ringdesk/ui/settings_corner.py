"""A little screen whose four corners are buttons: where pops come up."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from ringdesk.ui.settings_words import CORNERS
from ringdesk.ui.theme import Theme
from ringdesk.ui.words import say

SIZE: Final = QSize(240, 150)
POP: Final = QSize(84, 34)
EDGE: Final = 14


class _Corner(QPushButton):
    """One corner; looks like a small pop when chosen."""

    def __init__(self, theme: Theme, corner: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self.corner = theme, corner
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setObjectName("corner_" + corner.replace(" ", "_"))
        self.setAccessibleName(say(CORNERS[corner]))
        self.setToolTip(say(CORNERS[corner]))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a small pop, or a place for one."""
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        chosen = self.isChecked()
        painter.setBrush(QColor(colors.surface if chosen or self.underMouse() else colors.raised))
        pen = QPen(QColor(colors.accent if chosen or self.hasFocus() else colors.edge), 2 if chosen else 1)
        if not chosen:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(rect, 6, 6)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.accent))
            painter.drawEllipse(QRectF(9, self.height() / 2 - 7, 14, 14))
            painter.setBrush(QColor(colors.soft))
            painter.drawRoundedRect(QRectF(30, self.height() / 2 - 6, 40, 4), 2, 2)
            painter.setBrush(QColor(colors.edge))
            painter.drawRoundedRect(QRectF(30, self.height() / 2 + 3, 28, 4), 2, 2)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors.ink), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(3, 3, -3, -3), 4, 4)
        painter.end()


class CornerPicker(QWidget):
    """Lets the user choose a corner by looking at it."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("settings_corner")
        self.setFixedSize(SIZE)
        self._group = QButtonGroup(self)
        self.corners = {corner: _Corner(theme, corner, self) for corner in CORNERS}
        for button in self.corners.values():
            self._group.addButton(button)
        self._group.buttonClicked.connect(self._clicked)
        theme.changed.connect(self.update)

    @property
    def corner(self) -> str:
        """The corner that is chosen."""
        return next((name for name, button in self.corners.items() if button.isChecked()), "bottom right")

    def choose(self, corner: str) -> None:
        """Choose a corner."""
        self.corners[corner if corner in self.corners else "bottom right"].setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the corners into the corners."""
        super().resizeEvent(event)
        for name, button in self.corners.items():
            left = EDGE if "left" in name else self.width() - EDGE - POP.width()
            top = EDGE if "top" in name else self.height() - 2 * EDGE - POP.height()
            button.setGeometry(left, top, POP.width(), POP.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a screen with its panel."""
        colors = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.edge), 2))
        painter.setBrush(QColor(colors.window))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.line))
        painter.drawRoundedRect(QRectF(6, self.height() - 16, self.width() - 12, 10), 4, 4)
        painter.end()

    @Slot()
    def _clicked(self) -> None:
        self.chosen.emit(self.corner)
