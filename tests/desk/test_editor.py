"""The editor's logic: card and form, faults, changes, two edits that meet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.desk.editor import (
    BirthdayText,
    Fault,
    Form,
    Wrong,
    card_of,
    changed,
    faults,
    form_of,
    reading,
    rebase,
)
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
from ringdesk.domain.phone import E164, Extension, Unparsable

texts = st.text(max_size=12)
birthdays = st.builds(Birthday, st.integers(1, 12), st.integers(1, 28), st.one_of(st.none(), st.integers(1, 9999)))


def many(value: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(value, max_size=3).map(tuple)


cards = st.builds(
    Card,
    name=st.builds(Name, *[texts] * 8),
    nicknames=many(texts),
    phones=many(st.builds(PhoneEntry, texts, texts)),
    emails=many(st.builds(Email, texts, texts)),
    organizations=many(st.builds(Organization, *[texts] * 4)),
    addresses=many(st.builds(Address, *[texts] * 9)),
    urls=many(st.builds(Url, texts, texts)),
    birthday=st.one_of(st.none(), birthdays),
    relations=many(st.builds(Relation, texts, texts)),
    note=texts,
    custom=many(st.builds(CustomField, texts, texts)),
    groups=many(texts),
    photo=texts,
)


@given(cards)
def test_a_card_comes_back_from_its_form_unchanged(card: Card) -> None:
    assert card_of(form_of(card), card) == card


@given(cards)
def test_an_untouched_form_is_not_changed_and_its_lists_have_no_fault(card: Card) -> None:
    form = form_of(card)
    assert not changed(form, form_of(card))
    assert all(fault.wrong is Wrong.NOTHING or fault.field == "birthday" for fault in faults(form, card))


@given(cards, cards)
def test_rebase_of_an_edit_nobody_met_is_the_edit(before: Card, mine: Card) -> None:
    result = rebase(before, mine, before)
    assert (result.card, result.clashes) == (mine, ())


@given(cards, cards)
def test_rebase_of_no_edit_is_the_others(before: Card, theirs: Card) -> None:
    result = rebase(before, before, theirs)
    assert (result.card, result.clashes) == (theirs, ())


def test_rebase_keeps_mine_and_names_the_clash() -> None:
    before = Card(name=Name(given="Anna"), note="old")
    mine = replace(before, name=Name(given="Anne"))
    theirs = replace(before, name=Name(given="Hanna"), note="new")
    result = rebase(before, mine, theirs)
    assert result.card == Card(name=Name(given="Anne"), note="new")
    assert result.clashes == ("name",)


def test_empty_rows_are_dropped_and_text_is_trimmed() -> None:
    form = Form(
        name=Name(given=" Anna "),
        phones=(PhoneEntry("", "work"), PhoneEntry(" 020 7946 0018 ", "mobile")),
        note=" x \n",
    )
    card = card_of(form)
    assert card == Card(name=Name(given="Anna"), phones=(PhoneEntry("020 7946 0018", "mobile"),), note="x")


def test_an_added_empty_row_is_no_change() -> None:
    form = form_of(Card(name=Name(given="Anna")))
    assert not changed(replace(form, phones=(PhoneEntry("", "work"),)), form)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (BirthdayText("31", 2, ""), Wrong.NO_SUCH_DAY),
        (BirthdayText("29", 2, "2023"), Wrong.NO_SUCH_DAY),
        (BirthdayText("x", 2, ""), Wrong.NO_SUCH_DAY),
        (BirthdayText("", 2, ""), Wrong.HALF_BIRTHDAY),
        (BirthdayText("3", 0, ""), Wrong.HALF_BIRTHDAY),
        (BirthdayText("3", 3, "75x"), Wrong.BAD_YEAR),
        (BirthdayText("3", 3, "0"), Wrong.BAD_YEAR),
        (BirthdayText("3", 3, "123456"), Wrong.BAD_YEAR),
    ],
)
def test_bad_birthdays(typed: BirthdayText, wrong: Wrong) -> None:
    form = Form(name=Name(given="Anna"), birthday=typed)
    assert faults(form) == [Fault("birthday", 0, wrong)]


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        (BirthdayText("29", 2, ""), Birthday(2, 29)),
        (BirthdayText(" 29 ", 2, " 2024 "), Birthday(2, 29, 2024)),
        (BirthdayText(), None),
    ],
)
def test_good_birthdays(typed: BirthdayText, born: Birthday | None) -> None:
    form = Form(name=Name(given="Anna"), birthday=typed)
    assert not faults(form)
    assert card_of(form).birthday == born


def test_bad_fields_are_named_with_their_row() -> None:
    form = Form(
        name=Name(given="Anna"),
        emails=(Email("anna@example.com"), Email("anna at home"), Email("")),
        custom=(CustomField("", "x"), CustomField("", "")),
    )
    assert faults(form) == [Fault("emails", 1, Wrong.NO_AT), Fault("custom", 0, Wrong.NO_KEY)]


def test_what_was_there_before_may_stay_as_it_was() -> None:
    card = Card(name=Name(given="Anna"), emails=(Email("broken"),))
    assert not faults(form_of(card), card)


def test_an_empty_card_is_not_saved() -> None:
    assert faults(Form()) == [Fault("name", 0, Wrong.NOTHING)]


def test_numbers_are_read_while_typed() -> None:
    assert isinstance(reading("+34 612 34 56 78", "GB"), E164)
    assert reading("204", "GB") == Extension("204")
    assert isinstance(reading("ask Jo", "GB"), Unparsable)
    assert reading("  ", "GB") is None
