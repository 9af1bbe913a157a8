"""Everything of Google in the main window: the bar, the menu, and the windows, which are made when they are wanted.

Windows and pages speak to `desk.connecting.GoogleDesk` only. `changed` tells all of them that something is different.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QMenu

from ringdesk.desk.connecting import Connected, GoogleDesk
from ringdesk.domain.sockets import Clock
from ringdesk.ui.connect_bar import AccountBar
from ringdesk.ui.connect_status import Deed, change_text, forbidden, stand
from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_ask import Ask, ask
from ringdesk.ui.words import QT_TRANSLATE_NOOP, count_text, for_button, say, shown

if TYPE_CHECKING:
    from ringdesk.ui.connect_dialog import ConnectDialog
    from ringdesk.ui.main_window import MainWindow
    from ringdesk.ui.review_window import ReviewDialog

GATHER_MS = 60
"""News of a running sync come many a second; the windows are shown anew this often."""

_MENU = (
    (Deed.CONNECT, QT_TRANSLATE_NOOP("words", "&Connect…"), ""),
    (Deed.GO_ON, QT_TRANSLATE_NOOP("words", "&Go on connecting…"), ""),
    (Deed.RECONNECT, QT_TRANSLATE_NOOP("words", "&Reconnect…"), ""),
    (Deed.CANCEL, QT_TRANSLATE_NOOP("words", "&Cancel the sign-in"), ""),
    (Deed.SYNC, QT_TRANSLATE_NOOP("words", "&Sync now"), "F5"),
    (Deed.BREAK_OFF, QT_TRANSLATE_NOOP("words", "St&op this sync"), ""),
    (Deed.REVIEW, QT_TRANSLATE_NOOP("words", "Re&view…"), ""),
    (Deed.LAST, QT_TRANSLATE_NOOP("words", "What the &last sync did…"), ""),
    (Deed.UNDO, QT_TRANSLATE_NOOP("words", "&Undo the last sync…"), ""),
    (Deed.SETTINGS, QT_TRANSLATE_NOOP("words", "Se&ttings for Google…"), ""),
    (Deed.DISCONNECT, QT_TRANSLATE_NOOP("words", "&Disconnect…"), ""),
)


class GoogleFront(QObject):
    """Google in the window. `settings` opens the settings at Google's page, `link` an address in the browser."""

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        window: MainWindow,
        desk: GoogleDesk,
        clock: Clock,
        *,
        region: Callable[[], str],
        settings: Callable[[], None],
        link: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._theme, self._window, self._clock = theme, window, clock
        self._region, self._settings, self._link = region, settings, link
        self.desk = desk
        self._dialogs: dict[str, QDialog] = {}
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHER_MS)
        self._gather.timeout.connect(self.refresh)
        self.menu = self._make_menu()
        self.bar = AccountBar(theme, self.menu)
        self.bar.asked.connect(self.act)
        window.set_connect(self.bar)
        window.menuBar().addMenu(self.menu)
        desk.listen(self._heard)
        self.refresh()

    def _make_menu(self) -> QMenu:
        menu = QMenu(self.tr("&Google"), self._window)
        menu.setObjectName("menu_google")
        self._who = menu.addAction("")
        self._who.setEnabled(False)
        self._actions: dict[Deed, QAction] = {}
        for deed, text, keys in _MENU:
            action = QAction(say(text), self._window)
            action.setObjectName(f"google_action_{deed.name.lower()}")
            if keys:
                action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda _=False, deed=deed: self.act(deed))
            menu.addAction(action)
            self._actions[deed] = action
        return menu

    # --- news

    def _heard(self) -> None:
        """Something is different: a stage is shown at once, the progress of a sync now and then."""
        if isinstance(self.desk.view, Connected) and not self._connecting:
            if not self._gather.isActive():
                self._gather.start()
        else:
            self.refresh()

    @property
    def _connecting(self) -> bool:
        return "connect" in self._dialogs

    @Slot()
    def refresh(self) -> None:
        """Show everything as it is now."""
        account = self.desk.account.view if self.desk.account is not None else None
        allowed, connected = self.desk.allowed, account is not None and isinstance(self.desk.view, Connected)
        shown_now = stand(self.desk.view, account, self._clock.now()) if allowed else forbidden()
        self.bar.show_stand(shown_now)
        self.bar.setVisible(allowed or connected)
        self.menu.menuAction().setVisible(allowed or connected)
        self._window.pane.allow_google(allowed)
        self._who.setText(for_button(account.name) if account is not None else "")
        self._who.setVisible(account is not None)
        asked = sum(account.waiting.values()) + account.guarded if account is not None else 0
        more = {
            Deed.REVIEW: allowed and asked > 0,
            Deed.LAST: connected and account is not None and account.last is not None,
            Deed.UNDO: allowed and connected and account is not None and account.undoable,
            Deed.SETTINGS: allowed,
            Deed.DISCONNECT: connected,
        }
        for deed, action in self._actions.items():
            action.setVisible(more.get(deed, deed in shown_now.deeds))
        review = say(QT_TRANSLATE_NOOP("words", "Re&view…"))
        self._actions[Deed.REVIEW].setText(f"{review.removesuffix('…')} ({count_text(asked)})…" if asked else review)
        self.changed.emit()
        if account is None:
            self._close_of_account()

    def _close_of_account(self) -> None:
        """The account is gone: what showed it closes."""
        for name in ("review", "last"):
            if name in self._dialogs:
                self._dialogs[name].close()

    # --- deeds

    @Slot(object)
    def act(self, deed: Deed) -> None:
        """Do what a button, the menu or the settings ask for."""
        account = self.desk.account
        match deed:
            case Deed.CONNECT | Deed.GO_ON:
                self.show_connect()
            case Deed.RECONNECT:
                self.desk.reconnect()
                self.show_connect()
            case Deed.CANCEL:
                self.desk.cancel()
            case Deed.SETTINGS:
                self._settings()
            case _ if account is None:
                return
            case Deed.SYNC:
                account.sync_now()
            case Deed.BREAK_OFF:
                account.break_off()
            case _:
                self._ask_or_show(deed)

    def _ask_or_show(self, deed: Deed) -> None:
        match deed:
            case Deed.REVIEW:
                self.show_review()
            case Deed.LAST:
                self.show_last()
            case Deed.UNDO:
                self._ask_undo()
            case Deed.DISCONNECT:
                self._ask_disconnect()
            case _:
                return

    def show_connect(self) -> None:
        """Open the connect window, or bring the open one up."""
        from ringdesk.ui.connect_dialog import ConnectDialog

        def make() -> ConnectDialog:
            made = ConnectDialog(self._theme, self.desk, self._clock, self._window)
            made.link_asked.connect(self._open_link)
            self.changed.connect(made.refresh)
            return made

        view = self.desk.view
        if not self.desk.allowed or (isinstance(view, Connected) and not view.signing_in):
            return
        self._open("connect", make)

    def show_review(self) -> None:
        """Open the review lists."""
        from ringdesk.ui.review_window import ReviewDialog

        account = self.desk.account
        if account is None:
            return

        def make() -> ReviewDialog:
            made = ReviewDialog(self._theme, account, self._region(), self._window)
            made.edit_asked.connect(self._window.edit_contact)
            self.changed.connect(made.changed)
            return made

        self._open("review", make)

    def show_last(self) -> None:
        """Show what the last sync did."""
        from ringdesk.ui.connect_last import LastSyncDialog

        account = self.desk.account
        if account is None:
            return

        def make() -> QDialog:
            made = LastSyncDialog(self._theme, account, self._clock, self._window)
            made.undo_asked.connect(self._ask_undo)
            self.changed.connect(made.refresh)
            return made

        self._open("last", make)

    def dialog(self, name: str) -> QDialog:
        """An open window: "connect", "review" or "last". Raises KeyError where it is not open."""
        return self._dialogs[name]

    def _open(self, name: str, make: Callable[[], QDialog]) -> None:
        dialog = self._dialogs.get(name)
        if dialog is None:
            dialog = self._dialogs[name] = make()
            dialog.finished.connect(lambda _: self._dialogs.pop(name, None))
            dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    @Slot()
    def _ask_undo(self) -> None:
        account = self.desk.account
        if account is None or not account.view.undoable:
            return
        did = account.view.did
        what = "" if did is None else change_text(did, self._clock.now())
        text = self.tr(
            "What the last sync added, changed and deleted is put back on both sides: here and in Google. "
            "What was changed again since then stays, and so does what was merged; you are told which."
        )
        self._ask(self.tr("Undo the last sync?"), f"{what} {text}".strip(), self.tr("&Undo it"), account.undo)

    def _ask_disconnect(self) -> None:
        account = self.desk.account
        if account is None:
            return
        text = self.tr(
            "Syncing stops. RingDesk gives its permission back to Google and forgets the sign-in. All contacts stay, "
            "here and in Google; edits that were not sent yet wait here. Connecting again makes no duplicates."
        )
        name = shown(account.view.name, 60) or self.tr("Google")
        self._ask(self.tr("Disconnect {0}?").format(name), text, self.tr("&Disconnect"), account.disconnect)

    def _ask(self, headline: str, text: str, yes_text: str, yes: Callable[[], None]) -> None:
        parent = self._window.window() if not self._dialogs else next(reversed(self._dialogs.values()))
        ask(Ask(self._theme, parent, headline, text, yes_text, yes))

    @Slot(object)
    def _open_link(self, address: str) -> None:
        self._link(address)
