"""Timers of Qt's own event loop: what a call puts off costs it next to nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimerEvent


class QtTimers(QObject):
    """Does things later, on the main thread (`domain.sockets.Timers`); what fails goes to `sys.excepthook`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._due: dict[int, Pending] = {}
        self._stopped = False

    def call_later(self, delay: float, do: Callable[[], None]) -> Pending:
        """Do it in `delay` seconds; what comes due after `stop` is left undone."""
        pending = Pending(self, self.startTimer(max(0, round(delay * 1000))), do)
        self._due[pending.id] = pending
        return pending

    def stop(self) -> None:
        """The rooms close: nothing that was put off may read or write any more."""
        self._stopped = True

    def drop(self, pending: Pending) -> None:
        """Leave something undone; harmless when it is done."""
        if self._due.get(pending.id) is pending:  # Qt gives the number of a timer that is over to another one
            del self._due[pending.id]
            self.killTimer(pending.id)

    def timerEvent(self, event: QTimerEvent) -> None:  # noqa: N802  # Qt's name
        """Something is due."""
        pending = self._due.get(event.timerId())
        if pending is None:
            return
        self.drop(pending)
        if not self._stopped:
            pending.do()


class Pending:
    """Something that will be done."""

    __slots__ = ("_timers", "do", "id")

    def __init__(self, timers: QtTimers, id: int, do: Callable[[], None]) -> None:
        self._timers, self.id, self.do = timers, id, do

    def cancel(self) -> None:
        """Call it off."""
        self._timers.drop(self)
