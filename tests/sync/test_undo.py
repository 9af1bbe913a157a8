"""The last sync taken back: each side gets back what the sync changed on it, and a quiet round leaves it so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest

from ringdesk.domain.card import Email
from ringdesk.domain.contact import Marks
from ringdesk.domain.effects import Effect, Replicas
from ringdesk.domain.replica import Direction, GoneThere, LinkState, Review
from ringdesk.domain.syncing import SyncUndone, Untaken
from tests.sync.judge import Judge
from tests.sync.kit import Pair, card
from tests.sync.world import Ledger, People


def undone(pair: Pair) -> SyncUndone:
    return pair.desk.engine.undo()


def quiet(pair: Pair) -> None:
    """Send what the undo left to send; after that nothing happens any more."""
    pair.sync()
    before = pair.server.mutations
    assert not pair.sync().counts
    assert pair.server.mutations == before
    assert not pair.desk.replicas.entries()


def test_a_contact_that_came_here_goes_here_and_stays_there(pair: Pair) -> None:
    pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    assert undone(pair).counts == {"taken out here": 1}
    quiet(pair)
    pair.sync(full=True)
    assert (pair.names(), pair.names_there()) == ([], ["Ana"])


def test_a_contact_that_went_there_goes_there_and_stays_here(pair: Pair) -> None:
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    assert undone(pair).counts == {"deleted there": 1}
    quiet(pair)
    pair.sync(full=True)
    assert (pair.names(), pair.names_there()) == (["Ana"], [])


def test_old_news_of_what_an_undo_has_deleted_there_does_not_delete_it_here(pair: Pair) -> None:
    """A listing still had it; the link came back to life, and its deletion there was then taken for somebody else's."""
    pair.set(gone_there=GoneThere.DELETE)
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    late = pair.server.form(pair.there("Ana"))
    undone(pair)
    pair.sync()
    with patch.object(pair.book, "_all", lambda: [late]):
        pair.sync(full=True)
    quiet(pair)
    pair.sync(full=True)
    assert (pair.names(), pair.names_there()) == (["Ana"], [])


def test_a_contact_that_came_stays_with_what_was_entered_in_a_field_left_out(pair: Pair) -> None:
    pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.desk.map(pair.desk.policy.fields - {"phones"})
    pair.desk.edit(pair.here("Ana").id, card("Ana", "+34600111222", "+34600111333"))
    assert undone(pair).skipped == (("Ana", Untaken.CHANGED),)
    assert pair.names() == ["Ana"]


def test_what_an_undo_may_not_delete_there_stays_in_step(pair: Pair) -> None:
    """Only reading since then: the contact stayed on both sides, and was never synced again."""
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.desk.turn(Direction.FROM)
    undone(pair)
    pair.sync()
    pair.server.edit(pair.there("Ana").remote, card("Ana", "+34600111222", note="new"))
    pair.settled()
    assert pair.here("Ana").card.note == "new"


def test_what_an_undo_may_not_delete_there_and_others_have_is_asked_about(pair: Pair) -> None:
    """Seed 1201067: their deletion was heard while ours was to be sent, and so the contact was linked to nothing."""
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.desk.turn(Direction.FROM)
    undone(pair)
    pair.server.delete(pair.there("Ana").remote)
    pair.sync()
    pair.desk.turn(Direction.BOTH)
    pair.settled()
    assert (len(pair.questions(Review.REMOVED)), pair.names(), pair.names_there()) == (1, ["Ana"], [])


def test_more_than_the_guard_allows_goes_because_the_user_has_asked_for_it(pair: Pair) -> None:
    for number in range(30):
        pair.desk.add(card(f"P{number:02d}", f"+3460011{number:04d}"))
    pair.sync()
    assert undone(pair).counts == {"deleted there": 30}
    quiet(pair)
    assert (len(pair.names()), pair.names_there()) == (30, [])


def test_an_edit_that_came_goes_back_here_and_stays_there(pair: Pair) -> None:
    ana = pair.server.add(card("Ana", "+34600111222")).remote
    pair.sync()
    pair.server.edit(ana, card("Anabel", "+34600111222"))
    pair.sync()
    assert pair.names() == ["Anabel"]
    assert undone(pair).counts == {"changed back": 1}
    quiet(pair)
    assert (pair.names(), pair.names_there()) == (["Ana"], ["Anabel"])
    pair.server.edit(ana, card("Anabel", "+34600111222", "+34600111333"))
    pair.sync()
    assert [phone.value for phone in pair.here("Ana").card.phones] == ["+34600111222", "+34600111333"]
    assert (pair.names(), pair.names_there()) == (["Ana"], ["Anabel"])


def test_an_edit_that_went_goes_back_on_both_sides(pair: Pair) -> None:
    ana = pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.desk.edit(ana.id, card("Anabel", "+34600111222", note="called"))
    pair.sync()
    assert pair.names_there() == ["Anabel"]
    assert undone(pair).counts == {"changed back": 1}
    pair.settled()
    assert (pair.names(), pair.names_there()) == (["Ana"], ["Ana"])
    assert pair.there("Ana").card.note == ""


def test_a_contact_deleted_there_comes_back_here_with_its_notes(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    ana = pair.server.add(card("Ana", "+34600111222")).remote
    pair.sync()
    here = pair.here("Ana")
    pair.desk.store.writes.add_note(here.id, "Likes tea").result()
    pair.server.delete(ana)
    pair.sync()
    assert pair.names() == []
    assert undone(pair).counts == {"brought back": 1}
    quiet(pair)
    pair.sync(full=True)
    assert (pair.names(), pair.names_there()) == (["Ana"], [])
    assert [note.text for note in pair.desk.store.reads.notes(here.id)] == ["Likes tea"]


def test_a_contact_deleted_here_comes_back_on_both_sides(pair: Pair) -> None:
    ana = pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.desk.delete(ana.id)
    pair.sync()
    assert pair.names_there() == []
    assert undone(pair).counts == {"brought back": 1}
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana"]


@pytest.mark.parametrize("direction", [Direction.BOTH, Direction.TO])
def test_what_was_brought_back_there_too_is_not_made_again(pair: Pair, direction: Direction) -> None:
    """Somebody took it out of the trash there, and the listing told that only later: it lay there twice."""
    ana = pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.desk.turn(direction)
    pair.desk.delete(ana.id)
    pair.sync()
    pair.sync()  # which tells of the deletion
    [remote] = pair.server.trash
    undone(pair)
    with patch.object(pair.server, "delay", lambda: 3600.0):
        pair.server.restore(remote)
    pair.sync()
    assert [*pair.server.held] == [remote]
    pair.clock.pass_(3600.0)
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana"]


def test_what_is_made_there_again_is_asked_for_when_it_is_missed_and_right_before_that(pair: Pair) -> None:
    ana = pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.desk.edit(ana.id, card("Ana", "+34600111222", note="mine"))
    pair.server.delete(pair.there("Ana").remote)
    with patch.object(pair.book, "fetch", wraps=pair.book.fetch) as fetch:
        while not pair.server.held:
            fetch.reset_mock()
            pair.sync()
    assert fetch.call_count == 2


def test_what_was_changed_since_stays_and_is_told(pair: Pair) -> None:
    for given in ("Edited", "Marked", "Noted", "Left"):
        pair.server.add(card(given, f"+34600{len(given):06d}"))
    pair.desk.add(card("Mine", "+34600999999"))
    pair.sync()
    writes = pair.desk.store.writes
    pair.desk.edit(pair.here("Edited").id, replace(pair.here("Edited").card, note="new"))
    marked = pair.here("Marked")
    writes.save(replace(marked, marks=Marks(vip=True)), read_revision=marked.revision).result()
    writes.add_note(pair.here("Noted").id, "Likes tea").result()
    pair.desk.edit(pair.here("Mine").id, replace(pair.here("Mine").card, note="new"))
    done = undone(pair)
    assert done.counts == {"taken out here": 1}
    assert sorted(done.skipped) == sorted((name, Untaken.CHANGED) for name in ("Edited", "Marked", "Noted", "Mine"))
    quiet(pair)
    assert pair.names() == ["Edited", "Marked", "Mine", "Noted"]
    assert pair.names_there() == ["Edited", "Left", "Marked", "Mine", "Noted"]


def test_only_the_field_that_was_changed_since_stays(pair: Pair) -> None:
    ana = pair.server.add(card("Ana", "+34600111222")).remote
    pair.sync()
    pair.server.edit(ana, card("Anabel", "+34600111222", note="from there"))
    pair.sync()
    here = pair.here("Anabel")
    pair.desk.edit(here.id, replace(here.card, note="mine"))
    done = undone(pair)
    assert (done.counts, done.skipped) == ({"changed back": 1}, (("Anabel", Untaken.CHANGED),))
    quiet(pair)
    assert (pair.here("Ana").card.note, pair.there("Anabel").card.note) == ("mine", "mine")


def test_a_list_that_both_sides_added_to_stays_and_is_told(pair: Pair) -> None:
    ana = pair.server.add(card("Ana", "+34600111222")).remote
    pair.sync()
    pair.server.edit(ana, replace(card("Ana", "+34600111222"), emails=(Email("there@example.com", "work"),)))
    here = pair.here("Ana")
    pair.desk.edit(here.id, replace(here.card, emails=(Email("here@example.com", "work"),)))
    pair.sync()
    done = undone(pair)
    assert (done.counts, done.skipped) == ({}, (("Ana", Untaken.MERGED),))
    pair.settled()
    assert {one.value for one in pair.here("Ana").card.emails} == {"there@example.com", "here@example.com"}


def test_a_contact_edited_there_before_it_could_go_stays_there(pair: Pair) -> None:
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    undone(pair)
    [remote] = pair.server.held
    pair.server.edit(remote, card("Anabel", "+34600111222"))
    pair.sync()
    pair.settled()
    assert pair.names() == pair.names_there() == ["Anabel"]


def test_a_sync_is_taken_back_once_and_the_undo_can_be_taken_back_too(pair: Pair) -> None:
    ana = pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.desk.edit(ana.id, card("Anabel", "+34600111222"))
    pair.sync()
    undone(pair)
    assert undone(pair).counts == {}
    pair.settled()
    assert undone(pair).counts == {"changed back": 1}
    pair.settled()
    assert pair.names() == pair.names_there() == ["Anabel"]


def test_what_went_only_one_way_goes_back_that_way(tmp_path: Path) -> None:
    pair = Pair(tmp_path, direction=Direction.FROM)
    ana = pair.server.add(card("Ana", "+34600111222")).remote
    pair.sync()
    pair.server.edit(ana, card("Anabel", "+34600111222"))
    pair.sync()
    assert undone(pair).counts == {"changed back": 1}
    quiet(pair)
    assert (pair.names(), pair.names_there(), pair.server.mutations) == (["Ana"], ["Anabel"], 0)
    pair.close()


class Killed(Exception):
    """The program was killed."""


class Dying:
    """Replicas under which the program is killed before or after a commit."""

    def __init__(self, real: Replicas, after: int) -> None:
        self._real = real
        self._left = after

    def commit(self, effects: list[Effect]) -> None:
        self._left -= 1
        if self._left < 0:
            raise Killed
        self._real.commit(effects)

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


@pytest.mark.parametrize("commits", range(6))
def test_killed_anywhere_an_undo_goes_on_where_it_was(tmp_path: Path, commits: int) -> None:
    pair = Pair(tmp_path)
    mine = [pair.desk.add(card(f"Mine{number:02d}", f"+346001{number:05d}")) for number in range(30)]
    theirs = [pair.server.add(card(f"Theirs{number:02d}", f"+346002{number:05d}")).remote for number in range(30)]
    pair.sync()
    for contact in mine:
        pair.desk.edit(contact.id, replace(contact.card, note="mine"))
    for remote in theirs:
        pair.server.edit(remote, replace(pair.server.held[remote].card, note="theirs"))
    pair.sync()
    real = pair.desk.replicas
    engine = pair.desk.engine
    engine._replicas = Dying(real, commits)  # type: ignore[assignment]  # a kill, seen from the engine
    try:
        undone(pair)
    except Killed:
        engine._replicas = real
        undone(pair)
    engine._replicas = real
    pair.sync()
    quiet(pair)
    assert {contact.card.note for contact in pair.desk.contacts()} == {""}
    assert sorted(held.card.note for held in pair.server.held.values()) == [""] * 30 + ["theirs"] * 30
    pair.close()


def test_contacts_that_became_one_stay_one_and_that_is_told(pair: Pair) -> None:
    one = pair.server.add(card("Ana", "+34600111222")).remote
    two = pair.server.add(card("Ana Maria", "+34600111333")).remote
    pair.sync()
    pair.server.merge(one, two, card("Ana", "+34600111222", "+34600111333"))
    pair.sync()
    pair.sync()
    done = undone(pair)
    assert ("Ana Maria", Untaken.MERGED) in done.skipped
    assert pair.names() == ["Ana"]


def test_the_state_survives_a_restart(pair: Pair) -> None:
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    undone(pair)
    assert [link.state for link in pair.desk.replicas.in_state(LinkState.TAKEN_BACK, 9)] == [LinkState.TAKEN_BACK]


def test_a_picture_that_came_goes_and_one_that_went_is_told(pair: Pair) -> None:
    pair.server.add(card("Ana", "+34600111222"))
    mine = pair.desk.add(card("Ben", "+34600111333"))
    pair.sync()
    pair.server.photos["https://p/1"] = b"png"
    pair.there("Ana").photo = "https://p/1"
    pair.server.edit(pair.there("Ana").remote, card("Ana", "+34600111222"))
    digest = pair.desk.store.writes.put_photo(b"mine").result()
    ben = pair.desk.get(mine.id)
    pair.desk.edit(ben.id, replace(ben.card, photo=digest))
    pair.sync()
    assert pair.desk.replicas.photo(pair.here("Ana").card.photo) == b"png"
    assert pair.there("Ben").photo
    done = undone(pair)
    assert (done.counts, done.skipped) == ({"changed back": 1}, (("Ben", Untaken.PHOTO),))
    quiet(pair)
    assert (pair.here("Ana").card.photo, pair.there("Ana").photo) == ("", "https://p/1")
    assert (pair.here("Ben").card.photo, bool(pair.there("Ben").photo)) == (digest, True)


@pytest.mark.parametrize("seed", range(40))
def test_after_any_history_an_undo_comes_to_rest_and_doubles_nobody(tmp_path: Path, seed: int) -> None:
    """People work on both sides, a sync is taken back, people work on; three rounds later nothing moves any more.

    What an undo sends follows a second after it; within that second nobody works in the account here. (A contact that
    is merged there just then stays here as it was, beside the one that it became a part of.)
    """
    pair, dice = Pair(tmp_path), Random(seed)
    ledger = Ledger()
    people = People(dice, ledger, pair.hand, pair.clock)

    def work(times: int) -> None:
        for _ in range(times):
            people.by_hand() if dice.random() < 0.5 else people.at_desk(pair.desk, "desk")

    for _ in range(3):
        pair.sync()
        work(dice.randrange(1, 12))
        pair.sync()
        work(dice.randrange(3))
        undone(pair)
        for _ in range(dice.randrange(3)):
            people.at_desk(pair.desk, "desk")
    for _ in range(3):
        pair.sync()
    before = pair.server.mutations
    assert not pair.sync().counts
    assert pair.server.mutations == before
    judge = Judge(ledger, pair.hand, pair.desks)
    assert judge.doubled() == judge.leaked() == []
    assert not pair.desk.replicas.entries()
    pair.close()
