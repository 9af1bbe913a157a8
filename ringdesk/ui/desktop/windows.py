"""How large a window is when it opens, and where: never larger than the screen, and over the window it belongs to."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget

FRAME: Final = QSize(16, 48)
"""Room for the title bar and the borders, which nobody knows before the window is up."""


def fitting(area: QRect, wanted: QSize, least: QSize) -> QSize:
    """The size nearest to the wanted one at which the window's last row of buttons is still on the screen."""
    return wanted.boundedTo(area.size() - FRAME).expandedTo(least)


def over(area: QRect, below: QRect, size: QSize) -> QPoint:
    """Where a window of this size lies in the middle of the one below it, its frame inside the screen."""
    wide, high = size.width() + FRAME.width(), size.height() + FRAME.height()
    left, top = below.center().x() - wide // 2, below.center().y() - high // 2
    return QPoint(
        max(area.left(), min(left, area.left() + area.width() - wide)),
        max(area.top(), min(top, area.top() + area.height() - high)),
    )


def fit(window: QWidget, width: int, height: int) -> None:
    """Give a window its size before it is shown, and its place if the user asked for it in another window of ours.

    A pop is none of those: it stays above every window, and would cover one that opens in its middle.
    """
    below: object = QApplication.activeWindow()
    asked = below if isinstance(below, QWidget) and below is not window and not _is_pop(below) else None
    area = (asked or window).screen().availableGeometry()
    window.resize(fitting(area, QSize(width, height), window.minimumSize()))
    if asked is not None:
        window.move(over(area, asked.frameGeometry(), window.size()))


def _is_pop(window: QWidget) -> bool:
    return window.windowType() is Qt.WindowType.Tool
