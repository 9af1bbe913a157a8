"""The left side of the pane: search, filters, the list, and how many there are."""

from __future__ import annotations

from functools import cached_property

from PySide6 import QtGui
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QToolButton, QWidget

from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.desk.team_view import TeamView
from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.lookup import Book
from ringdesk.domain.rightofway import WINDOW, Cause
from ringdesk.domain.sockets import Show
from ringdesk.ui.contacts_view import ContactsView
from ringdesk.ui.theme import CONTROL, L, M, S, Theme, Tint
from ringdesk.ui.widgets_bars import EmptyState
from ringdesk.ui.widgets_button import Button, Chip
from ringdesk.ui.widgets_frame import column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, counted, for_button, shown

ALL, VIPS, CALLERS = Show(), Show(vip=True, anonymous=None), Show(anonymous=True)


class ContactsSide(QWidget):
    """Search and list. Letters typed in the list go into the search; arrows in the search move in the list.

    What is not in the first picture of the window is made by `finish`, or when it is wanted.
    """

    add_asked = Signal(object)
    """A new contact, begun with this text."""

    def __init__(self, theme: Theme, presenter: ContactsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._presenter = theme, presenter
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)  # nothing below is painted again for a letter that is typed
        self.search = QLineEdit()
        self.add = Button(theme, self.tr("&New"), "new_contact", role="primary", icon="plus")
        self.list = ContactsView(theme, presenter)
        self.list.let_choose_many()
        self.count = PlainLabel("", Role.SMALL)
        self._chips: dict[str, Chip] = {}
        self._menu = QMenu(self)
        self._whose: QMenu | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._lay_out()
        self._connect()
        self._paint_icon()

    def finish(self) -> None:
        """Make the button that clears the search, name what Qt gives no name, and take the arrow keys."""
        self.search.installEventFilter(self)
        self.search.setClearButtonEnabled(True)
        for inner in self.search.findChildren(QToolButton):  # the glass first
            inner.setAccessibleName(self.tr("Search") if inner.defaultAction() is self._glass else self.tr("Clear"))
        self._paint_icon()

    @cached_property
    def _nothing(self) -> EmptyState:
        """A search found nothing."""
        state = EmptyState(self._theme, "search", "no_match")
        self._stack.addWidget(state)
        return state

    @cached_property
    def _add_searched(self) -> Button:
        button = self._nothing.action("", "add_searched", role="primary", icon="plus")
        button.clicked.connect(lambda: self.add_asked.emit(self.search.text().strip()))
        return button

    @cached_property
    def _none(self) -> EmptyState:
        """The list is empty."""
        state = EmptyState(self._theme, "person", "no_contacts")
        self._stack.addWidget(state)
        return state

    def _lay_out(self) -> None:
        self.search.setObjectName("search")
        self.search.setAccessibleName(self.tr("Search contacts"))
        self.search.setPlaceholderText(self.tr("Name, company, number, note"))
        self.search.setProperty("role", "search")
        self.search.setProperty("kind", "glass")
        self.search.setMinimumHeight(CONTROL)
        self.search.setMaxLength(200)
        self._glass = QAction(self)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        top = row(margins=(L, L, L, 0))
        top.addWidget(self.search, 1)
        top.addWidget(self.add)
        layout = column(self, gap=M)
        layout.addLayout(top)
        layout.addLayout(self._chip_row())
        layout.addWidget(self._stack, 1)
        foot = row(margins=(L, 0, L, S))
        foot.addWidget(self.count)
        layout.addLayout(foot)

    def _chip_row(self) -> QHBoxLayout:
        chips = row(margins=(L, 0, L, 0))
        texts = {
            "all": self.tr("All"),
            "vip": self.tr("VIP"),
            "callers": self.tr("Unknown callers"),
            "group": self.tr("Group"),
        }
        for name, text in texts.items():
            chip = Chip(self._theme, text, f"filter_{name}")
            chip.setAccessibleName(self.tr("Show: {0}").format(text))
            chips.addWidget(chip)
            self._chips[name] = chip
        self._chips["all"].setChecked(True)
        self._chips["group"].setMenu(self._menu)
        chips.addStretch(1)
        return chips

    def _connect(self) -> None:
        self.search.textChanged.connect(self._search)
        self.add.clicked.connect(lambda: self.add_asked.emit(""))
        self.list.typed.connect(self._typed)
        self.list.cleared.connect(self.clear)
        for name, show in (("all", ALL), ("vip", VIPS), ("callers", CALLERS)):
            self._chips[name].clicked.connect(lambda _=False, show=show: self.filter(show))
        self._menu.aboutToShow.connect(self._fill_groups)
        self._theme.changed.connect(self._paint_icon)

    def show_team(self, view: TeamView) -> None:
        """With a team, the first filter also tells whose contacts are shown."""
        if view.joined and self._whose is None:
            self._whose = QMenu(self)
            for text, show in self._books():
                action = self._whose.addAction(text)
                action.triggered.connect(lambda _=False, show=show: self.filter(show))
            self._chips["all"].setMenu(self._whose)
        elif not view.joined and self._whose is not None:
            self.filter(ALL)

    def _books(self) -> list[tuple[str, Show]]:
        return [
            (self.tr("All"), ALL),
            (self.tr("Mine"), Show(book=Book.MINE)),
            (self.tr("Shared by coworkers"), Show(book=Book.SHARED)),
            (self.tr("Departments' unknown callers"), Show(anonymous=True, book=Book.SHARED)),
        ]

    def _whose_text(self, show: Show) -> str:
        short = {
            Book.MINE: self.tr("Mine"),
            Book.SHARED: self.tr("Departments") if show.anonymous else self.tr("Shared"),
        }
        return self.tr("All") if show.book is None else short[show.book]

    def filter(self, show: Show) -> None:
        """Show all, VIPs, unknown callers or a group."""
        self._presenter.filter(show)

    def clear(self) -> None:
        """Leave the search, and a filter with the second Esc."""
        if self.search.text():
            self.search.clear()
        elif self._presenter.rows.show != ALL:
            self.filter(ALL)

    def go_search(self) -> None:
        """Go to the search field; what is in it can be typed over."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def refresh(self) -> None:
        """Show the count, the filter and the right empty state for what the list holds now."""
        rows = self._presenter.rows
        if rows.text != self.search.text().strip():
            self.search.blockSignals(True)
            self.search.setText(rows.text)
            self.search.blockSignals(False)
        group = rows.show.group
        states = {
            "all": rows.show == ALL or rows.show.book is not None,
            "vip": rows.show == VIPS,
            "callers": rows.show == CALLERS,
            "group": bool(group),
        }
        for name, on in states.items():
            self._chips[name].setChecked(on)
        self._chips["all"].set_whole(self._whose_text(rows.show))
        self._chips["group"].set_whole(shown(group, 24) if group else self.tr("Group"))
        self.count.setText(self._count_text())
        if rows.count:
            self._stack.setCurrentWidget(self.list)
        else:
            self._show_empty()

    def _count_text(self) -> str:
        rows = self._presenter.rows
        if rows.searching:
            more = "" if rows.complete else "+"
            return self.tr("{0} found").format(f"{rows.count}{more}")
        one, many = QT_TRANSLATE_NOOP("words", "%n contact"), QT_TRANSLATE_NOOP("words", "%n contacts")
        return counted(one, many, rows.count)

    def _show_empty(self) -> None:
        rows = self._presenter.rows
        if rows.searching:
            text = shown(rows.text, 40)
            self._nothing.headline.setText(self.tr("No contact matches “{0}”").format(text))
            self._nothing.text.setText(self.tr("Names, companies, numbers, e-mails and notes were searched."))
            self._add_searched.setText(self.tr("Add “{0}” as a contact").format(for_button(text)))
            self._add_searched.setAccessibleName(self.tr("Add {0} as a contact").format(text))
            self._stack.setCurrentWidget(self._nothing)
            return
        headline, text = self._empty_words(rows.show)
        self._none.headline.setText(headline)
        self._none.text.setText(text)
        self._stack.setCurrentWidget(self._none)

    def _empty_words(self, show: Show) -> tuple[str, str]:
        if show.book is not None and not show.vip:
            return self._empty_book(show)
        if show.vip:
            return self.tr("No VIPs yet"), self.tr("Press the star of a contact: VIPs can pass Do Not Disturb.")
        if show.anonymous:
            return self.tr("No unknown callers"), self.tr("Numbers that call and that nobody has named appear here.")
        if show.group:
            return self.tr("Nobody in this group"), self.tr("Tick the group in a contact's editor.")
        return self.tr("No contacts yet"), self.tr("Import a file or add the first one.")

    def _empty_book(self, show: Show) -> tuple[str, str]:
        if show.book is Book.MINE:
            return self.tr("No contacts of yours yet"), self.tr("Import a file or add the first one.")
        if show.anonymous:
            return self.tr("No unknown callers"), self.tr(
                "Callers of your departments that nobody has named appear here."
            )
        return self.tr("Nothing shared yet"), self.tr("What coworkers tick as a client appears here within seconds.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter in the search act on the list; Esc clears."""
        if watched is self.search and isinstance(event, QtGui.QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Up | Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
                    self._into_list(event)
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._enter()
                    return True
                case Qt.Key.Key_Escape:
                    self.clear()
                    return True
        return super().eventFilter(watched, event)

    def _into_list(self, event: QtGui.QKeyEvent) -> None:
        if not self.list.rows.rowCount():
            return
        to_best = event.key() == Qt.Key.Key_Down and self._presenter.rows.searching
        moves = self.list.currentIndex().isValid() and not to_best  # asked before the list begins in a row by itself
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if moves:
            self.list.keyPressEvent(event)
        else:
            self.list.selectRow(0)

    def _enter(self) -> None:
        """Enter in the search: the best hit, or a new contact where there is none."""
        if not self.list.rows.rowCount():
            if self._presenter.rows.searching:
                self.add_asked.emit(self.search.text().strip())
            return
        if not self.list.currentIndex().isValid():
            self.list.selectRow(0)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _search(self, text: str) -> None:
        WINDOW.take(Cause.LIST)  # until the list was painted
        self._presenter.search(text)

    @Slot(str)
    def _typed(self, letter: str) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.setText(letter)

    @Slot()
    def _fill_groups(self) -> None:
        self._menu.clear()
        groups = self._presenter.groups()
        for group in groups[:200]:
            action = self._menu.addAction(for_button(group))
            action.triggered.connect(lambda _=False, group=group: self.filter(Show(group=group, anonymous=None)))
        if not groups:
            self._menu.addAction(self.tr("No groups yet")).setEnabled(False)

    @Slot()
    def _paint_icon(self) -> None:
        self._glass.setIcon(self._theme.icon("search", Tint.SOFT))
        for action in self.search.findChildren(QAction):
            if action.objectName() == "_q_qlineeditclearaction":
                action.setIcon(self._theme.icon("close", Tint.SOFT))

    def sizeHint(self) -> QSize:
        """Wide enough for a name, a company and a number."""
        return QSize(400, 600)


def card_of(text: str) -> Card:
    """A new contact's card from what was searched: a number, or a name."""
    if any(c.isdigit() for c in text) and not any(c.isalpha() for c in text):
        return Card(phones=(PhoneEntry(text),))
    given, _, family = text.partition(" ")
    return Card(name=Name(given=given, family=family.strip()))
