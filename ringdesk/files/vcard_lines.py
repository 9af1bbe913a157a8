"""The lines of one vCard: unfolding, decoding, and the escapes of its values."""

from __future__ import annotations

import binascii
import re
from typing import Final

from ringdesk.files.encodings import decode, known_charset
from ringdesk.files.vcard_heads import Head, parse_head, split_line

_QUOTED: Final = re.compile(rb"QUOTED-PRINTABLE", re.I)
_ESCAPE: Final = re.compile(r"\\([nN\\;,:\"])")
_SEVEN_BIT: Final = "\x1b"  # by which ISO-2022 changes its letters: text that looks like ASCII and is not


def logical_lines(data: bytes) -> list[str]:
    """The unfolded lines of a card as text. Bytes are unfolded, as a fold may stand inside a letter."""
    if b"=\n" in data and _QUOTED.search(data):
        data = _without_soft_breaks(data)
    if b"\n " in data or b"\n\t" in data:
        data = data.replace(b"\n ", b"").replace(b"\n\t", b"")
    try:
        return data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return [_decoded(line) for line in data.split(b"\n")]


def _decoded(line: bytes) -> str:
    head, _ = split_line(line.decode("ascii", "replace"))
    return decode(line, parse_head(head).charset)


def _without_soft_breaks(data: bytes) -> bytes:
    """Join the lines that quoted-printable broke: unlike folds, what follows keeps its leading blanks."""
    kept: list[bytes] = []
    quoted = broken = False
    for line in data.split(b"\n"):
        if broken:
            kept.append(line)
        else:
            if not line.startswith((b" ", b"\t")):
                quoted = b"QUOTED-PRINTABLE" in line.partition(b":")[0].upper()
            kept += [b"\n", line]
        broken = quoted and line.rstrip(b" \t").endswith(b"=")
        if broken:
            kept[-1] = line.rstrip(b" \t")[:-1]
    return b"".join(kept[1:])


def value_of(head: Head, value: str) -> str:
    """The value as text, its escapes still in it. A line that cannot be decoded is read as far as it can be."""
    if head.coding == "quoted":
        return _text(binascii.a2b_qp(value.encode("utf-8", "replace")), head.charset)
    if head.coding == "base64":
        return _text(from_base64(value) or b"", head.charset)
    if _SEVEN_BIT in value and value.isascii() and (charset := known_charset(head.charset)):
        return value.encode("ascii").decode(charset, "replace")
    return value


def _text(raw: bytes, charset: str) -> str:
    return decode(raw, charset).replace("\r\n", "\n").replace("\r", "\n")


def from_base64(text: str) -> bytes | None:
    """The bytes a text stands for, or None where it stands for none. Missing padding is forgiven."""
    try:
        return binascii.a2b_base64(text.rstrip().rstrip("=").encode("ascii") + b"==")
    except (binascii.Error, UnicodeEncodeError):
        return None


def unescape(text: str) -> str:
    """A value without its backslashes and outer blanks. A backslash that escapes nothing stays."""
    if "\\" in text:
        text = _ESCAPE.sub(_escaped, text)
    return text.strip()


def _escaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


def split_escaped(text: str, separator: str) -> list[str]:
    """The parts of a structured value, still escaped: a separator behind a backslash is part of the text."""
    if "\\" not in text:
        return text.split(separator)
    parts: list[str] = []
    current: list[str] = []
    for piece in text.split(separator):
        current.append(piece)
        if (len(piece) - len(piece.rstrip("\\"))) % 2 == 0:
            parts.append(separator.join(current))
            current = []
    return [*parts, separator.join(current)] if current else parts
