"""Doubts about contacts that are gone there: one that another of them has become a part of, one whose other one loses
what the two had in common before the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringdesk.domain.replica import Choice, Review
from tests.sync.kit import Pair, card
from tests.sync.test_merged_there import ANA, BEA, edited

EVA = "+34600555666"


def rest(pair: Pair) -> None:
    for _ in range(4):
        pair.sync()


def in_doubt(pair: Pair, *, note: str) -> None:
    """Ana was merged there into Bea, who never came here; the user is asked whether they are one."""
    ana = pair.server.add(card("Ana", ANA))
    pair.sync()
    bea = pair.server.add(card("Bea", BEA, ANA))
    if note:
        edited(pair, "Ana", note=note)
    pair.server.delete(ana.remote)
    pair.sync()
    [question] = pair.questions(Review.DOUBTFUL)
    assert question.remote == bea.remote
    pair.server.edit(bea.remote, card("Bea", BEA))


@pytest.mark.parametrize("choice", [Choice.SAME, Choice.DIFFERENT])
def test_one_edited_here_is_asked_about_still_and_not_made_again(pair: Pair, choice: Choice) -> None:
    """Seed 2406012: a coworker took the phone off; nothing was alike any more, and Ana was made there beside Bea."""
    in_doubt(pair, note="mine")
    rest(pair)
    assert pair.names_there() == ["Bea"]
    assert not pair.questions(Review.DOUBTFUL)
    [question] = pair.questions(Review.MERGED)
    pair.answer(question, choice)
    pair.settled()
    one = choice is Choice.SAME
    assert pair.names_there() == pair.names() == (["Bea"] if one else ["Ana", "Bea"])
    assert not pair.questions(Review.MERGED)


def test_one_that_nobody_edited_is_asked_about_as_any_that_is_gone(pair: Pair) -> None:
    in_doubt(pair, note="")
    rest(pair)
    assert not pair.questions(Review.MERGED)
    [question] = pair.questions(Review.REMOVED)
    assert question.contact == pair.here("Ana").id


@pytest.mark.parametrize("choice", [Choice.SAME, Choice.DIFFERENT])
def test_one_that_gets_another_id_there_is_asked_about_once(pair: Pair, choice: Choice) -> None:
    """Seed 1067070: what was asked about its former id was asked beside the new one, too."""
    ana = pair.server.add(card("Ana", ANA))
    pair.sync()
    bea = pair.server.add(card("Bea", BEA, ANA))
    pair.server.delete(ana.remote)
    pair.sync()
    [old] = pair.questions(Review.DOUBTFUL)
    new = pair.server.rename(bea.remote)
    rest(pair)
    [question] = pair.questions(Review.DOUBTFUL)
    assert old.remote != question.remote == new
    pair.answer(question, choice)
    pair.settled()
    assert not pair.questions(Review.DOUBTFUL)
    assert pair.names_there() == ["Bea"]


def all_in_doubt(pair: Pair, *, note: str, told: bool) -> None:
    """Ana is merged there into Bea while her picture is sent, or not; then all of them into Eva, who is new there.

    The answer to the picture tells of it when the round has decided about all that is gone, and nothing tells of Eva.
    """
    ana, bea = pair.server.add(card("Ana", ANA)), pair.server.add(card("Bea", BEA))
    pair.sync()
    mine = pair.here("Bea")
    pair.desk.edit(mine.id, pair.desk.unseen(replace(mine.card, photo="photo1")))

    def between(what: str) -> None:
        if what == "put photo" and told:
            pair.server.merge(bea.remote, ana.remote, card("Bea", BEA, ANA))
            bea.former = ()

    pair.book.between = between
    pair.sync()
    pair.book.between = lambda _: None
    assert pair.names() == ["Ana", "Bea"]
    if note:
        edited(pair, "Ana", note=note)
    if not told:
        pair.server.delete(ana.remote)
    pair.server.delete(bea.remote)
    pair.server.add(card("Eva", EVA, BEA, ANA))
    pair.sync(full=True)
    pair.sync()


@pytest.mark.parametrize("choice", [Choice.SAME, Choice.DIFFERENT])
@pytest.mark.parametrize("note", ["", "mine"])
def test_one_that_was_told_to_be_a_part_of_another_in_doubt_goes_by_the_answer_about_that(
    pair: Pair, note: str, choice: Choice
) -> None:
    """Seed 1017302: by the next round the other one was gone, too; both stayed here, each with its own doubt."""
    all_in_doubt(pair, note=note, told=True)
    [question] = pair.questions(Review.DOUBTFUL)
    assert pair.names() == ["Bea"]
    bea = pair.here("Bea")
    assert (question.contact, bea.card.note) == (bea.id, note)
    pair.answer(question, choice)
    rest(pair)
    assert pair.names_there() == (["Bea", "Eva"] if note and choice is Choice.DIFFERENT else ["Eva"])
    assert pair.names() == (["Eva"] if choice is Choice.SAME else ["Bea", "Eva"])
    assert note in {held.card.note for held in pair.server.held.values()}
    assert not pair.questions(Review.DOUBTFUL)
    assert not pair.questions(Review.MERGED)


def test_one_of_which_nobody_told_that_keeps_a_doubt_of_its_own(pair: Pair) -> None:
    """The control."""
    all_in_doubt(pair, note="mine", told=False)
    assert {one.contact for one in pair.questions(Review.DOUBTFUL)} == {pair.here(name).id for name in ("Ana", "Bea")}
