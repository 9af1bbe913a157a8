"""One row of the editor: the text fields of one value of a card, its label, and how a number is understood.

A row that is not touched gives back exactly the value it was filled with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from ringdesk.desk.editor import reading
from ringdesk.domain.card import Address, CustomField, Email, Organization, PhoneEntry, Relation, Url
from ringdesk.domain.numbering import country_of, display
from ringdesk.domain.phone import E164, Extension, Number
from ringdesk.ui.theme import CONTROL, XS, S, Theme, restyle
from ringdesk.ui.widgets_button import IconButton
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, label, say, shown


@dataclass(frozen=True, slots=True)
class Box:
    """One text field of a row: the attribute it fills, what it is called, and where it stands (six columns)."""

    attribute: str
    title: str
    line: int = 0
    column: int = 0
    span: int = 4


@dataclass(frozen=True, slots=True)
class Spec:
    """What a row of a list is made of: the value it begins with, its fields, labels that are offered."""

    name: str
    empty: Any
    boxes: tuple[Box, ...]
    labels: tuple[str, ...] = ()
    reads_numbers: bool = False


SPECS: Final = (
    Spec(
        "phones", PhoneEntry(""), (Box("value", QT_TRANSLATE_NOOP("words", "Phone number")),),
        ("mobile", "work", "home", "main", "workMobile", "workFax", "homeFax", "pager", "other"), reads_numbers=True,
    ),
    Spec("emails", Email(""), (Box("value", QT_TRANSLATE_NOOP("words", "E-mail address")),), ("work", "home", "other")),
    Spec(
        "organizations", Organization(),
        (
            Box("name", QT_TRANSLATE_NOOP("words", "Company"), 0, 0, 6),
            Box("title", QT_TRANSLATE_NOOP("words", "Role"), 1, 0, 3),
            Box("department", QT_TRANSLATE_NOOP("words", "Department"), 1, 3, 3),
        ),
    ),
    Spec(
        "addresses", Address(),
        (
            Box("street", QT_TRANSLATE_NOOP("words", "Street"), 1, 0, 6),
            Box("extended", QT_TRANSLATE_NOOP("words", "Flat, floor, building"), 2, 0, 4),
            Box("po_box", QT_TRANSLATE_NOOP("words", "PO box"), 2, 4, 2),
            Box("postal_code", QT_TRANSLATE_NOOP("words", "Postal code"), 3, 0, 2),
            Box("city", QT_TRANSLATE_NOOP("words", "City"), 3, 2, 4),
            Box("region", QT_TRANSLATE_NOOP("words", "Region"), 4, 0, 3),
            Box("country", QT_TRANSLATE_NOOP("words", "Country"), 4, 3, 3),
        ),
        ("work", "home", "other"),
    ),
    Spec(
        "urls", Url(""), (Box("value", QT_TRANSLATE_NOOP("words", "Web address")),),
        ("work", "homePage", "blog", "profile"),
    ),
    Spec("nicknames", "", (Box("", QT_TRANSLATE_NOOP("words", "Nickname"), 0, 0, 6),)),
    Spec(
        "relations", Relation(""), (Box("person", QT_TRANSLATE_NOOP("words", "Name of the person")),),
        ("spouse", "partner", "child", "parent", "assistant", "manager", "friend", "referredBy"),
    ),
    Spec(
        "custom", CustomField("", ""),
        (
            Box("key", QT_TRANSLATE_NOOP("words", "Name of the field"), 0, 0, 2),
            Box("value", QT_TRANSLATE_NOOP("words", "Value"), 0, 2, 4),
        ),
    ),
)  # several to a line  # fmt: skip


class LabelBox(QComboBox):
    """Known labels in words, or any text; the wheel scrolls the page, not the label."""

    def __init__(self, codes: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Label"))
        self.setEditable(True)
        self.setPlaceholderText(self.tr("Label"))
        if (edit := self.lineEdit()) is not None:
            edit.setPlaceholderText(self.tr("Label"))
            edit.setAccessibleName(self.tr("Label"))
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(CONTROL)
        self._first, self._text = "", ""
        for code in codes:
            self.addItem(label(code), code)

    def fill(self, code: str) -> None:
        """Show a label."""
        self._first = code
        place = self.findData(code) if code else -1
        self.setCurrentIndex(place)
        self.setEditText(label(code) if code else "")
        self._text = self.currentText()

    def code(self) -> str:
        """The label as the card spells it."""
        text = self.currentText()
        if text == self._text:
            return self._first
        place = self.findText(text.strip())
        return str(self.itemData(place)) if place >= 0 else text.strip()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class Row(QWidget):
    """One value of a list of the card."""

    changed = Signal()
    remove_asked = Signal(object)

    def __init__(self, theme: Theme, spec: Spec, value: Any, region: str, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._spec, self._first, self._region = spec, value, region
        self._edits: dict[str, QLineEdit] = {}
        self._texts: dict[str, str] = {}
        self._label: LabelBox | None = None
        self._under = PlainLabel("", Role.SMALL, wrap=True)
        self._wrong = ""
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, S if len(spec.boxes) > 2 else 0)
        self._grid.setHorizontalSpacing(S)
        self._grid.setVerticalSpacing(XS if len(spec.boxes) == 1 else S)
        for place in range(6):
            self._grid.setColumnStretch(place, 1)
        for box in spec.boxes:
            self._add_edit(box, value)
        if spec.labels:
            self._add_label(value)
        remove = IconButton(theme, "close", self.tr("Remove"), f"{name}_remove")
        remove.clicked.connect(lambda: self.remove_asked.emit(self))
        self._grid.addWidget(remove, 0, 6)
        self._grid.addWidget(self._under, 9, 0, 1, 6)
        self._read()

    def _add_edit(self, box: Box, value: Any) -> None:
        edit = QLineEdit(value if isinstance(value, str) else getattr(value, box.attribute))
        edit.setObjectName(f"{self.objectName()}_{box.attribute or 'text'}")
        edit.setPlaceholderText(say(box.title))
        edit.setAccessibleName(say(box.title))
        edit.setMinimumHeight(CONTROL)
        edit.setCursorPosition(0)
        self._edits[box.attribute] = edit
        self._texts[box.attribute] = edit.text()
        self._grid.addWidget(edit, box.line, box.column, 1, box.span)
        edit.textChanged.connect(self._typed)

    def _add_label(self, value: Any) -> None:
        self._label = LabelBox(self._spec.labels, f"{self.objectName()}_label")
        self._label.fill(value.label)
        where = (0, 0, 1, 2) if len(self._spec.boxes) > 1 else (0, 4, 1, 2)
        self._grid.addWidget(self._label, *where)
        self._label.editTextChanged.connect(self.changed)

    @property
    def first(self) -> QLineEdit:
        """The field to begin in."""
        return next(iter(self._edits.values()))

    def value(self) -> Any:
        """The value as it is typed now."""
        changed = {name: edit.text() for name, edit in self._edits.items() if edit.text() != self._texts[name]}
        if isinstance(self._first, str):
            return changed.get("", self._first)
        if self._label is not None and self._label.code() != self._first.label:
            changed["label"] = self._label.code()
        return replace(self._first, **changed) if changed else self._first

    def mark(self, text: str) -> None:
        """Say what is wrong with this row; empty takes the mark away."""
        self._wrong = text
        for edit in self._edits.values():
            restyle(edit, "wrong", bool(text))
        self._read()

    @Slot()
    def _typed(self) -> None:
        if self._wrong:
            self.mark("")
        self._read()
        self.changed.emit()

    def _read(self) -> None:
        """Show under the row what is wrong with it, or how its number is understood."""
        text, role = self._wrong, Role.BAD
        if not text and self._spec.reads_numbers:
            number = reading(self.first.text(), self._region)
            text, role = "" if number is None else understood(number), Role.SMALL
        self._under.set_role(role)
        self._under.setText(text)
        self._under.setVisible(bool(text))
        self.first.setAccessibleDescription(text)


def understood(number: Number) -> str:
    """How a number is understood, for the line under the field."""
    match number:
        case E164():
            country = country_of(number)
            text = shown(display(number, "ZZ"))
            return f"{text}, {_territory(country)}" if country and country != "001" else text
        case Extension(digits):
            return say(QT_TRANSLATE_NOOP("words", "%1: up to six digits, an extension"), digits)
        case _:
            return say(QT_TRANSLATE_NOOP("words", "This cannot be read as a number; it is kept as typed."))


def _territory(region: str) -> str:
    return QLocale.territoryToString(QLocale.codeToTerritory(region))
