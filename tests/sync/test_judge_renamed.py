"""What the simulator's judge excuses of contacts that got another id just before they were deleted, and what not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest

from ringdesk.domain.card import CustomField, PhoneEntry
from tests.sync.google_account import GoogleAccount
from tests.sync.judge import Judge
from tests.sync.kit import Pair, card
from tests.sync.life import World
from tests.sync.parts import Parts
from tests.sync.simulation import in_memory
from tests.sync.world import TELLS_WITHIN, Ledger, Made, People

ANA = card("Ana", "+34600111222", custom=(CustomField("born", "born1"),))
LONG = 700.0
TWICE = [f"born1 2 times at {where}" for where in ("account", "desk 0", "desk 1")]


def made_again(pair: Pair, ledger: Ledger, *, heard: bool) -> None:
    """One desk lists Ana before she gets another id there, a second one after it; both edit her, and she is deleted.

    `heard`: the first one has a round between.
    """
    first, second = pair.desk, pair.second()

    def rounds(*desks: int) -> None:
        pair.clock.pass_(LONG)
        for number in desks:
            ledger.rounds[number] = pair.clock.time
            pair.desks[number].sync()

    old = pair.server.add(ANA).remote
    rounds(0)
    new = pair.server.rename(old)
    ledger.renamed_there(ANA, pair.clock.time)
    rounds(1, *([0] if heard else []))
    for place, desk in enumerate((first, second)):
        [ana] = desk.contacts()
        phone = PhoneEntry(f"+3460000000{place}", "work")
        desk.edit(ana.id, replace(ana.card, phones=(*ana.card.phones, phone)))
    ledger.deleted_there(ANA)
    pair.server.delete(new)
    pair.server.delay = lambda: LONG  # neither hears of the other's in time
    rounds(0, 1)
    rounds(0, 1)
    pair.server.delay = lambda: 0.0
    for _ in range(4):
        rounds(0, 1)


def doubled(pair: Pair, ledger: Ledger) -> list[str]:
    return Judge(ledger, pair.hand, pair.desks).doubled()


def test_one_that_got_another_id_and_was_deleted_before_a_desk_heard_may_be_made_again_twice(pair: Pair) -> None:
    """Seed 2138508: each desk knew it by an id of its own, no report had told either of the other one."""
    ledger = Ledger()
    made_again(pair, ledger, heard=False)
    assert doubled(pair, Ledger()) == TWICE
    assert doubled(pair, ledger) == []
    pair.server.add(ANA)
    assert doubled(pair, ledger) == ["born1 2 times at account"], "a third one"


def test_one_whose_other_id_every_desk_had_heard_of_is_made_again_once(pair: Pair) -> None:
    ledger = Ledger()
    made_again(pair, ledger, heard=True)
    assert len({one.desk for one in pair.hand.made() if one.again}) == 2
    assert ledger.untold == {}
    assert doubled(pair, Ledger()) == []
    pair.server.add(ANA)
    assert doubled(pair, ledger) == ["born1 2 times at account"]


@pytest.mark.parametrize(
    "other",
    [
        lambda one, two: replace(two, desk=one.desk),
        lambda one, two: replace(two, was=two.was | one.was),
        lambda one, two: replace(two, id=one.id),
        lambda one, two: replace(two, was=frozenset()),
        lambda one, two: replace(two, at=0.0),
        lambda one, two: replace(two, card=card("Bea", custom=(CustomField("born", "born2"),))),
    ],
    ids=["by one desk", "as one that it was", "with one id of ours", "for the first time", "before it", "another one"],
)
def test_what_else_is_made_twice_is_told_though_it_had_got_another_id(
    pair: Pair, other: Callable[[Made, Made], Made]
) -> None:
    ledger = Ledger()
    made_again(pair, ledger, heard=False)
    one, two = pair.hand.made()
    assert doubled(pair, ledger) == []
    with patch.object(pair.hand, "made", lambda: [one, other(one, two)]):
        assert doubled(pair, ledger) == TWICE


def brought_back(pair: Pair, ledger: Ledger) -> str:
    """Ana gets another id there and is deleted before her desk hears of it, which has edited her; while it makes her
    again, somebody takes her out of the trash. Gives the id under which she is back."""
    people = People(Random(1), ledger, pair.hand, pair.clock)
    held = pair.server.add(ANA)
    pair.server.add(card("Bea", "+34600333444"))
    pair.sync()
    ledger.rounds[0] = pair.clock.time
    new = pair.server.rename(held.remote)
    ledger.renamed_there(ANA, pair.clock.time)
    pair.desk.edit(pair.here("Ana").id, replace(ANA, note="edited"))
    ledger.deleted_there(ANA)
    pair.server.delete(new)
    held.former = ()  # told once only, which was while she lay in the trash

    def between(what: str) -> None:
        if what == "push create" and pair.server.trash:
            with patch.object(people.dice, "random", lambda: 0.35):
                people.by_hand()

    pair.book.between = between
    for _ in range(4):
        pair.sync()
    assert new in pair.server.held
    return new


def test_one_with_an_untold_id_that_is_brought_back_when_it_is_made_again_may_be_there_twice(pair: Pair) -> None:
    """Seed 1085582: nothing on it told the desk, which had never heard of that id, whom it had made again."""
    ledger, twice = Ledger(), TWICE[:2]
    new = brought_back(pair, ledger)
    assert doubled(pair, Ledger()) == twice
    assert doubled(pair, replace(ledger, back={})) == twice
    assert doubled(pair, ledger) == []
    assert doubled(pair, replace(ledger, untold={})) == twice, "every desk had heard of its id"
    long_ago = {"born1": (new, pair.hand.made()[0].at - TELLS_WITHIN)}
    assert doubled(pair, replace(ledger, back=long_ago)) == twice, "it could be heard that it was back"
    pair.server.add(ANA)
    assert doubled(pair, ledger) == ["born1 2 times at account"], "a third one"
    pair.server.delete(new)
    assert doubled(pair, ledger) == twice, "it is gone again, one more is another one"


@pytest.mark.parametrize(
    "other",
    [
        lambda made, new: replace(made, was=made.was | {new}),
        lambda made, new: replace(made, was=frozenset()),
        lambda made, new: replace(made, at=0.0),
        lambda made, new: replace(made, card=card("Bea", custom=(CustomField("born", "born2"),))),
    ],
    ids=["by a desk that knew it", "for the first time", "before it", "another one"],
)
def test_what_else_is_made_beside_one_brought_back_is_told(pair: Pair, other: Callable[[Made, str], Made]) -> None:
    ledger = Ledger()
    new = brought_back(pair, ledger)
    [made] = pair.hand.made()
    with patch.object(pair.hand, "made", lambda: [other(made, new)]):
        assert doubled(pair, ledger) == TWICE[:2]


def test_one_brought_back_with_our_mark_of_what_was_made_again_is_told(pair: Pair) -> None:
    ledger = Ledger()
    new = brought_back(pair, ledger)
    pair.server.held[new].id = pair.hand.made()[0].id
    assert doubled(pair, ledger)[:2] == TWICE[:2]


@pytest.mark.parametrize("heard", [True, False])
def test_another_id_is_untold_until_every_desk_has_had_a_round_some_time_after_it(pair: Pair, *, heard: bool) -> None:
    ledger, now = Ledger(), pair.clock.time
    ledger.renamed_there(ANA, now)
    ledger.rounds = {0: now + 9 * LONG, 1: now + TELLS_WITHIN if heard else now + TELLS_WITHIN - 1.0}
    ledger.deleted_there(card("Bea", custom=(CustomField("born", "born2"),)))
    assert ledger.untold == {}
    ledger.deleted_there(ANA)
    assert ledger.untold == ({} if heard else {"born1": now})


@pytest.mark.parametrize("account", [GoogleAccount, in_memory().account])
def test_people_note_who_gets_another_id(tmp_path: Path, account: Callable[..., GoogleAccount]) -> None:
    world = World(5, tmp_path, Parts(account=account))
    people = People(Random(1), Ledger(), world.account.hand, world.clock)
    made = people.card("account")
    world.account.hand.add(made)
    [before] = world.account.hand.all()
    with patch.object(people.dice, "random", lambda: 0.52):
        people.by_hand()
    [after] = world.account.hand.all()
    assert before.remote != after.remote
    assert people.ledger.renamed_at == {made.custom[0].value: world.clock.time}
    world.work.close()
