"""Contacts merged there, after a part of them was removed, into one that does not come here: only the user can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ringdesk.domain.card import Card
from ringdesk.domain.replica import Choice, Question, Review
from tests.sync.kit import Pair, card, mail
from tests.sync.memory_remote import Held
from tests.sync.test_broken_off import broken_off
from tests.sync.test_merged_there import ANA, BEA, edited, merged, taken_back, unclear
from tests.sync.test_mergers import NEW, OLD, end_as, merge_less

ZOE, EVA = "+34600555666", "+34600999000"


def merged_edited(pair: Pair) -> None:
    """Ana was linked, and edited here meanwhile."""
    bea, ana = taken_back(pair), pair.server.add(card("Ana", ANA, OLD))
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    merge_less(pair, bea, ana)


def merged_unanswered(pair: Pair) -> None:
    """Her creation was never answered."""
    bea = taken_back(pair)
    merge_less(pair, bea, unclear(pair, phones=(ANA, OLD)))
    bea.id = ""


def asked(pair: Pair) -> Question:
    [question] = pair.questions(Review.DOUBTFUL)
    assert (question.contact, question.remote) == (pair.here("Ana").id, pair.there("Bea").remote)
    return question


def values(card: Card) -> set[str]:
    return {phone.value for phone in card.phones} | {email.value for email in card.emails}


def rest(pair: Pair) -> None:
    for _ in range(4):
        pair.sync()


@pytest.mark.parametrize("choice", [Choice.SAME, Choice.DIFFERENT])
@pytest.mark.parametrize("begun", [merged_edited, merged_unanswered])
def test_one_of_which_a_part_has_come_onto_one_that_does_not_come_here_is_asked_about(
    pair: Pair, begun: Callable[[Pair], None], choice: Choice
) -> None:
    """Seed 2202748: it was made again beside what it had become a part of."""
    begun(pair)
    rest(pair)
    question, creates = asked(pair), len(pair.server.creates)
    mine = pair.here("Ana").card
    assert pair.names_there() == ["Bea"]
    pair.answer(question, choice)
    rest(pair)
    pair.settled()
    assert not pair.questions(Review.DOUBTFUL)
    [contact] = pair.desk.contacts()
    if choice is Choice.SAME:  # the later of two names stands
        assert pair.names() == pair.names_there() == ["Bea"]
        assert values(contact.card) == values(mine) | {BEA}
        assert len(pair.server.creates) == creates
    else:
        assert (pair.names(), pair.names_there()) == (["Ana"], ["Ana", "Bea"])
        assert values(contact.card) == values(mine)
        assert values(pair.there("Bea").card) == {ANA, BEA}
        assert len(pair.server.creates) == creates + 1


def test_that_one_is_none_that_stays_there_is_noted_of_nobody(pair: Pair) -> None:
    """An answer between a round that broke off and the next one is noted with the contact here, and here is none."""
    merged_edited(pair)
    rest(pair)
    broken_off(pair, pair.server.add(card("Zoe", ZOE)).remote)
    pair.answer(asked(pair), Choice.DIFFERENT)
    assert [one.contact for one in pair.desk.replicas.log()] == [pair.here("Zoe").id]


@pytest.mark.parametrize("begun", [merged_edited, merged_unanswered])
def test_one_that_may_be_one_that_does_not_come_here_is_made_again_where_that_goes(
    pair: Pair, begun: Callable[[Pair], None]
) -> None:
    begun(pair)
    rest(pair)
    pair.server.delete(asked(pair).remote)
    rest(pair)
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana"]
    assert not pair.desk.replicas.questions()


def test_one_of_which_nothing_has_come_onto_one_that_does_not_come_here_is_not_asked_about(pair: Pair) -> None:
    """A switchboard's phone was on both before, and the other one got a phone of its own."""
    eva = pair.server.add(card("Eva", ANA))
    pair.sync()
    assert pair.desk.engine.undo().counts
    ana = pair.server.add(card("Ana", ANA, OLD))
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    pair.server.edit(eva.remote, card("Eva", ANA, BEA))
    pair.server.delete(ana.remote)
    rest(pair)
    assert not pair.desk.replicas.questions()
    assert (pair.names(), pair.names_there()) == (["Ana"], ["Ana", "Eva"])


def test_one_of_which_a_part_has_come_onto_what_another_one_has_become_is_asked_about(pair: Pair) -> None:
    """Two are merged into one that does not come here: all of Zoe, so that she is that one, and a part of Ana."""
    bea, zoe, ana = taken_back(pair), pair.server.add(card("Zoe", ZOE)), pair.server.add(card("Ana", ANA, OLD))
    pair.sync()
    edited(pair, "Zoe", note="mine")
    edited(pair, "Ana", emails=mail(NEW))
    merged(pair, bea, zoe)
    merge_less(pair, bea, ana)
    pair.server.edit(bea.remote, replace(bea.card, phones=card("", BEA, ZOE, ANA).phones))
    rest(pair)
    [question] = pair.questions(Review.MERGED)
    assert (question.contact, question.remote) == (pair.here("Ana").id, bea.remote)
    pair.answer(question, Choice.SAME)
    end_as(pair, "Bea")
    assert values(pair.here("Bea").card) == {ANA, BEA, ZOE, NEW}


def two_in_doubt(pair: Pair) -> None:
    """Zoe and Ana are edited here; a part of each has come onto one there that does not come here."""
    bea = taken_back(pair)
    zoe, ana = pair.server.add(card("Zoe", ZOE, EVA)), pair.server.add(card("Ana", ANA, OLD))
    pair.sync()
    edited(pair, "Zoe", note="mine")
    edited(pair, "Ana", emails=mail(NEW))
    merge_two(pair, bea, zoe, ana)


def two_in_doubt_unanswered(pair: Pair) -> None:
    """Ana's creation was never answered."""
    bea = taken_back(pair)
    zoe = pair.server.add(card("Zoe", ZOE, EVA))
    pair.sync()
    ana = unclear(pair, phones=(ANA, OLD))
    edited(pair, "Zoe", note="mine")
    edited(pair, "Ana", emails=mail(NEW))
    merge_two(pair, bea, zoe, ana)
    bea.id = ""


def merge_two(pair: Pair, bea: Held, zoe: Held, ana: Held) -> None:
    """Each loses a phone before it is merged; no report tells their ids."""
    pair.server.edit(zoe.remote, replace(zoe.card, phones=card("", ZOE).phones))
    pair.server.merge(bea.remote, zoe.remote, bea.card)
    merge_less(pair, bea, ana)
    pair.server.edit(bea.remote, replace(bea.card, phones=card("", BEA, ZOE, ANA).phones))


@pytest.mark.parametrize("choice", [Choice.SAME, Choice.DIFFERENT])
@pytest.mark.parametrize(("begun", "rounds"), [(two_in_doubt, 1), (two_in_doubt, 4), (two_in_doubt_unanswered, 1)])
def test_one_that_was_in_doubt_with_another_is_asked_about_again_where_that_one_is_said_to_be_it(
    pair: Pair, begun: Callable[[Pair], None], rounds: int, choice: Choice
) -> None:
    """Seed 2304838: the answer about one settled the other one's doubt, and it was made again beside what it was in."""
    begun(pair)
    for _ in range(rounds):
        pair.sync()
    doubts = {one.contact: one for one in pair.questions(Review.DOUBTFUL)}
    zoe, ana, creates = pair.here("Zoe").id, pair.here("Ana").id, len(pair.server.creates)
    assert doubts.keys() == {zoe, ana}
    pair.answer(doubts[zoe], Choice.SAME)
    rest(pair)
    [question] = pair.questions(Review.MERGED)
    assert (question.contact, question.remote) == (ana, pair.there("Bea").remote)
    assert len(pair.server.creates) == creates
    pair.answer(question, choice)
    end_as(pair, *(["Bea"] if choice is Choice.SAME else ["Ana", "Bea"]))
    [others] = [values(one.card) for one in pair.desk.contacts() if one.id == zoe]
    assert {ANA, BEA, ZOE} <= others
    assert (NEW in others) is (choice is Choice.SAME)
