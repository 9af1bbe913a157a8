"""The bar at the bottom right of the contacts pane: how Google stands, and the button with its mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtWidgets import QMenu, QProgressBar, QSizePolicy, QWidget

from ringdesk.ui.connect_mark import MarkButton
from ringdesk.ui.connect_rehearsal import show_progress
from ringdesk.ui.connect_status import Deed, Stand
from ringdesk.ui.theme import S, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Glyph, row
from ringdesk.ui.widgets_text import ElidedLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say

BUTTONS: Final[Mapping[Deed, tuple[str, str]]] = {
    Deed.CANCEL: ("google_cancel", QT_TRANSLATE_NOOP("words", "Cancel")),
    Deed.BREAK_OFF: ("google_break_off", QT_TRANSLATE_NOOP("words", "Cancel")),
    Deed.REVIEW: ("google_review", QT_TRANSLATE_NOOP("words", "Review…")),
    Deed.SYNC: ("google_sync", QT_TRANSLATE_NOOP("words", "Sync now")),
}
"""Beside the line; the other deeds are the button's with the mark."""

MAIN: Final[Mapping[Deed, tuple[str, str]]] = {
    Deed.CONNECT: (QT_TRANSLATE_NOOP("words", "Connect"), QT_TRANSLATE_NOOP("words", "Connect Google contacts")),
    Deed.GO_ON: (QT_TRANSLATE_NOOP("words", "Go on"), QT_TRANSLATE_NOOP("words", "Go on connecting Google")),
    Deed.RECONNECT: (QT_TRANSLATE_NOOP("words", "Reconnect"), QT_TRANSLATE_NOOP("words", "Reconnect Google")),
}
WIDEST: Final = 560


class AccountBar(QWidget):
    """One line and a few buttons. `asked` says what a button is to do."""

    asked = Signal(object)

    def __init__(self, theme: Theme, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("account_bar")
        self.setAccessibleName(self.tr("Google account"))
        self._menu = menu
        self._main: Deed | None = Deed.CONNECT
        self._icon = Glyph(theme, "check", size=18)
        self.line = ElidedLabel("", Role.SMALL)
        self.line.setObjectName("account_status")
        self.line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.progress = QProgressBar()
        self.progress.setObjectName("account_progress")
        self.progress.setAccessibleName(self.tr("Progress of the sync"))
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(120)
        self.buttons: dict[Deed, Button] = {}
        inside = row(self, gap=S)
        inside.addWidget(self._icon)
        inside.addWidget(self.line, 1)
        inside.addWidget(self.progress)
        for deed, (name, text) in BUTTONS.items():
            button = Button(theme, say(text), name, role="quiet")
            button.clicked.connect(lambda _=False, deed=deed: self.asked.emit(deed))
            self.buttons[deed] = button
            inside.addWidget(button)
        self.main = MarkButton(theme, "", "google_main")
        self.main.clicked.connect(self._pressed)
        inside.addWidget(self.main)
        self.show_stand(Stand(deeds=(Deed.CONNECT,)))

    def show_stand(self, stand: Stand) -> None:
        """Show how it stands; the keyboard stays where it is, or goes to the button with the mark."""
        had_focus = any(button.hasFocus() for button in self.buttons.values())
        self.line.set_whole(stand.text)
        self.line.setVisible(bool(stand.text))
        self._icon.set_icon(stand.icon, stand.tint)
        self._icon.setVisible(bool(stand.text))
        self.progress.setVisible(stand.busy)
        if stand.busy:
            show_progress(self.progress, stand.progress)
        for deed, button in self.buttons.items():
            button.setVisible(deed in stand.deeds)
        self._main = next((deed for deed in stand.deeds if deed in MAIN), None)
        text, spoken = ("Google", "Google account") if self._main is None else MAIN[self._main]
        self.main.setText(say(text))
        self.main.setAccessibleName(say(spoken))
        if had_focus and not any(button.hasFocus() and button.isVisible() for button in self.buttons.values()):
            self.main.setFocus()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """No wider than leaves room for what the phones say."""
        hint = super().sizeHint()
        return QSize(min(hint.width(), WIDEST + self.main.sizeHint().width()), hint.height())

    def _pressed(self) -> None:
        if self._main is not None:
            self.asked.emit(self._main)
        else:
            self._menu.popup(self.main.mapToGlobal(QPoint(0, -self._menu.sizeHint().height())))
