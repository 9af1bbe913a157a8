"""The card of the Google account in its settings: who it is, how it stands, what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ringdesk.desk.accounts import AccountView
from ringdesk.desk.connecting import Connected, GoogleView
from ringdesk.domain.signing import Keeping
from ringdesk.domain.sockets import Clock
from ringdesk.ui.connect_mark import Mark, MarkButton
from ringdesk.ui.connect_parts import Banner
from ringdesk.ui.connect_status import Deed, last_sync, stand
from ringdesk.ui.theme import L, M, S, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_flow import FlowLayout
from ringdesk.ui.widgets_frame import Frame, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, count_text, say, shown

BUTTONS: Final = {
    Deed.RECONNECT: QT_TRANSLATE_NOOP("words", "&Reconnect"),
    Deed.SYNC: QT_TRANSLATE_NOOP("words", "S&ync now"),
    Deed.BREAK_OFF: QT_TRANSLATE_NOOP("words", "Stop this s&ync"),
    Deed.REVIEW: QT_TRANSLATE_NOOP("words", "Re&view…"),
    Deed.LAST: QT_TRANSLATE_NOOP("words", "What the &last sync did…"),
    Deed.UNDO: QT_TRANSLATE_NOOP("words", "&Undo the last sync…"),
    Deed.DISCONNECT: QT_TRANSLATE_NOOP("words", "Disco&nnect…"),
}


class AccountCard(Frame):
    """How the account stands. `act` does what a button asks for."""

    def __init__(self, theme: Theme, clock: Clock, act: Callable[[Deed], None], parent: QWidget | None = None) -> None:
        super().__init__("card", parent, "google_account")
        self._clock = clock
        self.name = PlainLabel("", Role.STRONG, selectable=True)
        self.text = PlainLabel("", Role.SOFT, wrap=True)
        self.trouble = Banner(theme, "google_trouble", "warn")
        self.session = Banner(theme, "google_session", "note")
        self.connect_button = MarkButton(theme, self.tr("&Connect"), "google_connect")
        self.connect_button.setAccessibleName(self.tr("Connect Google contacts"))
        self.connect_button.clicked.connect(lambda: act(Deed.CONNECT))
        head = row(gap=M)
        head.addWidget(Mark(28), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=S)
        words.addWidget(self.name)
        words.addWidget(self.text)
        head.addLayout(words, 1)
        head.addWidget(self.connect_button, 0, Qt.AlignmentFlag.AlignTop)
        self.buttons: dict[Deed, Button] = {}
        line = QWidget()
        flow = FlowLayout(S, line)
        for deed, text in BUTTONS.items():
            role = "primary" if deed is Deed.RECONNECT else ""
            button = Button(theme, say(text), f"google_do_{deed.name.lower()}", role=role)
            button.clicked.connect(lambda _=False, deed=deed: act(deed))
            self.buttons[deed] = button
            flow.addWidget(button)
        self._line = line
        layout = column(self, margins=(L, L, L, L), gap=M)
        layout.addLayout(head)
        for widget in (self.trouble, self.session, line):
            layout.addWidget(widget)

    def show_account(self, view: GoogleView, account: AccountView | None) -> None:
        """Show how it stands."""
        now = self._clock.now()
        shows = account is not None and isinstance(view, Connected)
        self.connect_button.setVisible(not shows)
        self._line.setVisible(shows)
        self.trouble.say("")
        self.session.say("")
        if account is None or not isinstance(view, Connected):
            self.name.setText(self.tr("Google is not connected"))
            line = stand(view, None, now).text
            self.text.setText(line or self.tr("Connect it to sync your contacts both ways. Nothing is shared by it."))
            return
        self.name.setText(shown(account.name) or self.tr("Google account"))
        self.text.setText(" ".join(last_sync(account, now)))
        self._troubles(view, account, now)
        self._offer(view, account)

    def _troubles(self, view: Connected, account: AccountView, now: float) -> None:
        how = stand(view, account, now)
        bad = how.icon == "warning"
        undone = "" if account.undone is None else how.text
        self.trouble.say(how.text if bad else undone, "warn" if bad else "good")
        if account.practice:
            self.session.say(self.tr("This is the practice Google on this computer; no real account is touched."))
        elif account.keeping is Keeping.SESSION:
            self.session.say(self.tr("There is no keyring here: after the next start you sign in again."))

    def _offer(self, view: Connected, account: AccountView) -> None:
        deeds = stand(view, account, self._clock.now()).deeds
        asked = sum(account.waiting.values()) + account.guarded
        can = {
            Deed.RECONNECT: Deed.RECONNECT in deeds,
            Deed.SYNC: Deed.SYNC in deeds,
            Deed.BREAK_OFF: Deed.BREAK_OFF in deeds,
            Deed.REVIEW: asked > 0,
            Deed.LAST: account.last is not None,
            Deed.UNDO: account.undoable,
            Deed.DISCONNECT: True,
        }
        for deed, button in self.buttons.items():
            button.setVisible(can[deed])
        review = say(BUTTONS[Deed.REVIEW])
        self.buttons[Deed.REVIEW].setText(f"{review.removesuffix('…')} ({count_text(asked)})…" if asked else review)
