"""How wide a text is in a font: exactly, or at most where that is enough, which costs a tenth."""

from __future__ import annotations

from functools import cached_property
from string import ascii_letters, digits, punctuation
from typing import Final

from PySide6.QtGui import QFont, QFontMetricsF

KEPT: Final = 1024
"""Widths that are kept, a font."""

_PLAIN: Final = "\u0250"
"""Letters before this one are as wide in a word as they are alone, or a little narrower."""
_SLACK: Final = 1.03


def is_plain(text: str) -> bool:
    """Whether a text is of Latin letters and marks alone, each of which stands for itself."""
    return text.isascii() or max(text) < _PLAIN


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
        if text.isascii() and len(text) * self._widest <= width:
            return True
        if is_plain(text) and self._at_most(text) <= width:
            return True
        return self.advance(text) <= width

    def at_most(self, text: str) -> float:
        """How wide a text is, or a little more where that is quicker to tell."""
        return self._at_most(text) if is_plain(text) else self.advance(text)

    @cached_property
    def _widest(self) -> float:
        """The width of the widest plain letter, and a little more."""
        return max(self.advance(letter) for letter in f"{ascii_letters}{digits}{punctuation} ") * _SLACK

    def _at_most(self, text: str) -> float:
        known = self._known
        try:
            return sum([known[letter] for letter in text]) * _SLACK
        except KeyError:
            return sum([self.advance(letter) for letter in text]) * _SLACK
