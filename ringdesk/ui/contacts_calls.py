"""The list of recent calls: state, name, when, line; missed ones bold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QHideEvent, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QMenu,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ringdesk.desk.contacts_calls import RecentCalls
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.sockets import Clock
from ringdesk.domain.words import side_by_side
from ringdesk.ui.contacts_lines import ICONS, call_text, is_new_miss, private_text
from ringdesk.ui.theme import L, M, Text, Theme
from ringdesk.ui.widgets_bars import EmptyState
from ringdesk.ui.widgets_frame import column
from ringdesk.ui.widgets_rows import Rows, make_list, paint_ground, paint_line, row_height
from ringdesk.ui.words import line_of_text, number, shown
from ringdesk.ui.words_time import ago

Index = QModelIndex | QPersistentModelIndex
RECORD_ROLE: Final = int(Qt.ItemDataRole.UserRole)
WHEN_ROLE: Final = RECORD_ROLE + 1
SECOND_ROLE: Final = RECORD_ROLE + 2
_NOWHERE: Final = QModelIndex()


class CallsModel(QAbstractTableModel):
    """Rows of `RecentCalls`."""

    def __init__(
        self, calls: RecentCalls, clock: Clock, region: Callable[[], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._calls, self._clock, self._region = calls, clock, region
        self._count = 0

    def refresh(self) -> None:
        """The presenter has read anew."""
        self.beginResetModel()
        self._count = len(self._calls.rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many calls were read."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """One column."""
        return 0 if parent.isValid() else 1

    def canFetchMore(self, parent: Index) -> bool:
        """True while there may be older calls."""
        return not parent.isValid() and not self._calls.complete

    def fetchMore(self, parent: Index) -> None:
        """Read older calls."""
        more = list(self._calls.further())
        if more:
            self.beginInsertRows(QModelIndex(), self._count, self._count + len(more) - 1)
            self._calls.rows += more
            self._count += len(more)
            self.endInsertRows()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, when, how it went."""
        if not index.isValid() or index.row() >= len(self._calls.rows):
            return None
        record = self._calls.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.name(record)
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join((self.name(record), self._second(record), ago(record.started, self._clock.now())))
            case _ if role == RECORD_ROLE:
                return record
            case _ if role == WHEN_ROLE:
                return ago(record.started, self._clock.now())
            case _ if role == SECOND_ROLE:
                return self._second(record)
        return None

    def name(self, record: CallRecord) -> str:
        """Who it was: the contact, what the caller says, the number."""
        return shown(self._calls.name(record)) or shown(record.name) or number(record.number, self._region())

    def contacts_changed(self) -> None:
        """Contacts may be called otherwise now."""
        self._calls.forget_names()
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, 0))

    def _second(self, record: CallRecord) -> str:
        return side_by_side((call_text(record), line_of_text(record.line)), "  ·  ")


class _CallDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def height(self) -> int:
        """The height of every row."""
        return row_height(self._theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Every row is as high as the others."""
        return QSize(200, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Icon, name and when, how it went."""
        record = index.data(RECORD_ROLE)
        if record is None:
            return
        place: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = paint_ground(painter, place, option.state, self._theme)
        icon, tint = ICONS[record.state]
        picture = self._theme.pixmap(icon, tint, 24, painter.device().devicePixelRatioF())
        painter.drawPixmap(place.x() + L, place.center().y() - 12, picture)
        self._texts(painter, place, index, new=is_new_miss(record), chosen=chosen)
        painter.restore()

    def _texts(self, painter: QPainter, place: QRect, index: Index, *, new: bool, chosen: bool) -> None:
        colors = self._theme.colors
        body, small = self._theme.font(Text.STRONG if new else Text.BODY), self._theme.font(Text.SMALL)
        heights = QFontMetrics(body).height(), QFontMetrics(small).height()
        when = str(index.data(WHEN_ROLE))
        left, right = place.x() + L + 24 + M, place.right() - L
        top = place.center().y() - sum(heights) // 2 + 1
        wide = QFontMetrics(small).horizontalAdvance(when)
        first = QRect(left, top, right - left - wide - M, heights[0])
        second = QRect(left, top + heights[0], right - left, heights[1])
        painter.setFont(small)
        painter.setPen(QColor(colors.on_tint if chosen else colors.soft))
        paint_line(painter, QRect(right - wide, top, wide + 2, heights[0]), when)
        painter.setPen(QColor(colors.on_tint if chosen else colors.bad if new else colors.soft))
        paint_line(painter, second, str(index.data(SECOND_ROLE)))
        painter.setFont(body)
        painter.setPen(QColor(colors.on_tint if chosen else colors.ink))
        paint_line(painter, first, str(index.data()))


class CallsSide(QWidget):
    """Recent calls. A row that is moved to shows its contact; Enter or a double click opens it."""

    chosen = Signal(object)
    """The record the user moved to."""
    opened = Signal(object)
    private_asked = Signal(object, bool)
    """A record, and whether coworkers are to see nothing of the call."""

    def __init__(
        self, theme: Theme, calls: RecentCalls, clock: Clock, region: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model = CallsModel(calls, clock, region, self)
        self.list = _CallsView(self.model)
        delegate = _CallDelegate(theme, self.list)
        self.list.setItemDelegate(delegate)
        make_list(self.list, delegate.height)
        self._none = EmptyState(theme, "phone", "no_calls")
        self._none.headline.setText(self.tr("No calls yet"))
        self._none.text.setText(self.tr("Every call that rings here leaves a row."))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._none)
        column(self, margins=(0, M, 0, 0)).addWidget(self._stack)
        self.list.selectionModel().currentChanged.connect(self._moved)
        self.list.doubleClicked.connect(self._open)
        self.list.entered_row.connect(self._open)
        theme.changed.connect(self.list.viewport().update)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.may_keep_private: Callable[[], bool] = lambda: False
        """Whether there are coworkers who would see a call."""
        self._calls = calls
        calls.attach(self._refresh)
        calls.watch(False)

    def showEvent(self, event: QShowEvent) -> None:
        """The list is in sight: it is read anew where it has to be."""
        super().showEvent(event)
        self._calls.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another list is in front, or the window is hidden."""
        super().hideEvent(event)
        self._calls.watch(False)

    @Slot(object)
    def contacts_changed(self, _: object) -> None:
        """Show what callers are called now."""
        self.model.contacts_changed()

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        record = self.list.indexAt(at).data(RECORD_ROLE)
        if record is not None and self.may_keep_private():
            menu = self.menu(record)
            menu.popup(self.list.viewport().mapToGlobal(at))

    def menu(self, record: CallRecord) -> QMenu:
        """What can be done with a call; it deletes itself when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        action = menu.addAction(private_text(on=record.private))
        action.setObjectName("keep_call_private")
        action.triggered.connect(lambda _=False: self.private_asked.emit(record, not record.private))
        return menu

    def _refresh(self) -> None:
        at = self.list.currentIndex().data(RECORD_ROLE)
        self.model.refresh()
        self._stack.setCurrentWidget(self.list if self.model.rowCount() else self._none)
        if at is not None:
            for place in range(self.model.rowCount()):
                if self.model.index(place, 0).data(RECORD_ROLE).id == at.id:
                    self.list.selectRow(place)
                    return

    @Slot(QModelIndex, QModelIndex)
    def _moved(self, now: QModelIndex, before: QModelIndex) -> None:
        if now.isValid() and self.list.hasFocus():
            self.chosen.emit(now.data(RECORD_ROLE))

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.data(RECORD_ROLE))


class _CallsView(Rows):
    entered_row = Signal(QModelIndex)

    def __init__(self, model: CallsModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setObjectName("calls_list")
        self.setAccessibleName(self.tr("Recent calls"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
