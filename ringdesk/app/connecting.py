"""Google in the windows: its bar, its menu and its settings page, made once the main window was painted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from ringdesk.desk.holders import Holder
from ringdesk.domain.sockets import Clock
from ringdesk.ui.theme import Theme

if TYPE_CHECKING:
    from ringdesk.app.core import Core
    from ringdesk.ui.connect_front import GoogleFront
    from ringdesk.ui.main_window import MainWindow
    from ringdesk.ui.settings_window import SettingsWindow


class Connecting(QObject):
    """Plugs `desk.connecting.GoogleDesk` into the windows. Nothing of it is imported on the way to the first window."""

    def __init__(
        self,
        theme: Theme,
        clock: Clock,
        core: Callable[[], Core],
        window: Callable[[], MainWindow],
        settings: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        """`settings` opens the settings window at a page."""
        super().__init__(parent)
        self._theme, self._clock = theme, clock
        self._core, self._window, self._settings = core, window, settings
        self._connected: tuple[Holder, ...] | None = None

    @cached_property
    def front(self) -> GoogleFront:
        """Google in the main window."""
        from ringdesk.ui.connect_front import GoogleFront

        window, core = self._window(), self._core()
        made = GoogleFront(
            self._theme,
            window,
            core.accounts.google,
            self._clock,
            region=lambda: core.settings.region,
            settings=lambda: self._settings("settings_google"),
            link=_open,
        )
        window.pane.connect_asked.connect(made.show_connect)
        made.changed.connect(self._marked)
        return made

    @Slot()
    def show(self) -> None:
        """Put the bar and the menu into the main window."""
        self.front.refresh()

    @Slot()
    def _marked(self) -> None:
        """The contacts pane marks what connected accounts have: told only where that is different."""
        accounts = self._core().accounts
        connected = tuple(accounts.connected)
        if connected != self._connected:
            self._connected = connected
            self._window().accounts_changed(accounts.holders, synced=bool(connected))

    def add_page(self, settings: SettingsWindow) -> None:
        """Give the settings window its page, unless the team lets this desk have no Google account."""
        from ringdesk.ui.settings_google import GooglePage

        front, core = self.front, self._core()
        if not front.desk.allowed:
            return
        page = GooglePage(self._theme, front.desk, self._clock, core.store.reads.groups, front.act)
        front.changed.connect(page.refresh)
        settings.add_page(self.tr("Google"), "cloud", page)


def _open(address: str) -> None:
    """Open an address in the user's browser."""
    QDesktopServices.openUrl(QUrl(address))
