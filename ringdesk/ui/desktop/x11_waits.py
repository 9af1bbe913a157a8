"""What Qt would ask an X server on the way to a picture, and wait for: taken out of the way beforehand.

While a window comes up the window manager asks the same server, and a server that has not run for a while is slow to
answer. There is nothing to do where Qt speaks to no X server.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QWidget

from ringdesk.ui.desktop.x11 import X11


def unwatch(window: QWidget) -> None:
    """Have Qt not be told of what the window manager notes down about a window that is never minimized or maximized.

    It would ask for each of these properties when it is told of it: four times for a window that comes up. Qt watches
    them again when a flag of the window has changed.
    """
    server = X11.of_qt()
    if server is not None and window.windowHandle() is not None:
        server.leave_properties(int(window.winId()))


def drawn(window: QWidget) -> None:
    """Wait until the server has read the last picture of a window: what is painted over it next need not wait.

    A window that can be seen through would be cleared by it, and is left alone.
    """
    store = window.backingStore()
    if store is None or store.size().isEmpty() or window.testAttribute(Qt.WidgetAttribute.WA_TranslucentBackground):
        return  # Qt falls over where it was never painted
    if X11.of_qt() is not None:
        store.beginPaint(QRegion(window.rect()))  # this is what waits
        store.endPaint()
