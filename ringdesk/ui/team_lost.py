"""A claim that was lost: a coworker was first, and what was typed here is kept or thrown away."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from ringdesk.domain.team import ClaimLost
from ringdesk.ui.team_words import told
from ringdesk.ui.theme import L, M, S, Theme, Tint
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, Glyph, row
from ringdesk.ui.widgets_text import PlainLabel, Role


class LostClaims(Frame):
    """Asks about one lost claim after the other, across the top; nothing is thrown away without a click."""

    thrown = Signal(object)
    """The lost claim (`ClaimLost`) whose private copy is not wanted."""
    opened = Signal(object)
    """The id of a copy that was kept."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("banner", parent, "team_lost")
        self._waiting: deque[ClaimLost] = deque()
        self.text = PlainLabel("", Role.BODY, wrap=True)
        self.keep = Button(theme, self.tr("&Keep my copy"), "lost_keep")
        self.throw = Button(theme, self.tr("&Throw it away"), "lost_throw", role="quiet")
        inside = row(self, margins=(L, S, S, S), gap=M)
        inside.addWidget(Glyph(theme, "person", tint=Tint.ACCENT, size=20))
        inside.addWidget(self.text, 1)
        inside.addWidget(self.throw)
        inside.addWidget(self.keep)
        self.keep.clicked.connect(self._kept)
        self.throw.clicked.connect(self._thrown)
        self.hide()

    def ask(self, lost: ClaimLost) -> None:
        """Ask about a lost claim, after those that wait already."""
        self._waiting.append(lost)
        self._show()

    def _show(self) -> None:
        if self._waiting:
            self.text.setText(told(self._waiting[0]))
            self.setAccessibleName(self.text.text())
        self.setVisible(bool(self._waiting))

    @Slot()
    def _kept(self) -> None:
        lost = self._waiting.popleft()
        self._show()
        self.opened.emit(lost.kept)

    @Slot()
    def _thrown(self) -> None:
        lost = self._waiting.popleft()
        self._show()
        self.thrown.emit(lost)
