"""The pictures pops are painted with, each rendered once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QPixmap

from ringdesk.ui.theme import Theme, Tint

KEPT: Final = 64
"""Avatars kept at most."""


class PopPictures(QObject):
    """Keeps icons and avatars in the colours of now. `photo` gives a contact's picture by its digest."""

    def __init__(self, theme: Theme, photo: Callable[[str], QPixmap | None], parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._photo = theme, photo
        self._icons: dict[tuple[str, Tint, int, float], QPixmap] = {}
        self._avatars: dict[tuple[str, str, int, float, bool], QPixmap] = {}
        theme.changed.connect(self._forget)

    def icon(self, name: str, tint: Tint, size: int, scale: float) -> QPixmap:
        """An icon."""
        key = (name, tint, size, scale)
        if key not in self._icons:
            self._icons[key] = self._theme.pixmap(name, tint, size, scale)
        return self._icons[key]

    def avatar(self, name: str, photo: str, size: int, scale: float, *, ring: bool) -> QPixmap:
        """Initials, or the photo where it was loaded before."""
        key = (name, photo, size, scale, ring)
        return self._avatars.get(key) or self._drawn((name, "", size, scale, ring), None)

    def load(self, name: str, photo: str, size: int, scale: float, *, ring: bool) -> bool:
        """Load a photo; True when there is now one to paint that was not there before."""
        key = (name, photo, size, scale, ring)
        if not photo or key in self._avatars:
            return False
        picture = self._photo(photo)
        if picture is None or picture.isNull():
            return False
        self._drawn(key, picture)
        return True

    def _drawn(self, key: tuple[str, str, int, float, bool], photo: QPixmap | None) -> QPixmap:
        if key not in self._avatars:
            while len(self._avatars) >= KEPT:
                del self._avatars[next(iter(self._avatars))]
            name, _, size, scale, ring = key
            self._avatars[key] = self._theme.avatar(name, size, photo, scale=scale, ring=ring)
        return self._avatars[key]

    @Slot()
    def _forget(self) -> None:
        self._icons.clear()
        self._avatars.clear()
