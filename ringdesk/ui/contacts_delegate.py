"""Paints one row of the contacts list: avatar, name, company and number, badges."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ringdesk.domain.contact import ANONYMOUS, BLOCKED, FOREIGN, SHARED, VIP, ContactRow
from ringdesk.ui.contacts_model import NUMBER_ROLE, ROW_ROLE, shown_name
from ringdesk.ui.theme import AVATAR_ROW, L, M, S, Text, Theme, Tint
from ringdesk.ui.widgets_rows import paint_ground, row_height
from ringdesk.ui.words import shown

Index = QModelIndex | QPersistentModelIndex
BADGE: Final = 16
_CHOSEN: Final = QStyle.StateFlag.State_Selected.value
_MARKED: Final = (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver).value
KEPT: Final = 256
"""Rows whose texts and avatar are kept ready: some screens full."""


class Writing:
    """A font with its measures."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        self.height, self.ascent = self.metrics.height(), self.metrics.ascent()

    def cut(self, text: str, width: int) -> str:
        """The text, or as much of it as there is room for."""
        return self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


@dataclass(frozen=True, slots=True)
class Look:
    """What is painted of a contact whatever state its row is in: both lines, cut, and the avatar."""

    first: str
    second: str
    avatar: QPixmap


LookKey = tuple[ContactRow, str, int, float]


class ContactDelegate(QStyledItemDelegate):
    """A row of two lines. The share mark at the right can be clicked; Space ticks it too."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._looks: OrderedDict[LookKey, Look] = OrderedDict()
        self._dress()
        theme.changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        self._looks.clear()
        self._strong, self._small = Writing(self._theme.font(Text.STRONG)), Writing(self._theme.font(Text.SMALL))

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
        state = option.state
        marked = state.value & _MARKED
        if marked:
            paint_ground(painter, place, state, self._theme)
        left = place.x() + L + AVATAR_ROW + M
        right = self._badges(painter, place, row, active=bool(marked))
        look = self._look(row, index.data(NUMBER_ROLE), right - left - S, painter.device().devicePixelRatioF())
        painter.drawPixmap(place.x() + L, place.y() + (place.height() - AVATAR_ROW) // 2, look.avatar)
        self._texts(painter, left, place, look, chosen=bool(marked & _CHOSEN))
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

    def _badges(self, painter: QPainter, place: QRect, row: ContactRow, *, active: bool) -> int:
        """Paint the badges from the right; gives where they begin."""
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

    def _look(self, row: ContactRow, number: str, width: int, scale: float) -> Look:
        """The look of a contact in so much room: made when it comes into sight, kept while its like are scrolled by."""
        key = (row, number, width, scale)
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = self._made(row, number, width, scale)
            if len(self._looks) > KEPT:
                self._looks.popitem(last=False)
        else:
            self._looks.move_to_end(key)
        return look

    def _made(self, row: ContactRow, number: str, width: int, scale: float) -> Look:
        name, company = shown_name(row), shown(row.company)
        parts = [part for part in (company, number) if part and part not in (name, shown(row.name))]
        first = number if row.flags & ANONYMOUS and number else name
        avatar = self._theme.avatar(row.name, AVATAR_ROW, scale=scale, ring=bool(row.flags & VIP))
        return Look(self._strong.cut(first, width), self._small.cut("  ·  ".join(parts), width), avatar)

    def _texts(self, painter: QPainter, left: int, place: QRect, look: Look, *, chosen: bool) -> None:
        colors, strong, small = self._theme.colors, self._strong, self._small
        top = place.center().y() - (strong.height + (small.height if look.second else 0)) // 2 + 1
        painter.setFont(strong.font)
        painter.setPen(QColor(colors.on_tint if chosen else colors.ink))
        painter.drawText(QPointF(left, top + strong.ascent), look.first)
        if look.second:
            painter.setFont(small.font)
            painter.setPen(QColor(colors.on_tint if chosen else colors.soft))
            painter.drawText(QPointF(left, top + strong.height + small.ascent), look.second)


def share_place(row: QRect) -> QRect:
    """Where the share mark of a row stands."""
    return QRect(row.right() - S - 32, row.y(), 32, row.height())
