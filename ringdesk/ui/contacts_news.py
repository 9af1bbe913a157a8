"""News of contacts for the list: what somebody does is read at once, what comes in a stream a few times a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Slot

from ringdesk.domain.rightofway import WINDOW

MOMENT_MS: Final = 30
"""What follows within it is read together, whoever it is about."""
STREAM_MS: Final = 200
"""Between two readings of a stream: an account brings contacts, or one picture after the other, for minutes."""
MANY: Final = 20
"""More than these at once are of a stream: a file, or a team that was joined, brings them by the hundred."""
AGAIN_MS: Final = 10
"""Later by so much, where somebody waits for a pop or a letter."""


class GatheredNews(QObject):
    """Collects whose contacts have changed, and has the list read anew when it is time.

    `read` gets their ids, none where it may be anybody; `waited_for`: whether the user looks at one of these.
    """

    def __init__(
        self,
        read: Callable[[frozenset[str]], object],
        waited_for: Callable[[frozenset[str]], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._read, self._waited_for = read, waited_for
        self._ids: set[str] | None = set()
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._now)

    def take(self, ids: frozenset[str], *, more: bool = False) -> None:
        """These have changed; none: anybody may have. `more`: they are of a stream; what a user does is not."""
        if not ids:
            self._ids = None
        elif self._ids is not None:
            self._ids |= ids
        stream = (more or len(ids) > MANY) and not self._waited_for(ids)
        pause = STREAM_MS if stream else MOMENT_MS
        left = max(0, pause - self._since.elapsed()) if self._since.isValid() else 0
        if not self._timer.isActive() or left < self._timer.remainingTime():
            self._timer.start(left)

    @Slot()
    def rest(self) -> None:
        """The window closes for good: nothing is read from now on, for the store closes too."""
        self._timer.blockSignals(True)

    @Slot()
    def _now(self) -> None:
        if WINDOW.pressing:
            self._timer.start(AGAIN_MS)
            return
        ids, self._ids = self._ids, set()
        self._since.restart()
        self._read(frozenset(ids or ()))
