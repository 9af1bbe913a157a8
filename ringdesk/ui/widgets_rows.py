"""What rows of lists have in common: their height, their ground, their behaviour."""

from __future__ import annotations

from PySide6 import QtWidgets
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ringdesk.ui.theme import AVATAR_ROW, M, S, Text, Theme


def row_height(theme: Theme) -> int:
    """The height of a row of two lines beside an avatar, after the fonts of the theme."""
    lines = sum(QFontMetrics(theme.font(role)).height() for role in (Text.STRONG, Text.SMALL))
    return max(AVATAR_ROW, lines) + 2 * M


# Qt makes the names of QStyle when that class is first asked for, which takes some milliseconds: nothing on the way to
# the first picture of the window does, so it is not imported by its name.


def hovered(state: QtWidgets.QStyle.StateFlag) -> bool:
    """Whether the mouse is over the row."""
    return bool(state & QtWidgets.QStyle.StateFlag.State_MouseOver)


def paint_ground(painter: QPainter, place: QRect, state: QtWidgets.QStyle.StateFlag, theme: Theme) -> bool:
    """Paint what lies under a hovered or chosen row, with a ring when the list has the keyboard; tells if chosen."""
    names = QtWidgets.QStyle.StateFlag
    chosen = bool(state & names.State_Selected)
    if chosen or hovered(state):
        paint_field(painter, place, theme, chosen=chosen, focused=bool(state & names.State_HasFocus))
    return chosen


def paint_field(painter: QPainter, place: QRect, theme: Theme, *, chosen: bool, focused: bool) -> None:
    """Paint what lies under a row that is chosen, or else hovered."""
    field = QRectF(place).adjusted(S, 2, -S, -2)
    painter.setPen(Qt.PenStyle.NoPen)
    if chosen and focused:
        painter.setPen(QPen(QColor(theme.colors.accent), 2))
        field = field.adjusted(1, 1, -1, -1)
    painter.setBrush(QColor(theme.colors.tint if chosen else theme.colors.raised))
    painter.drawRoundedRect(field, 10, 10)


def paint_line(painter: QPainter, place: QRect, text: str) -> None:
    """Paint one line of text, cut to its place."""
    cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)


class Rows(QTableView):
    """A list of rows. Where it gets the keyboard and nothing is chosen, the row that keys act on is."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose the row that Qt begins in."""
        super().focusInEvent(event)
        at = self.currentIndex()
        if at.isValid() and not self.selectionModel().hasSelection():
            self.selectRow(at.row())


def make_list(view: QTableView, height: int) -> None:
    """Make a table view a list of fixed rows without headers."""
    view.setProperty("role", "rows")
    view.horizontalHeader().hide()
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    header = view.verticalHeader()
    header.hide()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header.setMinimumSectionSize(height)
    header.setDefaultSectionSize(height)
    view.setShowGrid(False)
    view.setMouseTracking(True)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.verticalScrollBar().setSingleStep(height // 2)
