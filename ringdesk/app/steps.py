"""Work that is put off until the window was painted: done in small steps, so that the window stays quick meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

from ringdesk.domain.status import StoreError

Step = Callable[[], object]

FOR_CALLS: Final = (
    "ringdesk.domain.call",
    "ringdesk.domain.lookup",
    "ringdesk.domain.sockets",
    "ringdesk.domain.syncing",
    "hashlib",
    "phonenumbers.phonenumbermatcher",
    "phonenumbers.shortnumberinfo",
    "ringdesk.store.models",
    "ringdesk.feed.tracker",
    "ringdesk.desk.popview",
    "ringdesk.desk.calls",
    "ringdesk.desk.popactions",
    "ringdesk.feed.sources.local",
    "ringdesk.app.timers",
    "ringdesk.app.phones",
    "ringdesk.app.accounts",
    "ringdesk.app.google",
    "ringdesk.app.core",
    "ringdesk.ui.pop_words",
    "ringdesk.ui.pop_layout",
    "ringdesk.ui.pop_button",
    "ringdesk.ui.pop_window",
    "ringdesk.ui.pop_screen",
    "ringdesk.ui.notify_screen",
    "ringdesk.app.surroundings",
    "ringdesk.app.popping",
    "ringdesk.app.hearing",
    "ringdesk.app.doors",
)
"""What the first call needs, in an order in which each brings little along."""

FOR_GOOGLE: Final = (
    "ringdesk.desk.connecting",
    "ringdesk.app.connecting",
    "ringdesk.ui.connect_words",
    "ringdesk.ui.connect_status",
    "ringdesk.ui.connect_bar",
    "ringdesk.ui.connect_front",
)
"""What the bar with Google's mark needs, in such an order too."""


class Steps(QObject):
    """Takes a step whenever the event loop has nothing else to do. `troubled` hears of a store that cannot be read."""

    def __init__(self, troubled: Callable[[StoreError], None], parent: QObject) -> None:
        super().__init__(parent)
        self._troubled = troubled
        self._left: deque[Step] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._next)

    def add(self, steps: Iterable[Step]) -> None:
        """Take these steps too, after those that are left."""
        self._left.extend(steps)
        self._timer.start()

    def add_turns(self, turns: Iterator[None]) -> None:
        """Take each turn of an iterator as a step."""

        def turn() -> None:
            for _ in turns:
                self._left.appendleft(turn)
                self._timer.start()
                return

        self.add((turn,))

    @Slot()
    def _next(self) -> None:
        step = self._left.popleft()
        if not self._left:
            self._timer.stop()
        try:
            step()
        except StoreError as error:
            self._troubled(error)

    def stop(self) -> None:
        """Leave undone what is left."""
        self._left.clear()
        self._timer.stop()


def imports(modules: Iterable[str]) -> list[Step]:
    """A step for each module: to import it."""
    return [partial(import_module, name) for name in modules]
