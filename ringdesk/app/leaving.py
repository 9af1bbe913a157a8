"""Closing the window and quitting, and what is asked before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ringdesk.ui.theme import Theme
from ringdesk.ui.tray import Tray

if TYPE_CHECKING:
    from ringdesk.ui.main_window import MainWindow


class Leaving(QObject):
    """Hides the window to the tray or ends RingDesk. `window` gives the main window, None where there is none yet.

    `unsaved` gives a window to ask in where a pop's note could not be saved yet, else None.
    """

    def __init__(
        self,
        theme: Theme,
        tray: Tray,
        window: Callable[[], MainWindow | None],
        unsaved: Callable[[], MainWindow | None],
        end: Callable[[str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._theme, self._tray, self._window, self._end = theme, tray, window, end
        self._unsaved = unsaved
        tray.quit_asked.connect(self.quit_asked)

    @Slot()
    def close_asked(self) -> None:
        """Closing the window leaves RingDesk in the tray; without a tray it would be invisible, so it asks."""
        window = self._window()
        if window is None:
            return
        if self._tray.available:
            window.hide()
        else:
            text = self.tr("There is no tray here to stay in. No call will pop up until RingDesk is started again.")
            self._ask(window, self.tr("Close the window and end RingDesk?"), text)

    @Slot()
    def quit_asked(self) -> None:
        """Quit, unless an editor or a pop's note holds something: then ask first."""
        window = self._window()
        if window is not None and window.editors.unsaved:
            window.bring_up()
            text = self.tr("An open editor holds changes that are not saved. They are lost when RingDesk ends.")
            self._ask(window, self.tr("Quit without saving?"), text)
        elif (window := self._unsaved()) is not None:
            window.bring_up()
            text = self.tr(
                "A note from a call could not be saved yet; RingDesk goes on trying. It is lost if RingDesk ends now."
            )
            self._ask(window, self.tr("Quit without saving?"), text)
        else:
            self._end("quit")

    def _ask(self, window: MainWindow, headline: str, text: str) -> None:
        from ringdesk.ui.widgets_ask import Ask, ask

        end = self.tr("&End RingDesk")
        ask(Ask(self._theme, window, headline, text, end, lambda: self._end("quit"), danger=True))
