"""The only label RingDesk uses: plain text, never markup, so that a name cannot draw a picture or a link."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6 import QtGui
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QClipboard, QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from ringdesk.ui.soft_breaks import SOFT, breakable, whole
from ringdesk.ui.theme import restyle

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent


class Role(Enum):
    """What a label is; the values are roles of the style sheet."""

    BODY = ""
    SMALL = "small"
    SOFT = "soft"
    STRONG = "strong"
    TITLE = "title"
    HEADLINE = "headline"
    FIELD = "field"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    CHIP = "chip"


class PlainLabel(QLabel):
    """A label of plain text. `selectable` lets the text be copied by mouse and keyboard."""

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        parent: QWidget | None = None,
        *,
        wrap: bool = False,
        selectable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._spoken = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setOpenExternalLinks(False)
        self.setWordWrap(wrap)
        if role is not Role.BODY:
            self.setProperty("role", role.value)
        if selectable:
            flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            self.setTextInteractionFlags(flags)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text. Where lines are wrapped, a word that is wider than the label is broken too."""
        broken = breakable(text) if self.wordWrap() else text
        super().setText(broken)
        self._speak(text if broken != text else "")

    def _speak(self, text: str) -> None:
        """Have a text read without its breaks, where nobody gave the label another name."""
        if self.accessibleName() == self._spoken and text != self._spoken:
            self.setAccessibleName(text)
            self._spoken = text

    def text(self) -> str:
        """The text as it was given."""
        return whole(super().text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is copied has no breaks in it."""
        super().keyPressEvent(event)
        if event.matches(QtGui.QKeySequence.StandardKey.Copy):
            self._clean(QClipboard.Mode.Clipboard)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """What the middle button pastes has none either."""
        super().mouseReleaseEvent(event)
        self._clean(QClipboard.Mode.Selection)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy what is selected."""
        if not self.hasSelectedText():
            event.ignore()
            return
        chosen = whole(self.selectedText())
        menu = QMenu(self.window())  # the label may go while the menu is open
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("&Copy"))
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(chosen))
        menu.popup(event.globalPos())

    def _clean(self, where: QClipboard.Mode) -> None:
        if self.hasSelectedText() and SOFT in self.selectedText():
            QGuiApplication.clipboard().setText(whole(self.selectedText()), where)

    def set_role(self, role: Role, kind: str = "") -> None:
        """Change what the label is, and its kind (chips: plain, star, warn, bad, good)."""
        restyle(self, "kind", kind)
        restyle(self, "role", role.value)


class ElidedLabel(PlainLabel):
    """A label of one line that ends in … where there is no room; the whole text stays readable to screen readers."""

    def __init__(self, text: str = "", role: Role = Role.BODY, parent: QWidget | None = None) -> None:
        super().__init__("", role, parent)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_whole(text)

    @property
    def whole(self) -> str:
        """The text before it was cut."""
        return self._whole

    def set_whole(self, text: str) -> None:
        """Show a text, cut to the room there is."""
        self._whole = text
        self.setAccessibleName(text)
        self._cut()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew for the new width."""
        super().resizeEvent(event)
        self._cut()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cut once more: the style sheet may have changed the font since."""
        self._cut()
        super().paintEvent(event)

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        metrics = QFontMetrics(self.font())
        return QSize(min(900, metrics.horizontalAdvance(self._whole) + 4), metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """One letter may stand alone."""
        return QSize(24, QFontMetrics(self.font()).height() + 2)

    def _cut(self) -> None:
        fitting = QFontMetrics(self.font()).elidedText(self._whole, Qt.TextElideMode.ElideRight, max(24, self.width()))
        if fitting != self.text():
            self.setText(fitting)
