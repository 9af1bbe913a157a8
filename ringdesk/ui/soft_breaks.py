"""Where a word that is wider than its column may be broken: invisible when shown, and never in what is copied."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

SOFT: Final = "\u200b"
LONGEST: Final = 32
"""Letters of a word that always fits."""


@lru_cache(maxsize=1)
def _endless() -> re.Pattern[str]:
    """A word that is longer; East Asian text may be broken anywhere as it is. Read when the first long text comes."""
    return re.compile(rf"[^\s\u2e80-\uffff]{{{LONGEST + 1},}}")


def breakable(text: str) -> str:
    """The text, its endless words (addresses of web pages, keys, the longest German) made breakable at any letter."""
    return text if len(text) <= LONGEST else _endless().sub(_broken, text)


def _broken(word: re.Match[str]) -> str:
    return "".join(c if unicodedata.category(c)[0] in "MC" else SOFT + c for c in word[0])[1:]


def whole(text: str) -> str:
    """The text as it was before."""
    return text.replace(SOFT, "")
