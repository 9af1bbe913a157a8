"""What the last sync did, contact by contact, with one button that takes it back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from ringdesk.desk.accounts import AccountDesk
from ringdesk.domain.sockets import Clock
from ringdesk.ui.connect_lists import DeedLists
from ringdesk.ui.connect_parts import page_head
from ringdesk.ui.connect_status import last_sync
from ringdesk.ui.theme import XL, L, M, S, Theme
from ringdesk.ui.widgets_bars import EmptyState
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import Frame, column, row
from ringdesk.ui.widgets_text import PlainLabel, Role


class LastSyncDialog(QDialog):
    """The last sync; where it had nothing to do, with what the last change was. It follows the account."""

    undo_asked = Signal()

    def __init__(self, theme: Theme, desk: AccountDesk, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._clock = desk, clock
        self._shown: object = None
        self.setObjectName("last_sync")
        self.setWindowTitle(self.tr("The last sync"))
        self.setAccessibleName(self.tr("The last sync"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(700, 540)
        self.headline = PlainLabel(self.tr("What the last sync did"), Role.TITLE)
        self.text = PlainLabel("", Role.SOFT, wrap=True)
        self.lists = DeedLists(theme, "last_sync")
        self.none = EmptyState(theme, "check", "last_sync_none")
        self.none.headline.setText(self.tr("Nothing had to be done"))
        self.none.text.setText(self.tr("Both sides agreed. Edits on either side show up here when they are synced."))
        self.undo = Button(theme, self.tr("&Undo the last sync…"), "last_sync_undo", icon="undo")
        self.undo.clicked.connect(self.undo_asked)
        self.close_button = Button(theme, self.tr("&Close"), "last_sync_close", role="primary")
        self.close_button.clicked.connect(self.accept)
        self._lay_out()
        self.refresh()
        (self.close_button if self.lists.empty else self.lists.deeds).setFocus()

    def _lay_out(self) -> None:
        head = page_head(self.headline, self.text)
        middle = QWidget()
        inside = column(middle, margins=(XL, 0, XL, L))
        inside.addWidget(self.lists, 1)
        inside.addWidget(self.none, 1)
        bar = Frame("bar")
        foot = row(bar, margins=(XL, M, XL, M), gap=S)
        foot.addWidget(self.undo)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        layout = column(self, gap=0)
        layout.addWidget(head)
        layout.addWidget(middle, 1)
        layout.addWidget(bar)

    @Slot()
    def refresh(self) -> None:
        """Show the last sync of now."""
        view = self._desk.view
        self.undo.setEnabled(view.undoable)
        if (view.last, view.did) == self._shown and view.last is not None:
            return
        self._shown = view.last, view.did
        self.text.setText(" ".join(last_sync(view, self._clock.now())))
        shown = view.last if view.last is None or view.last.counts else view.did
        counts, lines = ({}, ()) if shown is None else (shown.counts, shown.lines)
        self.lists.show_lines(counts, lines)
        self.lists.setVisible(not self.lists.empty)
        self.none.setVisible(self.lists.empty)
