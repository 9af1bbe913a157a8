"""The connect window: one page a stage of `desk.connecting.GoogleDesk`. Closing it changes nothing."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from ringdesk.desk.connecting import (
    Connected,
    GoogleDesk,
    GoogleView,
    Rehearsed,
    Rehearsing,
    SettingUp,
    SigningIn,
    Unconnected,
)
from ringdesk.domain.sockets import Clock
from ringdesk.ui.connect_parts import ConnectPage
from ringdesk.ui.connect_rehearsal import ProgressPage, RehearsalPage
from ringdesk.ui.connect_setup import SetupPage
from ringdesk.ui.connect_start import StartPage, WaitPage
from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_frame import column


class ConnectDialog(QDialog):
    """From the client file to what the first sync would do. `link_asked`: open an address in the browser."""

    link_asked = Signal(object)

    def __init__(self, theme: Theme, desk: GoogleDesk, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._clock = desk, clock
        self.setObjectName("connect_dialog")
        self.setWindowTitle(self.tr("Connect Google"))
        self.setAccessibleName(self.tr("Connect Google"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(700, 640)
        self.setMinimumSize(560, 460)
        self.start = StartPage(theme)
        self.wait = WaitPage(theme)
        self.setup = SetupPage(theme)
        self.progress = ProgressPage(theme)
        self.rehearsal = RehearsalPage(theme)
        self._stack = QStackedWidget()
        self._pages: tuple[ConnectPage, ...] = (self.start, self.wait, self.setup, self.progress, self.rehearsal)
        for page in self._pages:
            self._stack.addWidget(page)
        column(self, gap=0).addWidget(self._stack)
        self._connect()
        self._turn(self.start)
        self.refresh()

    def _connect(self) -> None:
        desk = self._desk
        self.start.connect_asked.connect(desk.connect)
        self.start.chosen.connect(desk.choose_client_file)
        self.start.console_asked.connect(self.link_asked)
        self.start.close_button.clicked.connect(self.close)
        self.wait.cancel_asked.connect(desk.cancel)
        self.setup.cancel_asked.connect(self._call_off)
        self.setup.again_asked.connect(desk.count_again)
        self.setup.go_asked.connect(self._rehearse)
        self.progress.back_asked.connect(desk.back)
        self.rehearsal.back_asked.connect(desk.back)
        self.rehearsal.cancel_asked.connect(self._call_off)
        self.rehearsal.accept_asked.connect(desk.accept)

    @Slot()
    def refresh(self) -> None:
        """Show the stage of now."""
        self._show(self._desk.view)

    def _show(self, view: GoogleView) -> None:
        match view:
            case Unconnected():
                self.start.show_view(view)
                self._turn(self.start)
            case SigningIn(asked):
                self._turn(self.wait)
                self.wait.show_asked(asked, self._clock.now())
            case SettingUp():
                self.setup.show_view(view)
                self._turn(self.setup)
            case Rehearsing(_, progress):
                self.progress.show_progress(progress)
                self._turn(self.progress)
            case Rehearsed(_, would):
                self.rehearsal.show_would(would)
                self._turn(self.rehearsal)
            case Connected(signing_in=True, asked=asked):
                self._turn(self.wait)
                self.wait.show_asked(asked, self._clock.now())
            case Connected():
                self.accept()
            case _:
                assert_never(view)

    def _turn(self, page: ConnectPage) -> None:
        if self._stack.currentWidget() is page and self.isVisible():
            return
        self.wait.stop()
        self._stack.setCurrentWidget(page)
        page.begin()

    @Slot()
    def _rehearse(self) -> None:
        self._desk.choose(self.setup.choices)
        self._desk.rehearse()

    @Slot()
    def _call_off(self) -> None:
        """Cancel: as it was before Connect. The window goes at once; what the desk undoes comes by itself."""
        self._desk.cancel()
        self.close()
