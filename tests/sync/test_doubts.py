"""A doubt about a contact that is gone there, whose other one loses what the two had in common before the answer."""

from __future__ import annotations

import pytest

from ringdesk.domain.replica import Choice, Review
from tests.sync.kit import Pair, card
from tests.sync.test_merged_there import ANA, BEA, edited


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
