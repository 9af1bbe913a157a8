"""How wide a text is in a font: exactly, or at most where that is enough, which costs a tenth."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFont, QFontMetricsF

KEPT: Final = 1024
"""Widths that are kept, a font."""

_PLAIN: Final = "\u0250"
"""Letters before this one are as wide in a word as they are alone, or a little narrower."""
_SLACK: Final = 1.03


class Widths:
    """The widths of texts in one font."""

    def __init__(self, font: QFont) -> None:
        self.metrics = QFontMetricsF(font)
        self._known: dict[str, float] = {}

    def advance(self, text: str) -> float:
        """How wide a text is."""
        width = self._known.get(text)
        if width is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            width = self._known[text] = self.metrics.horizontalAdvance(text)
        return width

    def fits(self, text: str, width: float) -> bool:
        """Whether there is room for a text; plain text is measured only where its letters leave a doubt."""
        if max(text, default="") < _PLAIN and self._at_most(text) <= width:
            return True
        return self.advance(text) <= width

    def _at_most(self, text: str) -> float:
        known = self._known
        try:
            return sum([known[letter] for letter in text]) * _SLACK
        except KeyError:
            return sum([self.advance(letter) for letter in text]) * _SLACK
