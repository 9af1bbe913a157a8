"""The contacts list on the screen: a table view of fixed rows, worked by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.domain.contact import ContactRow
from ringdesk.domain.rightofway import WINDOW, Cause
from ringdesk.ui.contacts_chosen import ChosenRows
from ringdesk.ui.contacts_delegate import ContactDelegate
from ringdesk.ui.contacts_model import ContactsModel
from ringdesk.ui.contacts_photos import RowPhotos
from ringdesk.ui.desktop.x11_waits import drawn
from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_rows import Rows, make_list

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QKeyEvent, QPaintEvent

GATHER_MS: Final = 20
"""A choice of many rows is told once, not for each row the mouse is dragged over."""
MOST_AGAIN: Final = 200
"""So many chosen contacts are found again after a change of the list; of more, only the current one stays chosen."""


class ContactsView(Rows):
    """Shows `ContactsModel`. The selection follows the presenter, the presenter follows the user's choice of a row."""

    chosen = Signal(object)
    """The id of the row the user moved to."""
    opened = Signal()
    """Enter or a double click."""
    typed = Signal(str)
    """A letter was typed: it belongs into the search."""
    cleared = Signal()
    """Esc."""
    delete_asked = Signal()
    many_chosen = Signal(int)
    """So many rows are chosen; none where it is one, or not several any more. What they are comes as `many_known`."""
    many_unread = Signal(int)
    """So many that it takes a while until they are known."""
    many_known = Signal(object)
    """What the chosen rows mean for sharing (`Several`), as soon as all of them are read."""

    def __init__(self, theme: Theme, presenter: ContactsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._anchor: tuple[str, int] | None = None
        self._quiet = False
        self._many: list[ContactRow] = []
        self._told_many = False
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHER_MS)
        self._painted = QTimer(self)
        self._painted.setSingleShot(True)
        self._painted.timeout.connect(self._wait_for_server)
        self.rows = ContactsModel(presenter, self)
        self.photos = RowPhotos(theme, presenter.photo, self)
        self.photos.found.connect(self._paint_anew)
        self.choice = ChosenRows(self.rows, presenter.several, self)
        self.choice.known.connect(self.many_known)
        self._delegate = ContactDelegate(theme, self.rows, self.photos, self)
        self.setObjectName("contacts_list")
        self.setAccessibleName(self.tr("Contacts"))
        make_list(self, self._delegate.height)
        self.setItemDelegate(self._delegate)
        self.setModel(self.rows)
        self.selectionModel().currentChanged.connect(self._moved)
        self.selectionModel().selectionChanged.connect(self._chose)
        self._gather.timeout.connect(self._tell_many)
        self.doubleClicked.connect(self._double_clicked)
        self.verticalScrollBar().valueChanged.connect(self._remember)
        theme.changed.connect(self._paint_anew)

    def let_choose_many(self) -> None:
        """Several rows can be chosen."""
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    @property
    def last_row(self) -> int:
        """The lowest row in sight."""
        last = self.rowAt(self.viewport().height() - 1)
        return last if last >= 0 else max(0, self.rows.rowCount() - 1)

    def replaced(self) -> None:
        """Another list is shown: begin at its top, keep the selected contact where it is in it."""
        self.choice.stop()
        self.rows.replaced()
        self.verticalScrollBar().setValue(0)
        self._point()
        self._remember()
        self._chose()

    def shows(self, ids: frozenset[str]) -> bool:
        """Whether one of these is in sight."""
        if not ids or not self.isVisible():
            return False
        return any(row.id in ids for row in self._presenter.rows.read(max(0, self.rowAt(0)), self.last_row))

    def changed(self, ids: frozenset[str] = frozenset()) -> None:
        """The list was read anew: the same rows stay in sight, the same contact stays selected.

        `ids`: these contacts were saved; none where it may be any.
        """
        self.choice.stop()
        anchor, at_top = self._anchor, self.verticalScrollBar().value() == 0
        self.rows.changed()
        self.photos.something_changed(ids)
        if anchor is not None and not at_top:
            id, before = anchor
            place = self._presenter.rows.place(id)
            if place is not None and place != before:
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + (place - before) * self._delegate.height)
        self._point()
        self._choose_again()
        self._remember()

    def settle(self) -> bool:
        """Read what is chosen now, not in a moment; gives whether several are chosen and all of them are known."""
        if self._gather.isActive():
            self._gather.stop()
            self._tell_many()
        return self._told_many and not self.choice.reading

    @property
    def chosen_count(self) -> int:
        """How many rows are chosen."""
        return sum(bottom - top + 1 for top, bottom in self._ranges())

    def chosen_rows(self) -> list[ContactRow]:
        """The chosen rows, from the top; for a few."""
        places = (place for top, bottom in self._ranges() for place in range(top, bottom + 1))
        return [row for place in places if (row := self.rows.contact_row(place)) is not None]

    def _ranges(self) -> list[tuple[int, int]]:
        """The first and last row of every run of chosen ones, from the top."""
        chosen = self.selectionModel().selection()
        return sorted((chosen.at(n).top(), chosen.at(n).bottom()) for n in range(chosen.count()))

    def reveal(self) -> None:
        """Scroll to the selected contact."""
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is looked for behind a hidden list: the store may be about to close."""
        super().hideEvent(event)
        self.photos.rest()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rows are read while they are painted; what was asked for can be seen then."""
        WINDOW.take(Cause.LIST)
        super().paintEvent(event)
        WINDOW.give(Cause.LIST)
        self._painted.start(0)

    @Slot()
    def _wait_for_server(self) -> None:
        """Now, and not when the next letter is to be painted."""
        drawn(self.window())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete asks to delete, Esc clears the search, letters go into the search."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.opened.emit()
            case Qt.Key.Key_Delete:
                self.delete_asked.emit()
            case Qt.Key.Key_Escape:
                self.cleared.emit()
            case _ if self._is_letter(event):
                self.typed.emit(event.text())
            case _:
                super().keyPressEvent(event)

    def _is_letter(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        text = event.text()
        return not held and bool(text) and text.isprintable() and not text.isspace()

    def _point(self) -> None:
        """Put the current row where the selected contact is, without scrolling there."""
        id = self._presenter.selected
        place = None if id is None else self._presenter.rows.place(id)
        index = QModelIndex() if place is None else self.rows.index(place, 0)
        self._quiet = True
        flags = QItemSelectionModel.SelectionFlag
        if index.isValid():
            scroll = self.verticalScrollBar().value()
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.verticalScrollBar().setValue(scroll)
        elif self.currentIndex().isValid():
            self.selectionModel().clear()
        self._quiet = False

    def _choose_again(self) -> None:
        """The list was read anew: several contacts stay chosen, wherever they stand now."""
        flags = QItemSelectionModel.SelectionFlag
        self._quiet = True
        for one in self._many:
            place = self._presenter.rows.place(one.id)
            if place is not None:
                self.selectionModel().select(self.rows.index(place, 0), flags.Select | flags.Rows)
        self._quiet = False
        if self._told_many:
            self._gather.start()

    @Slot()
    def _chose(self) -> None:
        if self._quiet:
            return
        self.choice.stop()
        count = self.chosen_count
        self._many = self.chosen_rows() if 1 < count <= MOST_AGAIN else []
        if self._told_many or count > 1:
            self._gather.start()

    @Slot()
    def _tell_many(self) -> None:
        count = self.chosen_count
        if count > 1:
            self._told_many = True
            self.many_chosen.emit(count)
            self.choice.read(self._ranges())
            if self.choice.reading:
                self.many_unread.emit(count)
        elif self._told_many:
            self._told_many = False
            self.many_chosen.emit(0)

    @Slot()
    def _paint_anew(self) -> None:
        # not connected to by itself: the first widget that Qt hands out makes PySide6 load every class of widgets
        self.viewport().update()

    @Slot()
    def _remember(self) -> None:
        place = self.rowAt(0)
        row = self.rows.contact_row(place) if place >= 0 else None
        self._anchor = None if row is None else (row.id, place)

    @Slot(QModelIndex, QModelIndex)
    def _moved(self, now: QModelIndex, before: QModelIndex) -> None:
        row = self.rows.contact_row(now.row()) if now.isValid() else None
        if not self._quiet and row is not None:
            self.chosen.emit(row.id)

    @Slot(QModelIndex)
    def _double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit()
