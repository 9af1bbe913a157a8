"""Borrowing the keyboard: a pop takes it only when the user asks, and gives it back where it was."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from ringdesk.ui.desktop.x11 import X11

FETCH_MS: Final = 20


class Keyboard:
    """Lends the keyboard to one of our windows that usually refuses it.

    The flag is changed on the native window: changing it on the widget would hide it and make it anew.
    """

    def __init__(self) -> None:
        self._x11 = X11.open() if QGuiApplication.platformName() == "xcb" else None
        self._borrower: QWidget | None = None
        self._native: int | None = None
        self._own: QWidget | None = None

    def lend(self, window: QWidget) -> None:
        """Give the keyboard to a window, and remember who had it."""
        if self._borrower is not window:
            self.end()
            self._borrower = window
            self._native = self._x11.active_window() if self._x11 else None
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
        """Give it back to the window that had it."""
        if self._borrower is not window:
            return
        native, own = self._native, self._own
        self.end()
        if self._x11 is not None and native is not None:
            self._x11.activate(native)
        elif own is not None:
            own.activateWindow()

    def end(self, window: QWidget | None = None) -> None:
        """The borrower lost the keyboard, or goes: from now on it refuses it again."""
        borrower = self._borrower
        if borrower is None or (window is not None and window is not borrower):
            return
        _refuse(borrower, refuses=True)
        self._borrower = self._native = self._own = None

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
