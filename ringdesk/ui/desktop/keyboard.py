"""Borrowing the keyboard: a pop takes it only when the user asks, and gives it back where it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from ringdesk.ui.desktop.x11 import X11
from ringdesk.ui.desktop.x11_waits import unwatch

FETCH_MS: Final = 20
SETTLE_MS: Final = 300
"""How long a window manager may take to hand the keyboard over."""


class Keyboard:
    """Lends the keyboard to one of our windows that usually refuses it.

    The flag is changed on the native window: changing it on the widget would hide it and make it anew.
    """

    def __init__(self) -> None:
        self._x11 = X11.open() if QGuiApplication.platformName() == "xcb" else None
        self._borrower: QWidget | None = None
        self._arrived = False
        self._loan = 0
        self._native: int | None = None
        self._other: int | None = None
        self._own: QWidget | None = None

    def lend(self, window: QWidget) -> None:
        """Give the keyboard to a window, and remember who had it."""
        if self._borrower is not window:
            self.end()
            self._borrower = window
            self._loan += 1
            self._arrived = self._has_it(window)
            if not self._arrived and self._x11 is not None:
                self._other = self._x11.active_window()
            self._native = self._other
            own = QApplication.activeWindow()
            self._own = None if own is window else own
        _refuse(window, refuses=False)
        window.activateWindow()

    def fetch(self, window: QWidget) -> None:
        """Give the keyboard to a window because a key was pressed that Qt has not seen.

        Window managers believe Qt's word only after a click on us; a moment later, when the server knows that the
        window takes the keyboard now, they are asked in the user's name.
        """
        self.lend(window)
        if self._x11 is not None:
            QTimer.singleShot(FETCH_MS, window, lambda: self._fetch(window))

    def _fetch(self, window: QWidget) -> None:
        if self._x11 is not None and self._borrower is window and window.isVisible():
            self._x11.activate(int(window.winId()))

    def give_back(self, window: QWidget) -> None:
        """Give it back to the window that had it, unless it is elsewhere by now."""
        if self._borrower is not window:
            return
        native, own, here = self._native, self._own, self._arrived or self._has_it(window)
        self.end()
        if not here:
            return
        if self._x11 is not None and native is not None:
            self._x11.activate(native)
        elif own is not None:
            own.activateWindow()

    def arrived(self, window: QWidget) -> None:
        """The window has the keyboard now."""
        self._arrived = self._arrived or self._borrower is window

    def lost(self, window: QWidget, ended: Callable[[], None]) -> None:
        """The window does not have the keyboard any more: the loan is over, which `ended` is told.

        News of the last time it lost the keyboard may come after it was lent to it again, and end nothing: unless it
        is sure that this loan is over, the window manager is asked once it has had time to hand the keyboard over.
        """
        if self._borrower is not window:
            return
        if self._arrived and not self._has_it(window):
            self.end()
            ended()
        else:
            loan = self._loan
            QTimer.singleShot(SETTLE_MS, window, lambda: self._settled(window, loan, ended))

    def end(self) -> None:
        """The borrower lost the keyboard, or goes: from now on it refuses it again."""
        if self._borrower is not None:
            _refuse(self._borrower, refuses=True)
        self._borrower = self._native = self._own = None
        self._arrived = False

    def _settled(self, window: QWidget, loan: int, ended: Callable[[], None]) -> None:
        if self._borrower is window and self._loan == loan and not self._has_it(window):
            self.end()
            ended()

    def _has_it(self, window: QWidget) -> bool:
        """Whether the window has the keyboard, as the window manager says, or Qt where there is none to ask."""
        if self._x11 is None:
            return window.isActiveWindow()
        return self._x11.active_window() == int(window.winId())

    def lent_to(self, window: QWidget) -> bool:
        """True while this window may have the keyboard."""
        return self._borrower is window

    def active_rect(self) -> QRect | None:
        """The active window of another program, where the platform tells."""
        active = self._x11.active_window() if self._x11 else None
        rect = self._x11.rect(active) if self._x11 and active else None
        return QRect(*rect) if rect else None


def _refuse(window: QWidget, *, refuses: bool) -> None:
    handle = window.windowHandle()
    if handle is not None:
        handle.setFlag(Qt.WindowType.WindowDoesNotAcceptFocus, refuses)
        if refuses:
            unwatch(window)
