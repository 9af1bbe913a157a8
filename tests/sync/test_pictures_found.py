"""Pictures of a contact that got another id there of which no report tells: a listing of all shows it as a new one."""

from __future__ import annotations

import pytest

from ringdesk.domain.replica import Choice, Clash, Review
from tests.sync.kit import Pair, card
from tests.sync.pictured import agreed, past, picture_here, picture_there, pictures


@pytest.fixture(params=["likeness", "mark"])
def ana(pair: Pair, request: pytest.FixtureRequest) -> Pair:
    """Ana is on both sides with picture 1; only if she was made here, our mark on her tells who she is."""
    if request.param == "mark":
        agreed(pair)
    else:
        pair.hand.add(card("Ana", "+34600111222", photo="photo1"))
        pair.settled()
    return pair


def renamed(pair: Pair) -> None:
    remote = pair.server.rename(pair.there("Ana").remote)
    pair.server.held[remote].former = ()
    pair.sync(full=True)


@pytest.mark.parametrize("clash", Clash)
def test_a_new_picture_there_comes_though_nobody_told_the_new_id(ana: Pair, clash: Clash) -> None:
    """Seed 2011116: the two counted as never compared, and the old picture stayed here for good."""
    ana.set(clash=clash)
    picture_there(ana, "photo2")
    renamed(ana)
    ana.settled()
    assert pictures(ana) == ("photo2", "photo2")
    assert "photo1" in past(ana)


@pytest.mark.parametrize("clash", Clash)
def test_a_new_picture_here_goes_there_though_nobody_told_the_new_id(ana: Pair, clash: Clash) -> None:
    ana.set(clash=clash)
    picture_here(ana, "photo2")
    renamed(ana)
    ana.settled()
    assert pictures(ana) == ("photo2", "photo2")


@pytest.mark.parametrize("clash", [Clash.MINE, Clash.THEIRS])
def test_two_new_pictures_are_a_clash_as_any_though_nobody_told_the_new_id(ana: Pair, clash: Clash) -> None:
    ana.set(clash=clash)
    picture_here(ana, "photo2")
    picture_there(ana, "photo3")
    renamed(ana)
    ana.settled()
    assert pictures(ana) == (("photo2",) if clash is Clash.MINE else ("photo3",)) * 2
    assert past(ana) >= {"photo2", "photo3"}


def test_a_picture_that_was_taken_back_here_stays_so_though_nobody_told_the_new_id(ana: Pair) -> None:
    picture_there(ana, "photo2")
    ana.sync()
    ana.desk.engine.undo()
    renamed(ana)
    ana.sync()
    assert pictures(ana) == ("photo1", "photo2")


def test_a_new_picture_there_comes_where_the_user_says_who_it_is(pair: Pair) -> None:
    pair.set(clash=Clash.MINE)
    pair.hand.add(card("Ana", "+34600111222", photo="photo1"))
    pair.settled()
    picture_there(pair, "photo2")
    held = pair.there("Ana")
    held.card = card("Berta", "+34600111222")
    remote = pair.server.rename(held.remote)
    pair.server.held[remote].former = ()
    pair.sync(full=True)
    [asked] = pair.questions(Review.DOUBTFUL)
    pair.answer(asked, Choice.SAME)
    pair.sync()
    pair.settled()
    assert pictures(pair) == ("photo2", "photo2")


def test_of_two_that_were_never_linked_each_keeps_its_own_picture(pair: Pair) -> None:
    pair.hand.add(card("Ana", "+34600111222", photo="photo1"))
    pair.desk.add(pair.desk.unseen(card("Ana", "+34600111222", photo="photo2")))
    for _ in range(3):
        pair.sync()
    assert pictures(pair) == ("photo2", "photo1")
