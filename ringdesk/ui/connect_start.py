"""The first pages of connecting Google: the client file, and waiting for the browser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QProgressBar, QWidget

from ringdesk.desk.connecting import Unconnected
from ringdesk.domain.syncing import SignInAsked
from ringdesk.ui.connect_mark import MarkButton
from ringdesk.ui.connect_parts import Banner, ConnectPage
from ringdesk.ui.connect_words import client_text, ending_text
from ringdesk.ui.theme import L, M, S, Theme, Tint
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, Glyph, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say, shown
from ringdesk.ui.words_time import running

CONSOLE: Final = "https://console.cloud.google.com/apis/library/people.googleapis.com"
STEPS: Final[Sequence[tuple[str, str]]] = (
    (
        QT_TRANSLATE_NOOP("words", "Open Google's console and make a project"),
        QT_TRANSLATE_NOOP("words", "Sign in at console.cloud.google.com; call the project RingDesk, for example."),
    ),
    (
        QT_TRANSLATE_NOOP("words", "Switch on the People API"),
        QT_TRANSLATE_NOOP("words", "Under APIs & Services, Library: search for “People API”, then press Enable."),
    ),
    (
        QT_TRANSLATE_NOOP("words", "Say who may use it"),
        QT_TRANSLATE_NOOP(
            "words",
            "Under Google Auth Platform, Audience: Internal for a company's account, else External and published. "
            "While it is in testing, Google ends every permission after seven days.",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("words", "Make a client and download its file"),
        QT_TRANSLATE_NOOP("words", "Under Clients: Create client, type “Desktop app”, then Download JSON."),
    ),
)
NEXT: Final[Sequence[tuple[str, str]]] = (
    ("globe", QT_TRANSLATE_NOOP("words", "Your browser opens Google's page: choose the account and tick contacts.")),
    ("tag", QT_TRANSLATE_NOOP("words", "Back here you choose labels, direction, and whether anything is shared.")),
    ("search", QT_TRANSLATE_NOOP("words", "You see what would be added, changed and deleted, with lists, and decide.")),
)


class StartPage(ConnectPage):
    """What connecting means, the client file, and the button that opens the browser."""

    connect_asked = Signal()
    console_asked = Signal(object)
    """An address of Google's console."""
    chosen = Signal(object)
    """The path of a client file."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "connect_start", parent)
        self.say(
            self.tr("Connect your Google contacts"),
            self.tr(
                "Google asks you in your browser; RingDesk never sees your password. Before anything is fetched or "
                "changed, you choose what is synced and see what will happen. Nothing is shared with coworkers."
            ),
        )
        self.failed = Banner(theme, "connect_failed", "warn")
        self.trouble = Banner(theme, "client_trouble", "bad")
        self.before = Banner(theme, "connect_before", "note")
        self.practice = Banner(theme, "connect_practice", "note")
        for banner in (self.failed, self.trouble, self.before, self.practice):
            self.body.addWidget(banner)
        self._steps = self._make_steps()
        self._file = self._make_file()
        self._next = self._make_next()
        self.body.addStretch(1)
        self.close_button = Button(theme, self.tr("&Close"), "connect_close")
        self.sign_in = MarkButton(theme, self.tr("&Sign in with Google"), "connect_sign_in")
        self.sign_in.clicked.connect(self.connect_asked)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.close_button)
        self.buttons.addWidget(self.sign_in)
        self.setAcceptDrops(True)

    def _make_steps(self) -> QWidget:
        frame = Frame("card", name="connect_steps")
        inside = column(frame, margins=(L, L, L, L), gap=M)
        inside.addWidget(PlainLabel(self.tr("First, once: a client file"), Role.STRONG))
        inside.addWidget(
            PlainLabel(
                self.tr(
                    "Google lets a program in only with a file of its own. Your administrator may have one for you."
                ),
                Role.SMALL,
                wrap=True,
            )
        )
        for number, (title, text) in enumerate(STEPS, 1):
            line = row(gap=M)
            badge = PlainLabel(str(number), Role.CHIP)
            badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
            badge.setFixedWidth(28)
            line.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
            words = column(gap=0)
            words.addWidget(PlainLabel(say(title), wrap=True))
            words.addWidget(PlainLabel(say(text), Role.SMALL, wrap=True))
            line.addLayout(words, 1)
            inside.addLayout(line)
        buttons = row(gap=S)
        self.console = Button(
            self.theme, self.tr("&Open Google's console"), "connect_console", role="quiet", icon="globe"
        )
        self.console.clicked.connect(lambda: self.console_asked.emit(CONSOLE))
        self.choose = Button(self.theme, self.tr("C&hoose the file…"), "connect_choose", role="primary", icon="import")
        self.choose.clicked.connect(self._choose)
        buttons.addWidget(self.console)
        buttons.addStretch(1)
        buttons.addWidget(PlainLabel(self.tr("or drop it here"), Role.SMALL))
        buttons.addWidget(self.choose)
        inside.addLayout(buttons)
        self.body.addWidget(frame)
        return frame

    def _make_file(self) -> QWidget:
        frame = Frame("card", name="connect_file")
        inside = row(frame, margins=(L, M, M, M), gap=M)
        inside.addWidget(Glyph(self.theme, "check", tint=Tint.GOOD), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=0)
        self.file_text = PlainLabel(self.tr("The client file is in place"))
        self.file_more = PlainLabel("", Role.SMALL, wrap=True)
        words.addWidget(self.file_text)
        words.addWidget(self.file_more)
        inside.addLayout(words, 1)
        self.another = Button(self.theme, self.tr("Choose &another…"), "connect_choose_another", role="quiet")
        self.another.clicked.connect(self._choose)
        inside.addWidget(self.another)
        self.body.addWidget(frame)
        return frame

    def _make_next(self) -> QWidget:
        """What comes after the button."""
        frame = Frame("card", name="connect_next")
        inside = column(frame, margins=(L, L, L, L), gap=M)
        inside.addWidget(PlainLabel(self.tr("What comes next"), Role.STRONG))
        for icon, text in NEXT:
            line = row(gap=M)
            line.addWidget(Glyph(self.theme, icon, tint=Tint.ACCENT), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(PlainLabel(say(text), wrap=True), 1)
            inside.addLayout(line)
        self.body.addWidget(frame)
        return frame

    def show_view(self, view: Unconnected) -> None:
        """Show what is in place, and what went wrong."""
        client = view.client
        had = self.sign_in.isEnabled()
        self._steps.setVisible(client is None)
        self._file.setVisible(client is not None)
        self._next.setVisible(client is not None)
        self.sign_in.setEnabled(client is not None)
        if client is not None:
            by_admin = self.tr("Put in place by your administrator.")
            self.file_more.setText(by_admin if client.administrator else shown(client.id, 120))
            self.another.setVisible(not client.administrator)
        practice = self.tr("This is the practice Google on this computer: try everything, no real account is touched.")
        self.practice.say(practice if client is not None and client.practice else "")
        self.failed.say(ending_text(view.failed.ending, view.failed.detail) if view.failed else "")
        self.trouble.say(client_text(view.client_trouble, view.client_detail) if view.client_trouble else "")
        again = self.tr("{0} was connected before. Connecting it again makes no duplicates.")
        self.before.say(again.format(shown(view.before)) if view.before else "")
        if had != self.sign_in.isEnabled():
            self.begin()

    def begin(self) -> None:
        """The button that goes on."""
        (self.sign_in if self.sign_in.isEnabled() else self.choose).setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere on the page."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first file."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                event.acceptProposedAction()
                self.chosen.emit(Path(url.toLocalFile()))
                return

    @Slot()
    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose the client file"))
        dialog.setObjectName("connect_file_dialog")
        dialog.setNameFilters([self.tr("Client files (*.json)"), self.tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.chosen.emit(Path(path)))
        dialog.open()


class WaitPage(ConnectPage):
    """The browser asks the user. The sign-in can be called off, and ends by itself."""

    cancel_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "connect_waiting", parent)
        self._left: float | None = None
        self.busy = QProgressBar()
        self.busy.setObjectName("connect_busy")
        self.busy.setAccessibleName(self.tr("Waiting for your browser"))
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.left = PlainLabel("", Role.SMALL)
        self.left.setObjectName("connect_left")
        self.body.addWidget(self.busy)
        self.body.addWidget(self.left)
        card = self.card(
            self.tr("No page in your browser?"), self.tr("Open this address in a browser on this computer:")
        )
        self._card = card.parentWidget()
        line = row(gap=S)
        self.address = QLineEdit()
        self.address.setObjectName("connect_address")
        self.address.setAccessibleName(self.tr("Address for your browser"))
        self.address.setReadOnly(True)
        self.copy = Button(theme, self.tr("C&opy"), "connect_copy", icon="copy")
        self.copy.clicked.connect(self._copy)
        line.addWidget(self.address, 1)
        line.addWidget(self.copy)
        card.addLayout(line)
        self.body.addStretch(1)
        self.cancel = Button(theme, self.tr("&Cancel"), "connect_cancel")
        self.cancel.clicked.connect(self.cancel_asked)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)

    def show_asked(self, asked: SignInAsked | None, now: float) -> None:
        """Wait for the browser; the address is there to be copied once it is known."""
        opened = asked is None or asked.opened
        address = "" if asked is None else asked.address
        headline = self.tr("Your browser is asking you") if opened else self.tr("No browser could be opened")
        text = self.tr("Choose your account there, tick the box for contacts, and allow. This window waits for you.")
        self.say(headline, text if opened else self.tr("Copy the address below into a browser on this computer."))
        if self.address.text() != address:
            self.address.setText(address)
            self.address.setCursorPosition(0)
            self.copy.setText(self.tr("C&opy"))
        if self._card is not None:
            self._card.setVisible(bool(address))
        self._left = None if asked is None else max(0.0, asked.until - now)
        self._say_left()
        if self._left is not None and self.isVisible():
            self._timer.start()

    def stop(self) -> None:
        """Nothing is waited for any more."""
        self._timer.stop()
        self._left = None

    def begin(self) -> None:
        """Cancel is all there is to do here."""
        self.cancel.setFocus()
        if self._left is not None:
            self._timer.start()

    @Slot()
    def _tick(self) -> None:
        if self._left is not None:
            self._left = max(0.0, self._left - 1)
        self._say_left()

    def _say_left(self) -> None:
        text = "" if self._left is None else self.tr("Ends by itself in {0}").format(running(self._left))
        self.left.setText(text)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.address.text())
        self.copy.setText(self.tr("Copied"))
