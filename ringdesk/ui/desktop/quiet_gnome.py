"""Do Not Disturb of GNOME: its settings say whether banners are shown, and dconf tells when that changes.

Read through `gsettings`, the desktop's own tool: the settings database is no protocol. The tool is asked once at the
start and once after each change, and only on GNOME.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, QProcess, Slot

from ringdesk.ui.desktop.bus import Body, Bus, Place

DCONF: Final = Place("ca.desrt.dconf", "/ca/desrt/dconf/Writer/user", "ca.desrt.dconf.Writer")
SCHEMA, KEY = "org.gnome.desktop.notifications", "show-banners"
FOLDER: Final = "/org/gnome/desktop/notifications/"


def is_gnome(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the desktop is GNOME, or made of it (XDG_CURRENT_DESKTOP is a list with colons)."""
    return "GNOME" in environment.get("XDG_CURRENT_DESKTOP", "").split(":")


class GnomeQuiet(QObject):
    """Calls `say` with whether the user wants no banners, at first and whenever it changes."""

    def __init__(self, session: Bus, say: Callable[[bool], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._say = say
        self._again = False
        self._tool = QProcess(self)
        self._tool.finished.connect(self._read)
        self._program = shutil.which("gsettings") or ""
        if self._program:
            session.listen("Notify", self._changed, DCONF)
            self._ask()

    def _ask(self) -> None:
        if self._tool.state() is not QProcess.ProcessState.NotRunning:
            self._again = True
            return
        self._again = False
        self._tool.start(self._program, ["get", SCHEMA, KEY])

    def _changed(self, body: Body) -> None:
        """A prefix and what changed below it: one key, or a folder with some keys in it."""
        if str(body[0]).startswith(FOLDER) or FOLDER.startswith(str(body[0])):
            self._ask()

    @Slot()
    def _read(self) -> None:
        said = bytes(self._tool.readAllStandardOutput().data()).strip()
        if said in (b"true", b"false"):
            self._say(said == b"false")
        if self._again:
            self._ask()
