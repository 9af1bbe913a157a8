"""Photos for the rows in sight: looked up after the list was painted, one at a time, so that no key waits for them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QPixmap

from ringdesk.domain.contact import VIP, ContactRow
from ringdesk.domain.rightofway import WINDOW
from ringdesk.ui.theme import AVATAR_ROW, Theme
from ringdesk.ui.widgets_photo import PhotoTrouble, read_photo

CALM_MS: Final = 120
"""How long after a row came into sight its photo is looked for: whoever types or scrolls on is not held up."""

AGAIN_MS: Final = 10
"""Later by so much, where a pop comes up or a letter is not painted yet."""

KEPT: Final = 256
"""Rows whose photo, or that they have none, is remembered: some screens full."""


@dataclass(slots=True)
class _Known:
    """The photo of a row as it is painted; None where it has none. `stale`: look again, something was saved."""

    picture: QPixmap | None
    stale: bool = False


class RowPhotos(QObject):
    """Gives a row's photo where it is known, and looks for the others in its own time."""

    found = Signal()
    """A photo was found, or one is gone: paint again."""

    def __init__(self, theme: Theme, look: Callable[[str], bytes | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._look = theme, look
        self._known: OrderedDict[tuple[str, float], _Known] = OrderedDict()
        self._wanted: OrderedDict[tuple[str, float], ContactRow] = OrderedDict()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._find_one)
        theme.changed.connect(self._forget)

    def of(self, row: ContactRow, scale: float) -> QPixmap | None:
        """The photo in a circle, where it is known that the contact has one."""
        key = (row.id, scale)
        known = self._known.get(key)
        if (known is None or known.stale) and key not in self._wanted:
            self._wanted[key] = row
            if len(self._wanted) > KEPT:
                self._wanted.popitem(last=False)
            self._timer.start(CALM_MS)
        return None if known is None else known.picture

    def something_changed(self, ids: frozenset[str] = frozenset()) -> None:
        """These contacts were saved, or any: photos stay as they are until they were looked at again."""
        for (id, _), known in self._known.items():
            known.stale = known.stale or not ids or id in ids

    def rest(self) -> None:
        """Look for nothing while nobody sees the list; what is painted again is wanted again."""
        self._timer.stop()
        self._wanted.clear()

    @Slot()
    def _forget(self) -> None:
        self._known.clear()

    @Slot()
    def _find_one(self) -> None:
        if not self._wanted:
            return
        if WINDOW.pressing:
            self._timer.start(AGAIN_MS)
            return
        key, row = self._wanted.popitem()  # what came into sight last is most likely still there
        before = self._known.get(key)
        picture = self._drawn(row, key[1])
        self._known[key] = _Known(picture)
        self._known.move_to_end(key)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        if picture is not None or (before is not None and before.picture is not None):
            self.found.emit()
        if self._wanted:
            self._timer.start(0)

    def _drawn(self, row: ContactRow, scale: float) -> QPixmap | None:
        data = self._look(row.id)
        image = read_photo(data) if data else PhotoTrouble.BROKEN
        if isinstance(image, PhotoTrouble):
            return None
        photo = QPixmap.fromImage(image)
        return self._theme.avatar(row.name, AVATAR_ROW, photo, scale=scale, ring=bool(row.flags & VIP))
