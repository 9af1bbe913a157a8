"""A list of widgets that shows its first ones, and the others when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from ringdesk.ui.theme import S, Theme
from ringdesk.ui.widgets_button import Button
from ringdesk.ui.widgets_frame import clear, column, row


class FoldedList(QWidget):
    """Widgets below each other, `first` of them in sight until *Show all* is pressed."""

    def __init__(self, theme: Theme, name: str, *, first: int, gap: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._first, self._all = first, False
        self._shown: list[QWidget] = []
        self.setObjectName(name)
        self._lines = column(gap=gap)
        self._more = Button(theme, self.tr("Show &all"), f"{name}_more", role="link")
        self._more.setProperty("kind", "add")
        self._more.clicked.connect(self._show_all)
        layout = column(self, gap=S)
        layout.addLayout(self._lines)
        foot = row()
        foot.addWidget(self._more)
        foot.addStretch(1)
        layout.addLayout(foot)

    def _put(self, widgets: Sequence[QWidget], *, unfolded: bool = False) -> None:
        """Show these instead; folded, unless the user had unfolded what is the same list still."""
        clear(self._lines)
        self._shown, self._all = list(widgets), unfolded
        for widget in self._shown:
            self._lines.addWidget(widget)
        self._fold()

    def _fold(self) -> None:
        for place, widget in enumerate(self._shown):
            widget.setVisible(self._all or place < self._first)
        self._more.setVisible(not self._all and len(self._shown) > self._first)

    @Slot()
    def _show_all(self) -> None:
        self._all = True
        self._fold()
