"""Paints one row of the contacts list: avatar, name, company and number, badges."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, cast

from PySide6 import QtGui
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
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap, QStaticText
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from ringdesk.domain.contact import ANONYMOUS, BLOCKED, FOREIGN, LINKED, SHARED, VIP, ContactRow
from ringdesk.domain.values import dataclass
from ringdesk.domain.words import side_by_side
from ringdesk.ui.contacts_model import ContactsModel, row_lines
from ringdesk.ui.contacts_photos import RowPhotos
from ringdesk.ui.text_width import Widths, is_plain
from ringdesk.ui.theme import AVATAR_ROW, L, M, S, Text, Theme, Tint
from ringdesk.ui.theme_avatar import RING, avatar_colors, avatar_letters, letters_font
from ringdesk.ui.widgets_rows import hovered, paint_field, row_height

Index = QModelIndex | QPersistentModelIndex
BADGE: Final = 16
SHARE_WIDTH: Final = 32
KEPT: Final = 256
"""Rows whose texts and avatar are kept ready: some screens full."""


class Writing:
    """A font with its measures."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.widths = Widths(font)
        metrics = QFontMetrics(font)
        self.height, self.ascent = metrics.height(), metrics.ascent()

    def cut(self, text: str, width: int) -> str:
        """The text, or as much of it as there is room for."""
        if self.widths.fits(text, width):
            return text
        return self.widths.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


class Line:
    """A line of text without markup, laid out for later paints.

    Most are painted once and then scrolled out of sight: where the letters are Latin only the second paint lays them
    out, which costs half as much again. Other scripts borrow fonts, which move the baseline of what is laid out.
    """

    __slots__ = ("_laid_out", "_painted", "_text")

    def __init__(self, text: str) -> None:
        self._text, self._painted = text, not is_plain(text)
        self._laid_out: QStaticText | None = None

    def paint(self, painter: QPainter, x: int, y: int, ascent: int) -> None:
        """Paint it with its upper left corner here, in the font of the painter, which has this ascent."""
        if self._laid_out is not None:
            painter.drawStaticText(x, y, self._laid_out)
        elif self._painted:
            self._laid_out = laid_out(self._text)
            painter.drawStaticText(x, y, self._laid_out)
        else:
            self._painted = True
            painter.drawText(x, y + ascent, self._text)


@dataclass(frozen=True, slots=True)
class Look:
    """What is painted of a contact whatever state its row is in: both lines, cut, and the avatar.

    The avatar is a circle that many have, and on it `letters` in a font and a colour, from `at` in the circle.
    """

    first: Line
    second: Line | None
    circle: QPixmap
    letters: QStaticText | None
    font: QFont
    ink: QColor
    at: tuple[float, float]


LookKey = tuple[ContactRow, str, int, float]
"""Row, home country, width, scale of the screen."""


class ContactDelegate(QStyledItemDelegate):
    """A row of two lines. The share mark at the right can be clicked; Space ticks it too."""

    def __init__(self, theme: Theme, rows: ContactsModel, photos: RowPhotos, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._theme, self._rows, self._photos, self._view = theme, rows, photos, parent
        self._looks: OrderedDict[LookKey, Look] = OrderedDict()
        self._dress()
        theme.changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        self._looks.clear()
        self._bar = self._view.verticalScrollBar().sizeHint().width()
        self._strong, self._small = Writing(self._theme.font(Text.STRONG)), Writing(self._theme.font(Text.SMALL))
        self._letters: dict[tuple[int, int], Writing] = {}
        self._laid_out: dict[str, QStaticText] = {}
        colors = self._theme.colors
        self._inks = {name: QColor(getattr(colors, name)) for name in ("ink", "soft", "on_tint")}
        self._avatar_inks = {ink: QColor(ink) for _, ink in colors.avatars}

    @property
    def _room(self) -> int:
        """How wide texts may be: the same whether the scroll bar is there or not, so that they are laid out once."""
        return self._view.width() - self._bar - (L + AVATAR_ROW + M) - (SHARE_WIDTH + 2 * S)

    @property
    def height(self) -> int:
        """The height of every row, after the fonts of the theme."""
        return row_height(self._theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Every row is as high as the others."""
        return QSize(200, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the whole row."""
        row = self._rows.contact_row(index.row())
        if row is None:
            return
        painter.save()
        place: QRect = option.rect
        x, y, width, height = cast("tuple[int, int, int, int]", place.getRect())
        chosen = self._view.selectionModel().isSelected(index)
        marked = chosen or (self._view.underMouse() and hovered(option.state))
        if marked:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            focused = chosen and index == self._view.currentIndex() and self._view.hasFocus()
            paint_field(painter, place, self._theme, chosen=chosen, focused=focused)
        scale = self._view.devicePixelRatioF()
        end = right = x + width - 1 - S - SHARE_WIDTH
        if row.flags or marked:
            may = marked and self._rows.can_tick(row)  # what may not be ticked is not offered
            right = self._badges(painter, place, row, scale, active=may)
        left = x + L + AVATAR_ROW + M
        look = self._look(row, self._room - (end - right), scale)
        photo = self._photos.of(row, scale)
        if photo is not None:
            painter.drawPixmap(x + L, y + (height - AVATAR_ROW) // 2, photo)
        else:
            self._avatar(painter, x + L, y + (height - AVATAR_ROW) // 2, look)
        self._texts(painter, left, y + (height - 1) // 2, look, chosen=chosen)
        painter.restore()

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """Tick the share mark by a click on it or by the Space key."""
        row = self._rows.contact_row(index.row())
        if row is None or not model.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        if isinstance(event, QtGui.QKeyEvent):
            hit = event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space
        elif isinstance(event, QtGui.QMouseEvent):
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

    def _badges(self, painter: QPainter, place: QRect, row: ContactRow, scale: float, *, active: bool) -> int:
        """Paint the badges from the right; gives where they begin."""
        right, flags = share_place(place).left(), row.flags & self._rows.marks
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
            (LINKED, "cloud", Tint.SOFT),
        ):
            if flags & bit:
                right -= BADGE + 4
                painter.drawPixmap(right, place.center().y() - BADGE // 2, self._theme.pixmap(icon, tint, BADGE, scale))
        return right

    def _look(self, row: ContactRow, width: int, scale: float) -> Look:
        """The look of a contact in so much room: made when it comes into sight, kept while its like are scrolled by."""
        key = (row, self._rows.region, width, scale)
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = self._made(*key)
            if len(self._looks) > KEPT:
                self._looks.popitem(last=False)
        else:
            self._looks.move_to_end(key)
        return look

    def _made(self, row: ContactRow, region: str, width: int, scale: float) -> Look:
        first, *parts = row_lines(row, region)
        second = self._small.cut(side_by_side(parts, "  ·  "), width)
        ring, letters = bool(row.flags & VIP), avatar_letters(row.name)
        ground, ink = avatar_colors(row.name, self._theme.colors) if letters else ("", self._theme.colors.avatars[0][1])
        writing = self._writing(letters, AVATAR_ROW - 2 * RING * ring)
        return Look(
            Line(self._strong.cut(first, width)),
            Line(second) if second else None,
            self._theme.circle(ground, AVATAR_ROW, scale=scale, ring=ring),
            self._initials(letters) if letters else None,
            writing.font,
            self._avatar_inks[ink],
            ((AVATAR_ROW - writing.widths.advance(letters)) / 2, (AVATAR_ROW - writing.height) / 2),
        )

    def _writing(self, letters: str, side: int) -> Writing:
        """The font of initials, by how many they are and how wide the circle is."""
        key = (len(letters), side)
        if key not in self._letters:
            self._letters[key] = Writing(letters_font(self._theme.font(), letters, side))
        return self._letters[key]

    def _initials(self, letters: str) -> QStaticText:
        """Initials, laid out once for all who have them."""
        made = self._laid_out.get(letters)
        if made is None:
            if len(self._laid_out) >= KEPT:
                self._laid_out.clear()
            made = self._laid_out[letters] = laid_out(letters)
        return made

    @staticmethod
    def _avatar(painter: QPainter, x: int, y: int, look: Look) -> None:
        painter.drawPixmap(x, y, look.circle)
        if look.letters is not None:
            painter.setFont(look.font)
            painter.setPen(look.ink)
            painter.drawStaticText(QPointF(x + look.at[0], y + look.at[1]), look.letters)

    def _texts(self, painter: QPainter, left: int, middle: int, look: Look, *, chosen: bool) -> None:
        inks, strong, small = self._inks, self._strong, self._small
        top = middle - (strong.height + (small.height if look.second else 0)) // 2 + 1
        painter.setFont(strong.font)
        painter.setPen(inks["on_tint" if chosen else "ink"])
        look.first.paint(painter, left, top, strong.ascent)
        if look.second is not None:
            painter.setFont(small.font)
            painter.setPen(inks["on_tint" if chosen else "soft"])
            look.second.paint(painter, left, top + strong.height, small.ascent)


def laid_out(text: str) -> QStaticText:
    """A line of plain text that is laid out once, when it is first painted."""
    line = QStaticText(text)
    line.setTextFormat(Qt.TextFormat.PlainText)
    return line


def share_place(row: QRect) -> QRect:
    """Where the share mark of a row stands."""
    return QRect(row.right() - S - SHARE_WIDTH, row.y(), SHARE_WIDTH, row.height())
