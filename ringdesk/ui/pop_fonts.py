"""The fonts a pop is painted with, and what they measure."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import Enum
from typing import Any, Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF

from ringdesk.domain.values import dataclass
from ringdesk.ui.text_width import Widths, is_plain
from ringdesk.ui.theme import Text, Theme

T = TypeVar("T")

KEPT: Final = 256
"""Layouts that are kept."""

_NAME_SIZE: Final = 1.3
_USUAL_PIXELS: Final = 13.333
_TIGHT: Final = 0.93
"""Lines of a pop stand a little closer than the font asks for."""


class Face(Enum):
    """The texts of a pop."""

    __hash__ = object.__hash__  # Enum's own is Python, and a pop asks some dozens of times

    STATE = "state"
    NAME = "name"
    LINE = "line"
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class Measured:
    """A font with its metrics; `pitch` is the height of a line, `drop` from its top to the baseline.

    `plain` is the same font for Latin letters, which need no shaping: that is half of what painting a text costs.
    """

    font: QFont
    widths: Widths
    plain: QFont
    plain_widths: Widths
    pitch: int
    drop: int

    @property
    def metrics(self) -> QFontMetricsF:
        """All measures of the font."""
        return self.widths.metrics

    def font_of(self, text: str) -> QFont:
        """The font that a text is painted in."""
        return self.plain if is_plain(text) else self.font

    def elided(self, text: str, width: float) -> str:
        """The text, cut with … where it is wider."""
        widths = self._of(text)
        if widths.fits(text, width):
            return text
        return widths.metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))

    def at_most(self, text: str) -> float:
        """How wide a text is, or a little more where that is quicker to tell."""
        return self._of(text).at_most(text)

    def advance(self, text: str) -> float:
        """How wide a text is."""
        return self._of(text).advance(text)

    def _of(self, text: str) -> Widths:
        return self.plain_widths if is_plain(text) else self.widths


class PopFonts:
    """All fonts of a pop; `scale` says how large text is beside its usual size."""

    def __init__(self, theme: Theme) -> None:
        body = theme.font(Text.BODY)
        self.scale = max(1.0, QFontInfo(body).pixelSize() / _USUAL_PIXELS)
        name = theme.font(Text.TITLE)
        name.setPointSizeF(body.pointSizeF() * _NAME_SIZE)
        small, state = theme.font(Text.SMALL), theme.font(Text.SMALL)
        state.setWeight(QFont.Weight.DemiBold)
        button = theme.font(Text.SMALL)
        button.setWeight(QFont.Weight.DemiBold)
        self._initials: dict[int, Measured] = {}
        self._kept: dict[Hashable, Any] = {}
        self._faces = {
            Face.STATE: _measured(state),
            Face.NAME: _measured(name),
            Face.LINE: _measured(small),
            Face.BUTTON: _measured(button),
        }

    def __getitem__(self, face: Face) -> Measured:
        return self._faces[face]

    def initials(self, letters: str, side: int) -> Measured:
        """The font of initials in a circle of this width."""
        size = max(8, round(side * (0.36 if len(letters) > 1 else 0.42)))
        if size not in self._initials:
            font = QFont(self._faces[Face.BUTTON].font)
            font.setPixelSize(size)
            self._initials[size] = _measured(font)
        return self._initials[size]

    def kept(self, key: Hashable, lay_out: Callable[[], T]) -> T:
        """What was laid out with these fonts before, or is now: all that is the same for many calls."""
        found: T | None = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            found = self._kept[key] = lay_out()
        return found

    def px(self, pixels: float) -> int:
        """Pixels at the usual size, as many as they are at this one."""
        return round(pixels * self.scale)


def _measured(font: QFont) -> Measured:
    widths, plain = Widths(font), QFont(font)
    plain.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
    metrics = widths.metrics
    pitch = round(metrics.height() * _TIGHT)
    drop = round((pitch - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent())
    return Measured(font, widths, plain, Widths(plain), pitch, drop)
