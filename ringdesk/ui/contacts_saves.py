"""A contact's history in the details pane: save by save, with a way back to every old value."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from ringdesk.desk.contacts import Details
from ringdesk.desk.contacts_history import Save, restorable, saves
from ringdesk.domain.contact import Change
from ringdesk.ui.contacts_history import field_name, value_text, what, who
from ringdesk.ui.theme import CONTROL, XS, M, S, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Glyph, clear, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words_time import moment

FIRST = 4
"""So many saves are shown before the others are asked for."""


class HistoryList(QWidget):
    """Saves, newest first: who and when, and below it what became what."""

    restore_asked = Signal(object)
    """The change whose old value is wanted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._all = False
        self._contact = ""
        self._wanted: tuple[object, ...] = ()
        self._saves: list[QWidget] = []
        self.setObjectName("details_history")
        self._lines = column(gap=M)
        self._more = Button(theme, self.tr("Show &all"), "details_history_more", role="link")
        self._more.setProperty("kind", "add")
        self._more.clicked.connect(self._show_all)
        layout = column(self, gap=S)
        layout.addLayout(self._lines)
        foot = row()
        foot.addWidget(self._more)
        foot.addStretch(1)
        layout.addLayout(foot)

    def show_history(self, details: Details) -> None:
        """Show a contact's past; nothing is made anew where nothing changed."""
        groups = saves(details.history)
        can = frozenset(change.id for change in details.history if restorable(change, details))
        if (tuple(groups), can) == self._wanted:
            return
        self._all = self._all and details.contact.id == self._contact
        self._wanted, self._contact = (tuple(groups), can), details.contact.id
        clear(self._lines)
        self._saves = [self._save(save, can) for save in groups]
        for widget in self._saves:
            self._lines.addWidget(widget)
        self._fold()

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

    def _fold(self) -> None:
        for place, widget in enumerate(self._saves):
            widget.setVisible(self._all or place < FIRST)
        self._more.setVisible(not self._all and len(self._saves) > FIRST)

    @Slot()
    def _show_all(self) -> None:
        self._all = True
        self._fold()
