"""The pops on the screen: what shows them here, what the user does on them, and what of them the tray says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRect, QTimer, Slot
from PySide6.QtGui import QPixmap

from ringdesk.app.core import Core
from ringdesk.app.surroundings import Surroundings
from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import Phase
from ringdesk.domain.sockets import Clock
from ringdesk.store.store import Store
from ringdesk.ui import pop_words
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.pop_window import PopTaps
from ringdesk.ui.theme import Theme
from ringdesk.ui.tray import Tray
from ringdesk.ui.widgets_photo import PhotoTrouble, read_photo

if TYPE_CHECKING:
    from ringdesk.ui.main_window import MainWindow

AFTER_POP_MS: Final = 50


class Popping(QObject):
    """Made once the window was painted, which it would delay. `store` and `window` give these once they are there."""

    def __init__(
        self,
        theme: Theme,
        tray: Tray,
        clock: Clock,
        store: Callable[[], Store],
        window: Callable[[], MainWindow | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._tray, self._store, self._window = tray, store, window
        self._ringing: tuple[str, ...] = ()
        self._stack = Stack((), 0)
        self._after = QTimer(self)
        self._after.setSingleShot(True)
        self._after.setInterval(AFTER_POP_MS)
        self._after.timeout.connect(self._tell_ringing)
        self.screen = PopScreen(theme, now=clock.now, photo=self._photo, parent=self)
        """Pops as windows: what shows them nearly everywhere, and the sample of the settings everywhere."""
        self.screen.bar = self._bar
        self.around = Surroundings(self)
        self.surface = self.around.surface(self.screen)
        """What shows pops here."""

    def connect_core(self, core: Core, more: Callable[[], None]) -> None:
        """Have the core do what the user asks for on a pop; `more`: "+2 more" was clicked."""
        actions = core.actions
        self.surface.taps = self.screen.taps = PopTaps(
            act=actions.act,
            hover=lambda id, on: core.pops.hover(id, on),
            write=lambda id, text, writing: actions.write(id, text, writing=writing),
            more=more,
        )

    def show(self, stack: Stack) -> None:
        """Put the pops on the screen at once; the tray follows after they were painted."""
        self.surface.show(stack)
        self._stack = stack
        self._after.start()

    @Slot()
    def _tell_ringing(self) -> None:
        ringing = tuple(pop_words.announcement(view) for view in self._stack.pops if view.phase is Phase.RINGING)
        if ringing != self._ringing:
            self._ringing = ringing
            self._tray.set_ringing(ringing)

    def _bar(self) -> QRect | None:
        window = self._window()
        return None if window is None else window.bar_place

    def _photo(self, digest: str) -> QPixmap | None:
        data = self._store().reads.photo(digest)
        image = read_photo(data) if data else None
        return None if image is None or isinstance(image, PhotoTrouble) else QPixmap.fromImage(image)
