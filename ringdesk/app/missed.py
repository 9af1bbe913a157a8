"""Missed calls: counted on the tray's icon until the call list was looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ringdesk.store.store import Store
from ringdesk.ui.post import Post
from ringdesk.ui.tray import Tray

if TYPE_CHECKING:
    from ringdesk.ui.main_window import MainWindow


class Missed(QObject):
    """Keeps the tray's count true. `window` gives the main window, made when it is first wanted."""

    def __init__(self, tray: Tray, store: Store, post: Post, window: Callable[[], MainWindow], parent: QObject) -> None:
        super().__init__(parent)
        self._tray, self._store, self._post, self._window = tray, store, post, window
        post.calls_changed.connect(self.count)
        tray.calls_asked.connect(self._see_calls)

    def watch(self, window: MainWindow) -> None:
        """What this window shows counts as seen."""
        window.pane.tabs.currentChanged.connect(self._tab_changed)

    @Slot()
    def count(self) -> None:
        """Count again."""
        self._tray.set_missed(self._store.calls.unseen_missed())

    @Slot()
    def _see_calls(self) -> None:
        """Show the call list; what was missed is seen by that."""
        self._window().show_calls()
        self._seen()

    @Slot(int)
    def _tab_changed(self, _: int) -> None:
        if self._window().pane.shows_calls:
            self._seen()

    def _seen(self) -> None:
        if self._store.calls.unseen_missed():
            self._post.deliver(self._store.call_writes.see(), lambda _: None)
