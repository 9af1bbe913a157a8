"""An avatar on the page: photo or initials, drawn anew when the theme or the screen changes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from ringdesk.ui.theme import Theme
from ringdesk.ui.theme_avatar import paint_avatar
from ringdesk.ui.widgets_photo import PhotoTrouble, read_photo


class Avatar(QWidget):
    """A picture of a contact. Screen readers pass over it: the name stands beside it."""

    def __init__(self, theme: Theme, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._size = theme, size
        self._name, self._ring, self._bytes = "", False, b""
        self._photo: QPixmap | None = None
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    @property
    def has_photo(self) -> bool:
        """True when a photo is drawn, not initials."""
        return self._photo is not None

    def show_contact(self, name: str, photo: bytes | None, *, ring: bool = False) -> None:
        """Draw a photo where there is a readable one, else initials; `ring` for a VIP."""
        self._name, self._ring = name, ring
        if (photo or b"") != self._bytes:
            self._bytes = photo or b""
            picture = read_photo(self._bytes) if self._bytes else PhotoTrouble.BROKEN
            self._photo = None if isinstance(picture, PhotoTrouble) else QPixmap.fromImage(picture)
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        paint_avatar(painter, QRectF(self.rect()), self._name, self._theme.colors, self._photo, ring=self._ring)
        painter.end()
