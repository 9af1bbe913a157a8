"""The form of the editor: every field of a card in one column of sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QPlainTextEdit, QScrollArea, QWidget

from ringdesk.desk.editor import Fault, Form, Wrong
from ringdesk.domain.contact import Marks
from ringdesk.ui.editor_lists import Groups, RowList
from ringdesk.ui.editor_parts import BirthdayFields, NameFields, PhotoField
from ringdesk.ui.editor_rows import SPECS
from ringdesk.ui.theme import CONTROL, XL, XXL, L, M, S, Theme
from ringdesk.ui.widgets_frame import Frame, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say

_SENTENCES: Final = {
    Wrong.NOTHING: QT_TRANSLATE_NOOP("words", "Give the contact at least a name or a phone number."),
    Wrong.NO_SUCH_DAY: QT_TRANSLATE_NOOP("words", "This month has no such day."),
    Wrong.BAD_YEAR: QT_TRANSLATE_NOOP("words", "Write the year in four digits, such as 1975, or leave it empty."),
    Wrong.HALF_BIRTHDAY: QT_TRANSLATE_NOOP("words", "A birthday needs a day and a month."),
    Wrong.NO_AT: QT_TRANSLATE_NOOP("words", "An e-mail address looks like maria@example.com."),
    Wrong.NO_KEY: QT_TRANSLATE_NOOP("words", "Give this field a name."),
}

_TITLES: Final = {
    "phones": (QT_TRANSLATE_NOOP("words", "&Phone"), QT_TRANSLATE_NOOP("words", "Add phone")),
    "emails": (QT_TRANSLATE_NOOP("words", "E-&mail"), QT_TRANSLATE_NOOP("words", "Add e-mail")),
    "organizations": (QT_TRANSLATE_NOOP("words", "&Work"), QT_TRANSLATE_NOOP("words", "Add company")),
    "addresses": (QT_TRANSLATE_NOOP("words", "&Address"), QT_TRANSLATE_NOOP("words", "Add address")),
    "urls": (QT_TRANSLATE_NOOP("words", "We&b"), QT_TRANSLATE_NOOP("words", "Add web address")),
    "nicknames": (QT_TRANSLATE_NOOP("words", "Nic&knames"), QT_TRANSLATE_NOOP("words", "Add nickname")),
    "relations": (QT_TRANSLATE_NOOP("words", "&Relations"), QT_TRANSLATE_NOOP("words", "Add relation")),
    "custom": (QT_TRANSLATE_NOOP("words", "&Own fields"), QT_TRANSLATE_NOOP("words", "Add field")),
}
_AT_LEAST: Final = {"phones": 1, "emails": 1, "organizations": 1}


def fault_text(fault: Fault) -> str:
    """What is wrong with a field, and what to do."""
    return say(_SENTENCES[fault.wrong])


class EditorForm(QScrollArea):
    """Every field of a card. `value` is what is typed; `fill` shows a form."""

    changed = Signal()

    def __init__(self, theme: Theme, region: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editor_form")
        self.setAccessibleName(self.tr("Fields"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.photo = PhotoField(theme)
        self.name = NameFields(theme)
        self.lists = {
            spec.name: RowList(theme, spec, region, say(_TITLES[spec.name][1]), at_least=_AT_LEAST.get(spec.name, 0))
            for spec in SPECS
        }
        self.birthday = BirthdayFields(theme)
        self.note = QPlainTextEdit()
        self.groups = Groups(theme)
        self.share = QCheckBox(self.tr("&Clients: share with coworkers"))
        self.vip = QCheckBox(self.tr("&VIP: may pass Do Not Disturb"))
        self.block = QCheckBox(self.tr("Bloc&k: calls do not pop"))
        self._note = ("", "")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        page = Frame("pane")
        layout = column(page, margins=(XXL, XL, XXL, XL), gap=XL)
        layout.addWidget(self.photo)
        grid = QGridLayout()
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(L)
        grid.setColumnMinimumWidth(0, 96)
        grid.setColumnStretch(1, 1)
        self._section(grid, self.tr("&Name"), self.name, self.name.first)
        for name in ("organizations", "phones", "emails"):
            self._section(grid, say(_TITLES[name][0]), self.lists[name], None)
        self._section(grid, self.tr("Groups"), self.groups, self.groups.new)
        self._dress_note()
        self._section(grid, self.tr("No&te"), self.note, self.note)
        for name in ("addresses", "urls"):
            self._section(grid, say(_TITLES[name][0]), self.lists[name], None)
        self._section(grid, self.tr("Birthda&y"), self.birthday, self.birthday.day)
        for name in ("nicknames", "relations", "custom"):
            self._section(grid, say(_TITLES[name][0]), self.lists[name], None)
        self._section(grid, self.tr("Sharing"), self._boxes(), self.share)
        layout.addLayout(grid)
        layout.addStretch(1)
        self.setWidget(page)

    def _dress_note(self) -> None:
        self.note.setObjectName("card_note")
        self.note.setAccessibleName(self.tr("Note"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(88)

    def _boxes(self) -> QWidget:
        boxes = QWidget()
        layout = column(boxes, gap=0)
        self.share_line = PlainLabel(self.tr("Kept here until you join a team."), Role.SMALL, wrap=True)
        line = row(margins=(34, 0, 0, S))
        line.addWidget(self.share_line)
        layout.addWidget(self.share)
        layout.addLayout(line)
        layout.addWidget(self.vip)
        layout.addWidget(self.block)
        for box, name in ((self.share, "editor_share"), (self.vip, "editor_vip"), (self.block, "editor_block")):
            box.setObjectName(name)
            box.setAccessibleName(box.text().replace("&", ""))
            box.setMinimumHeight(CONTROL)
        return boxes

    def _section(self, grid: QGridLayout, title: str, widget: QWidget, buddy: QWidget | None) -> None:
        place = grid.rowCount()
        label = PlainLabel(title, Role.SOFT)
        label.setBuddy(buddy or (widget.add_button if isinstance(widget, RowList) else widget))
        label.setMinimumHeight(CONTROL)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(widget, place, 1)
        grid.setRowMinimumHeight(place, CONTROL + M - S)

    def _connect(self) -> None:
        parts = (self.photo, self.name, self.birthday, self.groups)
        for signal in (*(part.changed for part in parts), *(rows.changed for rows in self.lists.values())):
            signal.connect(self.changed)
        self.note.textChanged.connect(self.changed)
        for box in (self.share, self.vip, self.block):
            box.toggled.connect(self.changed)
        self.name.changed.connect(self._show_initials)

    def fill(self, form: Form, groups: Sequence[str], photo: bytes | None) -> None:
        """Show a form; `groups` are all there are, `photo` the bytes of the stored picture."""
        self.name.fill(form.name)
        for name, rows in self.lists.items():
            rows.fill(getattr(form, name))
        self.birthday.fill(form.birthday)
        self.note.setPlainText(form.note)
        self._note = (form.note, self.note.toPlainText())
        self.groups.fill(groups, form.groups)
        self.photo.fill(form.photo, photo)
        self.share.setChecked(form.shared)
        self.vip.setChecked(form.marks.vip)
        self.block.setChecked(form.marks.blocked)
        self._show_initials()

    def value(self) -> Form:
        """What is typed now. What was not touched is exactly what the form was filled with."""
        written = self.note.toPlainText()
        lists = {name: rows.values() for name, rows in self.lists.items()}
        return Form(
            name=self.name.value(),
            birthday=self.birthday.value(),
            note=self._note[0] if written == self._note[1] else written,
            groups=self.groups.values(),
            photo=self.photo.digest(),
            shared=self.share.isChecked(),
            marks=Marks(self.vip.isChecked(), self.block.isChecked()),
            **lists,
        )

    def mark(self, faults: Sequence[Fault]) -> None:
        """Mark the fields that have to be put right, and go to the first."""
        for rows in self.lists.values():
            rows.unmark()
        self.birthday.mark("")
        self.name.mark(False)
        for fault in reversed(faults):
            self._mark_one(fault)

    def _mark_one(self, fault: Fault) -> None:
        widget: QWidget
        if fault.field in self.lists:
            rows = self.lists[fault.field]
            rows.mark(fault.row, fault_text(fault))
            widget = rows.rows[fault.row].first
        elif fault.field == "birthday":
            self.birthday.mark(fault_text(fault))
            widget = self.birthday.day
        else:
            self.name.mark(True)
            widget = self.name.first
        widget.setFocus()
        self.ensureWidgetVisible(widget, 0, 80)

    @Slot()
    def _show_initials(self) -> None:
        self.photo.name(self.name.value().full)
