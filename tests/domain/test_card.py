"""The card and its document form."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
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
    split_name,
)
from ringdesk.domain.document import FIELDS, from_document, to_document, to_json

text = st.text(max_size=12)
birthdays = st.one_of(
    st.none(),
    st.builds(lambda d, y: Birthday(d.month, d.day, d.year if y else None), st.dates(), st.booleans()),
)


def some(kind: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(kind, max_size=3).map(tuple)


cards = st.builds(
    Card,
    name=st.builds(Name, *[text] * 8),
    nicknames=some(text),
    phones=some(st.builds(PhoneEntry, text, text)),
    emails=some(st.builds(Email, text, text)),
    organizations=some(st.builds(Organization, text, text, text, text)),
    addresses=some(st.builds(Address, *[text] * 9)),
    urls=some(st.builds(Url, text, text)),
    birthday=birthdays,
    relations=some(st.builds(Relation, text, text)),
    note=text,
    custom=some(st.builds(CustomField, text, text)),
    groups=some(text),
    photo=text,
)


@given(cards)
def test_a_card_survives_being_a_document(card: Card) -> None:
    document = json.loads(json.dumps(to_document(card)))
    assert from_document(document) == card
    assert set(document) <= set(FIELDS)


@given(cards)
def test_the_short_way_to_json_writes_what_json_writes(card: Card) -> None:
    assert to_json(card) == json.dumps(to_document(card), ensure_ascii=False, separators=(",", ":"))


def test_an_empty_card_is_an_empty_document() -> None:
    assert to_document(Card()) == {}


@pytest.mark.parametrize("field", FIELDS)
def test_a_damaged_field_is_named(field: str) -> None:
    with pytest.raises(ValueError, match=field):
        from_document({field: 3})


def test_unknown_fields_of_a_later_version_are_no_error() -> None:
    assert from_document({"hologram": 1, "note": "x"}) == Card(note="x")


@pytest.mark.parametrize(("month", "day", "year"), [(2, 30, None), (13, 1, None), (1, 0, None), (1, 1, 0)])
def test_days_that_do_not_exist_are_refused(month: int, day: int, year: int | None) -> None:
    with pytest.raises(ValueError, match="no such"):
        Birthday(month, day, year)


def test_display_name_falls_back_in_order() -> None:
    card = Card(
        name=Name(given="Ana"),
        nicknames=("Nana",),
        organizations=(Organization("Acme"),),
        emails=(Email("a@x.example"),),
        phones=(PhoneEntry("1"),),
    )
    shown = []
    for without in (None, {"name": Name()}, {"nicknames": ()}, {"organizations": ()}, {"emails": ()}, {"phones": ()}):
        card = card if without is None else Card(**{**{f: getattr(card, f) for f in FIELDS}, **without})
        shown.append(card.display_name)
    assert shown == ["Ana", "Nana", "Acme", "a@x.example", "1", ""]


@pytest.mark.parametrize(
    ("name", "full"),
    [
        (Name(given="太郎", family="山田"), "山田 太郎"),
        (Name(prefix="Dr.", given="민수", family="김"), "Dr. 김 민수"),
        (Name(given="ジョン", family="スミス"), "ジョン スミス"),
        (Name(given="Ana", family="Smith"), "Ana Smith"),
    ],
)
def test_a_name_is_shown_in_the_order_it_is_said(name: Name, full: str) -> None:
    assert name.full == full


@pytest.mark.parametrize("text", ["山田 太郎", "Ana Maria Smith", "ジョン スミス", "محمد عبد الله", "Cher", ""])
def test_a_name_that_was_one_text_is_shown_as_it_was_written(text: str) -> None:
    assert split_name(text).full == text
