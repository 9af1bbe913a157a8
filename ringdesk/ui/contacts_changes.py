"""The last changes in a window of their own, each with a button that takes it back."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QStackedWidget, QWidget

from ringdesk.desk.contacts_history import Failed, RecentChanges
from ringdesk.domain.contact import Batch, Undone
from ringdesk.domain.sockets import Clock
from ringdesk.ui.contacts_history import batch_text, undone_text, who
from ringdesk.ui.theme import XL, L, M, S, Theme
from ringdesk.ui.widgets_bars import EmptyState
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, clear, column, row
from ringdesk.ui.widgets_text import ElidedLabel, PlainLabel, Role
from ringdesk.ui.words import trouble
from ringdesk.ui.words_time import ago

GATHER_MS: Final = 250


class ChangesDialog(QDialog):
    """What was done lately, newest first. It does not block the window behind it."""

    def __init__(self, theme: Theme, recent: RecentChanges, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._recent, self._clock = theme, recent, clock
        self.setObjectName("recent_changes")
        self.setWindowTitle(self.tr("Recent changes"))
        self.setAccessibleName(self.tr("Recent changes"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 560)
        self._buttons: dict[str, Button] = {}
        self._told = PlainLabel("", Role.SOFT, wrap=True)
        self._told.setObjectName("changes_told")
        self._page = QWidget()
        self._page.setProperty("role", "page")
        self._lines = column(self._page, margins=(XL, S, XL, L), gap=S)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName(self.tr("The last changes"))
        self._scroll.setWidget(self._page)
        self._none = EmptyState(theme, "history", "no_changes")
        self._none.headline.setText(self.tr("Nothing was changed yet"))
        self._none.text.setText(self.tr("The last hundred changes are listed here, and each can be taken back."))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(self._none)
        self._lay_out()
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.timeout.connect(recent.refresh)
        recent.attach(self._show, self._tell)

    def _lay_out(self) -> None:
        head = QWidget()
        top = column(head, margins=(XL, XL, XL, S), gap=S)
        top.addWidget(PlainLabel(self.tr("Recent changes"), Role.TITLE))
        top.addWidget(
            PlainLabel(self.tr("Take back any of them. What was changed again since then stays."), Role.SOFT, wrap=True)
        )
        bar = Frame("bar", name="changes_bar")
        below = row(bar, margins=(XL, S, XL, S), gap=M)
        self.close_button = Button(self._theme, self.tr("&Close"), "changes_close", role="primary")
        self.close_button.clicked.connect(self.accept)
        below.addWidget(self._told, 1)
        below.addWidget(self.close_button)
        layout = column(self, gap=0)
        layout.addWidget(head)
        layout.addWidget(self._stack, 1)
        layout.addWidget(bar)

    @Slot(object)
    def contacts_changed(self, news: object) -> None:
        """Something was changed meanwhile: gather, because an import tells it a hundred times."""
        if not self._gather.isActive():
            self._gather.start(GATHER_MS)

    def _show(self) -> None:
        had_focus = self.focusWidget() in self._buttons.values()
        at = next((place for place, one in enumerate(self._buttons.values()) if one is self.focusWidget()), 0)
        self._buttons = {}
        clear(self._lines)
        for batch in self._recent.rows:
            line = self._line(batch)
            self._lines.addWidget(line)
            line.show()
        self._lines.addStretch(1)
        self._stack.setCurrentWidget(self._scroll if self._recent.rows else self._none)
        if had_focus:
            left = list(self._buttons.values())
            (left[min(at, len(left) - 1)] if left else self.close_button).setFocus()

    def _line(self, batch: Batch) -> QWidget:
        frame = Frame("card", name=f"change_{batch.id}")
        inside = row(frame, margins=(L, S, S, S), gap=M)
        texts = column(gap=2)
        texts.addWidget(ElidedLabel(batch_text(batch)))
        when = ago(batch.at, self._clock.now())
        texts.addWidget(ElidedLabel(f"{who(batch.by, batch.source)}  ·  {when}", Role.SMALL))
        inside.addLayout(texts, 1)
        if batch.undone:
            inside.addWidget(PlainLabel(self.tr("Taken back"), Role.SMALL))
            inside.addSpacing(M)
            return frame
        button = Button(self._theme, self.tr("Undo"), f"undo_{batch.id}", role="quiet")
        button.setAccessibleName(self.tr("Undo: {0}, {1}").format(batch_text(batch), when))
        button.clicked.connect(lambda: self._recent.undo(batch))
        self._buttons[batch.id] = button
        inside.addWidget(button)
        return frame

    def _tell(self, what: Undone | Failed) -> None:
        text = self._sentence(what)
        self._told.setText(text)
        self._told.setAccessibleName(text)

    def _sentence(self, what: Undone | Failed) -> str:
        if isinstance(what, Failed):
            return trouble(what.trouble, what.path)
        if not what.ids and not what.skipped:
            return self.tr("Nothing to take back: it is so already.")
        return undone_text(len(what.ids), tuple(dict.fromkeys(skip.field for skip in what.skipped)))
