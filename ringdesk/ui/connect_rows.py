"""Long lists of the connect and review windows: as many rows as there are, painted when they come into sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from ringdesk.domain.values import dataclass
from ringdesk.ui.theme import CONTROL, L, M, S, Text, Theme, Tint
from ringdesk.ui.widgets_rows import make_list, paint_ground, paint_line

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE: Final = int(Qt.ItemDataRole.UserRole)
_NOWHERE: Final = QModelIndex()
ICON: Final = 16


@dataclass(frozen=True, slots=True)
class RowLine:
    """What one row shows: a text, a softer one at the right, an icon before them (or none)."""

    text: str
    more: str = ""
    icon: str = ""


class RowsModel(QAbstractTableModel):
    """Any sequence as rows of one column; `line` says what a row shows, and is asked only for rows in sight."""

    def __init__(self, line: Callable[[Any], RowLine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._line = line
        self._rows: Sequence[Any] = ()

    @property
    def rows(self) -> Sequence[Any]:
        """What is shown."""
        return self._rows

    def show(self, rows: Sequence[Any]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """One column: the delegate paints the whole row."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a row, all of it for screen readers, the line itself for the delegate."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, LINE_ROLE):
            return None
        line = self._line(self._rows[index.row()])
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (line.text, line.more) if part)
        return line.text


class RowDelegate(QStyledItemDelegate):
    """Paints one row in one line."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def height(self) -> int:
        """The height of every row."""
        return max(CONTROL, QFontMetrics(self._theme.font()).height() + M) + 4

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Every row is as high as the others."""
        return QSize(120, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the icon, the text, and what is softer at the right."""
        line = index.data(LINE_ROLE)
        if not isinstance(line, RowLine):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place: QRect = option.rect
        chosen = paint_ground(painter, place, option.state, self._theme)
        inside = place.adjusted(L, 0, -L, 0)
        if line.icon:
            picture = self._theme.pixmap(line.icon, Tint.SOFT, ICON, painter.device().devicePixelRatioF())
            painter.drawPixmap(inside.left(), place.center().y() - ICON // 2, picture)
            inside.setLeft(inside.left() + ICON + S)
        self._texts(painter, inside, line, chosen=chosen)
        painter.restore()

    def _texts(self, painter: QPainter, inside: QRect, line: RowLine, *, chosen: bool) -> None:
        colors = self._theme.colors
        painter.setFont(self._theme.font(Text.SMALL))
        more = min(painter.fontMetrics().horizontalAdvance(line.more), inside.width() // 2) if line.more else 0
        painter.setPen(QColor(colors.on_tint if chosen else colors.soft))
        paint_line(painter, QRect(inside.right() - more, inside.top(), more + 1, inside.height()), line.more)
        painter.setFont(self._theme.font(Text.BODY))
        painter.setPen(QColor(colors.on_tint if chosen else colors.ink))
        paint_line(painter, inside.adjusted(0, 0, -(more + M if more else 0), 0), line.text)


class RowList(QTableView):
    """A list of rows, worked by keyboard: arrows, Page keys, Home, End; Enter opens."""

    chosen = Signal(object)
    """The row the user moved to, as it was given."""
    opened = Signal(object)
    """Enter or a double click."""

    def __init__(
        self, theme: Theme, name: str, title: str, line: Callable[[Any], RowLine], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._delegate = RowDelegate(theme, self)
        make_list(self, self._delegate.height)
        self.setItemDelegate(self._delegate)
        self.rows = RowsModel(line, self)
        self.setModel(self.rows)
        self.selectionModel().currentChanged.connect(self._moved)
        self.doubleClicked.connect(self._opened)
        theme.changed.connect(self.viewport().update)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows, from the top."""
        self.rows.show(rows)
        self.scrollToTop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row; Home and End go to the ends."""
        last = self.rows.rowCount() - 1
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.currentIndex().isValid():
                self._opened(self.currentIndex())
            case Qt.Key.Key_Home if last >= 0:
                self.selectRow(0)
            case Qt.Key.Key_End if last >= 0:
                self.selectRow(last)
            case _:
                super().keyPressEvent(event)

    @Slot(QModelIndex, QModelIndex)
    def _moved(self, now: QModelIndex, before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(self.rows.rows[now.row()])

    @Slot(QModelIndex)
    def _opened(self, index: QModelIndex) -> None:
        self.opened.emit(self.rows.rows[index.row()])
