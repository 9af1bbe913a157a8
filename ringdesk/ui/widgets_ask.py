"""A question before something is done. It opens without blocking, and Esc or Enter in doubt means no."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QWidget

from ringdesk.ui.theme import XL, L, M, S, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import column, row
from ringdesk.ui.widgets_text import PlainLabel, Role


class Ask(QDialog):
    """A headline, what follows, and named buttons; `yes` is called when the user agrees, `third` for the other way."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        headline: str,
        text: str,
        yes_text: str,
        yes: Callable[[], None],
        *,
        danger: bool = False,
        no_text: str = "",
        third_text: str = "",
        third: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.setWindowTitle("RingDesk")
        self.setAccessibleName(headline)
        self.setAccessibleDescription(text)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setMinimumWidth(420)
        self.yes = Button(theme, yes_text, "question_yes", role="danger" if danger else "primary")
        self.no = Button(theme, no_text or self.tr("&Cancel"), "question_no")
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        self.accepted.connect(yes)
        buttons = row(gap=S)
        if third is not None:
            other = Button(theme, third_text, "question_third", role="quiet")
            other.clicked.connect(self.reject)
            other.clicked.connect(third)
            buttons.addWidget(other)
        buttons.addStretch(1)
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        layout = column(self, margins=(XL, XL, XL, L), gap=M)
        layout.addWidget(PlainLabel(headline, Role.TITLE, wrap=True))
        layout.addWidget(PlainLabel(text, Role.SOFT, wrap=True))
        layout.addSpacing(S)
        layout.addLayout(buttons)
        self.no.setDefault(True)
        self.no.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus."""
        focus = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, Button):
            focus.click()
            return
        super().keyPressEvent(event)


def ask(question: Ask) -> Ask:
    """Open a question; it deletes itself when it is answered."""
    question.open()
    return question
