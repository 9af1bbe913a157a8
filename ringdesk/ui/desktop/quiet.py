"""Do Not Disturb of the desktop: KDE and others through `Inhibited`, Xfce and GNOME through their settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from ringdesk.ui.desktop.bus import BUS, Body, Bus, Place
from ringdesk.ui.desktop.quiet_gnome import GnomeQuiet, is_gnome

NOTIFICATIONS: Final = "org.freedesktop.Notifications"
SERVICE: Final = Place(NOTIFICATIONS, "/org/freedesktop/Notifications", NOTIFICATIONS)
XFCE: Final = Place("org.xfce.Xfconf", "/org/xfce/Xfconf", "org.xfce.Xfconf")
CHANNEL, PROPERTY = "xfce4-notifyd", "/do-not-disturb"


class SystemQuiet(QObject):
    """Listens to the desktop's Do Not Disturb; quiet while any part of the desktop says so."""

    changed = Signal(bool)

    def __init__(self, session: Bus | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._says: dict[str, bool] = {}
        self._quiet = False
        if session is None:
            return
        session.watch(SERVICE, self._told)
        session.get(SERVICE, "Inhibited", lambda on: self._say("service", on))
        session.listen("NameOwnerChanged", self._owner_changed, Place(BUS, "/org/freedesktop/DBus", BUS),
                       of=NOTIFICATIONS)  # several to a line  # fmt: skip
        session.listen("PropertyChanged", self._xfce, XFCE, of=CHANNEL)
        session.listen("PropertyRemoved", self._xfce, XFCE, of=CHANNEL)
        session.call(XFCE, "GetProperty", "ss", (CHANNEL, PROPERTY), lambda b: self._say("xfce", b[0][1]), wake=False)
        if is_gnome():
            self._gnome = GnomeQuiet(session, lambda on: self._say("gnome", on), self)

    @property
    def quiet(self) -> bool:
        """True while the desktop's user wants no notifications."""
        return self._quiet

    def _told(self, properties: Mapping[str, Any]) -> None:
        if "Inhibited" in properties:
            self._say("service", properties["Inhibited"])

    def _owner_changed(self, body: Body) -> None:
        if not body[2]:
            self._say("service", on=False)

    def _xfce(self, body: Body) -> None:
        if body[1] == PROPERTY:
            self._say("xfce", len(body) > 2 and body[2][1])

    def _say(self, who: str, on: object) -> None:
        self._says[who] = on is True
        quiet = any(self._says.values())
        if quiet != self._quiet:
            self._quiet = quiet
            self.changed.emit(quiet)
