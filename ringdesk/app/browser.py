"""The user's own browser, asked from any thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

SECONDS: Final = 10.0
"""How long the main thread may take to get to it."""


@dataclass(slots=True)
class _Wish:
    """An address to be opened, and whether it was."""

    address: str
    done: threading.Event = field(default_factory=threading.Event)
    opened: bool = False


class SystemBrowser(QObject):
    """`domain.sockets.Browser`: Qt opens the page on the main thread, whoever asks waits for it. Never ask there."""

    _asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked.connect(self._open, Qt.ConnectionType.QueuedConnection)

    def open(self, address: str) -> bool:
        """Open an address in the user's browser; False where there is none."""
        wish = _Wish(address)
        self._asked.emit(wish)
        return wish.done.wait(SECONDS) and wish.opened

    @Slot(object)
    def _open(self, wish: _Wish) -> None:
        wish.opened = QDesktopServices.openUrl(QUrl(wish.address))
        wish.done.set()
