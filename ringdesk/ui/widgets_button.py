"""Buttons with a name for screen readers, an icon that follows the theme, and a role for the style sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from ringdesk.ui.theme import CONTROL, Theme, Tint
from ringdesk.ui.words import for_button

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

_TINTS = {"primary": Tint.ON_ACCENT, "danger": Tint.ON_BAD, "quiet": Tint.ACCENT, "link": Tint.ACCENT}


SHORT_CHIP: Final = 80
"""A chip that needs no more than this is never cut."""
CUT_CHIP: Final = 76
ROUNDING: Final = 2
"""A size hint with a cut text may differ so much from one with the whole text; the padding has room for it."""
LINK_EDGES: Final = 6
"""What the style sheet puts around a link's text."""
SLACK: Final = 4
"""Eliding measures a little wider than the advance."""
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class Button(QPushButton):
    """A button with a text; `role` is one of the style sheet's (primary, quiet, danger, good, link, chip) or empty."""

    def __init__(
        self, theme: Theme, text: str, name: str, parent: QWidget | None = None, *, role: str = "", icon: str = ""
    ) -> None:
        super().__init__(text, parent)
        self._theme, self._icon, self._tint = theme, icon, _TINTS.get(role, Tint.SOFT)
        self.setObjectName(name)
        self.setAccessibleName(text.replace("&", ""))
        self.setAutoDefault(False)
        if role:
            self.setProperty("role", role)
        self.setMinimumHeight(CONTROL)
        if icon:
            self._draw()
            theme.changed.connect(self._draw)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as Space does; held down it presses once."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD:
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def set_icon(self, icon: str, tint: Tint | None = None) -> None:
        """Take another icon."""
        if tint is not None:
            self._tint = tint
        self._icon = icon
        self._draw()

    @Slot()
    def _draw(self) -> None:
        self.setIcon(self._theme.icon(self._icon, self._tint))
        self.setIconSize(QSize(18, 18))


class Link(Button):
    """A text of data that opens something; it ends in … where there is no room, and is read out whole."""

    def __init__(self, theme: Theme, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, for_button(text), name, parent, role="link")
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._whole = text

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        wide = self.fontMetrics().horizontalAdvance(self._whole) + LINK_EDGES + SLACK
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Some letters may stand alone."""
        return QSize(min(CONTROL * 2, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut to the new width."""
        super().resizeEvent(event)
        room = self.width() - LINK_EDGES
        self.setText(for_button(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)))


class Chip(Button):
    """A filter that stays pressed; it ends in … where there is no room, and is read out whole."""

    def __init__(self, theme: Theme, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, text, name, parent, role="chip")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._whole = text

    def set_whole(self, text: str) -> None:
        """Show another text, cut to the room there is."""
        if text != self._whole:
            self._whole = text
            self._cut()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        hint, cut = super().sizeHint(), self._advance(self.text().replace("&&", "&"))
        return QSize(hint.width() - cut + self._advance(self._whole), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Some letters may stand alone."""
        wide = self.sizeHint().width()
        return QSize(wide if wide <= SHORT_CHIP else CUT_CHIP, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut to the new width."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        edges = self.sizeHint().width() - self._advance(self._whole)
        room = self.width() - edges
        fits = self._advance(self._whole) <= room + ROUNDING
        cut = self._whole if fits else self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(for_button(cut))

    def _advance(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)


class IconButton(QToolButton):
    """A square button with only an icon; `text` is its accessible name and its tip, so it must not come from data."""

    def __init__(
        self, theme: Theme, icon: str, text: str, name: str, parent: QWidget | None = None, *, tint: Tint = Tint.SOFT
    ) -> None:
        super().__init__(parent)
        self._theme, self._icon, self._tint = theme, icon, tint
        self.setObjectName(name)
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.setIconSize(QSize(20, 20))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(CONTROL, CONTROL)
        self._draw()
        theme.changed.connect(self._draw)

    def set_icon(self, icon: str, tint: Tint | None = None) -> None:
        """Take another icon."""
        if tint is not None:
            self._tint = tint
        self._icon = icon
        self._draw()

    @Slot()
    def _draw(self) -> None:
        self.setIcon(self._theme.icon(self._icon, self._tint))
