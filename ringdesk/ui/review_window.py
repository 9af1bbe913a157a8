"""The review window: what an account waits for the user's word about, kind by kind, one question at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QStackedWidget, QWidget

from ringdesk.desk.accounts import AccountDesk, QuestionRow
from ringdesk.domain.contact import Contact
from ringdesk.domain.replica import Choice, Question, Review
from ringdesk.ui.connect_parts import Banner
from ringdesk.ui.connect_rows import RowLine, RowList
from ringdesk.ui.connect_words import waiting_text
from ringdesk.ui.review_card import QuestionCard
from ringdesk.ui.review_words import KINDS, NONE, more_of, name_of
from ringdesk.ui.theme import XL, L, M, S, Theme
from ringdesk.ui.widgets_ask import Ask, ask
from ringdesk.ui.widgets_bars import EmptyState
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import count_text, say

MOST: Final = 200
"""Questions of one kind in the list; others come as these are answered."""

Edit = Callable[[Contact], object]


class ReviewDialog(QDialog):
    """Removed in Google, maybe the same, changed on both sides, not taken; and deletions that wait for a word."""

    edit_asked = Signal(object)
    """A contact to be edited."""

    def __init__(self, theme: Theme, desk: AccountDesk, region: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._desk = theme, desk
        self._kind = Review.REMOVED
        self._at: QuestionRow | None = None
        self._answered: set[Question] = set()
        self._seen: tuple[dict[Review, int], int] | None = None
        self.setObjectName("review")
        self.setWindowTitle(self.tr("Review"))
        self.setAccessibleName(self.tr("Review"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(920, 620)
        self.setMinimumSize(720, 460)
        self.guard = Banner(theme, "review_guard", "warn")
        self.allow = Button(theme, self.tr("&Delete them"), "review_allow", role="danger")
        self.allow.clicked.connect(self._ask_allow)
        self.guard.beside.addWidget(self.allow)
        self.chips: dict[Review, Button] = {}
        self.list = RowList(theme, "review_list", self.tr("Questions"), _line)
        self.card = QuestionCard(theme, region)
        self._none = EmptyState(theme, "check", "review_none")
        self._stack = QStackedWidget()
        self._lay_out()
        self.list.chosen.connect(self._chosen)
        self.list.opened.connect(lambda _: self.card.begin())
        self.card.answered.connect(self._answer)
        self.card.later.connect(self._next)
        self.card.edit_asked.connect(self._edit)
        waiting = [kind for kind in Review if self._desk.view.waiting.get(kind)]
        self._kind = waiting[0] if waiting else Review.REMOVED
        self.refresh()
        (self.list if self.list.rows.rowCount() else self.close_button).setFocus()

    def _lay_out(self) -> None:
        head = QWidget()
        top = column(head, margins=(XL, L, XL, M), gap=M)
        top.addWidget(PlainLabel(self.tr("What needs your word"), Role.TITLE))
        top.addWidget(self.guard)
        top.addLayout(self._chip_row())
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self.card)
        split.setStretchFactor(1, 1)
        split.setSizes([300, 620])
        self._split = split
        self._stack.addWidget(split)
        self._stack.addWidget(self._none)
        bar = Frame("bar")
        foot = row(bar, margins=(XL, S, XL, S), gap=M)
        foot.addWidget(
            PlainLabel(self.tr("What you do not answer stays here; nothing is lost by waiting."), Role.SMALL), 1
        )
        self.close_button = Button(self._theme, self.tr("&Close"), "review_close")
        self.close_button.clicked.connect(self.accept)
        foot.addWidget(self.close_button)
        layout = column(self, gap=0)
        layout.addWidget(head)
        layout.addWidget(Frame("line"))
        layout.addWidget(self._stack, 1)
        layout.addWidget(bar)

    def _chip_row(self) -> QHBoxLayout:
        chips = row(gap=S)
        for kind in KINDS:
            chip = Button(self._theme, "", f"review_kind_{kind.value}", role="chip")
            chip.setCheckable(True)
            chip.clicked.connect(lambda _=False, kind=kind: self.turn(kind))
            self.chips[kind] = chip
            chips.addWidget(chip)
        chips.addStretch(1)
        return chips

    def turn(self, kind: Review) -> None:
        """Show another list."""
        self._kind = kind
        self._at = None
        self.refresh()

    @Slot()
    def changed(self) -> None:
        """The account is different: read again, unless only a sync goes on."""
        view = self._desk.view
        if self._seen != (dict(view.waiting), view.guarded):
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is asked now; the question one is at stays, else the one that took its place."""
        view = self._desk.view
        self._seen = dict(view.waiting), view.guarded
        for kind, chip in self.chips.items():
            count = view.waiting.get(kind, 0) - sum(one.kind is kind for one in self._answered)
            chip.setText(f"{say(KINDS[kind])} ({count_text(count)})" if count else say(KINDS[kind]))
            chip.setAccessibleName(chip.text())
            chip.setChecked(kind is self._kind)
            chip.setVisible(
                bool(count) or kind is self._kind or kind in (Review.REMOVED, Review.DOUBTFUL, Review.CLASH)
            )
        self.guard.say(" ".join(waiting_text(view.last)) if view.last is not None and view.guarded else "")
        self._show(self._read())

    def _read(self) -> Sequence[QuestionRow]:
        """The open questions without those that are answered already: the account's worker may be busy meanwhile."""
        mine = [one for one in self._answered if one.kind is self._kind]
        rows = self._desk.reviews(self._kind, 0, MOST + len(mine))
        self._answered -= {one for one in mine if one not in {asked.question for asked in rows}}
        return [one for one in rows if one.question not in self._answered][:MOST]

    def _show(self, rows: Sequence[QuestionRow]) -> None:
        before, place = self._at, self.list.currentIndex().row()
        same = [number for number, one in enumerate(rows) if before is not None and one.question == before.question]
        self.list.show_rows(rows)
        if not rows:
            self._at = None
            self._none.headline.setText(self.tr("Nothing to decide"))
            self._none.text.setText(say(NONE[self._kind]))
            self._stack.setCurrentWidget(self._none)
            return
        self._stack.setCurrentWidget(self._split)
        self.list.selectRow(same[0] if same else min(max(0, place), len(rows) - 1))

    @Slot(object)
    def _chosen(self, asked: QuestionRow) -> None:
        if asked != self._at:
            self._at = asked
            self.card.show_question(asked)

    @Slot(object)
    def _answer(self, choice: Choice) -> None:
        if self._at is None:
            return
        question, self._at = self._at.question, None
        self._answered.add(question)
        self._desk.answer(question, choice)
        self.refresh()
        (self.list if self.list.rows.rowCount() else self.close_button).setFocus()

    @Slot()
    def _next(self) -> None:
        count = self.list.rows.rowCount()
        self.list.selectRow((self.list.currentIndex().row() + 1) % max(1, count))
        self.list.setFocus()

    @Slot()
    def _edit(self) -> None:
        if self._at is not None and self._at.here is not None:
            self.edit_asked.emit(self._at.here)

    @Slot()
    def _ask_allow(self) -> None:
        last = self._desk.view.last
        if last is None:
            return
        follows = self.tr("So many deletions at once may be a mistake. Deleted contacts can be brought back by Undo.")
        ask(
            Ask(
                self._theme, self, self.tr("Let these be deleted?"), f"{' '.join(waiting_text(last))} {follows}",
                self.tr("&Delete them"), self._desk.approve, danger=True,
            )
        )  # fmt: skip


def _line(asked: QuestionRow) -> RowLine:
    return RowLine(name_of(asked), more_of(asked))
