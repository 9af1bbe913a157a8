"""A contact's history in the details pane: save by save, with a way back to every old value."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ringdesk.desk.contacts import Details
from ringdesk.desk.contacts_history import Save, restorable, saves
from ringdesk.domain.contact import Change
from ringdesk.ui.contacts_history import field_name, value_text, what, who
from ringdesk.ui.theme import CONTROL, XS, M, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_folded import FoldedList
from ringdesk.ui.widgets_frame import Glyph, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words_time import moment

FIRST = 4
"""So many saves are shown before the others are asked for."""


class HistoryList(FoldedList):
    """Saves, newest first: who and when, and below it what became what."""

    restore_asked = Signal(object)
    """The change whose old value is wanted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "details_history", first=FIRST, gap=M, parent=parent)
        self._contact = ""
        self._wanted: tuple[object, ...] = ()

    def show_history(self, details: Details) -> None:
        """Show a contact's past; nothing is made anew where nothing changed."""
        groups = saves(details.history)
        can = frozenset(change.id for change in details.history if restorable(change, details))
        if (tuple(groups), can) == self._wanted:
            return
        unfolded = self._all and details.contact.id == self._contact
        self._wanted, self._contact = (tuple(groups), can), details.contact.id
        self._put([self._save(save, can) for save in groups], unfolded=unfolded)

    def _save(self, save: Save, can: frozenset[int]) -> QWidget:
        box = QWidget()
        inside = row(box, gap=M)
        inside.addWidget(Glyph(self._theme, "history"), 0, Qt.AlignmentFlag.AlignTop)
        lines = column(gap=XS)
        lines.addWidget(PlainLabel(f"{who(save.by, save.source)}  ·  {moment(save.at)}", Role.SMALL))
        for change in save.changes:
            lines.addWidget(self._change(change, can=change.id in can))
        inside.addLayout(lines, 1)
        return box

    def _change(self, change: Change, *, can: bool) -> QWidget:
        line = QWidget()
        line.setMinimumHeight(CONTROL)
        inside = row(line, gap=M)
        inside.addWidget(PlainLabel(what(change), wrap=True), 1)
        if can:
            button = Button(self._theme, self.tr("Restore"), f"restore_{change.id}", role="quiet")
            button.setAccessibleName(self._button_name(change))
            button.clicked.connect(lambda: self.restore_asked.emit(change))
            inside.addWidget(button)
        return line

    def _button_name(self, change: Change) -> str:
        old = value_text(change.old) if change.field not in ("photo", "note_added") else ""
        name = self.tr("Restore {0}").format(field_name(change.field))
        return f"{name}: {old}" if old and old != "True" else name
