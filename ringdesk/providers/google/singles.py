"""What a contact has once at Google: its name, birthday and note, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any, Final

from ringdesk.domain.card import Birthday, Name
from ringdesk.providers.google.fields import COMPUTED, Item, cleaned, text

_PARTS: Final = {
    "prefix": "honorificPrefix",
    "given": "givenName",
    "middle": "middleName",
    "family": "familyName",
    "suffix": "honorificSuffix",
    "phonetic_given": "phoneticGivenName",
    "phonetic_middle": "phoneticMiddleName",
    "phonetic_family": "phoneticFamilyName",
}
_KEYS: Final = tuple(_PARTS.values())
_COMPOSED: Final = frozenset({"displayName", "unstructuredName", "phoneticFullName"})
"""Composed of the parts; where a part changes they would contradict it."""
_REGENERATED: Final = COMPUTED | _COMPOSED | frozenset(_KEYS)
_USUAL: Final = COMPUTED | _COMPOSED | {"givenName", "familyName"}
"""All that most names have."""

EMPTY: Final = Name()


def read_name(items: Sequence[Item]) -> tuple[Name, bool]:
    """The name, and whether it says everything."""
    if not items:
        return EMPTY, True
    item = items[0]
    given, family = item.get("givenName", ""), item.get("familyName", "")
    if _USUAL.issuperset(item) and type(given) is str and type(family) is str and (given or family):
        return Name(given=given, family=family), True
    parts = [text(item, key) for key in _KEYS]
    if not any(parts) and (whole := text(item, "unstructuredName")):
        return Name(given=whole), True
    return Name(*parts), any(parts) and item.keys() <= _REGENERATED


def written_name(name: Name, leftover: Sequence[Item]) -> list[Item]:
    """The items of a name."""
    parts = {key: part for field, key in _PARTS.items() if (part := getattr(name, field))}
    kept: Item = {}
    if leftover:
        old = cleaned(leftover[0])
        if read_name([old])[0] == name:
            return [{key: part for key, part in old.items() if key != "displayName"}]
        kept = {key: part for key, part in old.items() if key not in _REGENERATED}
    return [kept | parts] if kept or parts else []


def read_birthday(items: Sequence[Item]) -> tuple[Birthday | None, bool]:
    """The birthday, and whether it says everything."""
    if not items:
        return None, True
    date = items[0].get("date")
    if not isinstance(date, dict):
        return None, False
    year, month, day = (date.get(key, 0) for key in ("year", "month", "day"))
    try:
        return Birthday(month, day, year or None), items[0].keys() <= {"date", "metadata"}
    except (TypeError, ValueError):
        return None, False


def written_birthday(birthday: Birthday | None, leftover: Sequence[Item]) -> list[Item]:
    """The items of a birthday."""
    if birthday is None:
        return []
    if leftover and read_birthday(leftover)[0] == birthday:
        return [cleaned(leftover[0])]
    date: dict[str, Any] = {"month": birthday.month, "day": birthday.day}
    return [{"date": date if birthday.year is None else {"year": birthday.year, **date}}]


def read_note(items: Sequence[Item]) -> tuple[str, bool]:
    """The note as plain text, and whether it says everything."""
    if not items:
        return "", True
    note, kind = text(items[0], "value"), items[0].get("contentType", "TEXT_PLAIN")
    if kind != "TEXT_HTML":
        return note, items[0].keys() <= {"value", "contentType", "metadata"}
    return _plain(note), False


def written_note(note: str, leftover: Sequence[Item]) -> list[Item]:
    """The items of a note."""
    if leftover and read_note(leftover)[0] == note:
        return [cleaned(leftover[0])]
    return [{"value": note, "contentType": "TEXT_PLAIN"}] if note else []


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in {"br", "p", "div", "li"}:
            self.text.append("\n")


def _plain(html: str) -> str:
    reader = _Plain()
    reader.feed(html)
    reader.close()
    return "".join(reader.text).strip()
