"""The tray: how RingDesk is doing at a glance, and the way back to its window.

Imported before everything else at start, so it needs neither the theme nor the words.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QColor, QFont, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ringdesk.ui.theme_icons import icon_pixmap

SIZES: Final = (22, 24, 32, 48)
LOOK_AGAIN_MS: Final = 2000
LOOKS: Final = 15
"""Panels start late: for half a minute RingDesk looks again whether there is a tray."""


class TrayState(Enum):
    """How RingDesk is doing."""

    IDLE = "idle"
    RINGING = "ringing"
    TROUBLE = "trouble"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class TrayView:
    """What the tray shows. `trouble`: a phone does not answer; `quiet`: Do Not Disturb is on.

    `callers` says who rings, a sentence each; while `hushed` the screen is locked and no name is told.
    """

    callers: tuple[str, ...] = ()
    missed: int = 0
    trouble: bool = False
    quiet: bool = False
    system_quiet: bool = False
    hushed: bool = False

    @property
    def ringing(self) -> bool:
        """A call rings."""
        return bool(self.callers)

    @property
    def state(self) -> TrayState:
        """The most urgent of its states."""
        if self.ringing:
            return TrayState.RINGING
        if self.quiet or self.system_quiet:
            return TrayState.QUIET
        return TrayState.TROUBLE if self.trouble else TrayState.IDLE


_LOOKS: Final = {
    TrayState.IDLE: ("phone", "#0b6b70"),
    TrayState.RINGING: ("ringing", "#1a7444"),
    TrayState.TROUBLE: ("warning", "#85540a"),
    TrayState.QUIET: ("bell-off", "#52656b"),
}


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
        self._icon.installEventFilter(self)
        self._available = False
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look_again)
        self.menu = QMenu()
        self._open = self._action("tray_open")
        self._missed = self._action("tray_missed")
        self.menu.addSeparator()
        self._quiet = self._action("tray_do_not_disturb")
        self._quiet.setCheckable(True)
        self._settings = self._action("tray_settings")
        self.menu.addSeparator()
        self._quit = self._action("tray_quit")
        self._open.triggered.connect(self.open_asked)
        self._missed.triggered.connect(self.calls_asked)
        self._quiet.triggered.connect(self._quiet_clicked)
        self._settings.triggered.connect(self.settings_asked)
        self._quit.triggered.connect(self.quit_asked)
        self.menu.setDefaultAction(self._open)
        self._icon.setContextMenu(self.menu)
        self._draw()

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
        badge = "" if view.missed < 1 else str(view.missed) if view.missed < 10 else "9+"
        key = (view.state, badge)
        if key not in self._icons:
            made = QIcon()
            for size in SIZES:
                made.addPixmap(_drawn(view.state, badge, size))
            self._icons[key] = made
        return self._icons[key]

    def _action(self, name: str) -> QAction:
        action = QAction(self)
        action.setObjectName(name)
        self.menu.addAction(action)
        return action

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
        view = self._view
        self._open.setText(self.tr("Open RingDesk"))
        self._missed.setText(self.tr("Missed calls (%1)").replace("%1", str(view.missed)))
        self._missed.setEnabled(view.missed > 0)
        self._quiet.setText(self.tr("Do Not Disturb"))
        self._quiet.setChecked(view.quiet)
        self._settings.setText(self.tr("Settings…"))
        self._quit.setText(self.tr("Quit"))
        self._icon.setIcon(self.icon(view))
        self._icon.setToolTip(html.escape("\n".join(self._told()), quote=False))

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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Where the tray tells that the mouse rests on the icon."""
        if event.type() is QEvent.Type.ToolTip:
            self.glanced.emit()
        return super().eventFilter(watched, event)


def _drawn(state: TrayState, badge: str, size: int) -> QPixmap:
    """A glyph on a ground of its own, so that it is seen on light and dark panels alike."""
    glyph, ground = _LOOKS[state]
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(QRectF(0, 0, size, size), size * 0.26, size * 0.26)
    inner = round(size * 0.72)
    edge = (size - inner) // 2
    painter.drawPixmap(edge, edge, icon_pixmap(glyph, "#ffffff", inner))
    if badge:
        _badge(painter, badge, size)
    painter.end()
    return picture


def _badge(painter: QPainter, text: str, size: int) -> None:
    radius = size * 0.29
    center = QPointF(size - radius, size - radius)
    painter.setBrush(QColor("#ffffff"))
    painter.drawEllipse(center, radius, radius)
    painter.setBrush(QColor("#ad2a2a"))
    painter.drawEllipse(center, radius - max(1.0, size / 32), radius - max(1.0, size / 32))
    font = QFont(painter.font())
    font.setPixelSize(max(7, round(size * (0.42 if len(text) == 1 else 0.32))))
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.setPen(QColor("#ffffff"))
    box = QRectF(center.x() - radius, center.y() - radius, 2 * radius, 2 * radius)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
