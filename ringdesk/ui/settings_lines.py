"""Settings > Lines: my extension, what called numbers and queues mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from ringdesk.desk.preferences import Fault, Preferences, Problem
from ringdesk.domain.choices import LineChoice
from ringdesk.ui.settings_page import Field, Page, mark_fields
from ringdesk.ui.settings_words import DEPARTMENT, LINES, fault
from ringdesk.ui.theme import XS, S, Theme, restyle
from ringdesk.ui.widgets_button import Button, IconButton
from ringdesk.ui.widgets_frame import column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import say


class LineBox(QWidget):
    """Chooses what a line is: a kind, and a name where it is a department's."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = QComboBox()
        self.kind.setObjectName(f"{name}_kind")
        self.kind.setAccessibleName(self.tr("Whose line it is"))
        for value, text in LINES.items():
            self.kind.addItem(say(text), value)
        self.department = QLineEdit()
        self.department.setObjectName(f"{name}_department")
        self.department.setAccessibleName(self.tr("Name of the department"))
        self.department.setPlaceholderText(self.tr("Sales"))
        self.department.setMaxLength(60)
        self.kind.currentIndexChanged.connect(self._chosen)
        self.setObjectName(name)
        self.setFocusProxy(self.kind)
        layout = row(self, gap=S)
        layout.addWidget(self.kind, 2)
        layout.addWidget(self.department, 3)
        self._chosen()

    @property
    def line(self) -> str:
        """The line as the settings write it."""
        value = str(self.kind.currentData())
        return f"{DEPARTMENT} {self.department.text().strip()}".strip() if value == DEPARTMENT else value

    def choose(self, line: str) -> None:
        """Show a line."""
        known = line in LINES and line != DEPARTMENT
        self.kind.setCurrentIndex(self.kind.findData(line if known else DEPARTMENT))
        self.department.setText("" if known else line.removeprefix(DEPARTMENT).strip())

    def mark(self, wrong: bool) -> None:
        """Show that something is wrong with it."""
        restyle(self.department, "wrong", wrong)

    @Slot()
    def _chosen(self) -> None:
        self.department.setVisible(self.kind.currentData() == DEPARTMENT)


class LineRow(QWidget):
    """One row of the table: a number or a queue, and the line it is."""

    removed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.queue = QComboBox()
        self.queue.setObjectName("line_what")
        self.queue.setAccessibleName(self.tr("Number or queue"))
        self.queue.addItem(self.tr("Number"), False)
        self.queue.addItem(self.tr("Queue"), True)
        self.match = QLineEdit()
        self.match.setObjectName("line_match")
        self.match.setAccessibleName(self.tr("Called number, or name of the queue"))
        self.match.setMaxLength(80)
        self.line = LineBox("line_line")
        remove = IconButton(theme, "trash", self.tr("Remove this row"), "line_remove")
        remove.clicked.connect(self._remove)
        self.queue.currentIndexChanged.connect(self._hint)
        self._wrong = PlainLabel("", Role.BAD, wrap=True)
        self._wrong.hide()
        fields = row(gap=S)
        fields.addWidget(self.queue)
        fields.addWidget(self.match, 3)
        fields.addWidget(self.line, 4)
        fields.addWidget(remove)
        layout = column(self, gap=XS)
        layout.addLayout(fields)
        layout.addWidget(self._wrong)
        self._hint()

    def take(self, entry: LineChoice) -> None:
        """Show an entry."""
        self.queue.setCurrentIndex(int(entry.queue))
        self.match.setText(entry.match)
        self.line.choose(entry.line)

    def give(self) -> LineChoice:
        """The entry as it is now."""
        return LineChoice(self.match.text().strip(), self.line.line, bool(self.queue.currentData()))

    @property
    def wrong(self) -> str:
        """What is said to be wrong."""
        return self._wrong.text()

    def mark(self, problems: Sequence[Problem]) -> QWidget | None:
        """Show the problems of this row; gives the control to go to."""
        columns = {problem.column for problem in problems}
        self._wrong.setText(" ".join(fault(problem.fault) for problem in problems))
        self._wrong.setVisible(bool(problems))
        restyle(self.match, "wrong", "match" in columns)
        self.line.mark("line" in columns)
        if not problems:
            return None
        return self.match if "match" in columns else self.line.department

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self)

    @Slot()
    def _hint(self) -> None:
        queue = bool(self.queue.currentData())
        self.match.setPlaceholderText(self.tr("support") if queue else self.tr("+44 20 7946 0123"))


class LinesPage(Page):
    """Lines."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "settings_lines", parent)
        self.extension = QLineEdit()
        self.extension.setObjectName("settings_extension")
        self.extension.setPlaceholderText(self.tr("204"))
        self.extension.setMaxLength(20)
        self.default = LineBox("settings_default_line")
        self._fields = {
            "extension": Field(
                self.tr("My &extension"),
                self.extension,
                self.tr("How coworkers reach you inside. Leave it empty if you have none."),
            ),
            "default_line": Field(
                self.tr("&Other numbers are"),
                self.default,
                self.tr("What a called number means that is not in the table below, or that the phone does not tell."),
            ),
        }
        card = self.card()
        for field in self._fields.values():
            card.addWidget(field)
        table = self.card(
            self.tr("Numbers and queues"),
            self.tr(
                "Say which line a called number or a queue is. An unknown caller on a department’s line becomes one "
                "contact for the department; on your own line it becomes yours."
            ),
        )
        self.rows: list[LineRow] = []
        self._table = column(gap=S)
        table.addLayout(self._table)
        self.add = Button(theme, self.tr("&Add a number or queue"), "settings_line_add", role="link", icon="plus")
        self.add.setProperty("kind", "add")
        self.add.clicked.connect(self._added)
        bottom = row()
        bottom.addWidget(self.add)
        bottom.addStretch(1)
        table.addLayout(bottom)
        self.fill_up()

    def take(self, kept: Preferences) -> None:
        """Show these preferences."""
        self.extension.setText(kept.extension)
        self.default.choose(kept.default_line)
        for shown in list(self.rows):
            self._removed(shown)
        for entry in kept.lines:
            self._row().take(entry)

    def give(self, chosen: Preferences) -> Preferences:
        """The preferences with this page's part as it is now."""
        lines = tuple(shown.give() for shown in self.rows)
        extension = self.extension.text().strip()
        return replace(chosen, extension=extension, default_line=self.default.line, lines=lines)

    def mark(self, problems: Sequence[Problem]) -> QWidget | None:
        """Show the problems of this page."""
        first = mark_fields(self._fields, problems)
        self.default.mark(any(p.where == "default_line" and p.fault is Fault.NO_DEPARTMENT for p in problems))
        for place, shown in enumerate(self.rows):
            here = shown.mark([p for p in problems if p.where == "lines" and p.row == place])
            first = first or here
        return first

    def _row(self) -> LineRow:
        made = LineRow(self.theme)
        made.removed.connect(self._removed)
        self.rows.append(made)
        self._table.addWidget(made)
        return made

    @Slot()
    def _added(self) -> None:
        self._row().match.setFocus()

    @Slot(object)
    def _removed(self, gone: LineRow) -> None:
        self.rows.remove(gone)
        gone.hide()
        self._table.removeWidget(gone)
        gone.deleteLater()
