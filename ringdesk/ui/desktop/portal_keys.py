"""The global key on Wayland, where only the desktop itself may listen to keys: its portal tells when it is pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from ringdesk.desk.hotkey import Hotkey
from ringdesk.ui.desktop.bus import Body, Bus, Place

NAME: Final = "org.freedesktop.portal.Desktop"
PORTAL: Final = Place(NAME, "/org/freedesktop/portal/desktop", "org.freedesktop.portal.GlobalShortcuts")
SHORTCUT: Final = "newest-call"


class PortalKeys(QObject):
    """Asks the desktop for one shortcut; the user may choose other keys for it there."""

    pressed = Signal()
    refused = Signal()
    """This desktop has no such portal, or its user said no: `ringdesk focus` can be bound to a key instead."""

    def __init__(self, bus: Bus, title: str, parent: QObject | None = None) -> None:
        """`title` says in the desktop's own settings what the key does."""
        super().__init__(parent)
        self._bus, self._title = bus, title
        self._session = ""
        self._count = 0
        bus.listen("Activated", self._activated, PORTAL)

    def take(self, key: Hotkey | None) -> None:
        """Ask for this key; the answer comes later, and `refused` tells where it is no."""
        if self._session:
            self._bus.call(Place(NAME, self._session, "org.freedesktop.portal.Session"), "Close")
            self._session = ""
        if key is None:
            return

        def session(results: dict[str, Any]) -> None:
            self._session = str(results["session_handle"][1])
            wish = {"description": ("s", self._title), "preferred_trigger": ("s", key.trigger)}
            body = (self._session, [(SHORTCUT, wish)], "")
            self._request("BindShortcuts", "oa(sa{sv})s", body, lambda _: None)

        self._request("CreateSession", "", (), session)

    def _request(self, method: str, signature: str, body: Body, done: Callable[[dict[str, Any]], None]) -> None:
        """Portals answer twice: at once with the request's handle, and on that handle when the user has decided."""
        self._count += 1
        token = f"ringdesk{self._count}"
        options = {"handle_token": ("s", token)}
        if method == "CreateSession":
            options["session_handle_token"] = ("s", token)
        sender = self._bus.name.removeprefix(":").replace(".", "_")
        path = f"/org/freedesktop/portal/desktop/request/{sender}/{token}"

        def answered(answer: Body) -> None:
            if answer[0] == 0:
                done(answer[1])
            else:
                self.refused.emit()

        self._bus.listen("Response", answered, Place(NAME, path, "org.freedesktop.portal.Request"))
        self._bus.call(PORTAL, method, signature + "a{sv}", (*body, options), failed=lambda _: self.refused.emit())

    def _activated(self, body: Body) -> None:
        if body[0] == self._session and body[1] == SHORTCUT:
            self.pressed.emit()
