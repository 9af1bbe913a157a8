"""Whose contact is it: the tables of product rule 2, walked completely."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from ringdesk.domain.call import Call, CallKey, CallState, Direction
from ringdesk.domain.card import Card, Name
from ringdesk.domain.contact import Contact, Coworker, Me, Owner, Unclaimed
from ringdesk.domain.line import Department, Internal, Line, OtherPerson, Personal, UnknownLine
from ringdesk.domain.ownership import (
    MAY,
    ON_RING,
    UNKNOWN_CALLERS_AN_HOUR,
    Deed,
    Makes,
    caller_makes,
    owner_after_edit,
    owner_of,
    refused,
)
from ringdesk.domain.phone import E164, Extension, Number, Unparsable, Withheld

CALL = Call(
    id="c",
    keys=(CallKey("s", "1"),),
    direction=Direction.INCOMING,
    state=CallState.RINGING,
    number=E164("442079460777", 2),
)
LINES: dict[Line, Makes] = {
    Personal(): Makes.MINE,
    Department("sales"): Makes.UNCLAIMED,
    Internal(): Makes.NOTHING,
    OtherPerson(): Makes.NOTHING,
    UnknownLine(): Makes.NOTHING,
}
NUMBERS: dict[Number, bool] = {
    E164("442079460777", 2): True,
    Extension("201"): False,
    Withheld(): False,
    Unparsable("123-1234", "1231234"): False,
}


def test_the_tables_have_every_row() -> None:
    assert set(ON_RING) == set(get_args(Line)) == {type(line) for line in LINES}
    assert set(MAY) == set(product(get_args(Owner), Deed))
    assert {type(number) for number in NUMBERS} == set(get_args(Number))


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("found", [False, True])
@pytest.mark.parametrize("lately", [0, UNKNOWN_CALLERS_AN_HOUR - 1, UNKNOWN_CALLERS_AN_HOUR])
def test_what_a_ring_makes(line: Line, number: Number, direction: Direction, found: bool, lately: int) -> None:
    call = replace(CALL, line=line, number=number, direction=direction)
    allowed = NUMBERS[number] and direction is Direction.INCOMING and not found and lately < UNKNOWN_CALLERS_AN_HOUR
    assert caller_makes(call, found=found, lately=lately) is (LINES[line] if allowed else Makes.NOTHING)


def test_who_owns_what_a_call_makes() -> None:
    assert owner_of(Makes.MINE, Personal()) == Me()
    assert owner_of(Makes.UNCLAIMED, Department("sales")) == Unclaimed("sales")
    with pytest.raises(ValueError, match="nobody owns"):
        owner_of(Makes.NOTHING, Internal())


KNOWN = Card(name=Name(given="Ana"))
OWNERS: tuple[Owner, ...] = (Me(), Coworker("bo", "Bo"), Unclaimed("sales"))


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("deed", Deed)
@pytest.mark.parametrize("administrator", [False, True])
@pytest.mark.parametrize("known", [False, True])
def test_what_may_be_done(owner: Owner, deed: Deed, administrator: bool, known: bool) -> None:
    contact = Contact(id="x", card=KNOWN if known else Card(), owner=owner)
    mine, unclaimed = isinstance(owner, Me), isinstance(owner, Unclaimed)
    expected = {
        Deed.EDIT: True,
        Deed.MARK: True,
        Deed.DELETE: mine or (unclaimed and administrator),
        Deed.SHARE: mine,
        Deed.SYNC: mine and known,
    }[deed]
    assert (refused(contact, deed, administrator=administrator) is None) is expected


@pytest.mark.parametrize("owner", OWNERS)
def test_the_first_edit_of_an_unclaimed_contact_claims_it_and_nothing_else_moves_an_owner(owner: Owner) -> None:
    after = owner_after_edit(Contact(id="x", card=KNOWN, owner=owner))
    assert after == (Me() if isinstance(owner, Unclaimed) else owner)


def test_a_number_alone_is_anonymous_and_a_link_makes_it_known() -> None:
    assert not Contact(id="x", card=Card()).known
    assert Contact(id="x", card=Card(), linked=True).known
    assert Contact(id="x", card=KNOWN).known
