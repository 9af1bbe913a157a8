"""The pictures pops are painted with, each rendered once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QPixmap

from ringdesk.ui.theme import Theme

KEPT: Final = 32
"""Photos kept at most."""

GROUNDS: Final = 48

PhotoKey = tuple[str, int, float, bool]
"""Digest, size, scale of the screen, with the VIP ring."""


class PopPictures(QObject):
    """Keeps empty cards, circles and photos in the colours of now; icons are kept by the theme.

    `photo` gives a contact's picture by its digest.
    """

    def __init__(self, theme: Theme, photo: Callable[[str], QPixmap | None], parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._photo = theme, photo
        self._grounds: dict[tuple[object, ...], tuple[QPixmap, QPixmap]] = {}
        self._photos: dict[PhotoKey, QPixmap] = {}
        theme.changed.connect(self._forget)

    def ground(self, key: tuple[object, ...], draw: Callable[[], tuple[QPixmap, QPixmap]]) -> tuple[QPixmap, QPixmap]:
        """The empty card of a kind and size, and its icon."""
        if key not in self._grounds:
            while len(self._grounds) >= GROUNDS:
                del self._grounds[next(iter(self._grounds))]
            self._grounds[key] = draw()
        return self._grounds[key]

    def circle(self, color: str, size: int, scale: float, *, ring: bool) -> QPixmap:
        """The circle that initials stand on; the figure for somebody without a name where `color` is empty."""
        return self._theme.circle(color, size, scale=scale, ring=ring)

    def photo(self, key: PhotoKey) -> QPixmap | None:
        """The photo in its circle, where it was loaded before."""
        return self._photos.get(key)

    def load(self, key: PhotoKey) -> bool:
        """Load a photo, where it was not loaded before; True when there is one to paint."""
        digest, size, scale, ring = key
        if key in self._photos:
            return True
        if not digest:
            return False
        picture = self._photo(digest)
        if picture is None or picture.isNull():
            return False
        while len(self._photos) >= KEPT:
            del self._photos[next(iter(self._photos))]
        self._photos[key] = self._theme.avatar("", size, picture, scale=scale, ring=ring)
        return True

    @Slot()
    def _forget(self) -> None:
        self._grounds.clear()
        self._photos.clear()
