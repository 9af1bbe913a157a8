"""Choosing the contact that gets a caller's number: a search field and the list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.desk.contacts_told import Told
from ringdesk.ui.contacts_view import ContactsView
from ringdesk.ui.theme import CONTROL, L, M, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import column, row
from ringdesk.ui.widgets_text import PlainLabel, Role


class ContactChooser(QDialog):
    """Asks for a contact; does not block. `presenter` is one of its own, so that the main list stays as it is."""

    picked = Signal(object)
    """The id of the contact the user chose."""

    def __init__(self, theme: Theme, presenter: ContactsPresenter, number: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.setObjectName("contact_chooser")
        self.setWindowTitle(self.tr("Add to a contact"))
        self.setAccessibleName(self.tr("Add to a contact"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(460, 560)
        self.search = QLineEdit()
        self.list = ContactsView(theme, presenter)
        self.choose = Button(theme, self.tr("&Add the number"), "chooser_choose", role="primary")
        self.cancel = Button(theme, self.tr("&Cancel"), "chooser_cancel")
        self._lay_out(number)
        self._connect()
        presenter.attach(self)
        self.search.setFocus()

    def _lay_out(self, number: str) -> None:
        self.search.setObjectName("chooser_search")
        self.search.setAccessibleName(self.tr("Search contacts"))
        self.search.setPlaceholderText(self.tr("Name, company, number, note"))
        self.search.setProperty("role", "search")
        self.search.setMinimumHeight(CONTROL)
        self.choose.setEnabled(False)
        layout = column(self, margins=(L, L, L, L), gap=M)
        layout.addWidget(PlainLabel(self.tr("Whose number is {0}?").format(number), Role.TITLE, wrap=True))
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        buttons = row(gap=M)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.choose)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._presenter.search)
        self.search.returnPressed.connect(self._first)
        self.list.chosen.connect(self._presenter.select)
        self.list.opened.connect(self._take)
        self.list.typed.connect(self._typed)
        self.list.cleared.connect(self.reject)
        self.choose.clicked.connect(self._take)
        self.cancel.clicked.connect(self.reject)

    # --- desk.contacts.Pane

    def list_replaced(self) -> None:
        """Another list is shown."""
        self.list.replaced()

    def list_changed(self, before: int) -> None:
        """The same list was read anew."""
        self.list.changed()

    def details_changed(self) -> None:
        """Another contact is selected."""
        self.choose.setEnabled(self._presenter.selected is not None)

    def tell(self, what: Told) -> None:
        """Nothing is done in here that must be told."""

    # --- inside

    @Slot(str)
    def _typed(self, letter: str) -> None:
        self.search.setFocus()
        self.search.insert(letter)

    @Slot()
    def _first(self) -> None:
        """Enter in the search goes into the list, onto its first row."""
        if self.list.rows.rowCount():
            self.list.setFocus()
            self.list.selectRow(0)

    @Slot()
    def _take(self) -> None:
        if self._presenter.selected is not None:
            self.picked.emit(self._presenter.selected)
            self.accept()
