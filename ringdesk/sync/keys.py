"""When two items of a card's list are one and the same: by normalised value, whatever their labels.

One number under two labels stays two items: where any side has a value twice, the label tells them apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from unicodedata import is_normalized, normalize

from ringdesk.domain.card import Address, Birthday, CustomField, Email, Name, Organization, PhoneEntry, Relation, Url
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import E164, Extension, Unparsable
from ringdesk.domain.words import fold

LISTS: Final = frozenset(
    {"nicknames", "phones", "emails", "organizations", "addresses", "urls", "relations", "custom", "groups"}
)
"""The fields of a card that merge item by item."""

SINGLES: Final = ("name", "birthday", "note")
"""The fields of a card that merge whole."""

Item = PhoneEntry | Email | Organization | Address | Url | Relation | CustomField | str
Key = tuple[str, str, int]


def phone_key(text: str, region: str) -> str:
    """What is the same for two ways of writing one number."""
    match parse(text, region):
        case E164(digits):
            return f"+{digits}"
        case Extension(digits):
            return digits
        case Unparsable(written, digits):
            return f"?{digits}" if digits else fold(written.strip())
        case _:
            return fold(text.strip())


def _address(item: Address) -> str:
    parts = (item.street, item.extended, item.po_box, item.city, item.region, item.postal_code, item.country)
    return fold(" ".join(" ".join(parts).split()) or " ".join(item.formatted.split()))


_VALUES: Final[Mapping[str, Callable[[Any], str]]] = {
    "nicknames": lambda item: fold(item.strip()),
    "groups": lambda item: str(item).strip(),
    "emails": lambda item: fold(item.value.strip()),
    "urls": lambda item: fold(item.value.strip().rstrip("/")),
    "organizations": lambda item: fold((item.name or item.title or item.department).strip()),
    "addresses": _address,
    "relations": lambda item: fold(item.person.strip()),
    "custom": lambda item: fold(item.key.strip()),
}


def value_of(field: str, item: Item, region: str) -> str:
    """The normalised value of an item; empty where the item says nothing."""
    if isinstance(item, PhoneEntry):
        return phone_key(item.value, region)
    if isinstance(item, CustomField) and not item.value.strip():
        return ""
    return _VALUES[field](item)


def label_of(item: Item) -> str:
    """What tells two items with the same value apart."""
    if isinstance(item, CustomField):
        return fold(item.value.strip())
    if isinstance(item, Organization):
        return fold("\0".join((item.title, item.department, item.label)))
    return "" if isinstance(item, str) else fold(item.label.strip())


def keyed(field: str, sides: Sequence[Iterable[Item]], region: str) -> list[dict[Key, Item]]:
    """The items of each side by key, in their order; the same item has the same key on every side."""
    valued = [[(value_of(field, item, region), item) for item in side] for side in sides]
    twice = {value for side in valued for value, count in Counter(value for value, _ in side).items() if count > 1}
    found: list[dict[Key, Item]] = []
    for side in valued:
        items: dict[Key, Item] = {}
        for value, item in side:
            label = label_of(item) if value in twice else ""
            place = 0
            while (key := (value, label, place)) in items:
                place += 1
            items[key] = item
        found.append(items)
    return found


def _plain(text: str) -> str:
    if not (text.isascii() or is_normalized("NFC", text)):
        text = normalize("NFC", text)
    return text.replace("\r\n", "\n").strip()


def same(one: object, other: object) -> bool:
    """Whether two values say the same: blanks around them and the way letters are composed do not count."""
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str):
        return _plain(one) == _plain(other)
    if one is None or other is None or type(one) is not type(other) or isinstance(one, Birthday):
        return False
    names: tuple[str, ...] = getattr(type(one), "__slots__", ())
    return bool(names) and all(_plain(getattr(one, name)) == _plain(getattr(other, name)) for name in names)


def agree(one: object, other: object) -> bool:
    """Whether two values that nobody ever compared say the same: case, accents and a missing label do not count."""
    if same(one, other):
        return True
    if isinstance(one, str) and isinstance(other, str):
        return fold(_plain(one)) == fold(_plain(other))
    if one is None or other is None or type(one) is not type(other) or isinstance(one, Birthday):
        return False
    if isinstance(one, PhoneEntry | Email | Url) and isinstance(other, PhoneEntry | Email | Url):
        mine, theirs = label_of(one), label_of(other)
        return mine == theirs
    return isinstance(one, Name | CustomField) and all(
        fold(_plain(getattr(one, name))) == fold(_plain(getattr(other, name))) for name in type(one).__slots__
    )
