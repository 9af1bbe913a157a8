"""Frames that lines, panes and cards are made of, layouts with the theme's spacing, and an icon that stands alone."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ringdesk.ui.theme import Theme, Tint
from ringdesk.ui.widgets_text import PlainLabel


class Frame(QFrame):
    """A frame with a role of the style sheet (card, pane, bar, line, banner, undo, note)."""

    def __init__(self, role: str, parent: QWidget | None = None, name: str = "") -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        if name:
            self.setObjectName(name)


class Glyph(PlainLabel):
    """An icon beside a text; it says nothing that the text does not say, so screen readers pass over it."""

    def __init__(
        self, theme: Theme, icon: str, parent: QWidget | None = None, *, tint: Tint = Tint.SOFT, size: int = 20
    ) -> None:
        super().__init__("", parent=parent)
        self._theme, self._icon, self._tint, self._size = theme, icon, tint, size
        self.setFixedSize(size, size)
        self._draw()
        theme.changed.connect(self._draw)

    def set_icon(self, icon: str, tint: Tint) -> None:
        """Take another icon."""
        self._icon, self._tint = icon, tint
        self._draw()

    @Slot()
    def _draw(self) -> None:
        self.setPixmap(self._theme.pixmap(self._icon, self._tint, self._size, self.devicePixelRatioF()))


def column(
    parent: QWidget | None = None, *, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 8
) -> QVBoxLayout:
    """A column; margins are left, top, right, bottom."""
    layout = QVBoxLayout() if parent is None else QVBoxLayout(parent)
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    return layout


def row(
    parent: QWidget | None = None, *, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 8
) -> QHBoxLayout:
    """A row; margins are left, top, right, bottom."""
    layout = QHBoxLayout() if parent is None else QHBoxLayout(parent)
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    return layout


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
