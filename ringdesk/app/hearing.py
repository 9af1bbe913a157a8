"""What RingDesk does when the desktop around it tells something, or a pop was dragged."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from ringdesk.app.choosing import Choosing
from ringdesk.app.core import Core
from ringdesk.app.preferences import preferences_of
from ringdesk.app.surroundings import Surroundings
from ringdesk.domain.values import dataclass
from ringdesk.settings import placed
from ringdesk.ui import call_words
from ringdesk.ui.desktop.instance import FOCUS
from ringdesk.ui.desktop.screens import PopPlace
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.pop_surface import PopSurface
from ringdesk.ui.theme import Tint
from ringdesk.ui.tray import Tray


@dataclass(frozen=True, slots=True)
class House:
    """What is there to act on. `say` shows a sentence in the window."""

    core: Core
    tray: Tray
    screen: PopScreen
    surface: PopSurface
    choosing: Choosing
    say: Callable[[str, str, Tint], None]
    raise_window: Callable[[], None]


class Hearing(QObject):
    """Hears the desktop, the tray icon and the screens."""

    def __init__(self, around: Surroundings, house: House, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._house = house
        house.tray.clicked.connect(self._tray_clicked)
        house.tray.glanced.connect(self._see_pops)
        house.screen.moved.connect(self._pops_moved)
        house.screen.screens.changed.connect(self._screens_changed)
        around.locked.connect(self._lock)
        around.quiet.connect(self._system_quiet)
        around.key_pressed.connect(self.enter)
        around.key_refused.connect(self._key_refused)
        around.no_notifications.connect(self._no_notifications)

    @Slot()
    def enter(self) -> None:
        """The global key: into the newest pop, were it closed before."""
        house = self._house
        if not house.surface.enter() and house.core.desk.recall():
            house.surface.enter()

    def started_again(self, argument: str) -> bool:
        """What a second start was for: True where it was `ringdesk focus`, perhaps with leave to take the keyboard."""
        wish, _, token = argument.partition(" ")
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        if wish == FOCUS:
            self.enter()
        return wish == FOCUS

    @Slot()
    def _see_pops(self) -> bool:
        """Show the pops of running calls again that were closed or folded."""
        return self._house.core.desk.recall()

    @Slot()
    def _tray_clicked(self) -> None:
        if not self._see_pops():
            self._house.raise_window()

    @Slot(bool)
    def _lock(self, locked: bool) -> None:
        """While the screen is locked no name is seen, read or heard anywhere."""
        self._house.surface.locked = locked
        self._house.tray.set_hushed(locked)

    @Slot(bool)
    def _system_quiet(self, quiet: bool) -> None:
        self._house.core.system_quiet = quiet
        self._house.tray.set_system_quiet(quiet)

    @Slot(PopPlace)
    def _pops_moved(self, place: PopPlace) -> None:
        """A pop was dragged: keep where to, for these screens."""
        house, settings = self._house, self._house.choosing.settings
        pop = replace(settings.pop, corner=place.corner.value, screen=place.screen)
        failed = house.choosing.apply(preferences_of(replace(settings, pop=pop)))
        if failed is not None:
            house.say(failed, "warning", Tint.BAD)

    @Slot()
    def _screens_changed(self) -> None:
        """Other screens: where pops went with these before."""
        settings = self._house.choosing.settings
        again = placed(settings, self._house.screen.screens.setup())
        if again != settings:
            self._house.choosing.go_by(again)

    @Slot(str)
    def _key_refused(self, key: str) -> None:
        self._house.say(call_words.key_refused(key), "warning", Tint.WARN)

    @Slot()
    def _no_notifications(self) -> None:
        self._house.say(call_words.no_notifications(), "warning", Tint.BAD)
