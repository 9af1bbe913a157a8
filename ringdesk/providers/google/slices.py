"""Reads a big JSON answer a piece at a time.

One `json.loads` of four megabytes holds the interpreter for 35 ms, and a pop that is due waits as long. Here every
member of one long list is a call of its own, so that other threads come in between.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from typing import Any, Final

from ringdesk.domain.rightofway import WINDOW

_SLICE: Final = 64 * 1024
_BLANK: Final = re.compile(r"[ \t\n\r]*")
_BLANKS: Final = frozenset(" \t\n\r")
_scan: Final[Callable[[str, int], tuple[Any, int]]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # left out of its types
"""The value at a place, and where it ends. Raises StopIteration where there is none."""


def decoded(content: bytes) -> str:
    """Bytes as text, in slices. Raises ValueError."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    pieces: list[str] = []
    for start in range(0, len(content), _SLICE):
        WINDOW.ask()
        pieces.append(decoder.decode(content[start : start + _SLICE]))
    pieces.append(decoder.decode(b"", final=True))
    return "".join(pieces)


def read_object(text: str, long_list: str, take: Callable[[Any], None]) -> dict[str, Any]:
    """A JSON object without its long list, whose members go to `take` one by one. Raises ValueError."""
    found: dict[str, Any] = {}
    try:
        at = _expect(text, _blank(text, 0), "{")
        while text[at : at + 1] != "}":
            name, at = _scan(text, at)
            at = _blank(text, _expect(text, _blank(text, at), ":"))
            if name == long_list and text[at : at + 1] == "[":
                at = _members(text, at, take)
            else:
                found[name], at = _scan(text, at)
            at = _next(text, at, "}")
    except StopIteration as error:
        raise ValueError(f"a value expected at {error.value}") from None
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if _blank(text, at + 1) != len(text):
        raise ValueError("something follows the object")
    return found


def _members(text: str, at: int, take: Callable[[Any], None]) -> int:
    at = _expect(text, at, "[")
    if text[at : at + 1] == "]":
        return at + 1
    while True:
        WINDOW.ask()
        member, at = _scan(text, at)
        take(member)
        if text[at : at + 2] == ",{":  # as Google writes it
            at += 1
            continue
        at = _next(text, at, "]")
        if text[at : at + 1] == "]":
            return at + 1


def _next(text: str, at: int, end: str) -> int:
    """Past a comma, or at the end."""
    at = _blank(text, at)
    if text[at : at + 1] == end:
        return at
    at = _expect(text, at, ",")
    if text[at : at + 1] == end:
        raise ValueError(f"nothing follows the comma at {at}")
    return at


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise ValueError(f"{sign} expected at {at}")
    return _blank(text, at + 1)


def _blank(text: str, at: int) -> int:
    if text[at : at + 1] not in _BLANKS:
        return at
    match = _BLANK.match(text, at)
    return match.end() if match else at
