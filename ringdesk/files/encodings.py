"""Bytes to text, for files that do not say what they are, or say it wrongly.

Text is UTF-8 unless the file begins like UTF-16. A byte that is not UTF-8 is read as Windows-1252, alone, so that
a whole Western file of old reads well and one bad byte in a UTF-8 file spoils only itself.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

ESCAPE: Final = "surrogateescape"
"""The error handler by which text is read that `mended` is to mend."""

_CHARSETS: Final = (
    "utf-8", "us-ascii", "iso-8859-", "windows-", "cp", "shift_jis", "shift-jis", "sjis", "euc-", "gb", "big5",
    "iso-2022-", "koi8-", "macintosh", "mac-roman",
)  # several to a line  # fmt: skip
"""Beginnings of the charset names a vCard may ask for: plain text encodings, each quick to decode."""


_ESCAPED: Final = re.compile("[\udc80-\udcff]+")
"""What Python makes of bytes that are not UTF-8, when told to escape them."""


def decode(raw: bytes, charset: str = "") -> str:
    """Read text as UTF-8, else in the charset the file names, else as Windows-1252."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        known = known_charset(charset)
        return raw.decode(known, "replace") if known not in ("", "utf-8") else mended(raw.decode("utf-8", ESCAPE))


def mended(text: str) -> str:
    """Text in which bytes that were not UTF-8 stand escaped, with these read as Windows-1252."""
    return text if text.isascii() else _ESCAPED.sub(_as_windows, text)


def _as_windows(match: re.Match[str]) -> str:
    return match[0].encode("utf-8", ESCAPE).decode("cp1252", "replace")


def known_charset(charset: str) -> str:
    """Python's name of a charset a file may ask for, or empty for any other."""
    if not charset.lower().startswith(_CHARSETS) or len(charset) > 32:
        return ""
    try:
        return codecs.lookup(charset).name
    except LookupError:
        return ""


def wide(head: bytes) -> str:
    """The name of the wide encoding a file begins in (UTF-16 or UTF-32), or empty for a file of single bytes."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = head[:200]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > len(start) // 4 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > len(start) // 4 and odd == 0 else ""
