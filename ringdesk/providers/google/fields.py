"""The fields of a Google person that a card holds: one table, and how their items are read.

Only items of the contact itself count; those of a linked profile are none of ours. What an item says beyond the card
(an organization's start date, an e-mail address's display name) stays in the leftovers, for the way back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from ringdesk.domain.card import Address, CustomField, Email, Organization, PhoneEntry, Relation, Url

Item = dict[str, Any]
JsonObject = dict[str, Any]

COMPUTED: Final = frozenset({"metadata", "formattedType", "canonicalForm", "displayNameLastFirst"})
"""Parts of items that Google computes; they are never sent."""


@dataclass(frozen=True, slots=True)
class ListField:
    """How a list on the card lies at Google.

    `keys` are the item's keys in the order of the card value's own fields; `ties` are places in it: an edited item
    that agrees with an old one there is the old one, edited.
    """

    card: str
    person: str
    make: Callable[..., Any]
    keys: tuple[str, ...]
    ties: tuple[int, ...] = (0,)

    def texts(self, value: Any) -> tuple[str, ...]:
        """The value of a card as the texts of an item, in the order of `keys`."""
        if isinstance(value, str):
            return (value,)
        return tuple(getattr(value, name) for name in _NAMES[type(value)])


_VALUE: Final = ("value", "type")
_STREET: Final = ("streetAddress", "extendedAddress", "poBox", "city", "region", "postalCode", "country")
PHONES: Final = ListField("phones", "phoneNumbers", PhoneEntry, _VALUE)
ADDRESSES: Final = ListField(
    "addresses", "addresses", Address, (*_STREET, "formattedValue", "type"), tuple(range(len(_STREET) + 1))
)
LISTS: Final = (
    PHONES,
    ListField("emails", "emailAddresses", Email, _VALUE),
    ListField("organizations", "organizations", Organization, ("name", "title", "department", "type"), (0, 1, 2)),
    ADDRESSES,
    ListField("urls", "urls", Url, _VALUE),
    ListField("relations", "relations", Relation, ("person", "type")),
    ListField("custom", "userDefined", CustomField, ("key", "value"), (0, 1)),
    ListField("nicknames", "nicknames", str, ("value",)),
)

PERSON_OF: Final[Mapping[str, str]] = {
    **{field.card: field.person for field in LISTS},
    "name": "names",
    "birthday": "birthdays",
    "note": "biographies",
    "groups": "memberships",
}
"""The person field of each card field that can be written."""

READ_MASK: Final = ",".join(sorted({*PERSON_OF.values(), "clientData", "metadata", "photos"}))
"""The one mask of all reading: an etag is good only for the mask it was read with."""

_NAMES: Final[Mapping[type[Any], tuple[str, ...]]] = {
    field.make: tuple(one.name for one in fields(field.make))
    for field in LISTS
    if isinstance(field.make, type) and field.make is not str
}
_LABELS: Final = frozenset({"type"})


def own(item: Any) -> bool:
    """Whether an item is the contact's own, and not a linked profile's."""
    try:
        return bool(item["metadata"]["source"]["type"] == "CONTACT")
    except (KeyError, TypeError):
        return type(item) is dict and _unsaid(item.get("metadata"))


def _unsaid(metadata: Any) -> bool:
    """Whether what is told of an item leaves out whose it is."""
    source = metadata.get("source") if type(metadata) is dict else None
    return type(source) is not dict or "type" not in source


def own_items(person: Mapping[str, Any], field: str) -> list[Item]:
    """The contact's own items of a field; nothing where the answer is not as it should be."""
    items = person.get(field)
    if type(items) is not list:
        return []
    return items if len(items) == 1 and own(items[0]) else list(filter(own, items))


def text(item: Mapping[str, Any], key: str) -> str:
    """A text part of an item, empty where there is none."""
    found = item.get(key, "")
    return found if type(found) is str else ""


def value_of(field: ListField, item: Mapping[str, Any]) -> Any | None:
    """The card's value of an item, or None where it holds nothing that a card could show."""
    if field.keys is _VALUE:
        value = text(item, "value")
        return field.make(value, text(item, "type")) if value else None
    texts = [text(item, key) for key in field.keys]
    if field is ADDRESSES and any(texts[: len(_STREET)]):
        texts[len(_STREET)] = ""  # Google composes it from the others
    shown = any(text for key, text in zip(field.keys, texts, strict=True) if key not in _LABELS)
    return field.make(*texts) if shown else None


def read_list(field: ListField, items: Any) -> tuple[tuple[Any, ...], bool]:
    """The card's values of a person's list, and whether they say everything that the contact's own items said."""
    values: list[Any] = []
    told = True
    usual = _USUAL.get(field.card)
    for item in items if type(items) is list else ():
        if usual is not None and (value := usual(field, item)) is not None:
            values.append(value)
        elif own(item):
            value = value_of(field, item)
            if value is not None:
                values.append(value)
            told = told and value is not None and _is_told(field, item)
    return tuple(values), told


def _usual_value(field: ListField, item: Any) -> Any | None:
    """The value of an item that is what nearly all are, and then told whole; None of others.

    Such an item is the contact's own, chosen by nobody, and has a value, its type, and what Google computes.
    """
    try:
        metadata, value, label = item["metadata"], item["value"], item.get("type", "")
        plain = metadata["source"]["type"] == "CONTACT" and "sourcePrimary" not in metadata
    except (KeyError, TypeError):
        return None
    texts = value and type(value) is str and type(label) is str
    return field.make(value, label) if plain and texts and _PLAIN.issuperset(item) else None


def _usual_firm(field: ListField, item: Any) -> Any | None:
    """The same of an organization with a name."""
    try:
        metadata, name, title, label = item["metadata"], item["name"], item.get("title", ""), item.get("type", "")
        plain = metadata["source"]["type"] == "CONTACT" and "sourcePrimary" not in metadata
    except (KeyError, TypeError):
        return None
    texts = name and type(name) is str and type(title) is str and type(label) is str
    return field.make(name, title, "", label) if plain and texts and _PLAIN_FIRM.issuperset(item) else None


def _is_told(field: ListField, item: Item) -> bool:
    if not item.keys() <= _TOLD[field.card]:
        return False
    if field is ADDRESSES and "formattedValue" in item and any(key in item for key in _STREET):
        return False
    metadata = item.get("metadata")
    if isinstance(metadata, dict) and metadata.get("sourcePrimary"):
        return False
    return _STR.issuperset([type(item[key]) for key in field.keys if key in item])


_STR: Final = frozenset({str})
_PLAIN: Final = COMPUTED | frozenset(_VALUE)
_PLAIN_FIRM: Final = COMPUTED | {"name", "title", "type"}
_TOLD: Final = {field.card: COMPUTED | frozenset(field.keys) for field in LISTS}
_USUAL: Final[Mapping[str, Callable[[ListField, Any], Any | None]]] = {
    "phones": _usual_value,
    "emails": _usual_value,
    "urls": _usual_value,
    "organizations": _usual_firm,
}


def cleaned(item: Item) -> Item:
    """An item as it may be sent: without what Google computes, with the mark that it is the chosen one."""
    kept = {key: part for key, part in item.items() if key not in COMPUTED}
    metadata = item.get("metadata")
    if isinstance(metadata, dict) and metadata.get("sourcePrimary"):
        kept["metadata"] = {"sourcePrimary": True}
    return kept
