"""Pictures that change on either side while others are carried: no etag guards one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringdesk.domain.remote import Retry
from ringdesk.domain.replica import Clash
from tests.sync.kit import Pair, card
from tests.sync.pictured import agreed, past, picture_here, picture_there, pictures


@pytest.mark.parametrize("other", ["fetched", "sent"])
def test_a_picture_put_there_while_another_is_carried_is_not_lost(pair: Pair, other: str) -> None:
    """All that were due were read at once; one put there while the first was carried was replaced unseen."""
    pair.desk.add(pair.desk.unseen(card("Berta", "+34600111333", photo="photo9")))
    pair.settled()
    agreed(pair)
    berta, remote = pair.here("Berta"), pair.there("Berta").remote
    if other == "fetched":
        pair.hand.edit(remote, replace(berta.card, photo="photo8"))
    else:
        pair.desk.edit(berta.id, pair.desk.unseen(replace(berta.card, photo="photo8")))
    picture_here(pair, "photo2")
    first = iter(["photo3"])

    def between(what: str) -> None:
        if what == ("photo" if other == "fetched" else "put photo") and (token := next(first, "")):
            assert other == "fetched" or pair.book.changing == {remote}
            picture_there(pair, token)

    pair.book.between = between
    pair.sync()
    pair.book.between = lambda _: None
    pair.settled()
    mine, theirs = pictures(pair)
    assert mine == theirs
    assert past(pair) | {mine} >= {"photo2", "photo3"}


def test_a_picture_put_there_while_the_one_before_it_is_kept_is_not_lost(pair: Pair) -> None:
    """Theirs was overruled, and fetched for the history; whoever put another one there just then lost it."""
    pair.set(clash=Clash.MINE)
    agreed(pair)
    picture_here(pair, "photo2")
    picture_there(pair, "photo3")
    tokens = iter(["photo4", "photo5"])

    def between(what: str) -> None:
        if what == "photo" and (token := next(tokens, "")):
            picture_there(pair, token)

    pair.book.between = between
    pair.sync()
    pair.book.between = lambda _: None
    pair.settled()
    assert pictures(pair) == ("photo2", "photo2")
    assert past(pair) >= {"photo2", "photo3", "photo4", "photo5"}


@pytest.mark.parametrize("back", ["photo1", "photo3", ""])
@pytest.mark.parametrize("agreed_before", [True, False])
def test_a_picture_taken_back_here_before_it_has_overruled_theirs_goes_there(
    pair: Pair, back: str, *, agreed_before: bool
) -> None:
    """Seed 2205734: ours was to win and did not get there; back to what they had agreed on once, nothing was sent."""
    pair.set(clash=Clash.MINE)
    agreed(pair)
    if not agreed_before:
        picture_here(pair, "")
        pair.settled()
    picture_here(pair, "photo2")
    picture_there(pair, "photo3")

    def between(what: str) -> None:
        if what == "put photo":
            raise Retry("busy")

    pair.book.between = between
    with pytest.raises(Retry):
        pair.sync()
    pair.book.between = lambda _: None
    assert pictures(pair) == ("photo2", "photo3")
    picture_here(pair, back)
    pair.settled()
    assert pictures(pair) == (back, back)
    assert past(pair) >= {"photo2", "photo3"}


@pytest.mark.parametrize("picture", ["", "photo2"])
def test_an_edit_made_here_while_a_picture_is_fetched_breaks_no_round_off(pair: Pair, picture: str) -> None:
    """The contact was not as it had been read, and the whole round failed by that."""
    agreed(pair)
    picture_there(pair, "photo3")
    edits = iter([picture or "photo1"])

    def between(what: str) -> None:
        if what == "photo" and (token := next(edits, "")):
            ana = pair.here("Ana")
            card = replace(pair.desk.seen(ana.card), note="new", photo=token)
            pair.desk.edit(ana.id, pair.desk.unseen(card, ana.card))

    pair.book.between = between
    assert not pair.sync().stopped
    pair.book.between = lambda _: None
    pair.settled()
    mine, theirs = pictures(pair)
    assert mine == theirs
    assert past(pair) | {mine} >= {"photo3", picture or "photo1"}


def test_a_picture_that_is_sent_alone_costs_one_look(pair: Pair) -> None:
    agreed(pair)
    picture_here(pair, "photo2")
    before = pair.server.requests.copy()
    pair.sync()
    asked = pair.server.requests - before
    assert (asked["fetch"], asked["put"]) == (1, 1)
