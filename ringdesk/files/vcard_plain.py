"""Reads cards of which every line is plain: most cards of most files. All others are left to `vcard_read`.

What is made here must be what `vcard_read` makes of the same card, in a third of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ringdesk.domain.card import Card, Email, Name, Organization, PhoneEntry
from ringdesk.files.limits import PROPERTIES
from ringdesk.files.vcard_heads import Head, Heads
from ringdesk.files.vcard_properties import IGNORED, READERS

_MOST_BYTES: Final = 4096

_FULL, _NAME, _ORGANIZATION, _TITLE, _NOTE, _UID, _VERSION = (
    READERS[name] for name in ("FN", "N", "ORG", "TITLE", "NOTE", "UID", "VERSION")
)
_PHONE: Final = READERS["TEL"]
_EMAIL: Final = READERS["EMAIL"]
_ONCE: Final = frozenset((_FULL, _NAME, _ORGANIZATION, _TITLE, _NOTE, _UID, _VERSION))

Line = tuple[Head, str]


def read_plain(data: bytes, heads: Heads) -> tuple[Card, str] | None:
    """The card of these lines and its UID; None where a line takes more thought."""
    if len(data) > _MOST_BYTES or b"\\" in data or b"\n " in data or b"\n\t" in data or b"\0" in data:
        return None
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        return None
    found = _sorted(lines, heads) if not lines[0] and len(lines) <= PROPERTIES else None
    return None if found is None else _card(*found)


def _sorted(
    lines: list[str], heads: Heads
) -> tuple[list[PhoneEntry], list[Email], dict[Callable[..., None], Line]] | None:
    """The lines of a card by what they are: phones, e-mail addresses, and what there is once."""
    phones: list[PhoneEntry] = []
    emails: list[Email] = []
    once: dict[Any, Line] = {}
    plain = heads.plain
    for line in lines[1:]:
        text, _, value = line.partition(":")
        way = plain.get(text)
        if way is None and text in heads and heads[text].name in IGNORED:
            continue
        value = value.strip()
        if way is None or way[0].group or not value:
            return None
        head, read = way
        if read is _PHONE and value[:4].lower() != "tel:":
            phones.append(PhoneEntry(value, head.phone_label))
        elif read is _EMAIL:
            emails.append(Email(value, head.label))
        elif read in _ONCE and read not in once:
            once[read] = head, value
        else:
            return None
    return phones, emails, once


def _card(
    phones: list[PhoneEntry], emails: list[Email], once: dict[Callable[..., None], Line]
) -> tuple[Card, str] | None:
    name = _name(once)
    if name is None:
        return None
    organizations: tuple[Organization, ...] = ()
    if _ORGANIZATION in once or _TITLE in once:
        head, company = once.get(_ORGANIZATION, _NO_LINE)
        if ";" in company:
            return None
        organizations = (Organization(company, once.get(_TITLE, _NO_LINE)[1], "", head.label),)
    note, uid = once.get(_NOTE, _NO_LINE)[1], once.get(_UID, _NO_LINE)[1]
    card = Card(name=name, phones=tuple(phones), emails=tuple(emails), organizations=organizations, note=note)
    return card, uid


_NO_LINE: Final = (Head(""), "")


def _name(once: dict[Callable[..., None], Line]) -> Name | None:
    """The name where it is written plainly; None also where it is to be told from something else."""
    _, value = once.get(_NAME, _NO_LINE)
    if "," in value:
        return None
    family, given, middle, prefix, suffix, *_ = [*value.split(";"), "", "", "", ""]
    given, family = given.strip(), family.strip()
    if not (given or family):
        return None
    return Name(prefix.strip(), given, middle.strip(), family, suffix.strip())
