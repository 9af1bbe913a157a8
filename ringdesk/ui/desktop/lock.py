"""Whether the screen is locked, as the desktop's lock screen and the system's login service say. Nothing is polled."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ringdesk.ui.desktop.bus import BUS, Body, Bus, Place

SAVERS: Final = (
    Place("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"),
    Place("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver"),
    Place("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver", "org.xfce.ScreenSaver"),
    Place("org.mate.ScreenSaver", "/org/mate/ScreenSaver", "org.mate.ScreenSaver"),
    Place("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver", "org.cinnamon.ScreenSaver"),
)
LOGIN: Final = "org.freedesktop.login1"
MANAGER: Final = Place(LOGIN, "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
ASKED, HINT = "asked to lock", "login session"
BELIEVE_MS: Final = 10_000
"""The login service only passes a wish to lock on; unless somebody says by then that it is locked, it is not."""


class ScreenLock(QObject):
    """Listens to whoever may lock this screen; locked while any of them says so."""

    changed = Signal(bool)

    def __init__(self, session: Bus | None, system: Bus | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._says: dict[str, bool] = {}
        self._locked = False
        self._doubt = QTimer(self)
        self._doubt.setSingleShot(True)
        self._doubt.setInterval(BELIEVE_MS)
        self._doubt.timeout.connect(self._not_locked_after_all)
        if session is not None:
            for saver in SAVERS:
                self._follow(session, saver)
        if system is not None:
            self._system = system
            pid = os.getpid()
            system.call(MANAGER, "GetSessionByPID", "u", (pid,), lambda body: self._session(body[0]), wake=False)

    @property
    def locked(self) -> bool:
        """True while the screen is locked."""
        return self._locked

    def _follow(self, bus: Bus, saver: Place) -> None:
        def heard(body: Body) -> None:
            self._say(saver.name, bool(body[0]))

        def owner_changed(body: Body) -> None:
            if not body[2]:
                self._say(saver.name, on=False)

        anywhere = Place(saver.name, "", saver.interface)
        bus.listen("ActiveChanged", heard, anywhere)
        bus.listen("NameOwnerChanged", owner_changed, Place(BUS, "/org/freedesktop/DBus", BUS), of=saver.name)
        bus.call(saver, "GetActive", done=heard, wake=False)

    def _session(self, path: str) -> None:
        place = Place(LOGIN, path, "org.freedesktop.login1.Session")

        def told(properties: Mapping[str, Any]) -> None:
            if "LockedHint" in properties:
                self._say(HINT, bool(properties["LockedHint"]))
                self._say(ASKED, on=False)  # whoever sets the hint knows better

        self._system.watch(place, told)
        self._system.listen("Lock", lambda _: self._asked(), place)
        self._system.listen("Unlock", lambda _: self._unlocked(), place)
        self._system.get(place, "LockedHint", lambda on: self._say(HINT, bool(on)))

    def _asked(self) -> None:
        self._say(ASKED, on=True)
        self._doubt.start()

    def _unlocked(self) -> None:
        self._say(ASKED, on=False)

    @Slot()
    def _not_locked_after_all(self) -> None:
        self._say(ASKED, on=False)

    def _say(self, who: str, on: bool) -> None:
        self._says[who] = on
        locked = any(self._says.values())
        if locked != self._locked:
            self._locked = locked
            self.changed.emit(locked)
