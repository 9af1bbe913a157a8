"""Importing a file: choose, look, take, and see what was refused and why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, assert_never

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QListWidget, QProgressBar, QVBoxLayout, QWidget

from ringdesk.desk.importing import (
    Asking,
    Choosing,
    Failed,
    Finished,
    ImportPresenter,
    ImportResult,
    Looking,
    Preview,
    RefusedCard,
    Refusing,
    Stage,
    Taking,
    Unreadable,
)
from ringdesk.domain.dates import DayOrder
from ringdesk.ui.theme import XL, L, M, S, Theme, Tint, restyle
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Glyph, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, count_text, counted, say, shown
from ringdesk.ui.words_time import birthday

_WHY: Final = {
    Refusing.EMPTY: QT_TRANSLATE_NOOP("words", "there is nothing in it"),
    Refusing.TRUNCATED: QT_TRANSLATE_NOOP("words", "it breaks off in the middle"),
    Refusing.TOO_LARGE: QT_TRANSLATE_NOOP("words", "it is larger than any contact"),
    Refusing.BAD_ENCODING: QT_TRANSLATE_NOOP("words", "it is not text"),
    Refusing.STRAY: QT_TRANSLATE_NOOP("words", "this text belongs to no card"),
    Refusing.GROUP: QT_TRANSLATE_NOOP("words", "it is a list of other cards"),
    Refusing.TOO_MANY: QT_TRANSLATE_NOOP("words", "the file holds too many; reading stopped here"),
    Refusing.NOT_SAVED: QT_TRANSLATE_NOOP("words", "it could not be saved"),
}

_ALL_SAID: Final = frozenset({Refusing.EMPTY, Refusing.GROUP})
"""Where the detail says the same once more."""

_UNREADABLE: Final = {
    Unreadable.NOT_THERE: QT_TRANSLATE_NOOP("words", "The file is no longer there. Choose it again."),
    Unreadable.NOT_ALLOWED: QT_TRANSLATE_NOOP("words", "You may not read this file. Copy it to your own folder first."),
    Unreadable.TOO_LARGE: QT_TRANSLATE_NOOP("words", "The file is too large. Export it in parts, then take in each."),
    Unreadable.UNKNOWN: QT_TRANSLATE_NOOP(
        "words", "This is neither vCard nor CSV. Export your contacts as one of them."
    ),
    Unreadable.BAD_ENCODING: QT_TRANSLATE_NOOP("words", "This is no text file. Export your contacts as vCard or CSV."),
    Unreadable.NO_COLUMNS: QT_TRANSLATE_NOOP(
        "words", "The first line names no column that RingDesk knows, such as Name, Phone or E-mail."
    ),
    Unreadable.NOT_SAVED: QT_TRANSLATE_NOOP("words", "The contacts could not be saved. Nothing was changed."),
}


class ImportDialog(QDialog):
    """One import from choosing to the result. It may be closed at any time; taking goes on."""

    def __init__(self, theme: Theme, presenter: ImportPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._presenter = theme, presenter
        self._kind: type[Stage] | None = None
        self.setObjectName("import_dialog")
        self.setWindowTitle(self.tr("Import contacts"))
        self.setAccessibleName(self.tr("Import contacts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(560, 420)
        self.icon = Glyph(theme, "import", tint=Tint.ACCENT, size=40)
        self.headline = PlainLabel("", Role.TITLE, wrap=True)
        self.text = PlainLabel("", Role.SOFT, wrap=True)
        self.bar = QProgressBar()
        self.refused_title = PlainLabel("", Role.STRONG)
        self.refused = QListWidget()
        self.choose = Button(theme, self.tr("C&hoose a file…"), "import_choose", role="primary")
        self.take = Button(theme, self.tr("&Import"), "import_take", role="primary")
        self.shut = Button(theme, self.tr("&Close"), "import_close")
        self.dates = QComboBox()
        self.dates_title = PlainLabel("", wrap=True)
        self._lay_out()
        self.dates.activated.connect(self._dates_chosen)
        self.choose.clicked.connect(self._choose)
        self.take.clicked.connect(presenter.take)
        self.shut.clicked.connect(self.close)
        if isinstance(presenter.stage, Finished | Failed):
            presenter.again()
        presenter.attach(self._show)

    def _lay_out(self) -> None:
        self.bar.setObjectName("import_progress")
        self.bar.setAccessibleName(self.tr("Progress"))
        self.bar.setTextVisible(False)
        self.refused.setObjectName("import_refused")
        self.refused.setAccessibleName(self.tr("Cards that were not taken"))
        self.refused.setWordWrap(True)
        self.refused.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.refused.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.refused.setProperty("role", "boxed")
        head = row(gap=L)
        head.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        texts: QVBoxLayout = column(gap=S)
        texts.addWidget(self.headline)
        texts.addWidget(self.text)
        head.addLayout(texts, 1)
        foot = row(gap=S)
        foot.addStretch(1)
        for button in (self.shut, self.choose, self.take):
            foot.addWidget(button)
        layout = column(self, margins=(XL, XL, XL, L), gap=M)
        layout.addLayout(head)
        self.dates.setObjectName("import_dates")
        self.dates.setAccessibleName(self.tr("What comes first in dates"))
        self.dates.setPlaceholderText(self.tr("Please choose…"))
        layout.addWidget(self.dates_title)
        layout.addWidget(self.dates)
        layout.addWidget(self.bar)
        layout.addWidget(self.refused_title)
        layout.addWidget(self.refused, 1)
        layout.addStretch(0)
        layout.addLayout(foot)

    def choose_path(self, path: str) -> None:
        """Look at this file."""
        self._presenter.choose(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave; an import that runs goes on."""
        self._presenter.attach(None)
        super().closeEvent(event)
        self.finished.emit(0)

    @Slot()
    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a vCard or CSV file"))
        dialog.setObjectName("import_file_dialog")
        dialog.setNameFilters([self.tr("Contacts (*.vcf *.vcard *.csv)"), self.tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.choose_path)
        dialog.open()

    @Slot(int)
    def _dates_chosen(self, place: int) -> None:
        self._presenter.read_dates(list(DayOrder)[place])

    def _ask_for_dates(self, stage: Stage) -> None:
        """Where dates can be read in two ways: say how they are read, or ask."""
        preview = stage.preview if isinstance(stage, Asking) else None
        unclear = preview is not None and preview.unclear > 0
        self.dates.setVisible(unclear)
        self.dates_title.setVisible(unclear)
        if preview is None or not unclear:
            self.dates.clear()
            return
        if not self.dates.count():
            self.dates.addItems([example_read(preview.example, order) for order in DayOrder])
        self.dates.setCurrentIndex(-1 if preview.order is None else list(DayOrder).index(preview.order))
        one = QT_TRANSLATE_NOOP("words", "%n date in this file can be read in two ways. How is it meant?")
        many = QT_TRANSLATE_NOOP("words", "%n dates in this file can be read in two ways. How are they meant?")
        self.dates_title.setText(counted(one, many, preview.unclear))

    def _show(self, stage: Stage) -> None:
        self._ask_for_dates(stage)
        self.bar.setVisible(isinstance(stage, Looking | Taking))
        self.take.setVisible(isinstance(stage, Asking))
        self.choose.setVisible(not isinstance(stage, Looking | Taking))
        other = isinstance(stage, Asking | Finished)
        self.choose.setText(self.tr("C&hoose another…") if other else self.tr("C&hoose a file…"))
        restyle(self.choose, "role", "" if other else "primary")
        restyle(self.shut, "role", "primary" if isinstance(stage, Finished) else "")
        self._say(stage)
        self._list(stage)
        self._lead(stage)

    def _lead(self, stage: Stage) -> None:
        """Bring the keyboard to what comes next: once a stage, for it may be in use where only an answer came."""
        button = self._next(stage)
        button.setDefault(True)
        if type(stage) is self._kind:
            return
        self._kind = type(stage)
        asks = isinstance(stage, Asking) and stage.preview.asks
        (self.dates if asks else button).setFocus()

    def _next(self, stage: Stage) -> Button:
        """The button most people want now: Enter presses it, though not before it can be pressed."""
        match stage:
            case Asking(preview) if preview.cards:
                return self.take
            case Choosing() | Failed():
                return self.choose
            case _:
                return self.shut

    def _say(self, stage: Stage) -> None:
        match stage:
            case Choosing():
                self._words("import", Tint.ACCENT, self.tr("Bring your contacts in"), self._choosing())
            case Looking(path):
                self.bar.setRange(0, 0)
                self._words("import", Tint.ACCENT, self.tr("Looking into the file…"), shown(Path(path).name))
            case Asking(preview):
                self._words("import", Tint.ACCENT, self._found(preview), self._more(preview))
                self.take.setEnabled(preview.cards > 0 and not preview.asks)
            case Taking(preview, progress):
                self.bar.setRange(0, max(1, preview.cards))
                self.bar.setValue(progress.taken + progress.refused)
                text = self.tr("{0} of {1}").format(
                    count_text(progress.taken + progress.refused), count_text(preview.cards)
                )
                self._words("import", Tint.ACCENT, self.tr("Importing…"), text)
            case Finished(result):
                icon, tint = ("check", Tint.GOOD) if not result.refused else ("warning", Tint.WARN)
                self._words(icon, tint, self._taken(result), self._after(result))
            case Failed(path, why, detail):
                text = say(_UNREADABLE[why]) + (f"\n{shown(detail, 160)}" if detail else "")
                headline = self.tr("{0} cannot be imported").format(shown(Path(path).name))
                self._words("warning", Tint.BAD, headline, text)
            case _:
                assert_never(stage)

    def _choosing(self) -> str:
        return self.tr(
            "Choose a vCard (.vcf) or CSV file, as Google, Outlook, Apple and phones export them. "
            "You see what is in it before anything is kept, and nothing is shared."
        )

    def _found(self, preview: Preview) -> str:
        one, many = (
            QT_TRANSLATE_NOOP("words", "%n contact in this file"),
            QT_TRANSLATE_NOOP("words", "%n contacts in this file"),
        )
        return counted(one, many, preview.cards)

    def _more(self, preview: Preview) -> str:
        parts = [
            shown(Path(preview.path).name),
            self.tr("{0} with a phone number.").format(count_text(preview.with_phones)),
        ]
        if preview.cards:
            parts.append(self.tr("Those that are here already are not taken twice."))
        if preview.ignored:
            names = ", ".join(shown(name, 30) for name in preview.ignored[:8])
            parts.append(self.tr("Not kept, because RingDesk has no place for it: {0}.").format(names))
        return "\n".join(parts)

    def _taken(self, result: ImportResult) -> str:
        one, many = (
            QT_TRANSLATE_NOOP("words", "%n contact imported"),
            QT_TRANSLATE_NOOP("words", "%n contacts imported"),
        )
        return counted(one, many, result.taken)

    def _after(self, result: ImportResult) -> str:
        parts = [self.tr("You can take the whole import back with Undo.")] if result.taken else []
        if result.already:
            parts.insert(0, self.tr("{0} were here already.").format(count_text(result.already)))
        return "\n".join(parts)

    def _words(self, icon: str, tint: Tint, headline: str, text: str) -> None:
        self.icon.set_icon(icon, tint)
        self.headline.setText(headline)
        self.text.setText(text)

    def _list(self, stage: Stage) -> None:
        refused: tuple[RefusedCard, ...] = ()
        if isinstance(stage, Asking):
            refused = stage.preview.refused
        elif isinstance(stage, Finished):
            refused = stage.result.refused
        self.refused.clear()
        self.refused.addItems([_refusal(card) for card in refused[:1000]])
        one, many = (
            QT_TRANSLATE_NOOP("words", "%n card was not taken"),
            QT_TRANSLATE_NOOP("words", "%n cards were not taken"),
        )
        self.refused_title.setText(counted(one, many, len(refused)))
        self.refused_title.setVisible(bool(refused))
        self.refused.setVisible(bool(refused))


def example_read(text: str, order: DayOrder) -> str:
    """What a date of the file means in an order: "3/4/1980 is 3 April 1980"."""
    first, second, year = (int(piece) for piece in re.findall(r"[0-9]+", text)[:3])
    month, day = (second, first) if order is DayOrder.DAY_FIRST else (first, second)
    return say(QT_TRANSLATE_NOOP("words", "%1 is %2"), shown(text, 20), birthday(year, month, day))


def _refusal(card: RefusedCard) -> str:
    text = f"{shown(card.where)}: {say(_WHY[card.why])}"
    return f"{text} ({shown(card.detail, 120)})" if card.detail and card.why not in _ALL_SAID else text
