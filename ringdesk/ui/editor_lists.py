"""Lists of the editor: rows that can be added and taken away, and the groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ringdesk.ui.editor_rows import Row, Spec
from ringdesk.ui.theme import CONTROL, S, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_flow import FlowLayout
from ringdesk.ui.widgets_frame import clear, column, row
from ringdesk.ui.words import for_button, shown


class RowList(QWidget):
    """All values of one list of the card. `at_least` rows stand there even when they are empty."""

    changed = Signal()

    def __init__(self, theme: Theme, spec: Spec, region: str, add_text: str, *, at_least: int = 0) -> None:
        super().__init__()
        self._theme, self._spec, self._region, self._at_least = theme, spec, region, at_least
        self._rows: list[Row] = []
        self._made = 0
        self._column = column(gap=S)
        self.add_button = Button(theme, add_text, f"add_{spec.name}", role="link", icon="plus")
        self.add_button.setProperty("kind", "add")
        self.add_button.clicked.connect(self._add_empty)
        below = row()
        below.addWidget(self.add_button)
        below.addStretch(1)
        layout = column(self, gap=S)
        layout.addLayout(self._column)
        layout.addLayout(below)

    @property
    def first(self) -> QWidget:
        """The control to begin in."""
        return self._rows[0].first if self._rows else self.add_button

    @property
    def rows(self) -> Sequence[Row]:
        """The rows, in order."""
        return self._rows

    def fill(self, values: Sequence[Any]) -> None:
        """Show these values."""
        self._rows = []
        clear(self._column)
        for value in values:
            self._add(value)
        while len(self._rows) < self._at_least:
            self._add(self._spec.empty)

    def values(self) -> tuple[Any, ...]:
        """What is typed now, empty rows included."""
        return tuple(row.value() for row in self._rows)

    def mark(self, place: int, text: str) -> None:
        """Say what is wrong with a row."""
        if place < len(self._rows):
            self._rows[place].mark(text)

    def unmark(self) -> None:
        """Take all marks away."""
        for one in self._rows:
            one.mark("")

    def _add(self, value: Any) -> Row:
        made = Row(self._theme, self._spec, value, self._region, f"{self._spec.name}_{self._made}")
        self._made += 1
        self._rows.append(made)
        self._column.addWidget(made)
        made.changed.connect(self.changed)
        made.remove_asked.connect(self._remove)
        return made

    @Slot()
    def _add_empty(self) -> None:
        self._add(self._spec.empty).first.setFocus()
        self.changed.emit()

    @Slot(object)
    def _remove(self, gone: Row) -> None:
        place = self._rows.index(gone)
        self._rows.remove(gone)
        self._column.removeWidget(gone)
        gone.hide()
        gone.deleteLater()
        (self._rows[min(place, len(self._rows) - 1)].first if self._rows else self.add_button).setFocus()
        self.changed.emit()


class Groups(QWidget):
    """Every group there is, as buttons that are pressed in; a new one can be written."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._chips: dict[str, Button] = {}
        self._order: list[str] = []
        self._flow = FlowLayout(S)
        self.new = QLineEdit()
        self.new.setObjectName("new_group")
        self.new.setAccessibleName(self.tr("New group"))
        self.new.setPlaceholderText(self.tr("New group"))
        self.new.setMinimumHeight(CONTROL)
        self.new.setMaximumWidth(220)
        self.add = Button(theme, self.tr("Add group"), "add_group", role="link", icon="plus")
        self.add.setProperty("kind", "add")
        below: QHBoxLayout = row(gap=S)
        below.addWidget(self.new)
        below.addWidget(self.add)
        below.addStretch(1)
        layout = column(self, gap=S)
        layout.addLayout(self._flow)
        layout.addLayout(below)
        self.add.clicked.connect(self._add_new)
        self.new.returnPressed.connect(self._add_new)

    def fill(self, there: Sequence[str], ticked: Sequence[str]) -> None:
        """Offer the groups there are, those of the card pressed in."""
        self._chips, self._order = {}, list(ticked)
        clear(self._flow)
        for name in dict.fromkeys((*ticked, *there)):
            self._offer(name, ticked=name in ticked)

    def values(self) -> tuple[str, ...]:
        """The groups of the card: those it had in their order, then the new ones."""
        return tuple(name for name in self._order if self._chips[name].isChecked())

    def _offer(self, name: str, *, ticked: bool) -> None:
        chip = Button(self._theme, for_button(name[:40]), f"group_{len(self._chips)}", role="chip")
        chip.setAccessibleName(self.tr("Group {0}").format(shown(name)))
        chip.setCheckable(True)
        chip.setChecked(ticked)
        chip.toggled.connect(lambda on: self._toggled(name, on=on))
        self._chips[name] = chip
        self._flow.addWidget(chip)

    def _toggled(self, name: str, *, on: bool) -> None:
        if on and name not in self._order:
            self._order.append(name)
        self.changed.emit()

    @Slot()
    def _add_new(self) -> None:
        name = self.new.text().strip()
        if not name:
            self.new.setFocus()
            return
        if name not in self._chips:
            self._offer(name, ticked=False)
        self._chips[name].setChecked(True)
        self.new.clear()
