"""Something the user must read before RingDesk goes on or ends; one button, plain text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from ringdesk.ui.theme import XL, L, M, S, Theme, Tint
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Glyph, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role


class Tell(QDialog):
    """A headline, what happened and what to do, what the system said. Does not block; `finished`: it was read."""

    def __init__(self, theme: Theme, headline: str, text: str, detail: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setWindowTitle("RingDesk")
        self.setWindowIcon(theme.window_icon())
        self.setAccessibleName(headline)
        self.setAccessibleDescription(text)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self.understood = Button(theme, self.tr("&Close"), "message_close", role="primary")
        self.understood.clicked.connect(self.accept)
        top = row(gap=M)
        top.addWidget(Glyph(theme, "warning", tint=Tint.WARN, size=40), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=S)
        words.addWidget(PlainLabel(headline, Role.TITLE, wrap=True))
        words.addWidget(PlainLabel(text, Role.SOFT, wrap=True))
        if detail:
            words.addWidget(PlainLabel(detail, Role.SMALL, wrap=True))
        top.addLayout(words, 1)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.understood)
        layout = column(self, margins=(XL, XL, XL, L), gap=M)
        layout.addLayout(top)
        layout.addSpacing(S)
        layout.addLayout(buttons)
