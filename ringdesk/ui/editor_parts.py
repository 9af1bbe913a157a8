"""Parts of the editor that are no lists: the name, the birthday, the photo."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QLineEdit, QWidget

from ringdesk.desk.editor import BirthdayText
from ringdesk.domain.card import Name
from ringdesk.ui.theme import CONTROL, M, S, Theme, restyle
from ringdesk.ui.widgets_avatar import Avatar
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import column, row
from ringdesk.ui.widgets_photo import PHOTO_BYTES, PhotoTrouble, read_photo
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say

_NAME_PARTS: Final = {
    "given": QT_TRANSLATE_NOOP("words", "Given name"),
    "family": QT_TRANSLATE_NOOP("words", "Family name"),
    "prefix": QT_TRANSLATE_NOOP("words", "Title, such as Dr."),
    "middle": QT_TRANSLATE_NOOP("words", "Middle name"),
    "suffix": QT_TRANSLATE_NOOP("words", "Suffix, such as Jr."),
    "phonetic_given": QT_TRANSLATE_NOOP("words", "Given name, as spoken"),
    "phonetic_middle": QT_TRANSLATE_NOOP("words", "Middle name, as spoken"),
    "phonetic_family": QT_TRANSLATE_NOOP("words", "Family name, as spoken"),
}
_ALWAYS: Final = ("given", "family")
_PLACES: Final = {
    "prefix": (2, 0, 1, 2), "middle": (2, 2, 1, 2), "suffix": (2, 4, 1, 2),
    "phonetic_given": (3, 0, 1, 2), "phonetic_middle": (3, 2, 1, 2), "phonetic_family": (3, 4, 1, 2),
    "given": (0, 0, 1, 3), "family": (0, 3, 1, 3),
}  # several to a line  # fmt: skip

_PHOTO_SENTENCES: Final = {
    PhotoTrouble.TOO_MANY_BYTES: QT_TRANSLATE_NOOP("words", "This picture has more than 1 MiB. Choose a smaller one."),
    PhotoTrouble.UNKNOWN_KIND: QT_TRANSLATE_NOOP("words", "Only PNG, JPEG and WebP pictures can be used."),
    PhotoTrouble.TOO_LARGE: QT_TRANSLATE_NOOP("words", "Choose a picture of at most 2000 by 2000 pixels."),
    PhotoTrouble.BROKEN: QT_TRANSLATE_NOOP("words", "This picture cannot be read. Choose another one."),
}


class NameFields(QWidget):
    """Given and family name; the other parts unfold, and stand open where they are in use."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._first = Name()
        self._edits: dict[str, QLineEdit] = {}
        self._texts: dict[str, str] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(S)
        for place in range(6):
            grid.setColumnStretch(place, 1)
        for part, title in _NAME_PARTS.items():
            edit = QLineEdit()
            edit.setObjectName(f"name_{part}")
            edit.setPlaceholderText(say(title))
            edit.setAccessibleName(say(title))
            edit.setMinimumHeight(CONTROL)
            edit.textChanged.connect(self._typed)
            self._edits[part] = edit
            grid.addWidget(edit, *_PLACES[part])
        self.more = Button(theme, self.tr("&More name parts"), "more_name_parts", role="link", icon="down")
        self.more.setProperty("kind", "add")
        self.more.clicked.connect(self._unfold)
        grid.addWidget(self.more, 4, 0, 1, 3, Qt.AlignmentFlag.AlignLeft)

    @property
    def first(self) -> QLineEdit:
        """The field to begin in."""
        return self._edits["given"]

    def fill(self, name: Name) -> None:
        """Show a name."""
        self._first = name
        for part, edit in self._edits.items():
            edit.setText(getattr(name, part))
            self._texts[part] = edit.text()
        rare = any(getattr(name, f.name) for f in fields(Name) if f.name not in _ALWAYS)
        self._show_rare(rare)

    def value(self) -> Name:
        """The name as it is typed now."""
        changed = {part: edit.text() for part, edit in self._edits.items() if edit.text() != self._texts.get(part, "")}
        return replace(self._first, **changed)

    def mark(self, wrong: bool) -> None:
        """Mark the name as what is missing."""
        for part in _ALWAYS:
            restyle(self._edits[part], "wrong", wrong)

    def _show_rare(self, rare: bool) -> None:
        for part, edit in self._edits.items():
            edit.setVisible(rare or part in _ALWAYS)
        self.more.setVisible(not rare)

    @Slot()
    def _unfold(self) -> None:
        self._show_rare(True)
        self._edits["prefix"].setFocus()

    @Slot()
    def _typed(self) -> None:
        self.mark(False)
        self.changed.emit()


class BirthdayFields(QWidget):
    """Day, month, and the year where it is known."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.day, self.year, self.month = QLineEdit(), QLineEdit(), _Months()
        self._under = PlainLabel("", Role.BAD, wrap=True)
        self._under.hide()
        for edit, name, title, wide in (
            (self.day, "birthday_day", self.tr("Day"), 72),
            (self.year, "birthday_year", self.tr("Year, if known"), 140),
        ):
            edit.setObjectName(name)
            edit.setAccessibleName(title)
            edit.setPlaceholderText(title)
            edit.setMinimumHeight(CONTROL)
            edit.setMaximumWidth(wide)
            edit.setMaxLength(6)
            edit.textChanged.connect(self._typed)
        self.month.currentIndexChanged.connect(self._typed)
        fields_row = row(gap=S)
        fields_row.addWidget(self.day)
        fields_row.addWidget(self.month)
        fields_row.addWidget(self.year)
        fields_row.addStretch(1)
        layout = column(self, gap=2)
        layout.addLayout(fields_row)
        layout.addWidget(self._under)

    def fill(self, typed: BirthdayText) -> None:
        """Show a birthday."""
        self.day.setText(typed.day)
        self.month.setCurrentIndex(typed.month)
        self.year.setText(typed.year)

    def value(self) -> BirthdayText:
        """The birthday as it is typed now."""
        return BirthdayText(self.day.text(), self.month.currentIndex(), self.year.text())

    def mark(self, text: str) -> None:
        """Say what is wrong; empty takes the mark away."""
        for field in (self.day, self.month, self.year):
            restyle(field, "wrong", bool(text))
        self._under.setText(text)
        self._under.setVisible(bool(text))
        self.day.setAccessibleDescription(text)

    @Slot()
    def _typed(self) -> None:
        self.mark("")
        self.changed.emit()


class _Months(QComboBox):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("birthday_month")
        self.setAccessibleName(self.tr("Month"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(CONTROL)
        self.addItem(self.tr("Month"))
        for month in range(1, 13):
            self.addItem(QLocale().standaloneMonthName(month))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class PhotoField(QWidget):
    """The contact's picture: choose, see, take away. A picture is looked at before it is decoded."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._digest = ""
        self.chosen: bytes | None = None
        self.avatar = Avatar(theme, 72)
        self._name = ""
        self._stored: bytes | None = None
        self._choose = Button(theme, self.tr("&Photo…"), "choose_photo", icon="photo")
        self._remove = Button(theme, self.tr("Remove photo"), "remove_photo", role="quiet")
        self._under = PlainLabel("", Role.BAD, wrap=True)
        self._under.hide()
        buttons = row(gap=S)
        buttons.addWidget(self._choose)
        buttons.addWidget(self._remove)
        buttons.addStretch(1)
        texts = column(gap=2)
        texts.addStretch(1)
        texts.addLayout(buttons)
        texts.addWidget(self._under)
        texts.addStretch(1)
        layout = row(self, gap=M)
        layout.addWidget(self.avatar)
        layout.addLayout(texts, 1)
        self._choose.clicked.connect(self._ask)
        self._remove.clicked.connect(self._clear)

    def fill(self, digest: str, data: bytes | None) -> None:
        """Show the stored picture."""
        self._digest, self._stored, self.chosen = digest, data, None
        self._draw()

    def digest(self) -> str:
        """The picture of the card as the form holds it; a newly chosen one has no digest yet."""
        return f"new:{len(self.chosen)}:{hash(self.chosen)}" if self.chosen is not None else self._digest

    def name(self, text: str) -> None:
        """The name whose initials stand where there is no picture."""
        self._name = text
        self._draw()

    @Slot(str)
    def choose(self, path: str) -> None:
        """Take a picture file, or say why not."""
        try:
            with Path(path).open("rb") as file:
                data = file.read(PHOTO_BYTES + 1)
        except OSError:
            data = b""
        picture = read_photo(data) if data else PhotoTrouble.BROKEN
        if isinstance(picture, PhotoTrouble):
            self._complain(say(_PHOTO_SENTENCES[picture]))
            return
        self._complain("")
        self.chosen = data
        self._draw()
        self.changed.emit()

    def _complain(self, text: str) -> None:
        self._under.setText(text)
        self._under.setVisible(bool(text))

    def _draw(self) -> None:
        data = self.chosen if self.chosen is not None else self._stored
        self.avatar.show_contact(self._name, data)
        self._remove.setVisible(bool(self.chosen is not None or self._digest))

    @Slot()
    def _clear(self) -> None:
        self._digest, self._stored, self.chosen = "", None, None
        self._complain("")
        self._draw()
        self.changed.emit()

    @Slot()
    def _ask(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a picture"))
        dialog.setObjectName("photo_file_dialog")
        dialog.setNameFilter(self.tr("Pictures (*.png *.jpg *.jpeg *.webp)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.choose)
        dialog.open()
