"""Paints one row of the contacts list: avatar, name, company and number, badges."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ringdesk.domain.contact import ANONYMOUS, BLOCKED, FOREIGN, SHARED, VIP, ContactRow
from ringdesk.ui.contacts_model import NUMBER_ROLE, ROW_ROLE, shown_name
from ringdesk.ui.theme import AVATAR_ROW, L, M, S, Text, Theme, Tint
from ringdesk.ui.theme_avatar import paint_avatar
from ringdesk.ui.widgets_rows import paint_ground, paint_line, row_height
from ringdesk.ui.words import shown

Index = QModelIndex | QPersistentModelIndex
BADGE: Final = 16
_STATE: Final = QStyle.StateFlag


class ContactDelegate(QStyledItemDelegate):
    """A row of two lines. The share mark at the right can be clicked; Space ticks it too."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def height(self) -> int:
        """The height of every row, after the fonts of the theme."""
        return row_height(self._theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Every row is as high as the others."""
        return QSize(200, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the whole row."""
        row = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place: QRect = option.rect
        state: QStyle.StateFlag = option.state
        paint_ground(painter, place, state, self._theme)
        face = QRectF(place.x() + L, place.center().y() - AVATAR_ROW / 2 + 0.5, AVATAR_ROW, AVATAR_ROW)
        paint_avatar(painter, face, row.name, self._theme.colors, ring=bool(row.flags & VIP))
        left = place.x() + L + AVATAR_ROW + M
        right = self._badges(painter, place, row, state)
        self._texts(painter, QRect(left, place.y(), right - left - S, place.height()), row, index, state)
        painter.restore()

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """Tick the share mark by a click on it or by the Space key."""
        row = index.data(ROW_ROLE)
        if row is None or not model.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        if isinstance(event, QKeyEvent):
            hit = event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space
        elif isinstance(event, QMouseEvent):
            place: QRect = option.rect
            hit = event.type() == QEvent.Type.MouseButtonRelease and share_place(place).contains(
                event.position().toPoint()
            )
        else:
            hit = False
        if hit:
            ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            state = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
            model.setData(index, state, Qt.ItemDataRole.CheckStateRole)
        return hit

    def _badges(self, painter: QPainter, place: QRect, row: ContactRow, state: QStyle.StateFlag) -> int:
        """Paint the badges from the right; gives where they begin."""
        active = bool(state & (_STATE.State_Selected | _STATE.State_MouseOver))
        right = share_place(place).left()
        scale = painter.device().devicePixelRatioF()
        if row.flags & (SHARED | FOREIGN) or active:
            tint = Tint.ACCENT if row.flags & (SHARED | FOREIGN) else Tint.SOFT
            mark = share_place(place).center()
            if not row.flags & (SHARED | FOREIGN):
                painter.setOpacity(0.55)
            painter.drawPixmap(
                mark.x() - BADGE // 2, mark.y() - BADGE // 2, self._theme.pixmap("share", tint, BADGE, scale)
            )
            painter.setOpacity(1.0)
        for bit, icon, tint in (
            (VIP, "star-on", Tint.STAR),
            (BLOCKED, "block", Tint.BAD),
            (ANONYMOUS, "unknown", Tint.SOFT),
        ):
            if row.flags & bit:
                right -= BADGE + 4
                painter.drawPixmap(right, place.center().y() - BADGE // 2, self._theme.pixmap(icon, tint, BADGE, scale))
        return right

    def _texts(self, painter: QPainter, place: QRect, row: ContactRow, index: Index, state: QStyle.StateFlag) -> None:
        colors, chosen = self._theme.colors, bool(state & _STATE.State_Selected)
        strong, small = self._theme.font(Text.STRONG), self._theme.font(Text.SMALL)
        name, number, company = shown_name(row), index.data(NUMBER_ROLE), shown(row.company)
        parts = [part for part in (company, number) if part and part != name and part != shown(row.name)]
        heights = [QFontMetrics(strong).height(), QFontMetrics(small).height() if parts else 0]
        top = place.center().y() - sum(heights) // 2 + 1
        painter.setFont(strong)
        painter.setPen(QColor(colors.on_tint if chosen else colors.ink))
        first = QRect(place.x(), top, place.width(), heights[0])
        paint_line(painter, first, number if row.flags & ANONYMOUS and number else name)
        if parts:
            painter.setFont(small)
            painter.setPen(QColor(colors.on_tint if chosen else colors.soft))
            second = QRect(place.x(), top + heights[0], place.width(), heights[1])
            paint_line(painter, second, "  ·  ".join(parts))


def share_place(row: QRect) -> QRect:
    """Where the share mark of a row stands."""
    return QRect(row.right() - S - 32, row.y(), 32, row.height())
