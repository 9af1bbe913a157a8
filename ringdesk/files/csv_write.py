"""Contacts to a CSV file in Google's new column layout, as wide as the widest contact needs.

Organizations after the first, and the label of any, have columns of RingDesk's own, which Google passes over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from ringdesk.domain.card import Address, Card, Organization
from ringdesk.files.labels import shown

_CALCULATED: Final = re.compile(r"'*[=+\-@\t\r]")
_MINE: Final = "* myContacts"
_NAME_COLUMNS: Final = (
    "First Name", "Middle Name", "Last Name", "Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name",
    "Name Prefix", "Name Suffix", "Nickname", "File As", "Organization Name", "Organization Title",
    "Organization Department", "Birthday", "Notes", "Photo", "Labels",
)  # several to a line  # fmt: skip

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Family:
    """Values of one kind: the headings of one value, "#" standing for its number, and its cells."""

    headings: Cells
    values: Callable[[Card], Sequence[Cells]]


def _address_cells(address: Address) -> Cells:
    return (shown(address.label), address.formatted, address.street, address.city, address.po_box, address.region,
            address.postal_code, address.country, address.extended)  # several to a line  # fmt: skip


def _organization_cells(organization: Organization) -> Cells:
    return organization.name, organization.title, organization.department, shown(organization.label)


_FAMILIES: Final = (
    _Family(("E-mail # - Label", "E-mail # - Value"), lambda c: [(shown(e.label), e.value) for e in c.emails]),
    _Family(("Phone # - Label", "Phone # - Value"), lambda c: [(shown(p.label), p.value) for p in c.phones]),
    _Family(
        ("Address # - Label", "Address # - Formatted", "Address # - Street", "Address # - City", "Address # - PO Box",
         "Address # - Region", "Address # - Postal Code", "Address # - Country", "Address # - Extended Address"),
        lambda c: [_address_cells(a) for a in c.addresses],
    ),
    _Family(("Relation # - Label", "Relation # - Value"), lambda c: [(shown(r.label), r.person) for r in c.relations]),
    _Family(("Website # - Label", "Website # - Value"), lambda c: [(shown(u.label), u.value) for u in c.urls]),
    _Family(("Custom Field # - Label", "Custom Field # - Value"), lambda c: [(f.key, f.value) for f in c.custom]),
)  # several to a line  # fmt: skip

_MORE_ORGANIZATIONS: Final = _Family(
    ("Organization # - Name", "Organization # - Title", "Organization # - Department", "Organization # - Label"),
    lambda c: [_organization_cells(o) for o in c.organizations[1:]],
)


def write_rows(cards: Iterable[Card], out: BinaryIO) -> None:
    """Write all cards, headings first."""
    kept = list(cards)
    widths = [max((len(family.values(card)) for card in kept), default=0) for family in _FAMILIES]
    more = max((len(card.organizations) - 1 for card in kept), default=0)
    labelled = any(card.organizations and card.organizations[0].label for card in kept)
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow(_headings(widths, max(more, 0), labelled=labelled))
        for card in kept:
            writer.writerow([guarded(cell) for cell in _row(card, widths, max(more, 0), labelled=labelled)])
    finally:
        text.detach()


def guarded(cell: str) -> str:
    """The cell so that no spreadsheet calculates it: an apostrophe before = + - @, tabulator and carriage return."""
    cell = cell.strip(" \n").replace("\0", "")
    return f"'{cell}" if _CALCULATED.match(cell) else cell


def _headings(widths: Sequence[int], more: int, *, labelled: bool) -> list[str]:
    headings = list(_NAME_COLUMNS)
    for family, width in zip(_FAMILIES, widths, strict=True):
        headings += [h.replace("#", str(n)) for n in range(1, width + 1) for h in family.headings]
    if labelled:
        headings.append("Organization Label")
    return headings + [h.replace("#", str(n)) for n in range(2, more + 2) for h in _MORE_ORGANIZATIONS.headings]


def _row(card: Card, widths: Sequence[int], more: int, *, labelled: bool) -> list[str]:
    name = card.name
    first = card.organizations[0] if card.organizations else Organization()
    row = [name.given, name.middle, name.family, name.phonetic_given, name.phonetic_middle, name.phonetic_family,
           name.prefix, name.suffix, " ::: ".join(card.nicknames), "", first.name, first.title, first.department,
           str(card.birthday or ""), card.note, "", " ::: ".join((*card.groups, _MINE))]  # rows  # fmt: skip
    for family, width in zip(_FAMILIES, widths, strict=True):
        row += _filled(family, card, width)
    if labelled:
        row.append(shown(first.label))
    return row + _filled(_MORE_ORGANIZATIONS, card, more)


def _filled(family: _Family, card: Card, width: int) -> list[str]:
    values = family.values(card)
    cells = [cell for value in values for cell in value]
    return cells + [""] * (len(family.headings) * (width - len(values)))
