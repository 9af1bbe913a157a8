"""Where a word that is wider than its column may be broken: invisible when shown, and never in what is copied."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

SOFT: Final = "\u200b"
LONGEST: Final = 32
"""Letters of a word that always fits."""

_ENDLESS: Final = re.compile(rf"[^\s\u2e80-\uffff]{{{LONGEST + 1},}}")
"""Such a word; East Asian text may be broken anywhere as it is."""


def breakable(text: str) -> str:
    """The text, its endless words (addresses of web pages, keys, the longest German) made breakable at any letter."""
    return text if len(text) <= LONGEST else _ENDLESS.sub(_broken, text)


def _broken(word: re.Match[str]) -> str:
    return "".join(c if unicodedata.category(c)[0] in "MC" else SOFT + c for c in word[0])[1:]


def whole(text: str) -> str:
    """The text as it was before."""
    return text.replace(SOFT, "")
