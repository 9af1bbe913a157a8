"""The open editors: one a contact, so that nobody edits the same contact in two windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ringdesk.desk.contacts import ContactsPresenter
from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.ownership import Deed
from ringdesk.ui.theme import Theme

if TYPE_CHECKING:
    from ringdesk.ui.editor import Editor


class EditorWindows(QObject):
    """Opens editors, keeps them while they are open, and shows in the pane what they saved."""

    saved = Signal(object)

    def __init__(self, theme: Theme, presenter: ContactsPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._presenter = theme, presenter
        self._open: list[Editor] = []

    @property
    def unsaved(self) -> bool:
        """True when an editor holds something that is not saved."""
        return any(editor.changed for editor in self._open)

    def edit(self, contact: Contact | None, start: Card) -> None:
        """Open an editor as `open` does; a contact that may not be edited is only shown."""
        if contact is not None and not self._presenter.may(contact, Deed.EDIT):
            self._presenter.open(contact.id)
        else:
            self.open(contact, start)

    def open(self, contact: Contact | None, start: Card) -> Editor:
        """Open an editor for a contact, or a new one that begins with a card; bring up the one that is open."""
        editor = self._of(contact)
        if editor is None:
            from ringdesk.desk.editor_save import Editing
            from ringdesk.ui.editor import Editor  # whoever only looks and answers the phone never needs it

            shown = self._presenter
            editing = Editing(shown.reads, shown.writes, shown.deliver, contact, start, team=shown.team_view)
            editor = Editor(self._theme, editing, self._presenter.region)
            editor.setWindowIcon(self._theme.window_icon())
            editor.saved.connect(self._saved)
            editor.gone.connect(self._gone)
            self._open.append(editor)
            editor.show()
        editor.raise_()
        editor.activateWindow()
        return editor

    def _of(self, contact: Contact | None) -> Editor | None:
        if contact is None:
            return None
        return next(
            (e for e in self._open if e.editing.contact is not None and e.editing.contact.id == contact.id), None
        )

    @Slot(object)
    def _saved(self, contact: Contact) -> None:
        self._presenter.open(contact.id)
        self.saved.emit(contact)

    @Slot(object)
    def _gone(self, editor: Editor) -> None:
        if editor in self._open:
            self._open.remove(editor)
