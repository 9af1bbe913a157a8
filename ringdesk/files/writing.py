"""Contacts to a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from ringdesk.domain.card import Card
from ringdesk.files.csv_write import write_rows
from ringdesk.files.vcard_write import vcard


def write_vcards(cards: Iterable[tuple[Card, str, bytes | None]], out: BinaryIO) -> None:
    """Write contacts as vCard 3.0: each with its UID (may be empty) and the bytes of its picture."""
    for card, uid, photo in cards:
        out.write(vcard(card, uid, photo))


def write_csv(cards: Iterable[Card], out: BinaryIO) -> None:
    """Write contacts as CSV in Google's new layout. Pictures have no place in it."""
    write_rows(cards, out)
