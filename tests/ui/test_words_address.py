"""Addresses as they are written on letters."""

from __future__ import annotations

import pytest

from ringdesk.domain.card import Address
from ringdesk.ui.words_address import postal


@pytest.mark.parametrize(
    ("address", "written"),
    [
        (
            Address("18 Harbor Road", "", "", "Sausalito", "CA", "94965", "United States"),
            "18 Harbor Road\nSausalito, CA 94965\nUnited States",
        ),
        (Address("", "", "", "Austin", "TX", "", "USA"), "Austin, TX\nUSA"),
        (
            Address("10 Downing Street", "", "", "London", "", "SW1A 2AA", "United Kingdom"),
            "10 Downing Street\nLondon\nSW1A 2AA\nUnited Kingdom",
        ),
        (
            Address("Calle Mayor 12", "2º B", "", "Madrid", "", "28013", "Spain"),
            "Calle Mayor 12\n2º B\n28013 Madrid\nSpain",
        ),
        (Address("", "", "PO box 7", "Roma", "RM", "00100", ""), "PO box 7\n00100 Roma\nRM"),
        (Address(formatted="Somewhere 1\n12345 Town"), "Somewhere 1\n12345 Town"),
    ],
)
def test_an_address_is_written_as_its_country_does(address: Address, written: str) -> None:
    assert postal(address) == written
