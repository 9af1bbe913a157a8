"""What is written as vCard is read back as it was, and other programs can read it too."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdesk.domain.card import Card, Email, Name, Organization, PhoneEntry, Relation
from ringdesk.files.labels import WORDS
from ringdesk.files.reading import ReadCard
from ringdesk.files.writing import write_vcards
from tests.files.strategies import JPEG, PNG, cards, read_all, read_cards


def written(*entries: Card, uid: str = "", photo: bytes | None = None) -> bytes:
    out = io.BytesIO()
    write_vcards(((card, uid, photo) for card in entries), out)
    return out.getvalue()


@settings(max_examples=80, deadline=None)
@given(st.lists(cards, min_size=1, max_size=3))
def test_any_card_comes_back_as_it_was(entries: list[Card]) -> None:
    assert read_cards(written(*entries)) == entries


@given(cards)
def test_lines_are_folded_at_75_bytes_and_never_inside_a_letter(card: Card) -> None:
    for line in written(card).split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")


@pytest.mark.parametrize("label", WORDS)
def test_each_label_comes_back(label: str) -> None:
    card = Card(
        phones=(PhoneEntry("+34 600", label),), emails=(Email("a@b.c", label),), relations=(Relation("Ana", label),)
    )
    assert read_cards(written(card)) == [card]


@pytest.mark.parametrize(
    "text", ["tel:+34", "urn:uuid:1", "_$!<Home>!$_", "_$!<", "BEGIN:VCARD", "\nEND:VCARD", "data:,"]
)
def test_text_that_looks_like_a_vcards_own_stays_text(text: str) -> None:
    text = text.strip()
    card = Card(name=Name(given=text), phones=(PhoneEntry(text, text),), relations=(Relation(text),), note=f"x\n{text}")
    assert read_cards(written(card)) == [card]


@pytest.mark.parametrize(("data", "kind"), [(PNG, "png"), (JPEG, "jpeg")])
def test_picture_and_uid_come_back(data: bytes, kind: str) -> None:
    card = Card(name=Name(given="Ana"), photo=hashlib.sha256(data).hexdigest())
    (item,) = read_all(written(card, uid="urn:uuid:1;2,3", photo=data))
    assert isinstance(item, ReadCard)
    assert item.card == card
    assert item.uid == "urn:uuid:1;2,3"
    assert item.picture is not None
    assert (item.picture.data, item.picture.kind) == (data, kind)


def test_bytes_that_are_no_picture_are_not_written() -> None:
    assert b"PHOTO" not in written(Card(name=Name(given="Ana")), photo=b"<svg/>")


def test_titles_stay_with_their_companies() -> None:
    organizations = (
        Organization(title="Chair"),
        Organization("Acme"),
        Organization("Delta", "Clerk", "Sales", "second"),
    )
    card = Card(organizations=organizations)
    assert read_cards(written(card)) == [card]


def test_one_company_is_written_plainly() -> None:
    text = written(Card(organizations=(Organization("Acme", "Clerk", "Sales"),))).decode()
    assert "\r\nORG:Acme;Sales\r\nTITLE:Clerk\r\n" in text


def test_half_a_letter_is_replaced_and_does_not_stop_the_export() -> None:
    assert read_cards(written(Card(note="a\ud800b"))) == [Card(note="a?b")]


def test_line_ends_of_other_systems_become_one() -> None:
    assert read_cards(written(Card(note="a\r\nb\rc"))) == [Card(note="a\nb\nc")]


def test_card_without_anything_to_show_is_still_written() -> None:
    card = Card(note="only a note")
    assert read_cards(written(card)) == [card]
    assert read_cards(written(replace(card, name=Name(phonetic_given="Ana")))) == [
        replace(card, name=Name(phonetic_given="Ana"))
    ]
