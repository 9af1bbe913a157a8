"""The users of the simulator who answer: what they are excused for, and what has to come of their answers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from ringdesk.domain.card import Card, CustomField, Name
from ringdesk.domain.effects import Ask, PutAccount, PutLink
from ringdesk.domain.replica import Choice, Clash, GoneThere, LinkState, Question, Review
from tests.sync import answering
from tests.sync.judge import Judge
from tests.sync.kit import Pair, card
from tests.sync.life import World
from tests.sync.mutants import MUTANTS
from tests.sync.simulation import in_memory
from tests.sync.world import Ledger, born_on, tokens_of


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One that came to rest without a fault, its desks open again."""
    made = World(5, tmp_path, in_memory())
    assert made.run().faults == []
    for desk in made.desks:
        desk.open()
        desk.policy = replace(desk.policy, gone_there=GoneThere.REVIEW, clash=Clash.RECENT)
    yield made
    for desk in made.desks:
        desk.close()


def only(world: World, monkeypatch: pytest.MonkeyPatch, choice: Choice) -> None:
    """Every question is answered with this."""
    monkeypatch.setattr(answering, "ANSWERS", dict.fromkeys(Review, (choice,)))


def born(name: str) -> Card:
    return card(name, custom=(CustomField("born", f"born of {name}"),))


@pytest.mark.parametrize("choice", [Choice.DELETE, Choice.KEEP, Choice.CREATE])
def test_one_removed_there_is_where_its_users_want_it(
    world: World, monkeypatch: pytest.MonkeyPatch, choice: Choice
) -> None:
    hand, ledger = world.account.hand, world.ledger
    token = world.people.token("note", "account")
    hand.add(replace(born("Ana"), note=token))
    world._rests()
    [ana] = [one for one in hand.all() if one.card.note == token]
    hand.delete(ana.remote)
    mutations = world._rests()
    assert world._judged(mutations) == []
    only(world, monkeypatch, choice)
    assert world.answering.every(world._rests)[1] == []
    assert world._judged(hand.mutations()) == []
    here = [sum(one.card.note == token for one in desk.contacts()) for desk in world.desks]
    there = sum(one.card.note == token for one in hand.all())
    kept, put_back = choice is not Choice.DELETE, choice is Choice.CREATE
    assert (here, there) == ([kept, kept], put_back)
    assert (token in ledger.excused) == (choice is Choice.DELETE), "a person has deleted it"
    wanted = {(number, one.id) for number, desk in enumerate(world.desks) for one in desk.contacts()}
    assert (len(ledger.kept & wanted) == 2) == (choice is Choice.KEEP)
    assert world.weather.injected[f"answers removed {choice.name.lower()}"] >= 1


@pytest.fixture(params=[Choice.CREATE, Choice.DIFFERENT])
def put_back(world: World, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> World:
    """Ana has lost a phone and become a part of Bea there, of which one desk only has heard: the other one is asked.

    It is asked whether she is Bea where it has edited her.
    """
    hand, (_, unheard) = world.account.hand, world.desks
    phones = [world.people.token("phone", "account") for _ in range(2)]
    hand.add(replace(born("Ana"), phones=card("", *phones).phones))
    hand.add(born("Bea"))
    world._rests()
    ana, bea = (next(one for one in hand.all() if one.card.name.given == name) for name in ("Ana", "Bea"))
    world.ledger.edited_there(ana.card, less := replace(ana.card, phones=ana.card.phones[1:]))
    hand.edit(ana.remote, less)
    if request.param is Choice.DIFFERENT:
        [held] = [one for one in unheard.contacts() if one.card.name.given == "Ana"]
        token = world.people.token("phone", "desk 1")
        unheard.edit(held.id, replace(held.card, phones=(*held.card.phones, *card("", token).phones)))
    world.people.merge(bea, replace(ana, card=less))
    unheard.replicas.commit([PutAccount(replace(unheard.replicas.account(), cursor=None))])  # a listing tells no ids
    assert world._judged(world._rests()) == []
    kind, remote = (Review.REMOVED, ana.remote) if request.param is Choice.CREATE else (Review.MERGED, bea.remote)
    assert [(one.kind, one.remote) for one in unheard.replicas.questions()] == [(kind, remote)]
    only(world, monkeypatch, request.param)
    return world


def test_one_put_back_may_be_joined_again_to_what_it_had_become_a_part_of(put_back: World) -> None:
    """Seeds 2722889 and 1015893: to the other desk her id stands for Bea, so what was put back was a double of hers."""
    hand = put_back.account.hand
    assert put_back.answering.every(put_back._rests)[1] == []
    assert put_back._judged(hand.mutations()) == []
    made = hand.made()[-1]
    assert (made.desk, made.card.name.given) == (1, "Ana"), "it was there again"
    [bea] = [one.card for one in hand.all() if "born of Bea" in born_on(one.card)]
    assert tokens_of(made.card) <= tokens_of(bea)
    rows = put_back.desks[0].reader.connection.rows("SELECT old FROM change WHERE field = 'name'")
    assert any("Bea" in (old or "") for (old,) in rows), "of two names one is history"


def test_one_put_back_is_forgotten_where_not_all_of_it_is_with_what_it_had_become_a_part_of(put_back: World) -> None:
    hand, desk, answers = put_back.account.hand, put_back.desks[1], put_back.answering
    said = answers.one(1)
    assert said is not None
    put_back._rests()
    assert [*answers._forgotten([said])] == []
    alone = replace(said, lived_on=frozenset())
    assert [*answers._forgotten([alone])] == [alone], "joined to one that it had nothing to do with"
    another = replace(said, was=f"{said.was}0")
    assert [*answers._forgotten([another])] == [another], "not made again of what it was there"
    with patch.object(hand, "made", list):
        assert [*answers._forgotten([said])] == [said], "never put back"
    [bea] = [one for one in desk.contacts() if "born of Bea" in born_on(one.card)]
    for phone in bea.card.phones:
        left = tuple(one for one in bea.card.phones if one != phone)
        desk.edit(bea.id, replace(bea.card, phones=left))
        assert [*answers._forgotten([said])] == [said], "a phone of it is nowhere"


@pytest.mark.parametrize("choice", [Choice.SAME, Choice.DIFFERENT])
def test_two_of_what_was_one_are_excused_only_where_a_user_has_said_so(
    world: World, monkeypatch: pytest.MonkeyPatch, choice: Choice
) -> None:
    hand, token, phone = world.account.hand, "born of Ana", world.people.token("phone", "account")
    world.ledger.excused.add(phone)
    hand.add(replace(born("Bea"), phones=card("", phone).phones, custom=born("Ana").custom))
    world.desks[0].add(replace(born("Ana"), phones=card("", phone).phones))
    assert world._judged(world._rests()) == []
    [asked] = [one for one in world.desks[0].replicas.questions() if one.kind is Review.DOUBTFUL]
    only(world, monkeypatch, choice)
    assert world.answering.every(world._rests)[1] == []
    assert world._judged(hand.mutations()) == []
    holding = [one for one in hand.all() if token in born_on(one.card)]
    assert len(holding) == (2 if choice is Choice.DIFFERENT else 1)
    assert (token in world.ledger.unlike) == (choice is Choice.DIFFERENT)
    assert world.desks[0].replicas.contact(asked.contact) is not None
    hand.add(replace(born("Bea"), custom=born("Ana").custom))
    world._rests()
    assert any(one.startswith(f"{token} ") for one in world._judged(hand.mutations())), "nobody said that"


@pytest.mark.parametrize("choice", [Choice.DELETE, Choice.KEEP, Choice.CREATE])
@pytest.mark.parametrize("mutant", ["forgets-answers", "asks-again"])
def test_an_answer_of_which_nothing_comes_and_one_that_is_asked_for_again_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch, mutant: str, choice: Choice
) -> None:
    only(world, monkeypatch, choice)
    hand = world.account.hand
    hand.add(born("Ana"))
    world._rests()
    [ana] = [one for one in hand.all() if one.card.name.given == "Ana"]
    hand.delete(ana.remote)
    world._rests()
    with MUTANTS[mutant]():
        told = world.answering.every(world._rests)[1]
    told += world._judged(hand.mutations())
    word = "asked again" if mutant == "asks-again" else "nobody is asked about it"
    assert any(word in one for one in told)
    if mutant == "forgets-answers" and choice is not Choice.KEEP:
        assert any("forgotten" in one for one in told)


def test_fields_that_wait_are_excused_only_where_the_user_is_asked_about_them(pair: Pair) -> None:
    pair.set(clash=Clash.ASK)
    held = pair.server.add(card("Ana", note="was"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="mine"))
    pair.server.edit(held.remote, replace(held.card, note="theirs"))
    pair.sync()
    assert Judge(Ledger(), pair.hand, pair.desks).faults() == []
    link = pair.desk.replicas.link(ana.id)
    assert link is not None
    pair.desk.replicas.commit([PutLink(replace(link, held=frozenset()))])
    told = f"desk 0: {ana.id} is asked about note for nothing"
    assert told in Judge(Ledger(), pair.hand, pair.desks).faults()
    pair.desk.replicas.commit([PutLink(link)])
    pair.server.edit(held.remote, replace(held.card, name=replace(held.card.name, given="Eva")))
    assert any("differs" in one for one in Judge(Ledger(), pair.hand, pair.desks).faults()), "another field"


@pytest.mark.parametrize("state", [LinkState.REVIEW, LinkState.GONE])
def test_one_that_is_not_there_any_more_is_asked_about(pair: Pair, state: LinkState) -> None:
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    ana = pair.here("Ana")
    link = pair.desk.replicas.link(ana.id)
    assert link is not None
    pair.server.delete(held.remote)
    pair.desk.replicas.commit([PutLink(replace(link, state=state))])
    told = f"desk 0: Ana is {state.value}, and nobody is asked about it"
    assert Judge(Ledger(), pair.hand, pair.desks).faults() == [told]
    if state is LinkState.REVIEW:
        pair.desk.replicas.commit([Ask(Question(Review.REMOVED, ana.id, held.remote))])
        assert Judge(Ledger(), pair.hand, pair.desks).faults() == []


def test_a_value_of_two_that_a_user_has_made_one_may_be_history(pair: Pair) -> None:
    """One of two values under one key of their own stays; nobody else's may go like that."""
    pair.desk.add(born("Ana"))
    pair.desk.edit(pair.here("Ana").id, replace(born("Bea"), name=born("Ana").name))
    pair.sync()
    ledger = Ledger(entered={"born of Ana": "desk 0", "born of Eva": "desk 0"})
    lost = [f"lost born of {name} of desk 0" for name in ("Ana", "Eva")]
    assert Judge(ledger, pair.hand, pair.desks).lost() == lost
    ledger.joined |= {"born of Ana", "born of Eva"}
    assert Judge(ledger, pair.hand, pair.desks).lost() == lost[1:]


def test_one_that_lives_on_in_another_is_there_twice_only_where_its_user_keeps_it(pair: Pair) -> None:
    """Seed 2010683: it got another id there, nobody told, and its user, asked about the old one, kept that as well."""
    held = pair.server.add(born("Ana"))
    pair.sync()
    ana = pair.here("Ana")
    pair.server.delete(held.remote)
    pair.sync()
    pair.server.add(replace(born("Bea"), custom=born("Ana").custom))
    pair.sync()
    ledger = Ledger()
    assert Judge(ledger, pair.hand, pair.desks).doubled() == [], "its user is asked about it"
    [asked] = pair.questions(Review.REMOVED)
    pair.answer(asked, Choice.KEEP)
    told = ["born of Ana 2 times at desk 0"]
    assert Judge(ledger, pair.hand, pair.desks).doubled() == told, "nobody has said that"
    ledger.kept.add((0, ana.id))
    assert Judge(ledger, pair.hand, pair.desks).doubled() == []
    pair.server.restore(held.remote)
    assert told[0] in Judge(ledger, pair.hand, pair.desks).doubled(), "it is not gone any more"
    pair.sync()
    assert told[0] in Judge(ledger, pair.hand, pair.desks).doubled()


@pytest.mark.parametrize("choice", [Choice.MINE, Choice.THEIRS])
def test_a_clash_is_answered_of_a_contact_that_got_another_id_since_it_was_asked(
    world: World, monkeypatch: pytest.MonkeyPatch, choice: Choice
) -> None:
    """Seed 1004510: what lies there was looked for under the old one."""
    hand, desk = world.account.hand, world.desks[0]
    desk.policy = replace(desk.policy, clash=Clash.ASK)
    hand.add(born("Ana"))
    world._rests()
    [ana] = [one for one in desk.contacts() if one.card.name.given == "Ana"]
    [there] = [one for one in hand.all() if one.card.name.given == "Ana"]
    tokens = [world.people.token("note", where) for where in ("desk 0", "account")]
    world.ledger.excused.update(tokens)
    desk.edit(ana.id, replace(desk.get(ana.id).card, note=tokens[0]))
    hand.edit(there.remote, replace(there.card, note=tokens[1]))
    world._rests()
    hand.rename(there.remote)
    assert world._judged(world._rests()) == []
    only(world, monkeypatch, choice)
    assert world.answering.every(world._rests)[1] == []
    assert world._judged(hand.mutations()) == []
    stays = tokens[0 if choice is Choice.MINE else 1]
    assert [one.card.note for one in hand.all() if one.card.name.given == "Ana"] == [stays]


@pytest.fixture
def disputed(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Each gave Ana another name, desk 1 and somebody there also another birth; both users keep what is theirs."""
    hand = world.account.hand
    hand.add(born("Ana"))
    world._rests()
    names = [world.people.token("name", where) for where in ("desk 0", "desk 1", "account")]
    [there] = [one for one in hand.all() if one.card.name.given == "Ana"]
    for desk, made in zip(world.desks, (born("Ana"), born("Bea")), strict=True):
        desk.policy = replace(desk.policy, clash=Clash.ASK)
        [ana] = [one for one in desk.contacts() if one.card.name.given == "Ana"]
        desk.edit(ana.id, replace(made, name=Name(given=names.pop(0))))
    hand.edit(there.remote, replace(born("Eva"), name=Name(given=names.pop(0))))
    world._rests()
    assert [sorted(one.field for one in desk.replicas.questions()) for desk in world.desks] == [
        ["name"],
        ["custom", "name"],
    ]
    only(world, monkeypatch, Choice.MINE)
    return world


def test_a_clash_is_asked_again_where_another_desk_was_quicker_with_its_name(disputed: World) -> None:
    """Seed 1033817: the one desk had put there meanwhile who it is here, and nobody's answer was about that one."""
    names = [one.card.name.given for one in disputed.desks[1].contacts() if "born of Bea" in born_on(one.card)]
    assert disputed.answering.every(disputed._rests)[1] == []
    assert disputed.weather.injected["answers clash mine"] == 4, "one of them was asked again"
    cards = [[one.card for one in disputed.account.hand.all()]]
    cards += [[one.card for one in desk.contacts()] for desk in disputed.desks]
    assert [[one.name.given for one in side if "born of Bea" in born_on(one)] for side in cards] == [names] * 3


def test_a_clash_is_asked_again_for_nothing_where_no_other_desk_has_sent_anything(disputed: World) -> None:
    quicker, slower = disputed.desks
    [asked] = quicker.replicas.questions()
    quicker.answer(asked, Choice.THEIRS)
    disputed._rests()
    with MUTANTS["asks-again"]():
        told = disputed.answering.every(disputed._rests)[1]
    assert any("asked again" in one for one in told)
    assert slower.replicas.questions()
