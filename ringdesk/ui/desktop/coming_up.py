"""What would keep a window of ours from coming up at once on an X11 desktop, taken out of its way beforehand.

Each of these is a question to the X server that Qt would ask on the way, and wait for, while the window manager, who is
bringing the window up, asks the same server. Neither has anything to do where Qt speaks to no X server.
"""

from __future__ import annotations

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
    """Wait until the server has read the last picture of a window: what is painted over it next need not wait."""
    store = window.backingStore()
    if X11.of_qt() is not None and store is not None and not store.size().isEmpty():
        store.beginPaint(QRegion(window.rect()))  # this is what waits
        store.endPaint()
