"""Signals of the system (SIGTERM, SIGINT, SIGHUP) as an ordinary event of the Qt loop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier


class Signals(QObject):
    """Calls `stop` on the main thread when the system asks the program to end.

    Python runs handlers only between its own instructions, and Qt's loop runs none while it waits: so the signal
    writes a byte that the loop wakes up by (signal.set_wakeup_fd).
    """

    def __init__(self, stop: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = stop
        self._ours, theirs = socket.socketpair()
        self._theirs = theirs
        for end in (self._ours, theirs):
            end.setblocking(False)
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if number := getattr(signal, name, None):
                signal.signal(number, lambda *_: None)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    def _woken(self) -> None:
        for number in self._ours.recv(64):
            self._stop(signal.Signals(number).name)

    def close(self) -> None:
        """Stop listening."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        self._ours.close()
        self._theirs.close()
