"""What the user chose: read at start, changed in the settings window, by the tray and by dragging, gone by at once."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ringdesk import settings as choices
from ringdesk.app.places import Places
from ringdesk.domain.values import dataclass
from ringdesk.ui.theme import Theme, Tint
from ringdesk.ui.tray import Tray

if TYPE_CHECKING:
    from ringdesk.app.configure import Configure
    from ringdesk.app.core import Core
    from ringdesk.app.popping import Popping
    from ringdesk.desk.preferences import Preferences
    from ringdesk.ui.main_window import MainWindow
    from ringdesk.ui.settings_window import SettingsWindow

# Read before the window is shown; what only serves changes is imported when there is one.

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Users:
    """Who goes by the settings. `popping` and `core` give what is made later; `say` shows a sentence in the window."""

    theme: Theme
    tray: Tray
    popping: Callable[[], Popping]
    core: Callable[[], Core]
    say: Callable[[str, str, Tint], None]
    pages: Callable[[SettingsWindow], None] = lambda window: None
    """Adds further pages to the settings window."""


class Choosing(QObject):
    """Holds the settings and has everybody go by them."""

    def __init__(
        self, here: Places, users: Users, given: choices.Settings | None = None, parent: QObject | None = None
    ) -> None:
        """`given` are settings that are not read from the file: for practising."""
        super().__init__(parent)
        self._here, self._users = here, users
        self._configure: Configure | None = None
        self.trouble = ""
        """What to tell the user about a settings file that could not be read."""
        self.settings = given if given is not None else self._load()

    def _load(self) -> choices.Settings:
        """The settings; where the file cannot be read it is set aside."""
        try:
            return choices.load(self._here.data)
        except choices.SettingsError as error:
            log.warning("settings: %s", error)
            aside = choices.set_aside(self._here.data)
            from ringdesk.ui import call_words

            self.trouble = call_words.unreadable_settings(str(error), str(aside))
            return choices.Settings(region=choices.home_region(os.environ))

    @Slot()
    def open(self, page: str = "") -> None:
        """Open the settings window, at a page where one is named."""
        if self._configure is None:
            from ringdesk.app.configure import Configure  # its pages are not needed to answer the phone
            from ringdesk.app.preferences import preferences_of

            users, kept = self._users, preferences_of(self.settings)
            feed, address = self._here.socket, users.core().feed_address
            self._configure = Configure(users.theme, users.popping().screen, feed, address, kept, self.apply)
            users.pages(self._configure.window)
        self._configure.open(page)

    @Slot(bool)
    def do_not_disturb(self, on: bool) -> None:
        """The tray's Do Not Disturb was switched."""
        from ringdesk.app.preferences import preferences_of

        pop = replace(self.settings.pop, do_not_disturb=on)
        failed = self.apply(preferences_of(replace(self.settings, pop=pop)))
        if failed is not None:
            self._users.tray.set_quiet(self.settings.pop.do_not_disturb)
            self._users.say(failed, "warning", Tint.BAD)

    def apply(self, chosen: Preferences) -> str | None:
        """Keep preferences and go by them; gives what was wrong, or None."""
        from ringdesk.app.preferences import applied

        setup, before = self._users.popping().screen.screens.setup(), self.settings

        def kept(settings: choices.Settings) -> choices.Settings:
            moved = (settings.pop.corner, settings.pop.screen) != (before.pop.corner, before.pop.screen)
            return choices.place_kept(settings, setup) if moved else settings

        return applied(chosen, before, lambda s: choices.save(self._here.data, kept(s)), lambda s: self.go_by(kept(s)))

    def go_by(self, settings: choices.Settings) -> None:
        """Go by these settings without keeping them."""
        self.settings = settings
        self._users.core().apply(settings)
        self.place_pops()
        self._users.popping().around.use_key(settings.pop.key)
        self._users.tray.set_quiet(settings.pop.do_not_disturb)
        if self._configure is not None:
            from ringdesk.app.preferences import preferences_of

            self._configure.changed(preferences_of(settings))

    def settle(self) -> None:
        """Have pops come up where they went with the screens of now."""
        self.settings = choices.placed(self.settings, self._users.popping().screen.screens.setup())
        self.place_pops()

    def place_pops(self) -> None:
        """Have pops come up where they are wanted."""
        from ringdesk.ui.desktop.screens import Corner, PopPlace

        self._users.popping().screen.place = PopPlace(Corner(self.settings.pop.corner), self.settings.pop.screen)

    def place_window(self, window: MainWindow) -> None:
        """Have the main window come up where it stood last, and keep where it stands when it goes."""
        from ringdesk.ui.desktop.windows import stand  # as the window itself: not where it stays in the tray

        window.closing.connect(lambda: self._keep_window(window))
        try:
            left, top, width, height, maximized = json.loads(self._here.window.read_text("ascii"))
            stand(window, (int(left), int(top), int(width), int(height), bool(maximized)))
        except FileNotFoundError:
            return
        except (OSError, TypeError, ValueError, OverflowError) as error:
            log.warning("where the window stood cannot be read: %s", error)

    def _keep_window(self, window: MainWindow) -> None:
        """Keep where the main window stands, for the next start; no choice of the settings, so not in their file."""
        from ringdesk.ui.desktop.windows import stood

        path, text = self._here.window, json.dumps(stood(window))
        beside = path.with_name(f".{path.name}.new")
        try:
            beside.write_text(text, "ascii")
            beside.replace(path)
        except OSError as error:
            log.warning("where the window stands is not kept: %s", error)
