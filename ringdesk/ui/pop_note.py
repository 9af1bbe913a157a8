"""The note box of a pop: plain text, typed into only after the user asked for the keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ringdesk.ui.pop_words import NOTE_HINT, NOTE_NAME
from ringdesk.ui.words import say

LETTERS: Final = 10_000
"""A note is no longer than this; what is pasted beyond it is cut."""


class NoteBox(QPlainTextEdit):
    """Where a note is typed. It never changes under the user's hands."""

    wanted = Signal()
    """The user clicked into the box: it needs the keyboard."""
    left = Signal()
    """The user pressed Esc."""
    entered = Signal()
    """The box has the keyboard now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pop_note_box")
        self.setAccessibleName(say(NOTE_NAME))
        self.setPlaceholderText(say(NOTE_HINT))
        self.setTabChangesFocus(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._empty = True
        self.textChanged.connect(self._filled)
        self.hide()

    def begin(self, text: str) -> None:
        """Start a note for another call with what is kept of it."""
        if (self._empty and not text) or text == self.toPlainText():
            return
        self._empty = not text
        blocker = QSignalBlocker(self)
        self.setPlainText(text[:LETTERS])
        blocker.unblock()

    @Slot()
    def _filled(self) -> None:
        self._empty = False

    @property
    def text(self) -> str:
        """What was typed."""
        return self.toPlainText()[:LETTERS]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the keyboard, then put the cursor where the click was."""
        self.wanted.emit()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the box; every other key writes."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The box has the keyboard."""
        super().focusInEvent(event)
        self.entered.emit()
