"""The way back: lists of a card as items, starting from what lies at Google, so that nothing else is touched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ringdesk.providers.google.fields import ADDRESSES, Item, ListField, cleaned, value_of


def written_list(field: ListField, values: Sequence[Any], leftover: Sequence[Item]) -> list[Item]:
    """The items of a list: each value in the item it came from where there is one, unreadable items kept."""
    old = [cleaned(item) for item in leftover]
    readable = [(item, value) for item in old if (value := value_of(field, item)) is not None]
    made: list[Item | None] = [_take(readable, value) for value in values]
    for place, value in enumerate(values):
        if made[place] is None and (texts := field.texts(value)) and any(texts):
            edited = _take_tied(field, readable, texts)
            made[place] = _filled(field, edited, texts)
    kept = [item for item in old if value_of(field, item) is None]
    return [*(item for item in made if item), *kept]


def _take(readable: list[tuple[Item, Any]], value: Any) -> Item | None:
    """The old item that reads exactly so; each only once."""
    for place, (item, read) in enumerate(readable):
        if read == value:
            del readable[place]
            return item
    return None


def _take_tied(field: ListField, readable: list[tuple[Item, Any]], texts: Sequence[str]) -> Item:
    """The old item that this one is an edit of: it agrees in the most parts that tie; else an empty one."""
    best, most = -1, 0
    for place, (_, read) in enumerate(readable):
        old = field.texts(read)
        same = sum(bool(texts[tie]) and texts[tie] == old[tie] for tie in field.ties)
        if same > most:
            best, most = place, same
    return readable.pop(best)[0] if best >= 0 else {}


def _filled(field: ListField, old: Item, texts: Sequence[str]) -> Item:
    item = {key: part for key, part in old.items() if key not in field.keys}
    item |= {key: text for key, text in zip(field.keys, texts, strict=True) if text}
    if field is ADDRESSES:
        if any(texts[: len(texts) - 2]):
            item.pop("formattedValue", None)
        if old.get("country") != item.get("country"):
            item.pop("countryCode", None)
    return item
