"""Text as people search and see it: folding for comparison, cleaning for display."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

NAME_LETTERS = 80
"""The longest name that is shown (product rule 7)."""

_JOINERS = "\u200c\u200d"  # needed between letters of Indic and Arabic scripts
_FIRST_RTL = "\u0590"
EAST_ASIAN = "\u2e80"
"""The first letter of the scripts of China, Japan and Korea."""
_EXTRA_FOLDS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)


def fold(text: str) -> str:
    """Lower case, without accents: "Ödön" and "odon" are the same when folded.

    Marks that carry vowels in Indic scripts (spacing marks, category Mc) are kept.
    """
    if text.isascii():
        return text.lower()
    flat = unicodedata.normalize("NFKD", text.casefold())
    if not flat.isascii():
        flat = "".join([c for c in flat if not unicodedata.combining(c)])
    return flat.translate(_EXTRA_FOLDS)


def tokens(text: str) -> list[str]:
    """The folded words of a text: runs of letters, digits and vowel marks, in order, repeats kept."""
    folded = fold(text)
    if folded.isascii() and folded.isalnum():
        return [folded]
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded).split()


def for_display(text: str, limit: int = NAME_LETTERS) -> str:
    """A copy safe to show on one line: no control, bidi or zero-width characters, at most `limit` letters.

    Zero-width joiners stay between two letters of scripts that need them (anything beyond Latin).
    """
    head = text[: limit * 8]
    clean = " ".join((head if head.isprintable() else _printable(head)).split())
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"


def _printable(head: str) -> str:
    """The text without what cannot be seen; what separates lines and words is a space."""
    kept: list[str] = []
    for place, c in enumerate(head):
        if c.isprintable() or (c in _JOINERS and _needed(head[max(0, place - 1) : place + 2])):
            kept.append(c)
        elif c in "\n\r\t\u2028\u2029" or unicodedata.category(c) == "Zs":
            kept.append(" ")
    return "".join(kept)


def _needed(around: str) -> bool:
    """True for a joiner (the middle of three) between two letters of a script beyond Latin."""
    outer = around[::2]
    return len(around) == 3 and all(unicodedata.category(c)[0] in "LM" and ord(c) > 0x24F for c in outer)


def side_by_side(parts: Iterable[str], between: str) -> str:
    """Texts on one line, each in its own direction: beside an Arabic or Hebrew name a number would be turned about."""
    kept = [part for part in parts if part]
    line = between.join(kept)
    if line.isascii() or max(line) < _FIRST_RTL or not any(map(_rtl, line)):
        return line
    return between.join(f"\u2068{part}\u2069" for part in kept)


def family_first(given: str, family: str) -> bool:
    """True for names that are said family name first: Chinese, Japanese, Korean; not for foreign ones in katakana."""
    if given < EAST_ASIAN or family < EAST_ASIAN:
        return False
    letters = (given + family).replace(" ", "")
    return all(map(_east_asian, letters)) and not all("\u30a0" <= c <= "\u30ff" or _half(c) for c in letters)


def _east_asian(c: str) -> bool:
    common = "\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af"
    return common or "\uf900" <= c <= "\ufaff" or _half(c) or "\U00020000" <= c <= "\U0003ffff"


def _half(c: str) -> bool:
    return "\uff66" <= c <= "\uff9f"


def _rtl(c: str) -> bool:
    return "\u0590" <= c <= "\u08ff" or "\ufb1d" <= c <= "\ufefc" or "\U00010800" <= c <= "\U00010fff"


def initials(name: str) -> str:
    """One or two letters that stand for a name where there is no photo; empty for a number or nothing."""
    words = [w for w in for_display(name).split() if w[:1].isalpha()]
    if not words:
        return ""
    first = words[0][0].upper()
    return first if len(words) == 1 else first + words[-1][0].upper()
