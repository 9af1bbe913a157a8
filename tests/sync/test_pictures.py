"""Pictures beside edits, deletions and clashes: each of these was found by the simulator's people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from unittest.mock import patch

import pytest

from ringdesk.domain.remote import NoPicture, RemoteItem, Result
from ringdesk.domain.replica import Clash, GoneThere, Review
from ringdesk.domain.syncing import Untaken
from ringdesk.sync import photos
from tests.sync.kit import Pair, card, mail
from tests.sync.pictured import agreed, past, picture_here, picture_there, pictures
from tests.sync.pictures import drawn


def test_an_edit_made_there_while_a_picture_is_sent_comes_here(pair: Pair) -> None:
    held = agreed(pair)
    picture_here(pair, "photo2")

    def between(what: str) -> None:
        if what == "put photo":
            pair.server.edit(held.remote, replace(held.card, emails=mail("ana@example.com")))

    pair.book.between = between
    pair.sync()
    pair.book.between = lambda _: None
    pair.settled()
    assert pair.here("Ana").card.emails == mail("ana@example.com")
    assert pictures(pair) == ("photo2", "photo2")


def test_a_new_picture_there_brings_back_what_was_deleted_here(pair: Pair) -> None:
    agreed(pair)
    picture_there(pair, "photo2")
    pair.desk.delete(pair.here("Ana").id)
    pair.settled()
    assert pictures(pair) == ("photo2", "photo2")


def test_a_new_picture_here_brings_back_what_was_deleted_there(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    held = agreed(pair)
    picture_here(pair, "photo2")
    pair.server.delete(held.remote)
    for _ in range(3):
        pair.sync()
    pair.settled()
    assert pictures(pair) == ("photo2", "photo2")


@pytest.mark.parametrize(
    ("clash", "later", "wins"),
    [
        (Clash.MINE, "there", "photo2"),
        (Clash.THEIRS, "here", "photo3"),
        (Clash.RECENT, "here", "photo2"),
        (Clash.RECENT, "there", "photo3"),
        (Clash.ASK, "there", "photo3"),
    ],
)
def test_of_two_new_pictures_the_loser_stays_in_the_history(pair: Pair, clash: Clash, later: str, wins: str) -> None:
    pair.set(clash=clash)
    agreed(pair)
    for side in ("there", "here") if later == "here" else ("here", "there"):
        picture_here(pair, "photo2") if side == "here" else picture_there(pair, "photo3")
        pair.clock.pass_(700.0)
    pair.settled()
    assert pictures(pair) == (wins, wins)
    assert past(pair) >= {"photo2", "photo3"}


@pytest.mark.parametrize("later", ["here", "there"])
@pytest.mark.parametrize("carried", [True, False])
@pytest.mark.parametrize("restarted", [True, False])
def test_what_we_send_ourselves_makes_their_picture_no_later(
    pair: Pair, later: str, carried: bool, restarted: bool
) -> None:
    """A phone sent in the same round set the contact's time there, and an older picture won by it."""
    agreed(pair)
    for side in ("there", "here") if later == "here" else ("here", "there"):
        if side == "there":
            picture_there(pair, "photo3")
        else:
            picture_here(pair, "photo2")
            ana = pair.here("Ana")
            pair.desk.edit(ana.id, replace(ana.card, emails=mail("ana@example.com")))
        pair.clock.pass_(700.0)
    with patch.object(photos, "A_ROUND", photos.A_ROUND if carried else 0):
        pair.sync()
    if restarted:
        pair.desk.close()
        pair.desk.open()
    pair.settled()
    assert pictures(pair) == (("photo2",) if later == "here" else ("photo3",)) * 2
    assert past(pair) >= {"photo2", "photo3"}


def test_the_same_picture_at_another_address_wins_over_none_of_ours(pair: Pair) -> None:
    pair.hand.add(card("Ana", "+34600111222", photo="photo1"))
    pair.settled()
    picture_here(pair, "photo2")
    pair.clock.pass_(700.0)
    held = pair.there("Ana")
    held.photo = "https://photos/elsewhere"
    pair.server.photos[held.photo] = drawn("photo1")
    pair.server.edit(held.remote)
    pair.settled()
    assert pictures(pair) == ("photo2", "photo2")


def test_a_picture_put_here_before_theirs_has_come_is_a_clash_as_any(pair: Pair) -> None:
    """The two were once taken for a pair that was never compared, and stayed different for good."""
    held = pair.server.add(card("Ana", "+34600111222"))
    held.photo, pair.server.photos["https://p/1"] = "https://p/1", drawn("photo1")
    with patch.object(photos, "A_ROUND", 0):  # the round ends before its pictures
        pair.sync()
    picture_here(pair, "photo2")
    pair.settled()
    assert len({*pictures(pair)}) == 1
    assert past(pair) >= {"photo1", "photo2"}


def test_an_undo_leaves_a_contact_that_got_a_picture_here(pair: Pair) -> None:
    pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    picture_here(pair, "photo2")
    assert pair.desk.engine.undo().skipped == (("Ana", Untaken.CHANGED),)
    assert pair.desk.seen(pair.here("Ana").card).photo == "photo2"


@pytest.mark.parametrize("other", ["", "photo2"])
def test_a_picture_that_was_never_sent_outlives_a_merge_there(pair: Pair, other: str) -> None:
    """Ana came to be there, without her picture yet; somebody merged her into Berta."""
    berta = pair.server.add(card("Berta", "+34600111333")).remote
    pair.sync()
    held = pair.here("Berta")
    if other:
        pair.desk.edit(held.id, pair.desk.unseen(replace(held.card, photo=other)))
    pair.desk.add(pair.desk.unseen(card("Ana", "+34600111222", photo="photo1")))
    with patch.object(photos, "A_ROUND", 0):
        pair.sync()
    gone = pair.there("Ana").remote
    pair.server.merge(berta, gone, card("Berta", "+34600111333", "+34600111222"))
    for _ in range(3):
        pair.sync()
    pair.settled()
    assert pair.names() == ["Berta"]
    assert pair.desk.seen(pair.here("Berta").card).photo == (other or "photo1")
    assert "photo1" in past(pair) | {pair.desk.seen(pair.here("Berta").card).photo}


@pytest.mark.parametrize("gone", [True, False])
def test_a_picture_that_cannot_be_had_keeps_no_other_back(pair: Pair, gone: bool) -> None:
    """One contact's picture at a dead address broke every round off, and one at an open address stopped the account."""
    for number, name in enumerate(("Ana", "Berta"), 1):
        pair.hand.add(card(name, f"+3460011122{number}", photo=f"photo{number}"))
    right, asked = pair.book.photo, list[str]()

    def photo(reference: str) -> bytes:
        asked.append(reference)
        if reference == pair.there("Ana").photo:
            raise NoPicture("404", gone=gone)
        return right(reference)

    with patch.object(pair.book, "photo", photo):
        assert pair.sync().put_off == (not gone)
        assert pair.desk.seen(pair.here("Berta").card).photo == "photo2"
        pair.sync()
    assert len(asked) == (2 if gone else 3)
    pair.sync()
    assert pair.desk.seen(pair.here("Ana").card).photo == ("" if gone else "photo1")
    picture_there(pair, "photo3")
    pair.settled()
    assert pictures(pair) == ("photo3", "photo3")


def test_pictures_that_cannot_be_had_now_starve_no_others(pair: Pair) -> None:
    """As many as a round carries were tried again every round, and no other ever came."""
    for number, name in enumerate(("Ana", "Berta", "Carla", "Dora"), 1):
        pair.hand.add(card(name, f"+3460011122{number}", photo=f"photo{number}"))
    right, bad = pair.book.photo, {pair.there("Ana").photo, pair.there("Berta").photo, pair.there("Carla").photo}
    asked: list[str] = []

    def photo(reference: str) -> bytes:
        asked.append(reference)
        if reference in bad:
            raise NoPicture("403", gone=False)
        return right(reference)

    with patch.object(pair.book, "photo", photo), patch.object(photos, "A_ROUND", 2):
        assert pair.sync().more
        pair.sync()
        assert pair.desk.seen(pair.here("Dora").card).photo == "photo4"
        assert not pair.sync().more, "what cannot be had is no reason to hurry"
        pair.sync()
    assert min(asked.count(reference) for reference in bad) > 1
    pair.sync()
    assert pair.desk.seen(pair.here("Ana").card).photo == "photo1"


def test_a_picture_goes_there_over_one_that_cannot_be_had(pair: Pair) -> None:
    agreed(pair)
    picture_there(pair, "photo2")
    pair.clock.pass_(700.0)
    picture_here(pair, "photo3")
    with patch.object(pair.book, "photo", side_effect=NoPicture("404", gone=True)):
        pair.sync()
        pair.settled()
    assert pictures(pair) == ("photo3", "photo3")


def test_ours_is_not_put_over_one_that_won_and_cannot_be_had(pair: Pair) -> None:
    """Theirs was the later one; as it could not be fetched, ours replaced it a round later, and on every edit here."""
    agreed(pair)
    picture_here(pair, "photo2")
    pair.clock.pass_(700.0)
    picture_there(pair, "photo3")
    with patch.object(pair.book, "photo", side_effect=NoPicture("404", gone=True)):
        pair.sync()
        pair.sync()
        ana = pair.here("Ana")
        pair.desk.edit(ana.id, replace(ana.card, emails=mail("ana@example.com")))
        pair.sync()
        pair.sync()
    assert pictures(pair) == ("photo2", "photo3")
    picture_there(pair, "photo4")
    pair.settled()
    assert pictures(pair) == ("photo4", "photo4")


def test_what_two_desks_made_again_has_one_picture_in_the_end(pair: Pair) -> None:
    """Both made a deleted contact again, each with a picture; the one that gave way kept its own for good."""
    pair.desk.add(pair.desk.unseen(card("Ana", "+34600111222", photo="photo1")))
    pair.server.add(card("Ana", "+34600111222"), id=pair.here("Ana").id)
    picture_there(pair, "photo2")
    pair.settled()
    assert len({*pictures(pair)}) == 1
    assert past(pair) >= {"photo1", "photo2"}


def test_a_picture_follows_a_contact_that_got_another_id_meanwhile(pair: Pair) -> None:
    """The old id was answered as gone, and the picture was taken for sent."""
    held = agreed(pair)
    picture_here(pair, "photo2")
    renames = iter([held.remote])

    def between(what: str) -> None:
        if what == "put photo" and (remote := next(renames, "")):
            pair.server.rename(remote)

    pair.book.between = between
    pair.sync()
    pair.sync()
    pair.settled()
    assert pictures(pair) == ("photo2", "photo2")


def test_a_new_picture_here_makes_no_second_of_what_was_merged_there(pair: Pair) -> None:
    """With a picture to send, what is deleted there is made again; here it has become a part of Berta."""
    berta = pair.server.add(card("Berta", "+34600111333")).remote
    held = agreed(pair)
    picture_here(pair, "photo2")
    pair.server.merge(berta, held.remote, card("Berta", "+34600111333", "+34600111222"))
    pair.server.held[berta].former = ()
    pair.server.log[-1].at += 1000.0  # the tombstone is told a round later
    for _ in range(5):
        pair.sync()
    pair.settled()
    assert pair.names() == pair.names_there() == ["Berta"]


def test_a_contact_that_got_a_picture_there_stays_there_though_its_creation_is_undone(pair: Pair) -> None:
    """The picture was reported and had not come yet: it went with the contact, which nobody else had."""
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    picture_there(pair, "photo1")
    with patch.object(photos.Photos, "carry"):
        pair.sync()
    assert pair.desk.engine.undo().skipped == (("Ana", Untaken.CHANGED),)
    pair.settled()
    assert pictures(pair) == ("photo1", "photo1")


def test_a_picture_put_there_before_ours_was_sent_stays_though_the_creation_is_undone(pair: Pair) -> None:
    """Both had one on its way when it broke off; the one there went with the contact."""
    pair.book.capabilities = replace(pair.book.capabilities, guarded_deletes=False)  # as Google's are
    pair.desk.add(pair.desk.unseen(card("Ana", "+34600111222", photo="photo1")))
    with patch.object(photos.Photos, "carry"):
        pair.sync()
        picture_there(pair, "photo2")
        pair.sync()
    pair.desk.engine.undo()
    pair.settled()
    mine, theirs = pictures(pair)
    assert mine == theirs
    assert {"photo1", "photo2"} <= past(pair) | {mine}


def test_one_that_was_merged_away_before_its_picture_was_sent_is_the_other_one_at_once(pair: Pair) -> None:
    """Seed 1390825 of more merges than usual: the answer about it told that, and nothing told it any more later on."""
    fetch, book = pair.book.fetch, pair.book
    bea = pair.server.add(card("Bea", "+34600333444"))
    pair.sync()

    def merged(remotes: Sequence[str]) -> Sequence[RemoteItem]:
        [ana] = [held for held in pair.server.held.values() if held.card.name.given == "Ana"]
        pair.server.merge(bea.remote, ana.remote, bea.card)
        bea.former, book.fetch = (), fetch  # type: ignore[method-assign]  # what the test has put there goes again
        return [replace(pair.server.form(bea), former=(ana.remote,)) for _ in remotes]

    book.fetch = merged  # type: ignore[method-assign]  # the test puts its own in this place
    pair.desk.add(pair.desk.unseen(card("Ana", "+34600111222", photo="photo1")))
    pair.sync()
    assert pair.names() == ["Bea"]
    for _ in range(2):
        pair.sync()
    pair.settled()
    assert len(pair.server.creates) == 1
    assert {held.remote for held in pair.server.held.values()} == {bea.remote}
    assert [one.card.photo for one in pair.hand.all()] == ["photo1"]


def test_one_that_is_gone_there_when_its_picture_is_fetched_is_decided_about(pair: Pair) -> None:
    """Seed 1391133 of more merges than usual: it had got an id that was never told, and was deleted under that."""
    held = pair.server.add(card("Ana", "+34600111222"))
    picture_there(pair, "photo2")
    with patch.object(photos.Photos, "carry"):
        pair.sync()
    pair.server.delete(pair.server.rename(held.remote))
    pair.server.log.pop()
    pair.desk.sync()
    pair.desk.sync()
    assert [asked.contact for asked in pair.questions(Review.REMOVED)] == [pair.here("Ana").id]


def test_a_contact_that_gets_another_id_just_before_its_picture_is_no_second_one(pair: Pair) -> None:
    """Seed 952320: the answer came under the new id, as if another contact were there, and the old one was believed."""
    put, book = pair.book.put_photo, pair.book

    def renamed(remote: str, etag: str, data: bytes | None) -> Result:
        now = pair.server.rename(remote)
        pair.server.held[now].former = ()  # which no report tells
        return put(now, etag, data)

    book.put_photo = renamed  # type: ignore[method-assign]  # the test puts its own in this place
    pair.desk.add(pair.desk.unseen(card("Ana", "+34600111222", photo="photo1")))
    pair.sync()
    book.put_photo = put  # type: ignore[method-assign]  # and takes it away again
    [held] = pair.server.held.values()
    link = pair.desk.replicas.link(pair.here("Ana").id)
    assert link is not None
    assert link.remote == held.remote
    pair.server.delete(held.remote)
    pair.sync()
    pair.settled()
    assert not pair.server.held
