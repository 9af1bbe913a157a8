"""Who is it: order, certainty, reasons."""

from __future__ import annotations

from dataclasses import replace

from ringdesk.domain.lookup import Book, Candidate, Found, Hidden, Nobody, Rule, who_is
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import E164, Extension, Withheld

LONDON = parse("+442079460777", "GB")
ANA = Candidate(contact="ana", name="Ana", stored="020 7946 0777", number=LONDON, label="work")
BEN = replace(ANA, contact="ben", name="Ben")


def names(found: object) -> list[str]:
    assert isinstance(found, Found)
    return [match.who.name for match in found.matches]


def test_an_exact_number_is_sure_and_says_why() -> None:
    found = who_is(LONDON, [ANA], region="GB")
    assert isinstance(found, Found)
    assert found.best.sure
    assert not found.several
    assert found.best.why.rule is Rule.SAME_NUMBER
    assert (found.best.why.label, found.best.why.stored) == ("work", "020 7946 0777")


def test_a_tail_is_a_maybe() -> None:
    found = who_is(LONDON, [replace(ANA, number=parse("7946 0777", "US"))], region="GB")
    assert isinstance(found, Found)
    assert not found.best.sure
    assert found.best.why.rule is Rule.SAME_TAIL


def test_maybes_are_silent_where_something_is_exact() -> None:
    maybe = replace(BEN, number=parse("7946 0777", "US"))
    assert names(who_is(LONDON, [maybe, ANA], region="GB")) == ["Ana"]


def test_my_contacts_come_before_shared_ones_and_known_before_anonymous() -> None:
    shared = replace(ANA, contact="s", name="Shared", book=Book.SHARED, updated=99)
    anonymous = replace(ANA, contact="n", name="Anonymous", known=False, updated=99)
    assert names(who_is(LONDON, [shared, BEN], region="GB")) == ["Ben", "Shared"]
    assert names(who_is(LONDON, [shared, anonymous, BEN], region="GB")) == ["Ben", "Shared"]
    assert names(who_is(LONDON, [anonymous], region="GB")) == ["Anonymous"]


def test_the_pick_comes_first_and_the_others_stay_offered() -> None:
    found = who_is(LONDON, [ANA, BEN], region="GB", picked="ben")
    assert names(found) == ["Ben", "Ana"]
    assert isinstance(found, Found)
    assert found.picked
    assert not found.several


def test_a_pick_that_no_longer_has_the_number_is_ignored() -> None:
    found = who_is(LONDON, [ANA, BEN], region="GB", picked="gone")
    assert isinstance(found, Found)
    assert found.several


def test_two_numbers_of_one_contact_are_one_match() -> None:
    assert names(who_is(LONDON, [ANA, replace(ANA, label="home")], region="GB")) == ["Ana"]


def test_a_candidate_whose_number_is_another_is_no_match() -> None:
    assert who_is(LONDON, [replace(ANA, number=E164("442079460778", 2))], region="GB") == Nobody()


def test_an_extension_matches_as_such() -> None:
    found = who_is(Extension("202"), [replace(ANA, number=Extension("202"))], region="GB")
    assert isinstance(found, Found)
    assert found.best.why.rule is Rule.SAME_EXTENSION


def test_a_withheld_number_is_not_looked_up() -> None:
    assert who_is(Withheld(), [ANA], region="GB") == Hidden()
