"""How large a window is when it opens, and where: never larger than the screen, and over the window it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget

FRAME: Final = QSize(16, 48)
"""Room for the title bar and the borders, which nobody knows before the window is up."""


Kept = tuple[int, int, int, int, bool]
"""Left, top, width, height; and whether it was maximized. Left and top are those `stood` tells."""


def fitting(area: QRect, wanted: QSize, least: QSize) -> QSize:
    """The size nearest to the wanted one at which the window's last row of buttons is still on the screen."""
    return wanted.boundedTo(area.size() - FRAME).expandedTo(least)


def over(area: QRect, below: QRect, size: QSize) -> QPoint:
    """Where a window of this size lies in the middle of the one below it, its frame inside the screen."""
    wide, high = size.width() + FRAME.width(), size.height() + FRAME.height()
    return inside(area, QPoint(below.center().x() - wide // 2, below.center().y() - high // 2), size)


def inside(area: QRect, at: QPoint, size: QSize) -> QPoint:
    """The place nearest to the wanted one where a window of this size is on the screen with its frame."""
    wide, high = size.width() + FRAME.width(), size.height() + FRAME.height()
    return QPoint(
        max(area.left(), min(at.x(), area.left() + area.width() - wide)),
        max(area.top(), min(at.y(), area.top() + area.height() - high)),
    )


def standing(screens: Sequence[QRect], kept: QRect, least: QSize) -> QRect | None:
    """Where a window stands again that stood here once: whole on the screens it was on; None where all are gone."""
    on = [area for area in screens if area.intersects(kept)]
    if not on:
        return None
    whole = on[0]
    for area in on[1:]:
        whole = whole.united(area)
    size = fitting(whole, kept.size(), least)
    return QRect(inside(whole, kept.topLeft(), size), size)


def stand(window: QWidget, kept: Kept) -> None:
    """Have a window that is not shown yet come up where it stood."""
    *rect, maximized = kept
    screens = [screen.availableGeometry() for screen in QApplication.screens()]
    again = standing(screens, QRect(*rect), window.minimumSize())
    if again is None:
        fit(window, *rect[2:])
    elif maximized:
        window.setGeometry(again)
    else:
        window.resize(again.size())
        window.move(again.topLeft())  # on Wayland the desktop decides
    if maximized:
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def stood(window: QWidget) -> Kept:
    """Where a window stands: the place of its frame, and its size inside.

    Of a maximized one, size and place of before, both inside its frame: how high its title bar was nobody tells then.
    """
    if window.isMaximized() or window.isFullScreen():
        before = window.normalGeometry()
        return before.x(), before.y(), before.width(), before.height(), window.isMaximized()
    return window.x(), window.y(), window.width(), window.height(), False


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
