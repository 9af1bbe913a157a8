"""Ids that stand for a contact, as told by the answer to a picture, which comes when all has been listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ringdesk.domain.replica import Choice, LinkState, Review
from tests.sync.kit import Pair, card
from tests.sync.test_standing import ANA, BEA, edited, merged_there

EVA = "+34600555666"


def picture_sent(pair: Pair, meanwhile: Callable[[], object], *, full: bool) -> None:
    """Bea's picture goes there in a round, and something is done before; the answer is Bea as she is then."""
    done = iter([meanwhile])

    def between(what: str) -> None:
        if what == "put photo" and (do := next(done, None)):
            do()

    bea = pair.here("Bea")
    pair.desk.edit(bea.id, pair.desk.unseen(replace(bea.card, photo="photo1")))
    pair.book.between = between
    pair.sync(full=full)
    pair.book.between = lambda _: None
    assert next(done, None) is None


def both(pair: Pair) -> None:
    for name, phone in (("Ana", ANA), ("Bea", BEA)):
        pair.server.add(card(name, phone))
    pair.sync()


@pytest.mark.parametrize("full", [True, False], ids=["all listed", "what changed listed"])
def test_one_that_was_merged_there_after_all_was_listed_is_a_part_of_the_other(pair: Pair, *, full: bool) -> None:
    """Seed 1026997: both had become a part of a third one by the next round, and the user was asked about each."""
    both(pair)
    picture_sent(pair, lambda: merged_there(pair, late=0.0), full=full)
    bea = pair.here("Bea")
    assert {phone.value for phone in bea.card.phones} == {ANA, BEA}
    edited(pair.desk, "Bea", "mine")
    pair.server.delete(pair.there("Bea").remote)
    pair.server.add(card("Eva", EVA, BEA, ANA))
    pair.sync()
    pair.sync()
    assert pair.names() == ["Bea"]
    [question] = pair.questions(Review.DOUBTFUL)
    assert question.contact == bea.id
    pair.answer(question, Choice.SAME)
    pair.sync()
    pair.settled()
    assert pair.names() == pair.names_there() == ["Eva"]
    assert pair.there("Eva").card.note == "mine"


@pytest.mark.parametrize("full", [True, False], ids=["all listed", "what changed listed"])
def test_one_whose_phone_another_one_got_after_all_was_listed_is_itself(pair: Pair, *, full: bool) -> None:
    """The control."""
    both(pair)
    id, remote = pair.here("Ana").id, pair.there("Bea").remote
    picture_sent(pair, lambda: pair.server.edit(remote, card("Bea", ANA, BEA)), full=full)
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana", "Bea"]
    link = pair.desk.replicas.link(id)
    assert link is not None
    assert link.state is LinkState.ACTIVE
    pair.server.delete(link.remote)
    pair.sync()
    assert [asked.contact for asked in pair.questions(Review.REMOVED)] == [id]
