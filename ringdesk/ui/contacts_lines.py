"""The list of calls with a contact in the details pane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.team import CoworkerCall
from ringdesk.domain.words import side_by_side
from ringdesk.ui.theme import CONTROL, M, S, Theme, Tint
from ringdesk.ui.widgets_button import IconButton
from ringdesk.ui.widgets_folded import FoldedList
from ringdesk.ui.widgets_frame import Glyph, column, row
from ringdesk.ui.widgets_text import ElidedLabel, PlainLabel, Role
from ringdesk.ui.words import QT_TRANSLATE_NOOP, call_state, line_of_text, say, shown_lines
from ringdesk.ui.words_time import ago, lasted, spoke

FIRST: Final = 5
ICON: Final = 20
"""The width of a line's icon: a note begins below the text beside it."""

ICONS: Final = {
    CallState.RINGING: ("ringing", Tint.ACCENT),
    CallState.ANSWERED_HERE: ("call-in", Tint.GOOD),
    CallState.ANSWERED_ELSEWHERE: ("call-elsewhere", Tint.SOFT),
    CallState.ANSWERED: ("call-in", Tint.GOOD),
    CallState.MISSED: ("call-missed", Tint.BAD),
    CallState.REJECTED: ("call-rejected", Tint.SOFT),
    CallState.ENDED_UNKNOWN: ("call-ended", Tint.SOFT),
    CallState.BLOCKED: ("block", Tint.SOFT),
    CallState.DIALING: ("call-out", Tint.ACCENT),
    CallState.REMOTE_RINGING: ("call-out", Tint.ACCENT),
    CallState.OUTGOING_ANSWERED: ("call-out", Tint.GOOD),
    CallState.OUTGOING_BUSY: ("call-rejected", Tint.SOFT),
    CallState.OUTGOING_CANCELLED: ("call-out", Tint.SOFT),
    CallState.OUTGOING_FAILED: ("call-rejected", Tint.BAD),
    CallState.OUTGOING_NOT_PLACED: ("call-rejected", Tint.SOFT),
}
"""The icon of every state. Colour never says anything alone: the state stands beside it in words."""


def call_text(record: CallRecord) -> str:
    """How a call went, in words: state, how long one spoke, and whether it is kept private."""
    state = call_state(record.state, answered_by=record.answered_by, direction=record.direction)
    spoken = record.duration
    went = state if spoken is None else f"{state}, {lasted(spoken)}"
    return f"{went} · {say(QT_TRANSLATE_NOOP('words', 'private'))}" if record.private else went


def private_text(*, on: bool) -> str:
    """What can be done with a call that coworkers see, or (`on`) with one that is kept private."""
    if on:
        return say(QT_TRANSLATE_NOOP("words", "Let coworkers see this call"))
    return say(QT_TRANSLATE_NOOP("words", "Keep this call private"))


def is_new_miss(record: CallRecord) -> bool:
    """True for a missed call nobody has looked at."""
    return record.state is CallState.MISSED and record.direction is Direction.INCOMING and not record.seen


class LineList(FoldedList):
    """Lines of text with icons; a long list shows its first lines and a button for the others."""

    private_asked = Signal(object, bool)
    """The id of a call, and whether coworkers are to see nothing of it."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, first=FIRST, gap=0, parent=parent)
        self._wanted: tuple[object, ...] = ()

    def show_calls(self, calls: Sequence[CallRecord], now: float, *, seen: bool = False) -> None:
        """Show calls, newest first. `seen`: coworkers see them, so each has a button that keeps it private."""
        if self._is_other((tuple(calls), int(now // 60), seen)):
            self._put([self._call(record, now, seen=seen) for record in calls])

    def show_spoken(self, calls: Sequence[CoworkerCall], now: float) -> None:
        """Show what coworkers spoke, each with its whole note."""
        said = tuple((spoke(call, now, note=False), shown_lines(call.note).strip()) for call in calls)
        if self._is_other(said):
            self._put([self._spoken(text, note) for text, note in said])

    def _is_other(self, wanted: tuple[object, ...]) -> bool:
        before, self._wanted = self._wanted, wanted
        return wanted != before

    def _call(self, record: CallRecord, now: float, *, seen: bool) -> QWidget:
        icon, tint = ICONS[record.state]
        text = side_by_side((call_text(record), line_of_text(record.line)), " · ")
        line = self._line(icon, tint, text, ago(record.started, now), strong=is_new_miss(record))
        layout = line.layout()
        if seen and layout is not None:
            layout.addWidget(self._lock(record))
        return line

    def _lock(self, record: CallRecord) -> IconButton:
        on = record.private
        lock = IconButton(
            self._theme, "lock", private_text(on=on), f"private_{record.id}", tint=Tint.ACCENT if on else Tint.SOFT
        )
        lock.setCheckable(True)
        lock.setChecked(on)
        lock.clicked.connect(lambda ticked: self.private_asked.emit(record.id, ticked))
        return lock

    def _spoken(self, text: str, note: str) -> QWidget:
        line = self._line("share", Tint.SOFT, text, "", strong=False)
        if not note:
            return line
        both = QWidget()
        inside = column(both, gap=0)
        inside.addWidget(line)
        told = row(margins=(ICON + M, 0, 0, S))
        told.addWidget(PlainLabel(note, Role.SOFT, wrap=True, selectable=True))
        inside.addLayout(told)
        return both

    def _line(self, icon: str, tint: Tint, text: str, when: str, *, strong: bool) -> QWidget:
        line = QWidget()
        line.setMinimumHeight(CONTROL)
        inside = row(line, gap=M)
        inside.addWidget(Glyph(self._theme, icon, tint=tint))
        inside.addWidget(ElidedLabel(text, Role.STRONG if strong else Role.BODY), 1)
        inside.addWidget(PlainLabel(when, Role.SMALL))
        return line
