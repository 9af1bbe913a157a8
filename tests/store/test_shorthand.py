"""Documents written short: they say what the long ones say, and cards that need more are written long."""

from __future__ import annotations

import zlib
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from ringdesk.domain.card import Card, Email, Name, Organization, PhoneEntry
from ringdesk.domain.document import to_document
from ringdesk.store.derive import derive
from ringdesk.store.encode import press_long, press_row, row_document, row_text, unpress_row
from ringdesk.store.shorthand import MARK, lengthen, shorten
from tests.files.strategies import cards

_SIGNS = "0123456789 +-.()"
_texts = st.text(max_size=300) | st.text("ABz09 .", max_size=300)
_names = _texts | st.text("\u592a\u5c71 a", max_size=3)
_labels = st.sampled_from(("", "mobile", "work", "home", "school")) | st.text(max_size=3)
_addresses = st.text("az09.@-_A", max_size=300) | _texts
plain_cards = st.builds(
    Card,
    name=st.builds(Name, given=_names, family=_names),
    phones=st.lists(st.builds(PhoneEntry, st.text(_SIGNS, max_size=20) | _texts, _labels), max_size=3).map(tuple),
    emails=st.lists(st.builds(Email, _addresses, _labels), max_size=3).map(tuple),
    organizations=st.lists(st.builds(Organization, _texts, _texts), max_size=1).map(tuple),
    note=_texts,
)

FULL = Card(
    name=Name(given="Ana Mar\u00eda", family="Gil"),
    phones=(PhoneEntry("600 111 222", "mobile"), PhoneEntry("+34 (0) 91-1", "work"), PhoneEntry("12*3")),
    emails=(Email("ana.gil_1@x-y.org", "home"), Email("Ana@X.org")),
    organizations=(Organization("Caf\u00e9 Gil", "Sales"),),
    note="Cliente desde 2012",
)


@given(plain_cards | cards)
def test_a_document_says_what_the_card_says(card: Card) -> None:
    stored, texts, document = press_row(card)
    assert unpress_row(*texts, document) == stored == press_long(card)[0]
    assert row_document(*texts, document) == to_document(stored)


@given(plain_cards)
def test_every_word_of_a_card_stands_in_its_text(card: Card) -> None:
    stored, texts, document = press_row(card)
    if document[0] == MARK:
        assert words(stored) <= words(Card(note=row_text(*texts, document)))


def words(card: Card) -> set[str]:
    return {word for _, word in derive(card, (), "ES").tokens}


@pytest.mark.parametrize(
    "card",
    [
        FULL,
        Card(),
        Card(name=Name(given="Ana")),
        Card(name=Name(family="Gil")),
        Card(name=Name(given="\u592a\u90ce", family="\u5c71\u7530")),
        Card(name=Name(given="A" * 254)),
        Card(organizations=(Organization(),)),
        Card(organizations=(Organization(title="Sales"),)),
        Card(phones=(PhoneEntry("\u0661\u0662"), PhoneEntry("\u0661\u0662"))),
        Card(note="\u00f1" * 127),
    ],
)
def test_usual_cards_are_written_short(card: Card) -> None:
    _, texts, document = press_row(card)
    assert document[0] == MARK
    assert unpress_row(*texts, document) == card


@pytest.mark.parametrize(
    "card",
    [
        replace(FULL, nicknames=("Anita",)),
        replace(FULL, groups=("friends",)),
        replace(FULL, photo="00"),
        replace(FULL, name=Name(prefix="Dr.", given="Ana")),
        replace(FULL, organizations=(Organization("Gil", department="Sales"),)),
        replace(FULL, organizations=(Organization("Gil"), Organization("Ruiz"))),
        replace(FULL, emails=(Email("a@b.org", "boat"),)),
        replace(FULL, note="a" * 256),
        replace(FULL, note="\u00f1" * 128),
        replace(FULL, phones=(PhoneEntry("", "mobile"),)),
        Card(name=Name(given="A" * 255)),
        Card(name=Name(given="\ud800")),
    ],
)
def test_cards_that_need_more_are_written_long(card: Card) -> None:
    stored, texts, document = press_row(card)
    assert shorten(card, card.display_name, card.company, card.phones[0].value if card.phones else "") is None
    assert document[0] != MARK
    assert unpress_row(*texts, document) == stored


def test_no_deflated_document_begins_like_a_short_one() -> None:
    with pytest.raises(zlib.error):
        zlib.decompressobj(-12).decompress(bytes((MARK,)) + bytes(50))


def test_what_was_written_once_is_read_for_ever() -> None:
    texts = FULL.display_name, FULL.company, FULL.phones[0].value
    written = bytes.fromhex(WRITTEN)
    assert shorten(FULL, *texts) == written
    assert lengthen(*texts, written) == to_document(FULL)


@pytest.mark.parametrize("data", [b"\7", b"\7\1\x90\1A", b"\7\1\x20\5A", b"\7\1\x11\x09", b"\7\1\x31"])
def test_a_damaged_document_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"item|cut off"):
        lengthen("", "", "", data)


WRITTEN = (
    "070a01120cb34ae0fa91c1200431322a3333116a7680822943d41c42c80a2b804009416e6140582e"
    "6f7267610549a95eb071120a589e9ed7be75eb1d7bedb4d760"
)
"""FULL as the first version wrote it."""
