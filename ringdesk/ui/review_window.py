"""The review window: what an account waits for the user's word about, kind by kind, one question at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QStackedWidget, QWidget

from ringdesk.desk.accounts import AccountDesk, QuestionRow
from ringdesk.domain.contact import Contact
from ringdesk.domain.replica import Choice, Question, Review
from ringdesk.domain.syncing import RoundDone
from ringdesk.ui.connect_rows import RowLine, RowList
from ringdesk.ui.review_card import QuestionCard
from ringdesk.ui.review_deletions import DeletionsPage
from ringdesk.ui.review_words import KINDS, NONE, more_of, name_of
from ringdesk.ui.theme import XL, L, M, S, Theme
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
        self._kind: Review | None = Review.REMOVED
        """None: the deletions that wait."""
        self._allowed: RoundDone | None = None
        """The round whose deletions are decided on; the next one says what became of them."""
        self._at: QuestionRow | None = None
        self._answered: set[Question] = set()
        self._seen: object = None
        self.setObjectName("review")
        self.setWindowTitle(self.tr("Review"))
        self.setAccessibleName(self.tr("Review"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(920, 620)
        self.setMinimumSize(720, 460)
        self.deletions = DeletionsPage(theme)
        self.deletions.decided.connect(self._decided)
        self.waiting = Button(theme, "", "review_waiting", role="chip")
        self.waiting.setCheckable(True)
        self.waiting.clicked.connect(lambda: self.turn(None))
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
        self._kind = None if self._guarded else waiting[0] if waiting else Review.REMOVED
        self.refresh()
        self._begin()

    def _lay_out(self) -> None:
        head = QWidget()
        top = column(head, margins=(XL, L, XL, M), gap=M)
        top.addWidget(PlainLabel(self.tr("What needs your word"), Role.TITLE))
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
        self._stack.addWidget(self.deletions)
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
        chips.addWidget(self.waiting)
        for kind in KINDS:
            chip = Button(self._theme, "", f"review_kind_{kind.value}", role="chip")
            chip.setCheckable(True)
            chip.clicked.connect(lambda _=False, kind=kind: self.turn(kind))
            self.chips[kind] = chip
            chips.addWidget(chip)
        chips.addStretch(1)
        return chips

    @property
    def _guarded(self) -> int:
        """Deletions that wait and are not decided on."""
        view = self._desk.view
        return 0 if view.last is self._allowed else view.guarded

    def turn(self, kind: Review | None) -> None:
        """Show another list; None: the deletions that wait."""
        self._kind = kind
        self._at = None
        self.refresh()

    @Slot()
    def changed(self) -> None:
        """The account is different: read again, unless only a sync goes on."""
        if self._seen != self._asked():
            self.refresh()

    def _asked(self) -> object:
        """What is shown of the account: a sync that goes on must not disturb who is choosing."""
        view = self._desk.view
        waits = (view.last.guard_here, view.last.guard_there, view.last.guarded) if view.last and self._guarded else ()
        return dict(view.waiting), waits

    @Slot()
    def refresh(self) -> None:
        """Show what is asked now; the question one is at stays, else the one that took its place."""
        view = self._desk.view
        guarded = self._guarded
        self._seen = self._asked()
        if self._kind is None and not guarded:
            self._kind = next((kind for kind in KINDS if view.waiting.get(kind)), Review.REMOVED)
        for kind, chip in self.chips.items():
            count = view.waiting.get(kind, 0) - sum(one.kind is kind for one in self._answered)
            chip.setText(f"{say(KINDS[kind])} ({count_text(count)})" if count else say(KINDS[kind]))
            chip.setAccessibleName(chip.text())
            chip.setChecked(kind is self._kind)
            chip.setVisible(
                bool(count) or kind is self._kind or kind in (Review.REMOVED, Review.DOUBTFUL, Review.CLASH)
            )
        text = self.tr("Deletions that wait ({0})").format(count_text(guarded))
        self.waiting.setText(text)
        self.waiting.setAccessibleName(text)
        self.waiting.setChecked(self._kind is None)
        self.waiting.setVisible(guarded > 0)
        if self._kind is None:
            self._show_deletions(view.last)
        else:
            self._show(self._kind, self._read(self._kind))

    def _show_deletions(self, last: RoundDone | None) -> None:
        """The deletions of the last round."""
        if last is not None:
            self.deletions.show_waiting(last)
        self._stack.setCurrentWidget(self.deletions)

    def _begin(self) -> None:
        """Put the keyboard where one begins."""
        if self._kind is None:
            self.deletions.begin()
        else:
            (self.list if self.list.rows.rowCount() else self.close_button).setFocus()

    def _read(self, kind: Review) -> Sequence[QuestionRow]:
        """The open questions without those that are answered already: the account's worker may be busy meanwhile."""
        mine = [one for one in self._answered if one.kind is kind]
        rows = self._desk.reviews(kind, 0, MOST + len(mine))
        self._answered -= {one for one in mine if one not in {asked.question for asked in rows}}
        return [one for one in rows if one.question not in self._answered][:MOST]

    def _show(self, kind: Review, rows: Sequence[QuestionRow]) -> None:
        before, place = self._at, self.list.currentIndex().row()
        same = [number for number, one in enumerate(rows) if before is not None and one.question == before.question]
        self.list.show_rows(rows)
        if not rows:
            self._at = None
            self._none.headline.setText(self.tr("Nothing to decide"))
            self._none.text.setText(say(NONE[kind]))
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
        self._begin()

    @Slot()
    def _next(self) -> None:
        count = self.list.rows.rowCount()
        self.list.selectRow((self.list.currentIndex().row() + 1) % max(1, count))
        self.list.setFocus()

    @Slot()
    def _edit(self) -> None:
        if self._at is not None and self._at.here is not None:
            self.edit_asked.emit(self._at.here)

    @Slot(object)
    def _decided(self, kept: frozenset[str]) -> None:
        """Delete what is ticked, keep the rest: the next round says what became of it."""
        self._desk.approve(kept)
        self._allowed = self._desk.view.last
        self.refresh()
        self._begin()


def _line(asked: QuestionRow) -> RowLine:
    return RowLine(name_of(asked), more_of(asked))
