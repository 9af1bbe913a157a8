"""A small program of its own that finds out what this desktop does with a pop; `checks` starts it and reads its line.

Of its own, because Qt ends a program that finds no display.
"""

from __future__ import annotations

import json
import sys
from typing import Final

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from ringdesk.ui.desktop.x11 import X11

SETTLE_MS: Final = 300


def main() -> int:
    """Look, print one line of JSON."""
    app = QApplication([sys.argv[0]])
    server = X11.open() if QGuiApplication.platformName() == "xcb" else None
    found: dict[str, object] = {
        "platform": QGuiApplication.platformName(),
        "manager": server.window_manager() if server else None,
        "tray": QSystemTrayIcon.isSystemTrayAvailable(),
        "stolen": _steals(server) if server else None,
    }
    sys.stdout.write(json.dumps(found) + "\n")
    app.quit()
    return 0


def _steals(server: X11) -> bool | None:
    """Show a window as pops are and see whether the keyboard moved; None where no window had it."""
    before = server.active_window()
    flags = (
        Qt.WindowType.Tool
        | Qt.WindowType.FramelessWindowHint
        | Qt.WindowType.WindowStaysOnTopHint
        | Qt.WindowType.WindowDoesNotAcceptFocus
    )
    window = QWidget(None, flags)
    window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    window.resize(2, 2)
    window.show()
    loop = QEventLoop()
    QTimer.singleShot(SETTLE_MS, loop.quit)
    loop.exec()
    after, own = server.active_window(), int(window.winId())
    window.hide()
    return after == own if before is not None or after == own else None


if __name__ == "__main__":
    sys.exit(main())
