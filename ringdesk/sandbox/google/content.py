"""From a Person someone sent to the content Google keeps: output-only parts out, checks, computed parts in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ringdesk.sandbox.google.derive import Region, derived
from ringdesk.sandbox.google.document import document
from ringdesk.sandbox.google.errors import invalid
from ringdesk.sandbox.google.fields import ITEM_SCHEMA, SINGLETONS
from ringdesk.sandbox.google.payload import snake
from ringdesk.sandbox.google.switches import Switches
from ringdesk.sandbox.google.web import JsonObject, encode

Content = dict[str, tuple[JsonObject, ...]]
"""Field to items, each without its metadata; the first item is the primary one. Never changed once made."""

_LEAP_YEAR = 2000


def read_content(person: JsonObject, mask: Iterable[str], region: Region, switches: Switches) -> Content:
    """The masked fields of a person as Google keeps them; a masked field that is empty is cleared [D].

    Raises Refusal: two items in a singleton [D], a date that is none [D], a cap passed [T].
    """
    content: Content = {}
    for field in mask:
        if field in ITEM_SCHEMA:
            content[field] = _read_items(field, person.get(field) or [], region)
    _check_caps(content, switches)
    return content


def check_whole(content: Content, switches: Switches) -> None:
    """The caps that count for the contact as a whole [T]. Raises Refusal."""
    count = sum(len(items) for items in content.values())
    if count > switches.field_cap:
        raise invalid(f"Contact has too many fields: {count}. The maximum is {switches.field_cap}.")
    if _weight(content) > switches.byte_cap:
        raise invalid("Contact is too large.")


def _weight(content: Content) -> int:
    return sum(len(text) for items in content.values() for item in items for text in _texts(item))


def _read_items(field: str, items: list[JsonObject], region: Region) -> tuple[JsonObject, ...]:
    if field in SINGLETONS and len(items) > 1:
        raise invalid(f"Cannot have more than one person.{snake(field)} per source.")
    kept: list[JsonObject] = []
    for item in items:
        clean = _writable(field, item)
        if not clean:
            continue
        _check_dates(clean)
        done = derived(field, clean, region)
        if (item.get("metadata") or {}).get("sourcePrimary"):
            kept.insert(0, done)
        else:
            kept.append(done)
    return tuple(kept)


def _writable(field: str, item: JsonObject) -> JsonObject:
    """The parts of an item that a program may set; empty, zero and false are the same as not there [G: proto3 JSON]."""
    schema = document().schemas[ITEM_SCHEMA[field]]
    return {
        name: _present(value) if isinstance(value, dict) else value
        for name, value in item.items()
        if value and name != "metadata" and not schema[name].read_only
    }


def _present(value: JsonObject) -> JsonObject:
    return {name: inner for name, inner in value.items() if inner}


def _check_dates(item: JsonObject) -> None:
    for name in ("date", "startDate", "endDate"):
        if name in item and not is_date(item[name]):
            raise invalid(f"Invalid date: {encode(item[name])}.")


def is_date(value: JsonObject) -> bool:
    """Whether it is a google.type.Date: year 0 is no year, day 0 is no day [D]."""
    year, month, day = (value.get(part) or 0 for part in ("year", "month", "day"))
    if not (0 <= year <= 9999 and 0 <= month <= 12 and 0 <= day <= 31) or not (year or month):
        return False
    if not month or not day:
        return not day and bool(year)
    try:
        date(year or _LEAP_YEAR, month, day)
    except ValueError:
        return False
    return True


def _check_caps(content: Content, switches: Switches) -> None:
    for field, items in content.items():
        if field == "biographies":
            continue
        for item in items:
            if any(len(text) > switches.character_cap for text in _texts(item)):
                raise invalid(f"person.{snake(field)} has a value longer than {switches.character_cap} characters.")


def _texts(item: JsonObject) -> Iterator[str]:
    for value in item.values():
        if isinstance(value, str):
            yield value
