"""The main window: contacts and calls, the menu bar, and the bar at the bottom with what goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QVBoxLayout, QWidget

from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.news import StoreTroubled
from ringdesk.domain.sockets import Clock
from ringdesk.domain.status import StoreTrouble
from ringdesk.domain.values import dataclass
from ringdesk.ui.contacts_pane import ContactsPane
from ringdesk.ui.desktop.windows import fit
from ringdesk.ui.editor_windows import EditorWindows
from ringdesk.ui.post import Post
from ringdesk.ui.theme import L, M, S, Theme, Tint
from ringdesk.ui.widgets_bars import Banners
from ringdesk.ui.widgets_frame import Frame, Glyph, row
from ringdesk.ui.widgets_text import ElidedLabel, Role
from ringdesk.ui.words import trouble

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QPaintEvent, QShowEvent

    from ringdesk.desk.contacts_calls import RecentCalls
    from ringdesk.desk.holders import Holders
    from ringdesk.desk.importing import ImportPresenter
    from ringdesk.desk.team import TeamDesk
    from ringdesk.ui.contacts_calls import CallsSide
    from ringdesk.ui.contacts_changes import ChangesDialog
    from ringdesk.ui.import_dialog import ImportDialog
    from ringdesk.ui.trouble_banner import TroubleBanner

TOLD_MS: Final = 6_000

_SMALL: Final = frozenset({StoreTrouble.GONE, StoreTrouble.STALE, StoreTrouble.STOPPED})
"""What is wrong with one save only."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What the app does for the window."""

    settings: Callable[[], None]
    quit: Callable[[], None]
    dial: Callable[[str], None]


class MainWindow(QMainWindow):
    """RingDesk's window. Closing it only emits `close_asked`: the app hides it to the tray, or quits.

    It can be shown, searched and read once it is made; what is not in its first picture is made by `finish`. `calls`
    and `imports` give their presenter when it is first needed.
    """

    close_asked = Signal()
    closing = Signal()
    """It goes for good."""
    team_asked = Signal()
    painted = Signal()
    """The first picture is there: the window and everything in it was painted."""
    rescue_asked = Signal()
    """The data is damaged, and the user wants to see which backup can take its place."""

    def __init__(
        self,
        theme: Theme,
        contacts: ContactsPresenter,
        calls: Callable[[], RecentCalls],
        imports: Callable[[], ImportPresenter],
        doors: Doors,
        post: Post,
        clock: Clock,
        parent: QWidget | None = None,
        *,
        held: bool = False,
    ) -> None:
        """`held`: who is selected is shown by `finish`, not in the first picture."""
        super().__init__(parent)
        self._theme, self._contacts, self._doors = theme, contacts, doors
        self._calls, self._imports = calls, imports
        self._may_close = self._begun = self._painted = False
        self._standing = ("", "info", Tint.SOFT)
        self._passing = ""
        self._tell_timer = QTimer(self)
        self._tell_timer.setSingleShot(True)
        self._tell_timer.timeout.connect(self._told_long_enough)
        self._post, self._clock = post, clock
        self._import_dialog: ImportDialog | None = None
        self._changes_dialog: ChangesDialog | None = None
        self.setObjectName("main_window")
        self.setWindowTitle("RingDesk")
        self.setAccessibleName("RingDesk")
        self.setWindowIcon(theme.window_icon())
        self.setMinimumSize(868, 500)
        fit(self, 1120, 760)
        self.editors = EditorWindows(theme, contacts, self)
        self.pane = ContactsPane(theme, contacts, self._make_calls, self.editors.edit, held=held)
        self._make_body()
        self._menus = [
            _menu(self, text, name)
            for text, name in (
                (self.tr("&File"), "menu_file"),
                (self.tr("&Contact"), "menu_contact"),
                (self.tr("&View"), "menu_view"),
            )
        ]
        self._connect(post)

    def finish(self) -> tuple[tuple[Callable[[], object], ...], tuple[Callable[[], object], ...]]:
        """What is left to make: what the user waits for, then the rest, in small steps; to be taken once."""
        first, rest = self.pane.finish()
        return (*first, self._fill_menus), rest

    def _make_calls(self) -> CallsSide:
        from ringdesk.ui.contacts_calls import CallsSide

        calls = self._calls()
        self._post.calls_changed.connect(calls.calls_changed)
        side = CallsSide(self._theme, calls, self._clock, self._contacts.region)
        self._post.contacts_changed.connect(side.contacts_changed)
        return side

    def _make_body(self) -> None:
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Frame("line"))
        self._banners = Banners()
        layout.addWidget(self._banners)
        layout.addWidget(self.pane, 1)
        bar = self._bar = Frame("bar", name="status_bar")
        inside = row(bar, margins=(L, S, L, S), gap=M)
        self._status_icon = Glyph(self._theme, "info", size=18)
        self._status = ElidedLabel("", Role.SMALL)
        self._status.setObjectName("status")
        self._connect_place = row()
        inside.addWidget(self._status_icon)
        inside.addWidget(self._status, 1)
        inside.addLayout(self._connect_place)
        bar.setMinimumHeight(48)
        layout.addWidget(bar)
        self.setCentralWidget(body)

    def _fill_menus(self) -> None:
        file, contact, view = self._menus
        self._action(file, self.tr("&Import contacts…"), "import", "Ctrl+I", self.import_file)
        self._action(file, self.tr("&Team…"), "team", "", self.team_asked.emit)
        self._action(file, self.tr("&Settings…"), "settings", "Ctrl+,", self._doors.settings)
        file.addSeparator()
        self._action(file, self.tr("&Close window"), "close", "Ctrl+W", self.close)
        self._action(file, self.tr("&Quit RingDesk"), "quit", "Ctrl+Q", self._doors.quit)
        self._action(contact, self.tr("&New…"), "new", "Ctrl+N", self.new_contact)
        self._edit = self._action(contact, self.tr("&Edit…"), "edit", "Ctrl+E", self.pane.edit_selected)
        self._copy = self._action(contact, self.tr("Copy n&umber"), "copy", "Ctrl+C", self.pane.copy_number)
        self._delete = self._action(contact, self.tr("&Delete…") + "\tDel", "delete", "", self.pane.ask_delete)
        self._share = self._action(contact, self.tr("S&hare with coworkers"), "share", "", self.pane.share_chosen)
        contact.addSeparator()
        self._action(contact, self.tr("Un&do"), "undo", "Ctrl+Z", self._contacts.undo)
        self._action(contact, self.tr("&Recent changes…"), "recent", "Ctrl+Shift+Z", self.show_changes)
        contact.aboutToShow.connect(self._show_what_can_be_done)
        contact.aboutToHide.connect(self._allow_all)
        self._action(view, self.tr("&Search"), "search", "Ctrl+F", self.pane.go_search)
        self._action(view, self.tr("&Contacts"), "contacts", "Ctrl+1", lambda: self.pane.tabs.setCurrentIndex(0))
        self._action(view, self.tr("C&alls"), "calls", "Ctrl+2", self.pane.show_calls)

    def _action(self, menu: QMenu, text: str, name: str, keys: str, do: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"action_{name}")
        if keys:
            action.setShortcut(keys)
        action.triggered.connect(lambda _=False: do())
        menu.addAction(action)
        return action

    def _connect(self, post: Post) -> None:
        post.contacts_changed.connect(self.pane.contacts_changed)
        self.closing.connect(self.pane.rest)
        post.notes_changed.connect(self.pane.notes_changed)
        post.calls_changed.connect(self.pane.calls_changed)
        post.store_troubled.connect(self.troubled)
        self.pane.import_asked.connect(self.import_file)
        self.pane.dial_asked.connect(self._doors.dial)
        self.pane.link_asked.connect(self._open_link)
        self.pane.told.connect(self.tell)

    # --- what the app asks

    def accounts_changed(self, holders: Holders, *, synced: bool) -> None:
        """Other accounts are connected now."""
        self._contacts.accounts_changed(holders, synced=synced)

    def show_contact(self, id: str) -> None:
        """Bring the window up with a contact in it."""
        self.bring_up()
        self.pane.open(id)

    def new_contact(self, card: Card | None = None) -> None:
        """Open an editor for a new contact that begins with a card (a pop's number, say)."""
        self.editors.open(None, card or Card())

    def edit_contact(self, contact: Contact, start: Card | None = None) -> None:
        """Open an editor for a contact, where `start` is given with that in it instead of what is stored."""
        self.editors.edit(contact, start or Card())

    def show_calls(self) -> None:
        """Bring the window up with the call list."""
        self.bring_up()
        self.pane.show_calls()

    def bring_up(self) -> None:
        """Show the window and make it the active one; only ever on a click."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def use_team(self, team: TeamDesk | None, *banners: QWidget) -> None:
        """Show what a team adds: whose a contact is, rights, calls together, and whether the team is reached."""
        self._contacts.team = team
        for banner in banners:
            self._banners.add(banner)
        self.pane.team_changed()

    @Slot(object)
    def set_status(self, text: str, icon: str = "info", tint: Tint = Tint.SOFT) -> None:
        """Say how things stand, at the left of the bottom bar."""
        self._standing = (text, icon, tint)
        self._show_status()

    @Slot(object)
    def tell(self, text: str) -> None:
        """Say what was just done, for a few seconds."""
        self._passing = text
        self._tell_timer.start(TOLD_MS)
        self._show_status()

    @Slot(object)
    def troubled(self, news: StoreTroubled) -> None:
        """The store could not do something: say so across the top until that is over or was read."""
        if news.trouble in _SMALL:
            self.tell(trouble(news.trouble))
            return
        self.banner.troubled(news)

    @cached_property
    def banner(self) -> TroubleBanner:
        """What is wrong with the store; made on the day something is."""
        from ringdesk.ui.trouble_banner import TroubleBanner

        banner = TroubleBanner(self._theme, self)
        banner.rescue_asked.connect(self.rescue_asked)
        for saved in (self._post.contacts_changed, self._post.calls_changed, self._post.notes_changed):
            saved.connect(banner.saved)
        self._banners.add(banner)
        return banner

    @property
    def bar_place(self) -> QRect | None:
        """Where the bottom bar is on the screen, if it is there to be clicked."""
        if not self.isVisible() or self.isMinimized():
            return None
        return QRect(self._bar.mapToGlobal(QPoint()), self._bar.size())

    def set_connect(self, widget: QWidget) -> None:
        """Put something at the bottom right, where accounts are connected."""
        self._connect_place.addWidget(widget)

    def set_can_dial(self, can: bool) -> None:
        """Show buttons that call, where a phone can dial."""
        self.pane.set_can_dial(can)

    def allow_close(self) -> None:
        """Let the next close really close: RingDesk is quitting."""
        self._may_close = True

    @cached_property
    def _import_presenter(self) -> ImportPresenter:
        imports = self._imports()
        self._post.import_progress.connect(imports.progressed)
        return imports

    @Slot()
    def import_file(self) -> None:
        """Open the import, or bring the open one up."""
        if self._import_dialog is None:
            from ringdesk.ui.import_dialog import ImportDialog

            self._import_dialog = ImportDialog(self._theme, self._import_presenter, self)
            self._import_dialog.finished.connect(self._import_closed)
            self._import_dialog.show()
        self._import_dialog.raise_()
        self._import_dialog.activateWindow()

    @Slot()
    def show_changes(self) -> None:
        """Open the list of the last changes, or bring the open one up."""
        if self._changes_dialog is None:
            from ringdesk.desk.contacts_history import RecentChanges
            from ringdesk.ui.contacts_changes import ChangesDialog

            self._changes_dialog = ChangesDialog(self._theme, RecentChanges(self._contacts), self._clock, self)
            self._post.contacts_changed.connect(self._changes_dialog.contacts_changed)
            self._post.notes_changed.connect(self._changes_dialog.contacts_changed)
            self._changes_dialog.finished.connect(self._changes_closed)
            self._changes_dialog.show()
        self._changes_dialog.raise_()
        self._changes_dialog.activateWindow()

    # --- inside

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the list."""
        super().showEvent(event)
        if not self._begun:
            self._begun = True
            self.pane.begin()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first picture when it is over: children are painted in the same go."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask the app, unless it has said yes already."""
        if self._may_close:
            self.closing.emit()
            super().closeEvent(event)
            return
        event.ignore()
        self.close_asked.emit()

    @Slot()
    def _told_long_enough(self) -> None:
        self._passing = ""
        self._show_status()

    def _show_status(self) -> None:
        text, icon, tint = (self._passing, "info", Tint.SOFT) if self._passing else self._standing
        self._status.set_whole(text)
        self._status_icon.set_icon(icon, tint)

    @Slot()
    def _changes_closed(self) -> None:
        self._changes_dialog = None

    @Slot()
    def _import_closed(self) -> None:
        self._import_dialog = None

    @Slot(object)
    def _open_link(self, link: str) -> None:
        if link.startswith(("https:", "mailto:")):
            from PySide6.QtCore import QUrl  # PySide6 makes what is imported: not for the first picture
            from PySide6.QtGui import QDesktopServices

            QDesktopServices.openUrl(QUrl(link))
        elif link.startswith("tel:"):
            self._doors.dial(link.removeprefix("tel:"))

    @Slot()
    def _show_what_can_be_done(self) -> None:
        contact = self._contacts.contact()
        self._edit.setEnabled(contact is not None)
        self._copy.setEnabled(bool(self._contacts.number()))
        self._delete.setEnabled(self._contacts.farewell() is not None)
        share, on = self.pane.can_share()
        self._share.setEnabled(share)
        self._share.setText(self.tr("S&hare with coworkers") if on else self.tr("Stop s&haring with coworkers"))

    @Slot()
    def _allow_all(self) -> None:
        """Shortcuts ask for themselves whether there is something to do."""
        for action in (self._edit, self._copy, self._delete, self._share):
            action.setEnabled(True)


def _menu(window: QMainWindow, text: str, name: str) -> QMenu:
    menu = window.menuBar().addMenu(text)
    menu.setObjectName(name)
    return menu
