"""One question: the contact, or two of them side by side, and the buttons that answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ringdesk.desk.accounts import QuestionRow
from ringdesk.domain.card import Card
from ringdesk.domain.replica import Choice, Review
from ringdesk.ui.contacts_fields import lines
from ringdesk.ui.review_words import CHOICES, asks, field_values, name_of
from ringdesk.ui.theme import XL, L, M, S, Theme, Tint
from ringdesk.ui.widgets_avatar import Avatar
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, Glyph, clear, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import say, shown

MOST_LINES = 30
_ROLES = {Choice.SAME: "primary", Choice.TRY_AGAIN: "primary"}


class QuestionCard(QWidget):
    """Shows a question. `answered` carries the choice, `later` asks for the next one, `edit_asked` for the editor."""

    answered = Signal(object)
    later = Signal()
    edit_asked = Signal()

    def __init__(self, theme: Theme, region: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._region = theme, region
        self.setObjectName("review_card")
        self.headline = PlainLabel("", Role.TITLE, wrap=True)
        self.text = PlainLabel("", Role.SOFT, wrap=True)
        inner = QWidget()
        inner.setProperty("role", "page")
        self._sides = row(inner, gap=M)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.buttons: dict[str, Button] = {}
        self._foot = row(gap=S)
        layout = column(self, margins=(XL, L, XL, L), gap=M)
        layout.addWidget(self.headline)
        layout.addWidget(self.text)
        layout.addWidget(area, 1)
        layout.addLayout(self._foot)

    def show_question(self, asked: QuestionRow) -> None:
        """Show a question."""
        self.headline.setText(name_of(asked))
        self.text.setText(asks(asked.question))
        self.setAccessibleName(f"{self.headline.text()}. {self.text.text()}")
        clear(self._sides)
        for side in self._make_sides(asked):
            self._sides.addWidget(side, 1, Qt.AlignmentFlag.AlignTop)
            side.show()
        self._make_buttons(asked)

    def begin(self) -> None:
        """The first answer that takes nothing away."""
        for name, button in self.buttons.items():
            if name != Choice.DELETE.name:
                button.setFocus()
                return

    def _make_sides(self, asked: QuestionRow) -> list[QWidget]:
        question = asked.question
        here = asked.here.card if asked.here is not None else None
        match question.kind:
            case Review.DOUBTFUL | Review.MERGED:
                return [
                    self._contact(self.tr("Here"), here, question.theirs),
                    self._contact(self.tr("In Google"), question.theirs, here),
                ]
            case Review.CLASH:
                return [
                    self._values(self.tr("Here"), field_values(here, question.field)),
                    self._values(self.tr("In Google"), field_values(question.theirs, question.field)),
                ]
            case _:
                return [self._contact(self.tr("Here"), here, None)]

    def _contact(self, title: str, card: Card | None, other: Card | None) -> QWidget:
        """A contact; what the other one has too carries a tick."""
        frame, inside = self._frame(title)
        if card is None:
            inside.addWidget(PlainLabel(self.tr("Not there any more."), Role.SOFT, wrap=True))
            return frame
        head = row(gap=M)
        avatar = Avatar(self._theme, 36)
        avatar.show_contact(card.display_name, None)
        head.addWidget(avatar)
        head.addWidget(PlainLabel(shown(card.display_name), Role.STRONG, wrap=True), 1)
        inside.addLayout(head)
        there = {line.text.casefold() for line in lines(other, self._region)} if other is not None else set()
        for line in [*lines(card, self._region)][:MOST_LINES]:
            same = line.text.casefold() in there
            inside.addLayout(self._line(line.icon, line.text, line.label, same=same))
        return frame

    def _line(self, icon: str, text: str, label: str, *, same: bool) -> QHBoxLayout:
        made = row(gap=S)
        made.addWidget(Glyph(self._theme, icon, size=18), 0, Qt.AlignmentFlag.AlignTop)
        words = PlainLabel(text, wrap=True)
        if label:
            words.setAccessibleName(f"{text}, {label}")
        made.addWidget(words, 1)
        if label:
            made.addWidget(PlainLabel(label, Role.SMALL), 0, Qt.AlignmentFlag.AlignTop)
        if same:
            words.setAccessibleName(self.tr("{0}, on both sides").format(text))
            made.addWidget(Glyph(self._theme, "check", tint=Tint.GOOD, size=16), 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _values(self, title: str, values: Sequence[str]) -> QWidget:
        frame, inside = self._frame(title)
        for value in values[:MOST_LINES]:
            inside.addWidget(PlainLabel(value, wrap=True, selectable=True))
        if not values:
            inside.addWidget(PlainLabel(self.tr("Empty"), Role.SOFT))
        return frame

    def _frame(self, title: str) -> tuple[QWidget, QVBoxLayout]:
        frame = Frame("card")
        inside = column(frame, margins=(L, M, L, L), gap=S)
        inside.addWidget(PlainLabel(title, Role.FIELD))
        return frame, inside

    def _make_buttons(self, asked: QuestionRow) -> None:
        clear(self._foot)
        self.buttons = {}
        later = Button(self._theme, self.tr("&Later"), "review_later", role="quiet")
        later.clicked.connect(self.later)
        self._foot.addWidget(later)
        if asked.question.kind in (Review.INVALID, Review.REFUSED, Review.CLASH) and asked.here is not None:
            edit = Button(self._theme, self.tr("&Edit…"), "review_edit", role="quiet", icon="edit")
            edit.clicked.connect(self.edit_asked)
            self._foot.addWidget(edit)
        self._foot.addStretch(1)
        for choice in asked.answers:
            button = Button(
                self._theme, say(CHOICES[choice]), f"review_{choice.name.lower()}", role=_ROLES.get(choice, "")
            )
            button.clicked.connect(lambda _=False, choice=choice: self.answered.emit(choice))
            self.buttons[choice.name] = button
            self._foot.addWidget(button)
