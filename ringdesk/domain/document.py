"""The card as a document and back: plain dicts and lists that JSON can hold, empty fields left out.

One table drives both directions, so that a field is named once. Unknown keys of a document written by a later
version are ignored here; the store keeps such documents unopened by refusing newer databases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from json.encoder import encode_basestring as quoted
from operator import attrgetter
from typing import Any, Final

from ringdesk.domain.card import (
    Address,
    Birthday,
    Card,
    CustomField,
    Email,
    Name,
    Organization,
    PhoneEntry,
    Relation,
    Url,
)

ITEMS: Final[Mapping[str, type[Any]]] = {
    "phones": PhoneEntry,
    "emails": Email,
    "organizations": Organization,
    "addresses": Address,
    "urls": Url,
    "relations": Relation,
    "custom": CustomField,
}
"""The list fields of a card whose items are values of their own."""

TEXTS: Final = ("nicknames", "groups")
"""The list fields whose items are plain text."""

_NAMES: Final = {kind: tuple(f.name for f in fields(kind)) for kind in (*ITEMS.values(), Name)}
_TEXTS_OF: Final[Mapping[type[Any], Callable[[Any], tuple[str, ...]]]] = {
    kind: attrgetter(*names) for kind, names in _NAMES.items()
}

Document = dict[str, Any]


def _item(value: Any) -> dict[str, str]:
    kind = type(value)
    return {name: text for name, text in zip(_NAMES[kind], _TEXTS_OF[kind](value), strict=True) if text}


def to_document(card: Card) -> Document:
    """The card as a dict of JSON values without empty fields."""
    document: Document = {}
    if name := _item(card.name):
        document["name"] = name
    for field in ITEMS:
        if values := getattr(card, field):
            document[field] = [_item(value) for value in values]
    for field in TEXTS:
        if values := getattr(card, field):
            document[field] = list(values)
    if card.birthday is not None:
        document["birthday"] = [card.birthday.year or 0, card.birthday.month, card.birthday.day]
    return document | {field: text for field in ("note", "photo") if (text := getattr(card, field))}


_HEADS: Final = {kind: tuple(f'"{name}":' for name in names) for kind, names in _NAMES.items()}
_PARTS: Final = attrgetter("name", "nicknames", "groups", "birthday", "note", "photo", *ITEMS)


def _item_json(value: Any) -> str:
    kind = type(value)
    parts = [head + quoted(text) for head, text in zip(_HEADS[kind], _TEXTS_OF[kind](value), strict=True) if text]
    return "{" + ",".join(parts) + "}"


def _labelled_json(item: Any) -> str:
    """`_item_json` of what most lists hold: a value and its label."""
    if item.value and item.label:
        return f'{{"value":{quoted(item.value)},"label":{quoted(item.label)}}}'
    return f'{{"value":{quoted(item.value)}}}' if item.value else _item_json(item)


_LISTS_JSON: Final[tuple[tuple[str, Callable[[Any], str]], ...]] = tuple(
    (f'"{field}":[', _labelled_json if _NAMES[kind] == ("value", "label") else _item_json)
    for field, kind in ITEMS.items()
)


def to_json(card: Card) -> str:
    """The document as compact JSON: what `json` makes of `to_document`, to the letter, in half the time."""
    name, nicknames, groups, birthday, note, photo, *lists = _PARTS(card)
    parts = [f'"name":{text}'] if (text := _item_json(name)) != "{}" else []
    for (head, write), values in zip(_LISTS_JSON, lists, strict=True):
        if values:
            parts.append(f"{head}{','.join([write(value) for value in values])}]")
    if nicknames:
        parts.append(f'"nicknames":[{",".join([quoted(text) for text in nicknames])}]')
    if groups:
        parts.append(f'"groups":[{",".join([quoted(text) for text in groups])}]')
    if birthday is not None:
        parts.append(f'"birthday":[{birthday.year or 0},{birthday.month},{birthday.day}]')
    if note:
        parts.append(f'"note":{quoted(note)}')
    if photo:
        parts.append(f'"photo":{quoted(photo)}')
    return "{" + ",".join(parts) + "}"


def from_document(document: Mapping[str, Any]) -> Card:
    """The card a document stands for. Raises ValueError naming the field that is not as written by `to_document`."""
    made: dict[str, Any] = {}
    field = ""
    try:
        for field, value in document.items():
            if field in _READERS:
                made[field] = _READERS[field](value)
    except (TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"card field {field!r}: {error}") from error
    return Card(**made)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value


def _made(kind: type[Any]) -> Callable[[Any], Any]:
    names = frozenset(_NAMES[kind])
    required = tuple(names & {"value", "person", "key"})

    def read(item: Any) -> Any:
        known = {key: value if type(value) is str else _text(value) for key, value in item.items() if key in names}
        for key in required:
            known.setdefault(key, "")
        return kind(**known)

    return read


def _listed(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def all_of(values: Any) -> tuple[Any, ...]:
        if not isinstance(values, list):
            raise TypeError(f"list expected, not {type(values).__name__}")
        return tuple([read(value) for value in values])

    return all_of


def _birthday(value: Any) -> Birthday:
    year, month, day = value
    return Birthday(month, day, year or None)


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "name": _made(Name),
    **{field: _listed(_made(kind)) for field, kind in ITEMS.items()},
    **{field: _listed(_text) for field in TEXTS},
    "birthday": _birthday,
    "note": _text,
    "photo": _text,
}

FIELDS: Final = tuple(_READERS)
"""Every field of a card, in document order: the unit of history and of merging."""
