"""The tray: how RingDesk is doing at a glance, and the way back to its window.

Imported before everything else at start, so it needs neither the theme nor the words, and makes its menu later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

from ringdesk.ui.tray_look import TrayState, TrayView, tray_icon

if TYPE_CHECKING:
    from ringdesk.ui.tray_menu import TrayMenu

LOOK_AGAIN_MS: Final = 2000
LOOKS: Final = 15
"""Panels start late: for half a minute RingDesk looks again whether there is a tray."""


class Tray(QObject):
    """The icon in the tray with its menu. Where there is no tray, `available` is False and nothing is shown."""

    clicked = Signal()
    """The icon was clicked: the pops of running calls are wanted, or else the window."""
    glanced = Signal()
    """The mouse rests on the icon; only the old kind of tray tells."""
    open_asked = Signal()
    calls_asked = Signal()
    settings_asked = Signal()
    quit_asked = Signal()
    quiet_asked = Signal(bool)
    availability_changed = Signal(bool)
    """A tray came up after the start: the window may hide into it from now on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = TrayView()
        self._icons: dict[tuple[TrayState, str], QIcon] = {}
        self._icon = QSystemTrayIcon(self)
        self._icon.activated.connect(self._activated)
        self._available = False
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look_again)
        self._draw()

    @cached_property
    def menu(self) -> TrayMenu:
        """What can be done from the tray; made when it is first asked for."""
        from ringdesk.ui.tray_menu import TrayMenu

        menu = TrayMenu()
        menu.open_asked.connect(self.open_asked)
        menu.calls_asked.connect(self.calls_asked)
        menu.settings_asked.connect(self.settings_asked)
        menu.quit_asked.connect(self.quit_asked)
        menu.quiet_asked.connect(self._quiet_clicked)
        menu.tell(self._view)
        return menu

    def finish(self) -> None:
        """Give the icon its menu, and listen to the mouse on it: once the icon is shown, which they would delay."""
        from ringdesk.ui.tray_menu import Glance

        self._icon.setContextMenu(self.menu)
        glance = Glance(self)
        glance.seen.connect(self.glanced)
        self._icon.installEventFilter(glance)

    @property
    def available(self) -> bool:
        """True while there is a tray that shows the icon."""
        return self._available

    @property
    def view(self) -> TrayView:
        """What is shown now; use `dataclasses.replace` on it."""
        return self._view

    @property
    def tip(self) -> str:
        """The tool tip as the desktop gets it."""
        return self._icon.toolTip()

    def tell(self, view: TrayView) -> None:
        """Show this."""
        if view != self._view:
            self._view = view
            self._draw()

    def set_ringing(self, callers: Sequence[str]) -> None:
        """These calls ring."""
        self.tell(replace(self._view, callers=tuple(callers)))

    def set_hushed(self, hushed: bool) -> None:
        """The screen is locked, or no longer."""
        self.tell(replace(self._view, hushed=hushed))

    def set_system_quiet(self, quiet: bool) -> None:
        """The desktop's own Do Not Disturb is on or off."""
        self.tell(replace(self._view, system_quiet=quiet))

    def set_missed(self, count: int) -> None:
        """So many missed calls were not seen yet."""
        self.tell(replace(self._view, missed=count))

    def set_trouble(self, trouble: bool) -> None:
        """A phone does not answer, or all do."""
        self.tell(replace(self._view, trouble=trouble))

    def set_unsaved(self, unsaved: bool) -> None:
        """The store is in trouble, or no longer."""
        self.tell(replace(self._view, unsaved=unsaved))

    def set_quiet(self, quiet: bool) -> None:
        """Do Not Disturb is on or off."""
        self.tell(replace(self._view, quiet=quiet))

    def show(self) -> None:
        """Show the icon as soon as there is a tray; looks again for half a minute."""
        self._looks = 0
        if not self._look():
            self._timer.start()

    def hide(self) -> None:
        """Take the icon away."""
        self._timer.stop()
        self._icon.hide()

    def icon(self, view: TrayView) -> QIcon:
        """The icon for a view."""
        key = (view.state, view.badge)
        if key not in self._icons:
            self._icons[key] = tray_icon(*key)
        return self._icons[key]

    def _look(self) -> bool:
        there = QSystemTrayIcon.isSystemTrayAvailable()
        if there:
            self._icon.show()
        if there is not self._available:
            self._available = there
            self.availability_changed.emit(there)
        return there

    @Slot()
    def _look_again(self) -> None:
        self._looks += 1
        if self._look() or self._looks >= LOOKS:
            self._timer.stop()

    def _draw(self) -> None:
        if "menu" in self.__dict__:
            self.menu.tell(self._view)
        self._icon.setIcon(self.icon(self._view))
        self._icon.setToolTip(_escaped("\n".join(self._told())))

    def _told(self) -> list[str]:
        view = self._view
        told = ["RingDesk"]
        if view.ringing and view.hushed:
            told.append(self.tr("A call is ringing"))
        elif view.ringing:
            told += view.callers
        if view.missed:
            told.append(self.tr("Missed calls: %1").replace("%1", str(view.missed)))
        if view.quiet:
            told.append(self.tr("Do Not Disturb is on"))
        if view.system_quiet:
            told.append(self.tr("The desktop’s Do Not Disturb is on"))
        if view.trouble:
            told.append(self.tr("A phone does not answer"))
        if view.unsaved:
            told.append(self.tr("RingDesk has trouble saving. Open it to read more."))
        return told

    @Slot(bool)
    def _quiet_clicked(self, on: bool) -> None:
        self._view = replace(self._view, quiet=on)
        self._draw()
        self.quiet_asked.emit(on)

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.clicked.emit()


def _escaped(text: str) -> str:
    """Desktops take the tip for markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
