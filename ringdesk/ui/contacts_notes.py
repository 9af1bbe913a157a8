"""Notes in the details pane: a box to write one, and those that were written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from ringdesk.domain.contact import Note
from ringdesk.ui.theme import M, S, Theme
from ringdesk.ui.widgets_button import Button, IconButton
from ringdesk.ui.widgets_frame import Frame, clear, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import shown_lines
from ringdesk.ui.words_time import ago


class NotesBox(QWidget):
    """What is typed stays typed: per contact, until it is kept, whatever changes meanwhile."""

    add_asked = Signal(object)
    delete_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._contact: str | None = None
        self._drafts: dict[str, str] = {}
        self._shown: tuple[object, ...] = ()
        self.box = QPlainTextEdit()
        self.box.setObjectName("note_box")
        self.box.setAccessibleName(self.tr("New note"))
        self.box.setPlaceholderText(self.tr("Write a note…"))
        self.box.setTabChangesFocus(True)
        self.box.setFixedHeight(64)
        self.box.installEventFilter(self)
        self.add = Button(theme, self.tr("Add &note"), "add_note", role="primary")
        self.add.setEnabled(False)
        below = row(gap=M)
        below.addWidget(PlainLabel(self.tr("Ctrl+Enter keeps it"), Role.SMALL), 1)
        below.addWidget(self.add)
        self._list: QVBoxLayout = column(gap=S)
        layout = column(self, gap=S)
        layout.addWidget(self.box)
        layout.addLayout(below)
        layout.addLayout(self._list)
        self.box.textChanged.connect(self._typed)
        self.add.clicked.connect(self._ask)

    def show_notes(self, contact: str, notes: Sequence[Note], now: float) -> None:
        """Show the notes of a contact; a text that was begun for it comes back."""
        if contact != self._contact:
            self._keep_draft()
            self._contact = contact
            self.box.setPlainText(self._drafts.pop(contact, ""))
        wanted = (contact, tuple((note.id, note.text, ago(note.at, now)) for note in notes))
        if wanted != self._shown:
            self._shown = wanted
            clear(self._list)
            for note in notes:
                self._list.addWidget(self._note(note, now))

    def kept(self) -> None:
        """The note is in the book: empty the box."""
        self.box.clear()
        self.box.setEnabled(True)
        self.box.setFocus()

    def not_kept(self) -> None:
        """The note could not be kept: it stays in the box."""
        self.box.setEnabled(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter keeps the note."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self.box:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._ask()
                return True
        return super().eventFilter(watched, event)

    def _note(self, note: Note, now: float) -> QWidget:
        frame = Frame("note", name=f"note_{note.id}")
        layout = row(frame, margins=(M, S, S, S), gap=S)
        texts = column(gap=2)
        texts.addWidget(PlainLabel(ago(note.at, now), Role.SMALL))
        texts.addWidget(PlainLabel(shown_lines(note.text), wrap=True, selectable=True))
        layout.addLayout(texts, 1)
        delete = IconButton(self._theme, "close", self.tr("Delete note"), f"delete_note_{note.id}")
        delete.clicked.connect(lambda: self.delete_asked.emit(note.id))
        layout.addWidget(delete, 0, Qt.AlignmentFlag.AlignTop)
        return frame

    def _keep_draft(self) -> None:
        if self._contact is not None and self.box.toPlainText().strip():
            self._drafts[self._contact] = self.box.toPlainText()

    @Slot()
    def _typed(self) -> None:
        self.add.setEnabled(bool(self.box.toPlainText().strip()))

    @Slot()
    def _ask(self) -> None:
        if self.box.toPlainText().strip():
            self.box.setEnabled(False)
            self.add_asked.emit(self.box.toPlainText())
