"""A postal address as it is written on a letter in its own country."""

from __future__ import annotations

from typing import Final

from ringdesk.domain.card import Address
from ringdesk.ui.words import shown, shown_lines

_REGION_AND_CODE: Final = frozenset(
    {"us", "usa", "u.s.a.", "united states", "united states of america", "ca", "canada", "au", "australia"}
)
"""Where the line of the town is "Sausalito, CA 94965"."""
_CODE_LAST: Final = frozenset({"gb", "uk", "united kingdom", "great britain", "england", "scotland", "wales"})
"""Where the post code has a line of its own below the town."""


def postal(address: Address) -> str:
    """The address in lines. Elsewhere the post code stands before the town, as in most of the world."""
    parts = (address.po_box, address.street, address.extended, *_town(address), address.country)
    written = "\n".join(shown(part) for part in parts if part)
    return written or shown_lines(address.formatted, 400)


def _town(address: Address) -> tuple[str, ...]:
    code, city, region = address.postal_code, address.city, address.region
    country = address.country.strip().casefold()
    if country in _REGION_AND_CODE:
        below = " ".join(part for part in (region, code) if part)
        return (", ".join(part for part in (city, below) if part),)
    if country in _CODE_LAST:
        return city, region, code
    return " ".join(part for part in (code, city) if part), region
