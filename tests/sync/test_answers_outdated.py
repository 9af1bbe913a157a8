"""Clashes of which the account's side changes while the user is asked: what is shown is what the answer goes by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ringdesk.domain.card import Name
from ringdesk.domain.effects import Ask
from ringdesk.domain.replica import Choice, Clash, GoneThere, Policy, Question, Review
from ringdesk.sync.answers import spared
from tests.sync.judge import Judge
from tests.sync.kit import Pair, card
from tests.sync.memory_remote import Held
from tests.sync.world import Ledger

ANA, BEA = "+34600111222", "+34600333444"


def clash(pair: Pair) -> Held:
    """Both sides gave her another note, and the user is asked."""
    pair.set(clash=Clash.ASK)
    held = pair.server.add(card("Ana", ANA, note="was"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="mine"))
    pair.server.edit(held.remote, replace(held.card, note="theirs"))
    pair.sync()
    assert shown(pair) == "theirs"
    return held


def changed(pair: Pair, held: Held) -> None:
    pair.server.edit(held.remote, replace(held.card, note="theirs now"))
    pair.sync()


def merged(pair: Pair, held: Held) -> None:
    """She becomes a part of another one there, which has a note of its own."""
    into = pair.server.add(card("Bea", BEA))
    pair.server.merge(into.remote, held.remote, replace(held.card, name=Name(given="Bea"), note="theirs now"))
    for _ in range(3):
        pair.sync()


def made_again(pair: Pair, held: Held, note: str) -> None:
    """She is deleted there, and somebody makes her again, with our mark on her."""
    pair.server.delete(held.remote)
    pair.sync()
    pair.server.add(card("Ana", ANA, note=note), id=pair.here("Ana").id)
    for _ in range(3):
        pair.sync()


def question(pair: Pair) -> Question:
    [asked] = pair.questions(Review.CLASH)
    return asked


def shown(pair: Pair) -> str:
    theirs = question(pair).theirs
    assert theirs is not None
    return theirs.note


def faults(pair: Pair) -> list[str]:
    return Judge(Ledger(), pair.hand, pair.desks).faults()


def shown_when_back(pair: Pair, held: Held) -> str:
    """What the user is asked about once she has been brought back there, without a fault."""
    pair.server.restore(held.remote)
    for _ in range(3):
        pair.sync()
    assert faults(pair) == []
    return shown(pair)


@pytest.mark.parametrize("choice", [Choice.MINE, Choice.THEIRS])
@pytest.mark.parametrize("become", [changed, merged])
def test_the_user_is_asked_about_what_lies_there_by_now(
    pair: Pair, become: Callable[[Pair, Held], None], choice: Choice
) -> None:
    """Seed 1004510: it was merged into another one, and who took what was shown of the account got something else."""
    become(pair, clash(pair))
    assert shown(pair) == "theirs now"
    assert faults(pair) == []
    pair.answer(question(pair), choice)
    pair.settled()
    stays = "mine" if choice is Choice.MINE else "theirs now"
    [there] = pair.server.held.values()
    [here] = pair.desk.contacts()
    assert here.card.note == there.card.note == stays


def test_of_one_made_again_there_the_user_is_asked_only_about_what_lies_there_by_now(pair: Pair) -> None:
    made_again(pair, clash(pair), "theirs now")
    assert shown(pair) == "theirs now"
    assert faults(pair) == []


@pytest.mark.parametrize("note", ["mine", ""])
def test_nobody_is_asked_about_one_made_again_there_with_nothing_to_dispute(pair: Pair, note: str) -> None:
    made_again(pair, clash(pair), note)
    assert pair.questions(Review.CLASH) == []
    assert faults(pair) == []
    pair.settled()
    assert pair.here("Ana").card.note == pair.there("Ana").card.note == "mine"


def test_a_change_of_another_field_leaves_the_question_in_its_place(pair: Pair) -> None:
    held = clash(pair)
    asked = question(pair)
    pair.server.edit(held.remote, replace(held.card, name=Name(given="Anna")))
    pair.sync()
    assert question(pair) == asked


@pytest.mark.parametrize("choice", [Choice.MINE, Choice.THEIRS])
def test_an_answer_to_what_is_asked_anew_meanwhile_is_not_taken(pair: Pair, choice: Choice) -> None:
    held = clash(pair)
    seen = question(pair)
    changed(pair, held)
    pair.answer(seen, choice)
    pair.sync()
    assert shown(pair) == "theirs now"
    assert (pair.here("Ana").card.note, held.card.note) == ("mine", "theirs now")


@pytest.mark.parametrize("choice", [Choice.MINE, Choice.THEIRS])
def test_an_answer_to_what_is_not_asked_any_more_is_not_taken(pair: Pair, choice: Choice) -> None:
    """Who answered twice, as on two windows, took over by the second answer what had been agreed on since."""
    clash(pair)
    seen = question(pair)
    pair.answer(seen, Choice.MINE)
    pair.settled()
    pair.desk.edit(pair.here("Ana").id, replace(pair.here("Ana").card, note="mine since"))
    pair.server.edit(pair.there("Ana").remote, replace(pair.there("Ana").card, note="theirs since"))
    pair.answer(seen, choice)
    assert pair.here("Ana").card.note == "mine since"
    pair.sync()
    assert shown(pair) == "theirs since"


@pytest.mark.parametrize("choice", [Choice.MINE, Choice.THEIRS])
def test_of_one_made_again_there_without_the_field_the_user_is_asked_about_that(pair: Pair, choice: Choice) -> None:
    """Another desk made her again and left the note out: THEIRS emptied it on both sides, and showed what was gone."""
    held = clash(pair)
    pair.server.delete(held.remote)
    pair.sync()
    made = pair.server.add(card("Ana", ANA), id=pair.here("Ana").id)
    made.was = (held.remote,)
    for _ in range(3):
        pair.sync()
    assert shown(pair) == ""
    assert question(pair).remote == made.remote
    assert faults(pair) == []
    pair.answer(question(pair), choice)
    pair.settled()
    assert pair.here("Ana").card.note == pair.there("Ana").card.note == ("mine" if choice is Choice.MINE else "")


@pytest.mark.parametrize("gone", [GoneThere.KEEP, GoneThere.REVIEW])
def test_of_one_brought_back_there_the_user_is_asked_again(pair: Pair, gone: GoneThere) -> None:
    """The question went when she did, and her note waited on for an answer to it: it never synced again."""
    held = clash(pair)
    pair.desk.edit(pair.here("Ana").id, replace(pair.here("Ana").card, note="was"))
    pair.set(gone_there=gone)
    pair.sync()
    pair.server.delete(held.remote)
    for _ in range(2):
        pair.sync()
    assert pair.questions(Review.CLASH) == []
    pair.desk.edit(pair.here("Ana").id, replace(pair.here("Ana").card, note="mine"))
    assert shown_when_back(pair, held) == "theirs"


def test_of_one_kept_from_a_deletion_and_brought_back_there_the_user_is_asked_again(pair: Pair) -> None:
    held = clash(pair)
    pair.server.delete(held.remote)
    pair.sync()
    pair.desk.replicas.commit(spared(pair.desk.replicas, pair.here("Ana").id))
    assert pair.questions(Review.CLASH) == []
    assert shown_when_back(pair, held) == "theirs"


def test_nobody_is_asked_any_more_where_both_sides_have_become_the_same(pair: Pair) -> None:
    held = clash(pair)
    pair.server.edit(held.remote, replace(held.card, note="mine"))
    pair.sync()
    assert pair.questions(Review.CLASH) == []
    assert faults(pair) == []
    pair.desk.edit(pair.here("Ana").id, replace(pair.here("Ana").card, note="mine since"))
    pair.settled()
    assert pair.there("Ana").card.note == "mine since"


def test_a_field_in_dispute_that_is_left_out_waits_on(pair: Pair) -> None:
    """The judge took what is not read while it is left out for what the user should have been shown."""
    clash(pair)
    pair.set(fields=Policy().fields - {"note"})
    for _ in range(2):
        pair.sync()
    assert shown(pair) == "theirs"
    assert faults(pair) == []


def test_the_judge_tells_of_a_question_that_shows_what_is_not_there_any_more(pair: Pair) -> None:
    held = clash(pair)
    seen = question(pair)
    changed(pair, held)
    assert faults(pair) == []
    pair.desk.replicas.commit([Ask(seen)])
    assert faults(pair) == [f"desk 0: {seen.contact} is asked about note as it does not lie there"]
