"""What the simulator's judge excuses of contacts that were merged before every desk had heard of it, and what not."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest

from ringdesk.domain.card import Card, CustomField, PhoneEntry
from tests.sync.kit import Pair
from tests.sync.life import QUIET_PAUSE, World
from tests.sync.simulation import in_memory
from tests.sync.world import TELLS_WITHIN, Ledger, People, There, born_on, signs_of, tokens_of


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def test_what_was_merged_into_a_contact_just_before_its_deletion_is_excused(tmp_path: Path) -> None:
    """Seeds 970660 and 975736: it was entered long before, on another contact; what was there before is no excuse."""
    world = World(5, tmp_path, in_memory())
    assert world.run().faults == []
    hand = world.account.hand
    for token in ("born998", "born999"):
        hand.add(Card(custom=(CustomField("born", token),)))
    into, gone = (one for one in hand.all() if tokens_of(one.card) & {"born998", "born999"})
    both = replace(into.card, custom=(*into.card.custom, *gone.card.custom))
    world.weather.meddling = 1.0

    def merge(*_: object) -> None:
        hand.merge(into.remote, gone.remote, both)

    with patch.object(world.people, "by_hand", merge), patch.object(world.work, "edit", merge):
        world._before(0, "DELETE", frozenset({into.remote}))
    hand.delete(into.remote)
    world.witness.look()
    assert {*world.witness.unseen} & tokens_of(both) == tokens_of(gone.card)


@pytest.mark.parametrize("heard", [True, False])
def test_what_was_merged_into_one_deleted_before_all_desks_had_heard_may_be_made_again_twice(
    pair: Pair, *, heard: bool
) -> None:
    """Seeds 1100352 and 1303166: one desk makes both again as they were, another the one that they had become."""
    ledger = Ledger()
    people = People(Random(1), ledger, pair.hand, pair.clock)
    for _ in range(2):
        pair.hand.add(people.card("account"))
    people._merge(pair.hand.all())
    pair.clock.pass_(700.0)
    now = pair.clock.time
    ledger.rounds = {0: now, 1: now, 2: now if heard else now - 700.0}
    [both] = pair.hand.all()
    ledger.deleted_there(both.card)
    gone = {one.value for one in both.card.custom} & ledger.merged.keys()
    assert len(gone) == 1
    assert ledger.unlike == (set() if heard else gone)


@pytest.mark.parametrize(("left", "heard"), [(0, False), (0, True), (1, False)])
def test_one_merged_and_bereft_of_its_phones_before_all_desks_had_heard_may_be_made_again(
    pair: Pair, *, left: int, heard: bool
) -> None:
    """Seed 2011472: merged, and the other one's phones taken off one by one before a desk that had edited it heard."""
    ledger = Ledger()
    people = People(Random(1), ledger, pair.hand, pair.clock)
    for _ in range(2):
        pair.hand.add(people.card("account"))
    into, other = pair.hand.all()
    people.merge(into, other)
    now = pair.clock.time
    ledger.rounds = {0: now + TELLS_WITHIN, 1: now + TELLS_WITHIN if heard else now}
    before = pair.hand.all()[0].card
    for phones in (before.phones[1:], other.card.phones[:left]):
        assert ledger.unlike == set()
        after = replace(before, phones=phones)
        ledger.edited_there(before, after)
        before = after
    assert ledger.unlike == (born_on(other.card) if not (left or heard) else set())


@pytest.mark.parametrize(("own", "heard"), [(False, False), (False, True), (True, False)])
@pytest.mark.parametrize("by", ["a merge", "an edit"])
def test_one_merged_with_phones_that_it_had_only_just_got_may_be_made_again(
    pair: Pair, by: str, *, own: bool, heard: bool
) -> None:
    """Seed 2033433: it had none, another one with a phone was merged into it, and it at once into a third."""
    ledger = Ledger()
    people = People(Random(1), ledger, pair.hand, pair.clock)
    for _ in range(3):
        pair.hand.add(people.card("account"))
    first, bare, last = pair.hand.all()
    if not own:
        pair.hand.edit(bare.remote, replace(bare.card, phones=()))
        bare = pair.hand.all()[1]
    ledger.rounds = {0: pair.clock.time, 1: pair.clock.time}
    if by == "a merge":
        people.merge(bare, first)
    else:
        phones = (*bare.card.phones, PhoneEntry(people.token("phone", "account"), "work"))
        ledger.edited_there(bare.card, replace(bare.card, phones=phones))
        pair.hand.edit(bare.remote, replace(bare.card, phones=phones))
    if heard:
        ledger.rounds = dict.fromkeys(ledger.rounds, pair.clock.time + TELLS_WITHIN)
    grown = next(one for one in pair.hand.all() if one.remote == bare.remote)
    assert ledger.unlike == set()
    people.merge(last, grown)
    assert ledger.unlike == (set() if own or heard else born_on(bare.card))


def updated(world: World, desk: int, there: There, *phones: str) -> There:
    """A contact in the account after an update that a desk has sent, with these phones."""
    wanted = replace(there.card, phones=tuple(PhoneEntry(phone, "work") for phone in phones))
    world._before(desk, "PATCH", frozenset({there.remote}))
    world.account.hand.edit(there.remote, wanted)
    world.witness.look()
    return replace(there, card=wanted)


def two_there(world: World) -> list[There]:
    """Two new contacts of the account, of which every desk has heard."""
    assert world.run().faults == []
    before = {one.remote for one in world.account.hand.all()}
    for _ in range(2):
        world.account.hand.add(world.people.card("account"))
    world.ledger.rounds = dict.fromkeys(world.ledger.rounds, world.clock.time)
    return [one for one in world.account.hand.all() if one.remote not in before]


@pytest.mark.parametrize(
    ("by", "late", "excused"),
    [((1,), {0}, True), ((1,), {1}, False), ((1,), set(), False), ((0, 1), {0, 1}, False), ((1, None), {0}, True)],
)
def test_one_merged_with_phones_that_a_desk_had_only_just_put_there_may_be_made_again(
    tmp_path: Path, by: tuple[int | None, ...], late: set[int], *, excused: bool
) -> None:
    """Seed 1024447: a desk took off the phone by which another one knows it and put one there, and it was merged.

    A desk that has put one of them there itself, or has heard of one, knows it by that.
    """
    world = World(5, tmp_path, in_memory())
    into, other = two_there(world)
    phones: list[str] = []
    for desk in by:
        phones.append(world.people.token("phone", "account" if desk is None else f"desk {desk}"))
        if desk is None:
            wanted = replace(other.card, phones=(*other.card.phones, PhoneEntry(phones[-1], "work")))
            world.ledger.edited_there(other.card, wanted)
            world.account.hand.edit(other.remote, wanted)
            other = replace(other, card=wanted)
        else:
            other = updated(world, desk, other, *phones)
    world.ledger.rounds |= dict.fromkeys({0, 1} - late, world.clock.time + TELLS_WITHIN)
    world.people.merge(into, other)
    assert world.ledger.unlike & born_on(other.card) == (born_on(other.card) if excused else set())


def test_a_phone_that_a_desk_puts_there_again_is_none_that_came_late(tmp_path: Path) -> None:
    world = World(5, tmp_path, in_memory())
    into, other = two_there(world)
    [phone] = signs_of(other.card)
    without = updated(world, 1, other)
    other = updated(world, 1, without, phone)
    world.people.merge(into, other)
    assert world.ledger.unlike.isdisjoint(born_on(other.card))


@pytest.mark.parametrize(("late", "excused"), [({0}, True), ({1}, False), (set(), False)])
def test_one_merged_whose_phones_a_desk_took_off_before_another_had_heard_may_be_made_again(
    tmp_path: Path, late: set[int], *, excused: bool
) -> None:
    """As where they are taken off in the account; the desk that took them off had heard of the merge."""
    world = World(5, tmp_path, in_memory())
    into, other = two_there(world)
    world.people.merge(into, other)
    world.ledger.rounds |= dict.fromkeys({0, 1} - late, world.clock.time + TELLS_WITHIN)
    merged = next(one for one in world.account.hand.all() if one.remote == into.remote)
    updated(world, 1, merged, *signs_of(into.card))
    assert world.ledger.unlike & born_on(other.card) == (born_on(other.card) if excused else set())


def test_a_quiet_round_has_heard_of_a_merge_as_any_other(tmp_path: Path) -> None:
    world = World(5, tmp_path, in_memory())
    assert world.run().faults == []
    assert min(world.ledger.rounds.values()) > world.clock.time - QUIET_PAUSE


def test_a_desk_has_heard_of_no_merge_before_its_first_round(tmp_path: Path) -> None:
    world = World(5, tmp_path, in_memory())
    world.work.close()
    assert world.ledger.rounds == {0: 0.0, 1: 0.0}
