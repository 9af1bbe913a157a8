"""Reads a page of a listing: people one by one, so that other threads come in between.

The page is cut where one person ends and the next begins. Cut in the wrong place, in the middle of a text say, no piece
would be JSON, and then the page is read from its beginning as any JSON. What is left when all people but the last are
taken out is a page too.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from ringdesk.domain.remote import RemoteItem
from ringdesk.domain.rightofway import WINDOW
from ringdesk.providers.google import mapping
from ringdesk.providers.google.fields import JsonObject
from ringdesk.providers.google.slices import decoded, read_object
from ringdesk.providers.google.surrogates import healed
from ringdesk.providers.google.usual import usual

PEOPLE: Final = "connections"

_FAR: Final = 64 * 1024
"""Bytes of the longest person that is read at once."""
_DIGITS: Final = 4300
"""A whole number with more of them is none for Python; in a part that is passed over it would go unseen."""
_DIGIT: Final = frozenset(b"0123456789")
_HEAD: Final = re.compile(rb'[ \t\n\r]*\{[ \t\n\r]*"connections"[ \t\n\r]*:[ \t\n\r]*\[[ \t\n\r]*(?=\{)')
_BETWEEN: Final = re.compile(rb'\}[ \t\n\r]*,[ \t\n\r]*\{[ \t\n\r]*"resourceName"')

Listed = tuple[list[RemoteItem], JsonObject]


def read_listing(content: bytes, *, listed: int) -> Listed:
    """The contacts of a page, and what else it says. Raises ValueError."""
    return _in_pieces(content, listed) or _as_any(content, listed)


def _as_any(content: bytes, listed: int) -> Listed:
    text = decoded(content)
    broken = _maybe_broken(text)
    items: list[RemoteItem] = []

    def take(person: Any) -> None:
        items.append(mapping.contact_of(healed(person) if broken else person, listed=listed))

    rest = read_object(text, PEOPLE, take)
    return items, healed(rest) if broken else rest


def _in_pieces(content: bytes, listed: int) -> Listed | None:
    """The same of a page written as Google writes it, or None."""
    head = _HEAD.match(content)
    between = _BETWEEN.search(content, head.end(), head.end() + _FAR) if head else None
    if head is None or between is None:
        return None
    sign, start = between.group(), head.end()
    opening = sign.index(b"{")
    items: list[RemoteItem] = []
    try:
        while (end := content.find(sign, start)) >= 0:
            WINDOW.ask()
            items.append(_item(content[start : end + 1], listed))
            start = end + opening
        last, rest = _as_any(content[: head.end()] + content[start:], listed)
    except (ValueError, RecursionError):
        return None  # read once more, to be told what is wrong with it
    return (items + last, rest) if len(last) == 1 else None


def _item(person: bytes, listed: int) -> RemoteItem:
    if len(person) <= _DIGITS or (len(person) <= _FAR and _DIGIT.isdisjoint(person[_DIGITS - 1 :: _DIGITS])):
        if not person.isascii():
            person.decode()  # parts that are passed over are not looked at otherwise
        item = usual(person, listed=listed)
        if item is not None:
            return item
    text = person.decode()
    read = json.loads(text)
    return mapping.contact_of(healed(read) if _maybe_broken(text) else read, listed=listed)


def _maybe_broken(text: str) -> bool:
    """Whether there may be half a letter in it, which nothing here could store."""
    return "\\ud" in text or "\\uD" in text
