"""A picture on one of two that are there twice: it comes before that one goes, or is history where there is another."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from ringdesk.domain.remote import NoPicture
from tests.sync.desk import Desk
from tests.sync.kit import Pair
from tests.sync.memory_remote import Held
from tests.sync.pictures import seen
from tests.sync.test_doubles import Twice


def with_picture(pair: Pair, held: Held, token: str) -> None:
    [there] = [one for one in pair.hand.all() if one.remote == held.remote]
    pair.hand.edit(held.remote, replace(there.card, photo=token))


def pictures(twice: Twice) -> set[str]:
    """What is there and on each desk."""
    [there] = twice.pair.hand.all()
    return {there.card.photo, *(desk.seen(desk.contacts()[0].card).photo for desk in twice.pair.desks)}


def past(desk: Desk) -> set[str]:
    rows = desk.reader.connection.rows("SELECT old, new FROM change WHERE field = 'photo'")
    digests = {json.loads(text) for row in rows for text in row if text} - {None, ""}
    return {seen(data) for digest in digests if (data := desk.replicas.photo(digest)) is not None}


@pytest.mark.parametrize("which", [min, max], ids=["the one that stays", "the one that goes"])
def test_the_only_picture_is_there_afterwards(pair: Pair, which: Callable[..., Held]) -> None:
    """Seed 2430739: it was deleted with the one that went, unread."""
    twice = Twice(pair)
    with_picture(pair, which(twice.both_make_it_again(), key=lambda held: held.remote), "photo1")
    twice.ends_as_one()
    assert pictures(twice) == {"photo1"}


@pytest.mark.parametrize("gone", [False, True], ids=["not now", "never"])
def test_one_that_goes_waits_for_its_picture(pair: Pair, monkeypatch: pytest.MonkeyPatch, *, gone: bool) -> None:
    twice = Twice(pair)
    with_picture(pair, max(twice.both_make_it_again(), key=lambda held: held.remote), "photo1")

    def none(ref: str) -> bytes:
        raise NoPicture("not to be had", gone=gone)

    with monkeypatch.context() as cut:
        for desk in pair.desks:
            cut.setattr(desk.book, "photo", none)
        twice.rounds(3)
        assert len(twice.server.held) == (1 if gone else 2)
    twice.ends_as_one()
    assert pictures(twice) == ({""} if gone else {"photo1"})


def test_of_two_pictures_the_one_that_goes_is_history(pair: Pair) -> None:
    twice = Twice(pair)
    first, last = sorted(twice.both_make_it_again(), key=lambda held: held.remote)
    with_picture(pair, first, "photo1")
    with_picture(pair, last, "photo2")
    twice.ends_as_one()
    [one] = pictures(twice)
    [other] = {"photo1", "photo2"} - {one}
    assert any(other in past(desk) for desk in pair.desks)
