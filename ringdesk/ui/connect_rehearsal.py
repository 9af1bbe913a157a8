"""The rehearsal of the first sync: how far it has come, then what would happen, with lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from ringdesk.domain.syncing import RoundDone, SyncProgress
from ringdesk.ui.connect_lists import DeedLists, Line
from ringdesk.ui.connect_parts import Banner, ConnectPage
from ringdesk.ui.connect_words import failed_text, progress_text, waiting_text, would_text
from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_bars import EmptyState
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_text import PlainLabel, Role

BIG = 2_000_000_000


class ProgressPage(ConnectPage):
    """Something takes its time: counts, and a way back."""

    back_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "connect_progress", parent)
        self.say(
            self.tr("Finding out what would happen…"),
            self.tr("RingDesk reads your contacts in Google and compares. Nothing is changed on either side."),
        )
        self.bar = QProgressBar()
        self.bar.setObjectName("connect_progress_bar")
        self.bar.setAccessibleName(self.tr("Progress"))
        self.bar.setTextVisible(False)
        self.told = PlainLabel("", Role.SMALL)
        self.told.setObjectName("connect_progress_text")
        self.body.addWidget(self.bar)
        self.body.addWidget(self.told)
        self.body.addStretch(1)
        self.back = Button(theme, self.tr("&Back"), "connect_progress_back")
        self.back.clicked.connect(self.back_asked)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.back)

    def show_progress(self, progress: SyncProgress | None) -> None:
        """Show how far it has come."""
        show_progress(self.bar, progress)
        self.told.setText("" if progress is None else progress_text(progress))

    def begin(self) -> None:
        """Back is all there is to do here."""
        self.back.setFocus()


class RehearsalPage(ConnectPage):
    """What would happen. Accept begins the sync; Cancel leaves both sides as they were."""

    accept_asked = Signal()
    back_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "connect_rehearsal", parent)
        self._would: RoundDone | None = None
        self.guard = Banner(theme, "rehearsal_guard", "warn")
        self.notes = Banner(theme, "rehearsal_notes", "note")
        self.lists = DeedLists(theme, "rehearsal")
        self.none = EmptyState(theme, "check", "rehearsal_none")
        self.none.headline.setText(self.tr("Both sides agree already"))
        self.none.text.setText(self.tr("Nothing has to be added, changed or deleted. From now on edits travel."))
        for widget in (self.guard, self.notes):
            self.body.addWidget(widget)
        self.body.addWidget(self.none, 1)
        self.body.addWidget(self.lists, 1)
        self.cancel = Button(theme, self.tr("&Cancel"), "rehearsal_cancel")
        self.back = Button(theme, self.tr("&Back"), "rehearsal_back", role="quiet")
        self.accept = Button(theme, self.tr("&Accept and sync"), "rehearsal_accept", role="primary")
        self.cancel.clicked.connect(self.cancel_asked)
        self.back.clicked.connect(self.back_asked)
        self.accept.clicked.connect(self.accept_asked)
        self.buttons.addWidget(self.back)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.accept)

    def show_would(self, would: RoundDone) -> None:
        """Show what would happen."""
        if would is self._would:
            return
        self._would = would
        self.say(would_text(would.counts), self.tr("Nothing has happened yet. Cancel leaves both sides as they were."))
        self.guard.say(" ".join(waiting_text(would)))
        self.notes.say(" ".join(failed_text(would)))
        self.lists.show_lines(*_with_waiting(would))
        self.lists.setVisible(not self.lists.empty)
        self.none.setVisible(self.lists.empty)

    def begin(self) -> None:
        """The lists are to be looked at first."""
        (self.accept if self.lists.empty else self.lists.deeds).setFocus()


def _with_waiting(would: RoundDone) -> tuple[Mapping[str, int], Sequence[Line]]:
    """Also the deletions that would wait for a word: the user looks at who it is all about."""
    counts = Counter(would.counts) + Counter({"deleted here": would.guard_here, "deleted there": would.guard_there})
    return counts, (*would.lines, *would.guarded)


def show_progress(bar: QProgressBar, progress: SyncProgress | None) -> None:
    """Let a bar show how far something has come; it only moves to and fro where nobody knows."""
    if progress is None or not progress.total:
        bar.setRange(0, 0)
        return
    bar.setRange(0, min(progress.total, BIG))
    bar.setValue(min(progress.done, progress.total))
