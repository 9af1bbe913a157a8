"""The buttons of a pop: real push buttons for mouse, keyboard and screen readers, painted by hand for speed."""

from __future__ import annotations

from enum import Enum
from time import monotonic
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from ringdesk.desk.popview import Action
from ringdesk.domain.values import dataclass
from ringdesk.ui.pop_fonts import Face, Measured, PopFonts
from ringdesk.ui.pop_layout import MORE, PICK, ROWS, WHY, ButtonAt
from ringdesk.ui.pop_pictures import PopPictures
from ringdesk.ui.pop_words import ACTIONS
from ringdesk.ui.pop_words import WHY as WHY_NAME
from ringdesk.ui.theme import Theme, Tint
from ringdesk.ui.words import say


class Style(Enum):
    """How a button is painted."""

    GOOD = "good"
    BAD = "bad"
    QUIET = "quiet"
    LINK = "link"
    CHIP = "chip"
    CLOSE = "close"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Made:
    """What a button is from the start: its icon, its style, its short text and its full name."""

    style: Style
    icon: str = ""
    text: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Dress:
    """What pops are painted with."""

    theme: Theme
    fonts: PopFonts
    pictures: PopPictures


def _made() -> dict[str, Made]:
    icons = {
        Action.OPEN: "person", Action.NOTE: "note", Action.COPY: "copy", Action.CLOSE: "close", Action.ANSWER: "phone",
        Action.DECLINE: "decline", Action.ADD: "person-add", Action.ADD_TO: "plus", Action.BLOCK: "block",
    }  # several to a line  # fmt: skip
    styles = {
        Action.ANSWER: Style.GOOD, Action.DECLINE: Style.BAD, Action.CLOSE: Style.CLOSE, Action.FORGET_PICK: Style.LINK
    }  # several to a line  # fmt: skip
    made = {
        action.name: Made(styles.get(action, Style.QUIET), icons.get(action, ""), say(short), say(full))
        for action, (short, full) in ACTIONS.items()
    }
    made[WHY] = Made(Style.LINK, name=say(WHY_NAME))
    made[MORE] = Made(Style.CHIP)
    made.update({f"{PICK}{place}": Made(Style.ROW, "person") for place in range(ROWS)})
    return made


_FILLS: Final = {Style.GOOD: ("good", "surface", Tint.ON_ACCENT), Style.BAD: ("bad", "on_bad", Tint.ON_BAD)}


class PopButton(QPushButton):
    """One button of a pop. It never takes the keyboard by a click and is never a default button."""

    def __init__(self, key: str, made: Made, dress: Dress, parent: QWidget) -> None:
        super().__init__(parent)
        self.key, self._made = key, made
        self._theme, self._fonts = dress.theme, dress.fonts
        self._at = ButtonAt(self.rect())
        self._named = ("", "", "")
        self.calm_until = 0.0
        """Until then (monotonic) the mouse does not press it."""
        self.setObjectName(f"pop_{key.lower()}")
        self.setAutoDefault(False)
        self.setDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAttribute(Qt.WidgetAttribute.WA_AlwaysShowToolTips)
        self.setStyleSheet("min-height: 0; min-width: 0; padding: 0;")
        if made.name:
            self.setAccessibleName(made.name)
            self.setToolTip(made.name)
        self.hide()

    def take(self, at: ButtonAt | None) -> None:
        """Stand at this place, or go."""
        if at is None:
            self.setVisible(False)
            return
        if not self._made.name and (at.caption, at.detail, at.mark) != self._named:
            self._named = (at.caption, at.detail, at.mark)
            self.setAccessibleName(", ".join(part for part in (at.caption, at.detail, at.mark) if part))
        if at != self._at:
            self._at = at
            self.setGeometry(at.rect)
            self.update()
        self.setVisible(True)

    @property
    def shown_text(self) -> str:
        """The text on the button."""
        return self._at.caption or ("" if self._at.icon_only else self._made.text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click meant for what stood here a moment ago presses nothing."""
        if monotonic() >= self.calm_until:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button in its style."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = self._made.style
        if style in _FILLS:
            self._filled(painter, *_FILLS[style])
        elif style is Style.LINK:
            self._link(painter)
        elif style is Style.CHIP:
            self._chip(painter)
        elif style is Style.CLOSE:
            self._close(painter)
        elif style is Style.ROW:
            self._row(painter)
        else:
            self._quiet(painter)
        if self.hasFocus():
            self._ring(painter)
        painter.end()

    def _ground(self, painter: QPainter, rect: QRectF, color: str, radius: float = 7) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(self._theme.colors, color)))
        painter.drawRoundedRect(rect, radius, radius)

    def _ring(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self._theme.colors.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)

    def _face(self, face: Face = Face.BUTTON) -> Measured:
        return self._fonts[face]

    def _inner(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0, 2, 0, -2)

    def _filled(self, painter: QPainter, ground: str, ink: str, tint: Tint) -> None:
        self._ground(painter, self._inner(), ground)
        if self.underMouse():
            shade = QColor(self._theme.colors.ink)
            shade.setAlpha(70 if self.isDown() else 36)
            painter.setBrush(shade)
            painter.drawRoundedRect(self._inner(), 7, 7)
        self._icon_and_text(painter, ink, tint)

    def _quiet(self, painter: QPainter) -> None:
        if self.underMouse() or self.isDown():
            self._ground(painter, self._inner(), "line" if self.isDown() else "raised")
        self._icon_and_text(painter, "accent", Tint.ACCENT)

    def _icon_and_text(self, painter: QPainter, ink: str, tint: Tint) -> None:
        px, face = self._fonts.px, self._face()
        side, gap = px(16), px(6)
        text = face.elided(self.shown_text, self.width() - side - gap - px(6)) if self.shown_text else ""
        width = side + (gap + face.advance(text) if text else 0)
        left = (self.width() - width) / 2
        picture = self._theme.pixmap(self._made.icon, tint, side, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(round(left), (self.height() - side) // 2), picture)
        if text:
            self._text(painter, text, left + side + gap, face, ink)

    def _text(self, painter: QPainter, text: str, x: float, face: Measured, ink: str, top: int | None = None) -> None:
        painter.setFont(face.font_of(text))
        painter.setPen(QColor(getattr(self._theme.colors, ink)))
        y = (self.height() - face.pitch) // 2 if top is None else top
        painter.drawText(QPointF(round(x), y + face.drop), text)

    def _link(self, painter: QPainter) -> None:
        face = self._face(Face.LINE)
        text = face.elided(self.shown_text, self.width())
        x = self.width() - face.advance(text) - 1
        self._text(painter, text, x, face, "accent")
        y = (self.height() - face.pitch) // 2 + face.drop + 2
        line = QColor(self._theme.colors.accent)
        line.setAlpha(255 if self.underMouse() else 90)
        painter.setPen(QPen(line, 1))
        painter.drawLine(QPointF(x, y), QPointF(self.width() - 1, y))

    def _chip(self, painter: QPainter) -> None:
        face, px = self._face(), self._fonts.px
        high = face.pitch + px(3)
        rect = QRectF(0, self._at.middle - high / 2, self.width(), high)
        self._ground(painter, rect, "accent_hover" if self.underMouse() else "accent", high / 2)
        self._text(painter, self.shown_text, px(8), face, "on_accent", self._at.middle - face.pitch // 2)

    def _close(self, painter: QPainter) -> None:
        px = self._fonts.px
        side, band = px(14), px(24)
        center = QPointF(self.width() / 2, band / 2)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.colors.line))
            painter.drawEllipse(center, px(10), px(10))
        picture = self._theme.pixmap("close", Tint.SOFT, side, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(round(center.x() - side / 2), round(center.y() - side / 2)), picture)

    def _row(self, painter: QPainter) -> None:
        px, name, line = self._fonts.px, self._face(), self._face(Face.LINE)
        self._ground(painter, QRectF(self.rect()), "tint" if self.underMouse() else "raised")
        left, right = px(10), self.width() - px(10)
        if self._at.mark:
            width = round(line.advance(self._at.mark)) + px(14)
            rect = QRectF(right - width, (self.height() - line.pitch) / 2, width, line.pitch)
            self._ground(painter, rect, "good_tint", line.pitch / 2)
            self._text(painter, self._at.mark, rect.x() + px(7), line, "good", int(rect.y()))
            right -= width + px(8)
        two = bool(self._at.detail)
        top = (self.height() - name.pitch - line.pitch * two) // 2
        self._text(painter, name.elided(self._at.caption, right - left), left, name, "ink", top)
        if two:
            self._text(painter, line.elided(self._at.detail, right - left), left, line, "soft", top + name.pitch)


def make_buttons(dress: Dress, parent: QWidget) -> dict[str, PopButton]:
    """All buttons a pop can have, hidden, in the order the Tab key walks."""
    return {key: PopButton(key, made, dress, parent) for key, made in _made().items()}
