"""Google's mark, and the button that carries it: the mark in its own colours on a quiet ground, as Google asks for."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QGuiApplication, QIcon, QImageReader, QPixmap
from PySide6.QtWidgets import QWidget

from ringdesk.assets import asset
from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_text import PlainLabel

SIZE: Final = 18
"""The mark on a button, in logical pixels."""


@lru_cache(maxsize=16)
def mark_pixmap(size: int, scale: float) -> QPixmap:
    """The mark, `size` logical pixels wide on a screen of this scale. It has its own colours, light or dark."""
    reader = QImageReader(asset("google", "mark.svg").as_posix())
    side = round(size * scale)
    reader.setScaledSize(QSize(side, side))
    picture = QPixmap.fromImage(reader.read())
    picture.setDevicePixelRatio(scale)
    return picture


def mark_icon(size: int = SIZE) -> QIcon:
    """The mark as an icon; a control that is switched off shows it as it is."""
    icon = QIcon()
    for scale in {1.0, 2.0} | {screen.devicePixelRatio() for screen in QGuiApplication.screens()}:
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
            icon.addPixmap(mark_pixmap(size, scale), mode)
    return icon


class Mark(PlainLabel):
    """The mark beside a text; it says nothing that the text does not say, so screen readers pass over it."""

    def __init__(self, size: int = SIZE, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.setFixedSize(size, size)
        self.setPixmap(mark_pixmap(size, self.devicePixelRatioF()))


class MarkButton(Button):
    """A button with Google's mark before its text."""

    def __init__(self, theme: Theme, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, text, name, parent, role="google")
        self.setText(text)
        self.setIcon(mark_icon())
        self.setIconSize(QSize(SIZE, SIZE))

    def setText(self, text: str) -> None:
        """The text stands a little apart from the mark."""
        super().setText(f" {text}")

    @Slot()
    def _draw(self) -> None:
        """The mark keeps its colours."""
