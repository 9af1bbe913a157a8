"""What an undo has kept apart, and its user enters here after all, as it lies there: that is agreed on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringdesk.domain.card import Card, PhoneEntry
from ringdesk.domain.replica import Direction, GoneThere
from tests.sync.kit import Pair, card
from tests.sync.memory_remote import Held

MOBILE, HOME = PhoneEntry("+34600111222", "mobile"), PhoneEntry("+34600111222", "home")
OTHER, OURS = PhoneEntry("+34600111333", "work"), PhoneEntry("+34600111444", "work")


def test_what_is_entered_here_and_lies_there_already_is_agreed_on(pair: Pair) -> None:
    """An undo had kept it apart; when it was removed there, it was sent again as if it had just been entered here."""
    both = card("Ana", "+34600111222", "+34600111333")
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.server.edit(held.remote, replace(both, note="new"))
    pair.sync()
    pair.desk.engine.undo()
    pair.sync()
    pair.desk.edit(pair.here("Ana").id, both)
    pair.sync()
    pair.server.edit(held.remote, replace(held.card, phones=both.phones[:1]))
    pair.sync()
    pair.sync()
    assert pair.here("Ana").card.phones == held.card.phones == both.phones[:1]


def entered_as_there(pair: Pair, *more: PhoneEntry) -> Held:
    """An undo has kept apart how a phone is called, and another phone; how it is called there is entered here, too."""
    held = pair.server.add(card("Ana", MOBILE.value))
    pair.sync()
    pair.server.edit(held.remote, replace(held.card, phones=(HOME, OTHER)))
    pair.sync()
    pair.desk.engine.undo()
    pair.sync()
    pair.desk.edit(pair.here("Ana").id, replace(pair.here("Ana").card, phones=(HOME, *more)))
    pair.sync()
    return held


def phones(card: Card) -> set[PhoneEntry]:
    return {*card.phones}


@pytest.mark.parametrize("direction", [Direction.BOTH, Direction.FROM])
def test_one_phone_of_some_that_lies_there_already_is_agreed_on(pair: Pair, direction: Direction) -> None:
    """Seed 1007809: another phone lay apart, so this one counted as edited here; removed there, it was sent again."""
    pair.desk.turn(direction)
    held = entered_as_there(pair, *([OURS] if direction is Direction.FROM else []))
    pair.server.edit(held.remote, replace(held.card, phones=(OTHER,)))
    pair.sync()
    pair.sync()
    assert phones(held.card) == {OTHER}
    assert phones(pair.here("Ana").card) == ({OURS} if direction is Direction.FROM else set())


def test_who_has_nothing_but_what_lies_there_is_not_made_there_again(pair: Pair) -> None:
    """It was deleted there, and made again for what nobody had edited."""
    pair.set(gone_there=GoneThere.DELETE)
    held = entered_as_there(pair)
    pair.server.delete(held.remote)
    pair.sync()
    pair.sync()
    assert (pair.names(), pair.names_there()) == ([], [])


def test_what_is_only_there_stays_apart_when_the_rest_is_agreed_on(pair: Pair) -> None:
    held = entered_as_there(pair)
    pair.server.edit(held.remote, replace(held.card, note="new"))
    pair.sync()
    pair.sync()
    assert phones(held.card) == {HOME, OTHER}
    assert phones(pair.here("Ana").card) == {HOME}
    assert pair.here("Ana").card.note == "new"
