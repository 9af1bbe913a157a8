"""The engine's invariants I1 to I9, one by one on small cases; the simulation holds them on random ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from ringdesk.domain.remote import Capabilities, Create, CursorExpired, Invalid, Page, Result, Retry, Update
from ringdesk.domain.replica import Choice, Clash, GoneThere, Review
from tests.sync.kit import Pair, card, mail
from tests.sync.memory_remote import Fault, Faults


def test_i1_both_sides_become_equal_and_then_rest(pair: Pair) -> None:
    for number in range(5):
        pair.server.add(card(f"There {number}", f"+3460000000{number}"))
        pair.desk.add(card(f"Here {number}", f"+3461000000{number}", groups=("Clients",)))
    pair.settled()
    assert len(pair.names()) == len(pair.names_there()) == 10
    assert not pair.desk.replicas.touched("", 5)


def test_i2_the_loser_of_a_clash_is_in_the_history(pair: Pair) -> None:
    held = pair.server.add(card("Ana", note="old"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="mine"))
    pair.clock.pass_(60)
    pair.server.edit(held.remote, replace(held.card, note="theirs"))
    pair.settled()
    assert pair.here("Ana").card.note == held.card.note == "theirs"
    assert any(change.old == '"mine"' for change in pair.desk.store.reads.changes(ana.id))


@pytest.mark.parametrize(("clash", "wins"), [(Clash.MINE, "mine"), (Clash.THEIRS, "theirs"), (Clash.RECENT, "mine")])
def test_i2_the_policy_decides_a_clash(pair: Pair, clash: Clash, wins: str) -> None:
    pair.set(clash=clash)
    held = pair.server.add(card("Ana", note="old"))
    pair.sync()
    pair.server.edit(held.remote, replace(held.card, note="theirs"))
    pair.clock.pass_(60)
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="mine"))
    pair.settled()
    assert pair.here("Ana").card.note == held.card.note == wins
    past = " ".join(change.old + change.new for change in pair.desk.store.reads.changes(ana.id))
    assert "mine" in past
    assert "theirs" in past


@pytest.mark.parametrize("choice", [Choice.MINE, Choice.THEIRS])
def test_i2_a_clash_can_be_asked_about(pair: Pair, choice: Choice) -> None:
    pair.set(clash=Clash.ASK)
    held = pair.server.add(card("Ana", note="old"))
    pair.sync()
    ana = pair.here("Ana")
    pair.server.edit(held.remote, replace(held.card, note="theirs"))
    pair.desk.edit(ana.id, replace(ana.card, note="mine", nicknames=("An",)))
    pair.sync()
    assert (pair.here("Ana").card.note, held.card.note, held.card.nicknames) == ("mine", "theirs", ("An",))
    [question] = pair.questions(Review.CLASH)
    assert question.theirs is not None
    assert question.theirs.note == "theirs"
    pair.answer(question, choice)
    pair.settled()
    assert held.card.note == ("mine" if choice is Choice.MINE else "theirs")
    assert not pair.questions(Review.CLASH)


def test_i3_edits_of_different_fields_and_items_all_survive(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111221", "+34600111222"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, card("Ana", "+34600111222", "+34600111223", note="n"))
    pair.server.edit(held.remote, card("Ana", "+34600111221", "+34600111222", "+34600111224", emails=mail("a@b.c")))
    pair.settled()
    assert {phone.value[-1] for phone in held.card.phones} == {"2", "3", "4"}
    assert held.card.note == "n"
    assert pair.here("Ana").card.emails


def test_i4_only_changed_fields_are_sent_and_what_is_unknown_goes_back(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111222"), unknown=b"foreign")
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="n"))
    masks: list[frozenset[str]] = []
    right = pair.book._update

    def update(op: Update) -> Result:
        masks.append(op.mask)
        return right(op)

    pair.book._update = update  # type: ignore[method-assign]  # the test puts its own in this place
    pair.sync()
    assert masks == [frozenset({"note"})]
    assert held.unknown == b"foreign"


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.CUT_BEFORE])
def test_i5_an_unclear_creation_makes_no_second_contact(pair: Pair, fault: Fault) -> None:
    pair.desk.add(card("Ana", "+34600111222"))
    pair.desk.sync()
    pair.desk.add(card("Eva", "+34600111223"))
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(fault,))
    right = pair.book._asked
    pair.book._asked = (  # type: ignore[method-assign]  # the test puts its own in this place
        lambda what, possible: right(what, possible) if what.startswith("push") else None
    )
    pair.server.delay = lambda: 590.0
    if fault is Fault.CUT_BEFORE:
        with pytest.raises(Retry):
            pair.desk.sync()
    else:
        pair.desk.sync()
    pair.book.faults.rate = 0.0
    for _ in range(4):
        pair.clock.pass_(200.0)
        pair.desk.sync()
    pair.settled()
    assert pair.names_there() == ["Ana", "Eva"]


def test_i6_an_edit_there_beats_a_deletion_here(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.desk.delete(pair.here("Ana").id)
    pair.server.edit(held.remote, card("Ana", "+34600111222", note="new"))
    pair.settled()
    assert pair.here("Ana").card.note == "new"


def test_i6_an_edit_here_beats_a_deletion_there(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="new"))
    pair.server.delete(held.remote)
    pair.sync()
    assert not pair.server.held
    pair.settled()
    assert pair.there("Ana").card.note == "new"
    assert pair.here("Ana").id == ana.id


def test_i6_a_phantom_etag_does_not_stop_a_deletion(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    pair.desk.delete(pair.here("Ana").id)
    pair.server.phantom(held.remote)
    pair.settled()
    assert not pair.server.held
    assert not pair.names()


@pytest.mark.parametrize("guarded", [True, False])
def test_i6_an_account_that_deletes_unguarded_is_asked_first(tmp_path: Path, guarded: bool) -> None:
    able = Capabilities(
        create_batch=50, update_batch=50, delete_batch=50, fetch_batch=50, guarded_deletes=guarded, cursor_life=9e9
    )
    pair = Pair(tmp_path, able)
    held = pair.server.add(card("Ana"))
    pair.server.add(card("Eva"))
    pair.sync()
    pair.desk.delete(pair.here("Ana").id, pair.here("Eva").id)
    pair.server.delay = lambda: 5000.0
    pair.server.edit(held.remote, card("Ana", note="by hand"))
    pair.sync()
    assert pair.names_there() == ["Ana"]
    assert pair.here("Ana").card.note == "by hand"
    pair.close()


def test_i7_many_deletions_here_wait_for_the_user(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    for number in range(40):
        pair.server.add(card(f"N{number:02}"))
    pair.sync()
    for remote in sorted(pair.server.held)[:11]:
        pair.server.delete(remote)
    report = pair.sync()
    assert report.guard_here == 11
    assert len(pair.names()) == 40
    pair.desk.engine.approve(11)
    pair.settled()
    assert len(pair.names()) == 29
    assert pair.desk.replicas.account().approved == 0


def test_i7_many_deletions_there_wait_for_the_user(pair: Pair) -> None:
    for number in range(40):
        pair.server.add(card(f"N{number:02}"))
    pair.sync()
    pair.desk.delete(*(contact.id for contact in pair.desk.contacts()[:11]))
    assert pair.sync().guard_there == 11
    assert len(pair.server.held) == 40
    pair.desk.engine.approve(11)
    pair.settled()
    assert len(pair.server.held) == 29


def test_i7_after_a_lost_cursor_absence_is_asked_about(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    held = pair.server.add(card("Ana"))
    pair.server.add(card("Eva"))
    pair.sync()
    pair.clock.pass_(4000.0)
    pair.server.delete(held.remote)
    right, expired = pair.book.pull, [True]

    def pull(cursor: str | None) -> Iterator[Page]:
        if cursor is not None and expired.pop():
            raise CursorExpired
        return right(cursor)

    pair.book.pull = pull  # type: ignore[method-assign]  # the test puts its own in this place
    pair.sync()
    assert pair.names() == ["Ana", "Eva"]
    [question] = pair.questions(Review.REMOVED)
    assert question.contact == pair.here("Ana").id
    assert not pair.desk.replicas.account().reset


def test_i7_a_listing_that_is_not_whole_proves_nothing(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    for number in range(4):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    before = pair.server.requests["fetch"]
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.TRUNCATED,))
    assert pair.sync(full=True).distrusted
    assert len(pair.names()) == 4
    assert pair.server.requests["fetch"] == before
    pair.book.faults.rate = 0.0
    pair.clock.pass_(3700.0)
    before = pair.server.requests["pull"]
    assert not pair.sync().distrusted
    pair.settled()


def test_i8_our_own_write_coming_back_is_no_change(pair: Pair) -> None:
    pair.server.delay = lambda: 300.0
    pair.desk.add(card("Ana", "+34600111222"))
    pair.desk.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="one"))
    pair.desk.sync()
    before, revision = pair.server.mutations, pair.here("Ana").revision
    pair.clock.pass_(310.0)
    assert not pair.desk.sync().counts
    assert (pair.server.mutations, pair.here("Ana").revision) == (before, revision)


def test_i8_a_phantom_etag_is_no_change(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    pair.server.phantom(held.remote)
    revision = pair.here("Ana").revision
    assert not pair.sync().counts
    assert pair.here("Ana").revision == revision
    pair.desk.edit(pair.here("Ana").id, card("Ana", note="n"))
    pair.sync()
    assert held.card.note == "n"


def test_i9_full_pulls_are_an_hour_apart(pair: Pair) -> None:
    pair.server.add(card("Ana"))
    pair.sync()
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.EXPIRED,))
    with pytest.raises(Retry) as refused:
        pair.sync()
    assert refused.value.after is not None
    assert 0 < refused.value.after <= 3600


def test_i9_a_bad_contact_is_put_off_and_the_others_go_on(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    right = pair.book._carry
    pair.book._carry = lambda op: (  # type: ignore[method-assign]  # the test puts its own in this place
        Invalid("note", "too long") if isinstance(op, Create) and op.card.note == "bad" else right(op)
    )
    bad = pair.desk.add(card("Bad", note="bad"))
    pair.desk.add(card("Good"))
    assert pair.sync().invalid == 1
    assert pair.names_there() == ["Good"]
    [question] = pair.questions(Review.INVALID)
    assert (question.contact, question.field) == (bad.id, "note")
    before = pair.server.requests["push"]
    pair.sync()
    assert pair.server.requests["push"] == before
    held = pair.desk.get(bad.id)
    pair.desk.edit(bad.id, replace(held.card, note="good"))
    pair.sync()
    assert pair.names_there() == ["Bad", "Good"]
    pair.close()
