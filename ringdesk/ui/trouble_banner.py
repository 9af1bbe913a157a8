"""What is wrong with the store, across the top of the window until it is over or was read."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from ringdesk.domain.news import StoreTroubled
from ringdesk.domain.status import PASSING, StoreTrouble
from ringdesk.ui.theme import L, M, S, Theme, Tint, restyle
from ringdesk.ui.widgets_button import Button, IconButton
from ringdesk.ui.widgets_frame import Frame, Glyph, row
from ringdesk.ui.widgets_text import PlainLabel
from ringdesk.ui.words import trouble

_NOTES: Final = frozenset({StoreTrouble.RESERVE, StoreTrouble.NO_BACKUP})
"""Everything is saved; there is only something to know."""


class TroubleBanner(Frame):
    """One sentence that says what is wrong, that nothing is lost and what to do. Hidden while all is well."""

    rescue_asked = Signal()
    """The data is damaged, and the user wants to see which backup can take its place."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("banner", parent, "trouble_banner")
        self._news: StoreTroubled | None = None
        self._text = PlainLabel("", wrap=True, selectable=True)
        self._text.setObjectName("trouble_text")
        self.rescue = Button(theme, self.tr("&Restore a backup…"), "trouble_rescue")
        self.close_button = IconButton(theme, "close", self.tr("Close this message"), "trouble_close")
        layout = row(self, margins=(L, M, M, M), gap=M)
        layout.addWidget(Glyph(theme, "warning", tint=Tint.WARN, size=24), 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.rescue)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        layout.setSpacing(S + M)
        self.rescue.clicked.connect(self.rescue_asked)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def troubled(self, news: StoreTroubled) -> None:
        """Say what is wrong. Damage is not talked over by what follows from it."""
        if self._news is not None and self._news.trouble is StoreTrouble.CORRUPT:
            return
        self._news = news
        self._text.setText(trouble(news.trouble, news.path))
        restyle(self, "kind", "warn" if news.trouble in _NOTES else "bad")
        self._text.style().unpolish(self._text)
        self._text.style().polish(self._text)
        self.rescue.setVisible(news.trouble is StoreTrouble.CORRUPT)
        self.show()

    @Slot()
    def saved(self) -> None:
        """Something was saved: what kept RingDesk from saving is over."""
        if self._news is not None and self._news.trouble in PASSING:
            self._news = None
            self.hide()
