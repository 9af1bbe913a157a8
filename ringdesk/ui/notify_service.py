"""The desktop's notification service: one notification a call, replaced in place, closed when told to.

Every request is answered later, and a call may change or end in between: what is wanted last is sent once the answer
to the one before is there, so that no notification is ever left behind or doubled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject

from ringdesk.ui.desktop.bus import BUS, Body, Bus, Place
from ringdesk.ui.notify_words import Able, Note, Urgency

log = logging.getLogger(__name__)

NAME: Final = "org.freedesktop.Notifications"
SERVICE: Final = Place(NAME, "/org/freedesktop/Notifications", NAME)
NEVER, AS_USUAL = 0, -1
DISMISSED: Final = 2
"""Why a notification was closed: by the user."""


@dataclass(slots=True)
class _Shown:
    """One call's notification: what was sent last, what is wanted, and its number once the service told it."""

    wanted: Note | None
    sent: Note | None = None
    number: int = 0
    waiting: bool = False
    gone: bool = False
    acted: bool = False


class NotifyService(QObject):
    """Shows notifications under keys of ours.

    `invoked(key, action)` tells what was clicked; `closed(key, by_user)` that one is gone without us having closed it;
    `ready` that the service has told what it can do; `missing` that there is none.
    """

    def __init__(
        self,
        bus: Bus,
        invoked: Callable[[str, str], None],
        closed: Callable[[str, bool], None],
        ready: Callable[[], None],
        missing: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bus, self._invoked, self._gone, self._ready, self._missing = bus, invoked, closed, ready, missing
        self.able = Able()
        self._shown: dict[str, _Shown] = {}
        bus.listen("ActionInvoked", self._action, SERVICE)
        bus.listen("NotificationClosed", self._closed, SERVICE)
        bus.listen("NameOwnerChanged", self._owner_changed, Place(BUS, "/org/freedesktop/DBus", BUS), of=NAME)
        self._ask()

    def show(self, key: str, note: Note) -> None:
        """Show this under a key, in place of what is there. What was closed once does not come back by itself."""
        shown = self._shown.get(key)
        if shown is None:
            shown = self._shown[key] = _Shown(note)
        elif shown.gone:
            return
        shown.wanted = note
        self._send(key, shown)

    def close(self, key: str) -> None:
        """Take it away."""
        shown = self._shown.get(key)
        if shown is None:
            return
        shown.wanted = None
        if not shown.waiting:
            self._take_away(key, shown)

    def _ask(self) -> None:
        self._bus.call(SERVICE, "GetCapabilities", done=self._can, failed=self._cannot)

    def _can(self, body: Body) -> None:
        self.able = Able.of(body[0])
        self._ready()

    def _cannot(self, error: str) -> None:
        log.warning("the desktop shows no notifications: %s", error)
        self._missing()

    def _send(self, key: str, shown: _Shown) -> None:
        note = shown.wanted
        if shown.waiting or note is None or note == shown.sent:
            return
        shown.waiting, shown.sent = True, note
        hints = {
            "urgency": ("y", int(note.urgency)),
            "category": ("s", note.category),
            "desktop-entry": ("s", "ringdesk"),
            "resident": ("b", True),
            "suppress-sound": ("b", True),
        }
        lasts = NEVER if note.urgency is Urgency.CRITICAL else AS_USUAL
        body = ("RingDesk", shown.number, "", note.summary, note.body, list(note.actions), hints, lasts)
        self._bus.call(
            SERVICE, "Notify", "susssasa{sv}i", body, lambda told: self._told(key, shown, told[0]),
            lambda error: self._failed(key, shown, error),
        )  # several to a line  # fmt: skip

    def _told(self, key: str, shown: _Shown, number: int) -> None:
        shown.waiting, shown.number = False, number
        if shown.wanted is None:
            self._take_away(key, shown)
        else:
            self._send(key, shown)

    def _failed(self, key: str, shown: _Shown, error: str) -> None:
        log.warning("a notification was not shown: %s", error)
        if self._shown.get(key) is shown:
            del self._shown[key]

    def _take_away(self, key: str, shown: _Shown) -> None:
        if self._shown.get(key) is shown:
            del self._shown[key]
        if shown.number and not shown.gone:
            self._bus.call(SERVICE, "CloseNotification", "u", (shown.number,))

    def _key(self, number: int) -> str | None:
        return next((key for key, shown in self._shown.items() if shown.number == number and not shown.gone), None)

    def _action(self, body: Body) -> None:
        key = self._key(body[0])
        if key is not None:
            self._shown[key].acted = True
            self._invoked(key, str(body[1]))

    def _closed(self, body: Body) -> None:
        """A click on a button closes it too with some services: that is not the user's wish to be rid of the call."""
        key = self._key(body[0])
        if key is None:
            return
        shown = self._shown[key]
        shown.gone = True
        self._gone(key, body[1] == DISMISSED and not shown.acted)

    def _owner_changed(self, body: Body) -> None:
        """Another service, or the old one anew: it knows nothing of what was shown."""
        for shown in self._shown.values():
            shown.number, shown.sent = 0, None
        if body[2]:
            self._ask()
        else:
            self.able = Able()
