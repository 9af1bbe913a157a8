"""The settings window and what it does: ask a phone, show a sample pop, save."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from ringdesk.desk.preferences import Preferences, PreferencesPresenter
from ringdesk.domain.choices import PhoneChoice, PopChoices
from ringdesk.domain.status import Finding
from ringdesk.feed.sources.baresip import probe
from ringdesk.ui.desktop.screens import Corner, PopPlace
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.settings_window import SettingsWindow
from ringdesk.ui.theme import Theme


class Configure:
    """Opens the settings window; made when it is first asked for.

    `feed` is where the local feed listens; `address` gives where the HTTP feed does now, or an empty text.
    """

    def __init__(
        self,
        theme: Theme,
        screen: PopScreen,
        feed: Path,
        address: Callable[[], str],
        kept: Preferences,
        apply: Callable[[Preferences], str | None],
    ) -> None:
        self._screen = screen
        self._tests: set[asyncio.Task[None]] = set()
        self.presenter = PreferencesPresenter(kept, apply, self._test, self._sample, address)
        self.window = SettingsWindow(theme, self.presenter, screens=screen.screens.names, feed_path=str(feed))

    def open(self, page: str = "") -> None:
        """Bring the window up, at a page where one is named."""
        self.window.open(page)

    def changed(self, kept: Preferences) -> None:
        """The settings were changed elsewhere (the tray's Do Not Disturb)."""
        self.presenter.kept = kept
        self.window.refresh()

    def _test(self, phone: PhoneChoice, tell: Callable[[Finding], None]) -> None:
        async def ask() -> None:
            tell(await probe(phone.host, phone.port))

        task = asyncio.get_running_loop().create_task(ask(), name="phone test")
        self._tests.add(task)
        task.add_done_callback(self._tests.discard)

    def _sample(self, pop: PopChoices) -> None:
        self._screen.sample(PopPlace(Corner(pop.corner), pop.screen))
