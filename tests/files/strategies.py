"""Cards to test with: any card a file can hold, and the bytes of pictures."""

from __future__ import annotations

import base64
import io
from typing import Final, TypeVar

from hypothesis import strategies as st

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
from ringdesk.files.labels import WORDS, canonical
from ringdesk.files.reading import ReadCard, read_contacts
from ringdesk.files.report import Refused

PNG: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
JPEG: Final = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 3 + b"\xff\xd9"

_LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")
_TRICKY = st.sampled_from(
    ["a;b,c\\d", "x\ny", "=1+1", "+34 600", "@home", "'quoted'", "'=x", '"', "Ñandú", "sep=;", "\\", "a\\"]
)


def _plain(text: str) -> str:
    return text.strip()


texts = (st.text(_LETTERS, max_size=100) | _TRICKY).map(_plain)
said = texts.filter(bool)
labels = st.sampled_from(("", *WORDS)) | texts.filter(lambda t: canonical(t) == t and not t.startswith("*"))
names = st.builds(Name, texts, texts, texts, texts, texts, texts, texts, texts)
organizations = st.builds(Organization, texts, texts, texts, labels).filter(lambda o: o.name or o.title or o.department)
addresses = st.builds(Address, texts, texts, texts, texts, texts, texts, texts, texts, labels).filter(
    lambda a: a != Address(label=a.label)
)
birthdays = st.builds(Birthday, st.integers(1, 12), st.integers(1, 29), st.none() | st.integers(1, 9999))
customs = st.builds(CustomField, texts, texts).filter(lambda c: c.key or c.value)
groups = said.filter(lambda g: not g.startswith("*") and g.lower() not in ("my contacts", "mycontacts", "starred"))


_T = TypeVar("_T")


def some(items: st.SearchStrategy[_T]) -> st.SearchStrategy[tuple[_T, ...]]:
    """Up to three of them, as the card holds them."""
    return st.lists(items, max_size=3).map(tuple)


cards = st.builds(
    Card,
    name=names,
    nicknames=some(said),
    phones=some(st.builds(PhoneEntry, said, labels)),
    emails=some(st.builds(Email, said, labels)),
    organizations=some(organizations),
    addresses=some(addresses),
    urls=some(st.builds(Url, said, labels)),
    birthday=st.none() | birthdays,
    relations=some(st.builds(Relation, said, labels)),
    note=texts,
    custom=some(customs),
    groups=st.lists(groups, max_size=3, unique=True).map(tuple),
).filter(lambda card: card != Card())
"""Any card without a picture whose texts have no outer blanks and no empty entries: what files keep exactly."""


def read_all(data: bytes, name: str = "contacts.vcf") -> list[ReadCard | Refused]:
    """All that a file gives."""
    return list(read_contacts(io.BytesIO(data), name=name))


def read_cards(data: bytes, name: str = "contacts.vcf") -> list[Card]:
    """The cards of a file in which nothing may be refused."""
    items = read_all(data, name)
    refused = [item for item in items if isinstance(item, Refused)]
    assert not refused
    return [item.card for item in items if isinstance(item, ReadCard)]


def read_one(lines: str, name: str = "contacts.vcf") -> ReadCard:
    """The only card of a vCard file with these lines between its BEGIN and END."""
    data = f"BEGIN:VCARD\nVERSION:3.0\n{lines}\nEND:VCARD\n".encode()
    (item,) = read_all(data, name)
    assert isinstance(item, ReadCard)
    return item


def refusals(items: list[ReadCard | Refused]) -> list[tuple[str, str]]:
    """Where and why things were refused."""
    return [(item.where, item.code.name) for item in items if isinstance(item, Refused)]


def shown_names(items: list[ReadCard | Refused]) -> list[str]:
    """The names of the cards that were read."""
    return [item.card.display_name for item in items if isinstance(item, ReadCard)]
