"""Deletions that wait for the user's word: every contact by its name, ticked where it is to be deleted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QListView, QWidget

from ringdesk.domain.syncing import RoundDone
from ringdesk.ui.connect_labels import LabelRow, LabelsModel, LabelsView
from ringdesk.ui.theme import XL, L, M, S, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import column, row
from ringdesk.ui.widgets_text import PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, count_text, counted, say

HERE = "deleted here"
"""The deed of a deletion on this side; every other is one in Google."""


class Side(QWidget):
    """The deletions of one side, each with a tick."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LabelsModel(self)
        self.list = LabelsView()
        self.list.setObjectName(f"deletions_{name}")
        self.list.setAccessibleName(title)
        self.list.setProperty("role", "boxed")
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.more = PlainLabel("", Role.SMALL, wrap=True)
        layout = column(self, gap=S)
        layout.addWidget(PlainLabel(title, Role.FIELD))
        layout.addWidget(self.list, 1)
        layout.addWidget(self.more)

    @property
    def kept(self) -> frozenset[str]:
        """Ids of the contacts that are not ticked."""
        return frozenset(one.id for one in self.model.labels if one.id not in self.model.chosen)

    def show_waiting(self, count: int, lines: Sequence[tuple[str, str, str]]) -> None:
        """Show so many deletions, of which these are listed; ticked are all that were not unticked before."""
        kept = self.kept
        rows = [LabelRow(id, name or say(QT_TRANSLATE_NOOP("words", "No name"))) for _, id, name in lines]
        self.model.show(rows, frozenset(one.id for one in rows if one.id not in kept))
        hidden = count - len(rows)
        more = QT_TRANSLATE_NOOP("words", "and %1 more, deleted with those that are ticked")
        self.more.setText(say(more, count_text(hidden)) if hidden > 0 else "")
        self.more.setVisible(hidden > 0)
        self.setVisible(count > 0)


class DeletionsPage(QWidget):
    """What would be deleted, on either side. `decided` carries the ids of the contacts that are kept."""

    decided = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review_deletions")
        self._count = 0
        self.headline = PlainLabel("", Role.TITLE, wrap=True)
        self.text = PlainLabel(
            self.tr(
                "So many at once may be a mistake, so nothing is deleted before you say so. What you untick is kept "
                "where it still is. What is deleted can be brought back by Undo."
            ),
            Role.SOFT,
            wrap=True,
        )
        self.here = Side("here", self.tr("Deleted in Google, to be deleted here too"))
        self.there = Side("there", self.tr("Deleted here, to be deleted in Google too"))
        self._sides = (self.here, self.there)
        sides = row(gap=L)
        for side in self._sides:
            sides.addWidget(side, 1)
            side.model.ticked.connect(self._ticked)
        layout = column(self, margins=(XL, L, XL, L), gap=M)
        layout.addWidget(self.headline)
        layout.addWidget(self.text)
        layout.addLayout(sides, 1)
        layout.addLayout(self._foot(theme))

    def _foot(self, theme: Theme) -> QHBoxLayout:
        self.every = Button(theme, self.tr("Tick &all"), "deletions_all", role="quiet")
        self.none = Button(theme, self.tr("Tick &none"), "deletions_none", role="quiet")
        self.go = Button(theme, "", "deletions_go", role="danger")
        self.every.clicked.connect(lambda: self._tick(every=True))
        self.none.clicked.connect(lambda: self._tick(every=False))
        self.go.clicked.connect(self._decide)
        foot = row(gap=S)
        foot.addWidget(self.every)
        foot.addWidget(self.none)
        foot.addStretch(1)
        foot.addWidget(self.go)
        return foot

    def show_waiting(self, done: RoundDone) -> None:
        """Show the deletions of a round that wait."""
        self._count = done.guard_here + done.guard_there
        pair = (
            QT_TRANSLATE_NOOP("words", "%n deletion waits for your word"),
            QT_TRANSLATE_NOOP("words", "%n deletions wait for your word"),
        )
        self.headline.setText(counted(*pair, self._count))
        self.setAccessibleName(f"{self.headline.text()}. {self.text.text()}")
        self.here.show_waiting(done.guard_here, [line for line in done.guarded if line[0] == HERE])
        self.there.show_waiting(done.guard_there, [line for line in done.guarded if line[0] != HERE])
        self._ticked()

    def begin(self) -> None:
        """The names are to be looked at first."""
        side = self.here if self.here.model.labels else self.there
        side.list.setCurrentIndex(side.model.index(0, 0))
        side.list.setFocus()

    @property
    def kept(self) -> frozenset[str]:
        """Ids of the contacts that are not ticked."""
        return self.here.kept | self.there.kept

    def _tick(self, *, every: bool) -> None:
        for side in self._sides:
            rows = side.model.labels
            side.model.show(rows, frozenset(one.id for one in rows) if every else frozenset())
        self._ticked()

    @Slot()
    def _ticked(self) -> None:
        kept = len(self.kept)
        listed = sum(len(side.model.labels) for side in self._sides)
        if not kept:
            text = say(QT_TRANSLATE_NOOP("words", "&Delete all %1"), count_text(self._count))
        elif kept == listed:
            text = say(QT_TRANSLATE_NOOP("words", "&Keep all %1"), count_text(kept))
        else:
            both = QT_TRANSLATE_NOOP("words", "&Delete %1, keep %2")
            text = say(both, count_text(self._count - kept), count_text(kept))
        self.go.setText(text)
        self.go.setAccessibleName(text.replace("&", ""))
        self.every.setEnabled(kept > 0)
        self.none.setEnabled(kept < listed)

    @Slot()
    def _decide(self) -> None:
        self.decided.emit(self.kept)
