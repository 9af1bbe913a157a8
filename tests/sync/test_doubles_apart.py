"""What of a contact that is there twice lies only on the one that goes: it is not deleted with that one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from ringdesk.domain.card import CustomField, PhoneEntry
from ringdesk.domain.replica import Clash, Direction, Review
from tests.sync.judge import Judge
from tests.sync.kit import Pair
from tests.sync.memory_remote import Held
from tests.sync.test_doubles import LONG, Twice
from tests.sync.world import Ledger

NEW = PhoneEntry("+34600000009", "home")


def made_again(pair: Pair, note: str = "") -> tuple[Twice, Held]:
    """One that was deleted there and made again by the one desk left; brought back, the first one would stay."""
    twice = Twice(pair)
    twice.other.close()
    pair.desks = [twice.one]
    [ana] = twice.one.contacts()
    twice.one.edit(ana.id, replace(ana.card, note=note))
    for _ in range(2):
        pair.sync()
    [again] = twice.server.held.values()
    return twice, again


def ends(pair: Pair, twice: Twice) -> Held:
    """The first one, alone."""
    for _ in range(2):
        pair.sync()
    pair.settled()
    [held] = twice.server.held.values()
    assert held.remote == twice.gone
    return held


def notes(twice: Twice) -> set[str]:
    """Every note that a contact of the desk has had, or that lost a clash."""
    rows = twice.one.reader.connection.rows("SELECT old, new FROM change WHERE field = 'note'")
    return {json.loads(text) for row in rows for text in row if text} - {None}


@pytest.mark.parametrize("note", ["", "of one"], ids=["no note here", "a note here"])
def test_what_lies_only_on_the_one_that_goes_comes_along(pair: Pair, note: str) -> None:
    """Seed 2160167: it came onto that one while the desk only wrote, stayed apart by that, and went with it."""
    twice, again = made_again(pair, note)
    twice.one.turn(Direction.TO)
    number = CustomField("number", "1")
    more = replace(again.card, phones=(*again.card.phones, NEW), custom=(number,), note="theirs")
    twice.server.edit(again.remote, more)
    pair.sync()
    twice.one.turn(Direction.BOTH)
    pair.sync()
    ana = pair.here("Ana")
    assert ana.card.custom == ()
    *phones, taken_off = ana.card.phones
    twice.one.edit(ana.id, replace(ana.card, phones=tuple(phones)))  # not yet there
    twice.server.restore(twice.gone)
    for card in (ends(pair, twice).card, pair.here("Ana").card):
        assert {phone.value for phone in card.phones} == {NEW.value, *(phone.value for phone in phones)}
        assert taken_off not in card.phones
        assert card.custom == (number,)
        assert card.note == (note or "theirs")  # ours stands in the place of theirs
    assert "theirs" in notes(twice)


@pytest.mark.parametrize("left_out", ["phones", "note", "groups"])
def test_what_lies_there_in_fields_that_are_left_out_is_not_deleted_with_the_one_that_goes(
    pair: Pair, left_out: str
) -> None:
    """Nobody here has read it: the two wait until it is synced again."""
    twice, again = made_again(pair)
    pair.set(fields=pair.desk.policy.fields - {left_out})
    pair.sync()
    friends = frozenset({twice.server.label("Friends")})
    more = replace(again.card, phones=(*again.card.phones, NEW), note="theirs")
    twice.server.edit(again.remote, more, containers=friends)
    pair.sync()
    twice.server.restore(twice.gone)
    for _ in range(3):
        pair.sync()
    assert {*twice.server.held} == {twice.gone, again.remote}
    pair.set(fields=pair.desk.policy.fields | {left_out})
    held = ends(pair, twice)
    assert {NEW, *again.card.phones} == {*held.card.phones} == {*pair.here("Ana").card.phones}
    assert held.card.note == "theirs"
    assert friends <= held.containers
    assert pair.here("Ana").card.groups == ("Friends",)


def test_fields_that_are_left_out_keep_none_that_has_nothing_more_in_them(pair: Pair) -> None:
    twice, _ = made_again(pair)
    pair.set(fields=pair.desk.policy.fields - {"emails", "note"})
    pair.sync()
    twice.server.restore(twice.gone)
    twice.server.edit(twice.gone, replace(twice.server.held[twice.gone].card, note="on the one that stays"))
    ends(pair, twice)


@pytest.mark.parametrize("later", ["here", "there"])
def test_a_clash_that_nobody_has_answered_is_decided_before_the_one_that_goes(pair: Pair, later: str) -> None:
    """What lay there was gone, in no history either, and the question about it stayed."""
    twice, again = made_again(pair)
    pair.set(clash=Clash.ASK)
    pair.clock.pass_(LONG)
    [ana] = twice.one.contacts()
    sides: dict[str, Callable[[], object]] = {
        "here": partial(twice.one.edit, ana.id, replace(ana.card, note="here")),
        "there": partial(twice.server.edit, again.remote, replace(again.card, note="there")),
    }
    for side in sorted(sides, key=lambda side: side == later):
        sides[side]()
        pair.clock.pass_(LONG)
    pair.sync()
    assert pair.questions(Review.CLASH)
    twice.server.restore(twice.gone)
    held = ends(pair, twice)
    assert held.card.note == pair.here("Ana").card.note == later
    assert pair.questions(Review.CLASH) == []
    assert {"here", "there"} <= notes(twice)
    assert Judge(Ledger(), pair.hand, pair.desks).faults() == []
