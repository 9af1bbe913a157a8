"""The contacts pane: lists at the left, details at the right, and what is told without a dialog."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QWidget

from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.desk.contacts_told import Farewell, Told
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.card import Card, PhoneEntry
from ringdesk.domain.contact import Contact
from ringdesk.domain.news import CallsChanged, ContactsChanged, NotesChanged
from ringdesk.domain.ownership import Deed
from ringdesk.domain.rightofway import WINDOW
from ringdesk.ui.contacts_empty import show_google, unselected, welcome
from ringdesk.ui.contacts_news import GatheredNews
from ringdesk.ui.contacts_side import ContactsSide, card_of
from ringdesk.ui.theme import XL, L, Theme
from ringdesk.ui.widgets_bars import EmptyState, UndoBar
from ringdesk.ui.widgets_frame import Frame, column
from ringdesk.ui.words import shown

if TYPE_CHECKING:
    from ringdesk.ui.contacts_calls import CallsSide
    from ringdesk.ui.contacts_details import ContactsDetails
    from ringdesk.ui.contacts_several import SeveralPage

Edit = Callable[[Contact | None, Card], object]


class ContactsPane(QWidget):
    """Everything about contacts in the main window. `edit` opens an editor for a contact, or for a new one.

    The list is there at once. What is not in the first picture of the window is made by `finish`, or when it is wanted
    before that: the calls (`make_calls` makes them), the details, the undo bar.
    """

    import_asked = Signal()
    connect_asked = Signal()
    """Connect Google."""
    dial_asked = Signal(object)
    link_asked = Signal(object)
    told = Signal(object)
    """A sentence for the status line."""

    def __init__(
        self,
        theme: Theme,
        presenter: ContactsPresenter,
        make_calls: Callable[[], CallsSide],
        edit: Edit,
        parent: QWidget | None = None,
        *,
        held: bool = False,
    ) -> None:
        """`held`: nobody's details before `show_held`."""
        super().__init__(parent)
        self._held = held
        self.setObjectName("contacts_pane")
        self._theme, self._presenter, self._edit, self._make_calls = theme, presenter, edit, make_calls
        self._can_dial = False
        self._google = True
        self._news = GatheredNews(self._read_anew, self._waited_for, self)
        self._changed: frozenset[str] = frozenset()
        self.side = ContactsSide(theme, presenter)
        self._calls_page = QWidget()
        column(self._calls_page)
        self._lay_out()
        self._connect()
        presenter.attach(self)

    def finish(self) -> tuple[tuple[Callable[[], object], ...], tuple[Callable[[], object], ...]]:
        """What is left to make: who is selected, then the rest, in small steps; harmless where it is there."""
        return (self.side.finish, _import_details, self.show_held), (
            lambda: self.details,
            lambda: self.undo_bar,
            lambda: self.calls,
        )

    @cached_property
    def calls(self) -> CallsSide:
        """The list of calls."""
        calls = self._make_calls()
        layout = self._calls_page.layout()
        assert layout is not None
        layout.addWidget(calls)
        calls.chosen.connect(self._show_caller)
        calls.opened.connect(self._open_caller)
        calls.may_keep_private = lambda: self._presenter.team_view.joined
        calls.private_asked.connect(lambda record, on: self._presenter.keep_private(record.id, on))
        return calls

    @property
    def shows_calls(self) -> bool:
        """The list of calls is in front."""
        return self.tabs.currentWidget() is self._calls_page

    @cached_property
    def details(self) -> ContactsDetails:
        """The selected contact."""
        from ringdesk.ui.contacts_details import ContactsDetails

        details = ContactsDetails(self._theme, self._presenter)
        details.edit_asked.connect(self.edit_selected)
        details.delete_asked.connect(self.ask_delete)
        details.copy_asked.connect(self._copy)
        details.link_asked.connect(self.link_asked)
        details.dial_asked.connect(self.dial_asked)
        details.set_can_dial(self._can_dial)
        self._right.addWidget(details)
        return details

    @cached_property
    def undo_bar(self) -> UndoBar:
        """Says what happened, over the details."""
        bar = UndoBar(self._theme, self)
        bar.undo_asked.connect(self._presenter.undo_told)
        return bar

    @cached_property
    def several(self) -> SeveralPage:
        """Several chosen contacts."""
        from ringdesk.ui.contacts_several import SeveralPage

        page = SeveralPage(self._theme, self._presenter.several)
        self.side.list.many_unread.connect(page.show_count)
        self.side.list.many_known.connect(page.show_several)
        self._right.addWidget(page)
        return page

    def allow_google(self, on: bool) -> None:
        """Whether Google can be connected here; what cannot is not offered."""
        self._google = on
        if "_welcome" in self.__dict__:
            show_google(self._welcome, on=on)

    @cached_property
    def _unselected(self) -> EmptyState:
        state = unselected(self._theme)
        self._right.addWidget(state)
        return state

    @cached_property
    def _welcome(self) -> EmptyState:
        state = welcome(self._theme, self.import_asked.emit, self.add, self.connect_asked.emit)
        show_google(state, on=self._google)
        self._right.addWidget(state)
        return state

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setObjectName("lists")
        self.tabs.setAccessibleName(self.tr("Lists"))
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.side, self.tr("Contacts"))
        self.tabs.addTab(self._calls_page, self.tr("Calls"))
        left = Frame("pane")
        column(left, margins=(0, 4, 0, 0)).addWidget(self.tabs)
        self.tabs.tabBar().setContentsMargins(L, 0, 0, 0)
        self._right = QStackedWidget()
        split = QSplitter()
        split.setObjectName("split")
        split.addWidget(left)
        split.addWidget(self._right)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(1, 1)
        self._split = split
        left.setMinimumWidth(340)
        self._right.setMinimumWidth(520)
        column(self).addWidget(split)

    def _connect(self) -> None:
        self.side.add_asked.connect(self._add_from)
        self.side.list.chosen.connect(self._presenter.select)
        self.side.list.opened.connect(self.edit_selected)
        self.side.list.delete_asked.connect(self.ask_delete)
        self.side.list.many_chosen.connect(self._many_chosen)
        self.tabs.currentChanged.connect(self._turned)

    def set_can_dial(self, can: bool) -> None:
        """Show buttons that call, where a phone can dial."""
        self._can_dial = can
        if "details" in self.__dict__:
            self.details.set_can_dial(can)

    # --- what the presenter asks (desk.contacts.Pane)

    def list_replaced(self) -> None:
        """Another list is shown, from its top."""
        self.side.list.replaced()
        self.side.refresh()

    def list_changed(self, before: int) -> None:
        """The same list was read anew."""
        self.side.list.changed(self._changed)
        self.side.refresh()

    def details_changed(self) -> None:
        """Show the selected contact, or what to do without one; several that are chosen stay in sight."""
        if self.side.list.chosen_count > 1 or (self._held and not self._presenter.is_empty()):
            return
        details = self._presenter.details()
        if details is not None:
            self.details.show_details(details)
            self._right.setCurrentWidget(self.details)
        else:
            empty = self._presenter.is_empty()
            self._right.setCurrentWidget(self._welcome if empty else self._unselected)

    def show_held(self) -> None:
        """Show at the right what was held back, the first picture being there."""
        self._held = False
        self.details_changed()

    def tell(self, what: Told) -> None:
        """Say what happened, with an undo button where it can be taken back."""
        from ringdesk.ui.contacts_told import told_text

        text, undo = told_text(what)
        self.undo_bar.say(text, undo=undo)
        self._place_bar()
        self.told.emit(self.undo_bar.text)

    # --- deeds

    def add(self, card: Card | None = None) -> None:
        """Open an editor for a new contact."""
        self._edit(None, card or Card())

    def edit_selected(self) -> None:
        """Open an editor for the selected contact."""
        contact = self._presenter.contact()
        if contact is not None:
            self._edit(contact, Card())

    def open(self, id: str) -> None:
        """Bring a contact into sight."""
        self.tabs.setCurrentIndex(0)
        self._presenter.open(id)
        self.side.list.reveal()

    def begin(self) -> None:
        """Show the lists at their usual width, and put the keyboard where one begins: into the list, or the search."""
        self._split.setSizes([400, 720])
        (self.side.list if self._presenter.rows.count else self.side.search).setFocus()

    def go_search(self) -> None:
        """Go to the search field."""
        self.tabs.setCurrentIndex(0)
        self.side.go_search()

    def show_calls(self) -> None:
        """Show the call list."""
        self.tabs.setCurrentIndex(1)
        self.calls.list.setFocus()

    def copy_number(self) -> None:
        """Copy the selected contact's first number."""
        self._copy(self._presenter.number())

    def ask_delete(self) -> None:
        """Ask before the selected contact is deleted, and say what follows."""
        from ringdesk.ui.contacts_history import what_follows
        from ringdesk.ui.widgets_ask import Ask, ask

        farewell = self._presenter.farewell()
        if farewell is None:
            return
        name = shown(farewell.name, 40) or self.tr("this contact")
        ask(
            Ask(
                self._theme, self, self.tr("Delete {0}?").format(name), what_follows(farewell),
                self.tr("&Delete"), lambda: self._presenter.delete(farewell), danger=True,
            )
        )  # several to a line  # fmt: skip

    def throw_away(self, id: str, name: str) -> None:
        """Delete a contact that the user has decided about already; undo brings it back."""
        self._presenter.delete(Farewell((id,), name, 0))

    # --- news

    @Slot(object)
    def contacts_changed(self, news: ContactsChanged) -> None:
        """Read what changed at once, and what follows within a moment together."""
        self._news.take(news.ids, more=news.more)

    @Slot()
    def rest(self) -> None:
        """The window closes for good."""
        self._news.rest()

    @Slot(object)
    def notes_changed(self, news: NotesChanged) -> None:
        """Show the notes anew."""
        self._presenter.notes_changed(news)

    @Slot(object)
    def calls_changed(self, news: CallsChanged) -> None:
        """Show the calls of the selected contact anew."""
        self._presenter.calls_changed(news)

    def team_changed(self) -> None:
        """The team, or its connection, has changed."""
        self.side.show_team(self._presenter.team_view)
        self._presenter.team_changed()

    def _waited_for(self, ids: frozenset[str]) -> bool:
        """Whether the user sees one of these."""
        return self._presenter.selected in ids or self.side.list.shows(ids)

    def _read_anew(self, ids: frozenset[str]) -> None:
        nobody, self._changed = self._presenter.selected is None, ids
        try:
            with WINDOW.first():
                self._presenter.contacts_changed(ContactsChanged(ids), self.side.list.last_row)
        finally:
            self._changed = frozenset()
        if nobody:
            self.details_changed()

    # --- inside

    @Slot(object)
    def _add_from(self, text: str) -> None:
        """A new contact from what was searched: a number, or a name."""
        self.add(card_of(text))

    @Slot(object)
    def _copy(self, text: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
            self.told.emit(self.tr("Copied {0}").format(shown(text)))

    @Slot(int)
    def _turned(self, _: int) -> None:
        if self.shows_calls:
            self.calls.show()

    @Slot(int)
    def _many_chosen(self, count: int) -> None:
        if count:
            self._right.setCurrentWidget(self.several)
        else:
            self.details_changed()

    def can_share(self) -> tuple[bool, bool]:
        """Whether what is chosen can be shared or unshared, and whether it would be shared."""
        if self.side.list.chosen_count > 1:
            known, chosen = self.side.list.settle(), self.several.now
            return known and chosen.may_change, bool(chosen.open) and chosen.may_share
        details = self._presenter.details()
        if details is None:
            return False, True
        return Deed.SHARE in details.may, not details.contact.shared

    def share_chosen(self) -> None:
        """Share what is chosen in the list, or share it no more; several are asked about first."""
        contact = self._presenter.contact()
        if self.side.list.chosen_count > 1:
            if self.side.list.settle():
                self.several.ask()
        elif contact is not None:
            self._presenter.share(not contact.shared)

    @Slot(object)
    def _show_caller(self, record: CallRecord) -> None:
        self._presenter.select(record.contact)

    @Slot(object)
    def _open_caller(self, record: CallRecord) -> None:
        if record.contact is not None:
            self.open(record.contact)
        elif str(record.number):
            self.add(Card(phones=(PhoneEntry(str(record.number)),)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the undo bar at the bottom of the details."""
        super().resizeEvent(event)
        if "undo_bar" in self.__dict__:
            self._place_bar()

    def _place_bar(self) -> None:
        self.undo_bar.adjustSize()
        wide = min(max(self.undo_bar.sizeHint().width(), 320), self._right.width() - 2 * XL)
        left = self._right.x() + (self._right.width() - wide) // 2
        high = self.undo_bar.sizeHint().height()
        self.undo_bar.setGeometry(left, self.height() - high - L, wide, high)


def _import_details() -> None:
    import ringdesk.ui.contacts_details  # noqa: F401  # a step of its own: it takes as long as making them
