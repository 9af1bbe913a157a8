"""The menu of the tray's icon, and the mouse that rests on it: made once the icon is there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from ringdesk.ui.tray_look import TrayView


class TrayMenu(QMenu):
    """What can be done from the tray."""

    open_asked = Signal()
    calls_asked = Signal()
    settings_asked = Signal()
    quit_asked = Signal()
    quiet_asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._open = self._action("tray_open", self.tr("Open RingDesk"))
        self._missed = self._action("tray_missed", "")
        self.addSeparator()
        self._quiet = self._action("tray_do_not_disturb", self.tr("Do Not Disturb"))
        self._quiet.setCheckable(True)
        self._settings = self._action("tray_settings", self.tr("Settings…"))
        self.addSeparator()
        self._quit = self._action("tray_quit", self.tr("Quit"))
        self._open.triggered.connect(self.open_asked)
        self._missed.triggered.connect(self.calls_asked)
        self._quiet.triggered.connect(self.quiet_asked)
        self._settings.triggered.connect(self.settings_asked)
        self._quit.triggered.connect(self.quit_asked)
        self.setDefaultAction(self._open)

    def tell(self, view: TrayView) -> None:
        """Show this."""
        self._missed.setText(self.tr("Missed calls (%1)").replace("%1", str(view.missed)))
        self._missed.setEnabled(view.missed > 0)
        self._quiet.setChecked(view.quiet)

    def _action(self, name: str, text: str) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        self.addAction(action)
        return action


class Glance(QObject):
    """Where the tray tells that the mouse rests on the icon."""

    seen = Signal()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The tray asks for the tip."""
        if event.type() is QEvent.Type.ToolTip:
            self.seen.emit()
        return False
