"""The list of calls with a contact in the details pane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord
from ringdesk.ui.theme import CONTROL, M, S, Theme, Tint
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Glyph, clear, column, row
from ringdesk.ui.widgets_text import ElidedLabel, PlainLabel, Role
from ringdesk.ui.words import call_state, line_of_text
from ringdesk.ui.words_time import ago, lasted

FIRST: Final = 5

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
    """How a call went, in words: state, and how long one spoke."""
    state = call_state(record.state, answered_by=record.answered_by, direction=record.direction)
    spoken = record.duration
    return state if spoken is None else f"{state}, {lasted(spoken)}"


def is_new_miss(record: CallRecord) -> bool:
    """True for a missed call nobody has looked at."""
    return record.state is CallState.MISSED and record.direction is Direction.INCOMING and not record.seen


class LineList(QWidget):
    """Lines of text with icons; a long list shows its first lines and a button for the others."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._all = False
        self._wanted: tuple[object, ...] = ()
        self._rows: list[QWidget] = []
        self.setObjectName(name)
        self._lines = column(gap=0)
        self._more = Button(theme, self.tr("Show &all"), f"{name}_more", role="link")
        self._more.setProperty("kind", "add")
        self._more.clicked.connect(self._show_all)
        layout = column(self, gap=S)
        layout.addLayout(self._lines)
        foot = row()
        foot.addWidget(self._more)
        foot.addStretch(1)
        layout.addLayout(foot)

    def show_calls(self, calls: Sequence[CallRecord], now: float) -> None:
        """Show calls, newest first."""
        if self._same((tuple(calls), int(now // 60))):
            return
        for record in calls:
            icon, tint = ICONS[record.state]
            line = " · ".join(part for part in (call_text(record), line_of_text(record.line)) if part)
            self._add(icon, tint, line, ago(record.started, now), strong=is_new_miss(record))
        self._fold()

    def show_lines(self, texts: Sequence[str]) -> None:
        """Show plain lines: what coworkers spoke."""
        if self._same(tuple(texts)):
            return
        for text in texts:
            self._add("share", Tint.SOFT, text, "", strong=False)
        self._fold()

    def _same(self, wanted: tuple[object, ...]) -> bool:
        if wanted == self._wanted:
            return True
        self._wanted, self._rows, self._all = wanted, [], False
        clear(self._lines)
        return False

    def _add(self, icon: str, tint: Tint, text: str, when: str, *, strong: bool) -> None:
        line = QWidget()
        line.setMinimumHeight(CONTROL)
        inside = row(line, gap=M)
        inside.addWidget(Glyph(self._theme, icon, tint=tint))
        inside.addWidget(ElidedLabel(text, Role.STRONG if strong else Role.BODY), 1)
        inside.addWidget(PlainLabel(when, Role.SMALL))
        self._rows.append(line)
        self._lines.addWidget(line)

    def _fold(self) -> None:
        for place, line in enumerate(self._rows):
            line.setVisible(self._all or place < FIRST)
        self._more.setVisible(not self._all and len(self._rows) > FIRST)

    @Slot()
    def _show_all(self) -> None:
        self._all = True
        self._fold()
