"""What the desktop around RingDesk tells: a locked screen, its Do Not Disturb, the global key. And who shows pops."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from ringdesk.desk.hotkey import hotkey
from ringdesk.ui.desktop.bus import Bus
from ringdesk.ui.desktop.lock import ScreenLock
from ringdesk.ui.desktop.portal_keys import PortalKeys
from ringdesk.ui.desktop.quiet import SystemQuiet
from ringdesk.ui.desktop.x11_keys import KeyGrab, KeyServer
from ringdesk.ui.notify_screen import NotifyScreen
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.pop_surface import PopSurface

log = logging.getLogger(__name__)


class Surroundings(QObject):
    """Listens to the desktop once it is started. Whatever of it is missing is quietly not listened to."""

    locked = Signal(bool)
    quiet = Signal(bool)
    key_pressed = Signal()
    key_refused = Signal(str)
    """This key (as it was chosen) is another program's, or this desktop gives none away."""
    no_notifications = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._platform = QGuiApplication.platformName()
        self._session: Bus | None = None
        self._system: Bus | None = None
        self._grab: KeyGrab | None = None
        self._portal: PortalKeys | None = None
        self._key = ""
        self._started = False

    def surface(self, screen: PopScreen) -> PopSurface:
        """What shows pops here: windows, or notifications where no window can leave the keyboard alone."""
        bus = self._session_bus() if self._platform == "wayland" else None
        if bus is None:
            return screen
        notifier = NotifyScreen(bus, screen.taps, now=screen.now, parent=self)
        notifier.missing.connect(self.no_notifications)
        return notifier

    def start(self, key: str) -> None:
        """Listen from now on; `key` is the global key as it was chosen."""
        session, self._system = self._session_bus(), Bus.system(self)
        self._lock = ScreenLock(session, self._system, self)
        self._lock.changed.connect(self.locked)
        self._quiet = SystemQuiet(session, self)
        self._quiet.changed.connect(self.quiet)
        self._started = True
        self._take()
        if key != self._key:
            self.use_key(key)

    def use_key(self, key: str) -> None:
        """Go by another global key; an empty text gives it up."""
        self._key = key
        if not self._started:
            return
        wanted = hotkey(key) if key else None
        if self._grab is not None and not self._grab.take(wanted):
            self._refused()
        elif self._portal is not None:
            self._portal.take(wanted)

    def stop(self) -> None:
        """Give the key back and hang up."""
        if self._grab is not None:
            self._grab.close()
        for bus in (self._session, self._system):
            if bus is not None:
                bus.close()

    def _session_bus(self) -> Bus | None:
        if self._session is None:
            self._session = Bus.session(self)
        return self._session

    def _take(self) -> None:
        if self._platform == "xcb":
            server = KeyServer.open()
            if server is not None:
                self._grab = KeyGrab(server, self)
                self._grab.pressed.connect(self.key_pressed)
        elif self._platform == "wayland" and self._session is not None:
            self._portal = PortalKeys(self._session, self.tr("Go to the newest call"), self)
            self._portal.pressed.connect(self.key_pressed)
            self._portal.refused.connect(self._refused)

    @Slot()
    def _refused(self) -> None:
        log.warning("the global key was refused on %s", self._platform)
        self.key_refused.emit(self._key)
