"""The failures of other programs, F1 to F9, as far as they are the engine's: doubled, wiped, not recovered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from ringdesk.domain.card import Email
from ringdesk.domain.effects import DropLink
from ringdesk.domain.remote import CursorExpired, Page, RemoteGone, Retry
from ringdesk.domain.replica import GoneThere, Review
from ringdesk.sync.plan import Deed
from tests.sync.kit import Pair, card, mail
from tests.sync.memory_remote import Fault, Faults


def test_f1_a_lost_link_makes_no_duplicate(pair: Pair) -> None:
    pair.server.add(card("Ana", "+34600111222"))
    pair.desk.add(card("Eva", "+34600111223"))
    pair.sync()
    pair.desk.replicas.commit([DropLink(contact.id) for contact in pair.desk.contacts()])
    pair.sync(full=True)
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana", "Eva"]


def test_f2_a_first_sync_matches_before_it_copies(pair: Pair) -> None:
    for number in range(20):
        pair.server.add(card(f"N{number}", f"+346001112{number:02}"))
        pair.desk.add(card(f"N{number}", f"6001112{number:02}"))
    report = pair.sync()
    assert report.counts == {Deed.LINK: 20}
    assert pair.server.mutations == 0


@pytest.mark.parametrize("policy", [GoneThere.DELETE, GoneThere.REVIEW])
def test_f3_an_empty_account_empties_nothing(pair: Pair, policy: GoneThere) -> None:
    pair.set(gone_there=policy)
    for number in range(5):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    right = pair.book._all
    pair.book._all = list  # type: ignore[method-assign]  # the test puts its own in this place
    assert pair.sync(full=True).distrusted
    pair.book._all = right  # type: ignore[method-assign]  # the test puts its own in this place
    assert len(pair.names()) == 5
    assert not pair.questions(Review.REMOVED)


def test_f3_an_empty_store_empties_nothing(pair: Pair) -> None:
    for number in range(30):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    pair.desk.delete(*(contact.id for contact in pair.desk.contacts()))
    assert pair.sync().guard_there == 30
    assert len(pair.server.held) == 30


def test_f4_a_truncated_listing_deletes_nothing(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    for number in range(10):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.TRUNCATED,))
    for _ in range(3):
        assert pair.sync(full=True).distrusted
    assert len(pair.names()) == 10


def test_f4_a_listing_that_breaks_off_deletes_nothing(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    pair.book.page = 2
    for number in range(10):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    right = pair.book.pull

    def pull(cursor: str | None) -> Iterator[Page]:
        yield next(right(cursor))

    pair.book.pull = pull  # type: ignore[method-assign]  # the test puts its own in this place
    with pytest.raises(Retry):
        pair.sync(full=True)
    assert len(pair.names()) == 10


def test_f5_an_old_tombstone_is_not_believed(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    held = pair.server.add(card("Ana"))
    pair.sync()
    right = pair.book._delta
    pair.book._delta = lambda changed: [RemoteGone(held.remote)]  # type: ignore[method-assign]  # the test puts its own in this place
    pair.sync()
    pair.book._delta = right  # type: ignore[method-assign]  # the test puts its own in this place
    pair.settled()
    assert pair.names() == ["Ana"]


def test_f5_an_old_form_does_not_undo_a_new_one(pair: Pair) -> None:
    pair.server.add(card("Ana"))
    pair.sync()
    old = pair.server.form(pair.there("Ana"))
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="new"))
    pair.desk.sync()
    right = pair.book._delta
    pair.book._delta = lambda changed: [old]  # type: ignore[method-assign]  # the test puts its own in this place
    pair.desk.sync()
    pair.sync()
    pair.book._delta = right  # type: ignore[method-assign]  # the test puts its own in this place
    pair.settled()
    assert pair.here("Ana").card.note == pair.there("Ana").card.note == "new"


def test_f6_a_real_emptying_can_be_allowed(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    for number in range(30):
        pair.server.add(card(f"N{number}"))
    pair.sync()
    for remote in list(pair.server.held):
        pair.server.delete(remote)
    report = pair.sync()
    assert report.guard_here == 30
    pair.desk.engine.approve(report.guard_here)
    pair.sync()
    assert not pair.names()


def test_f7_a_new_contact_does_not_vanish_on_the_second_sync(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    pair.server.delay = lambda: 500.0
    pair.desk.add(card("Ana"))
    pair.desk.sync()
    pair.desk.sync()
    pair.desk.sync(full=True)
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana"]


def test_f8_an_expired_cursor_recovers_by_itself(pair: Pair) -> None:
    pair.server.add(card("Ana"))
    pair.sync()
    pair.clock.pass_(30 * 86400.0)
    pair.server.add(card("Eva"))
    pair.settled()
    assert pair.names() == ["Ana", "Eva"]
    pair.clock.pass_(4000.0)
    right, expired = pair.book.pull, [True]

    def pull(cursor: str | None) -> Iterator[Page]:
        if cursor is not None and expired.pop():
            raise CursorExpired
        return right(cursor)

    pair.book.pull = pull  # type: ignore[method-assign]  # the test puts its own in this place
    pair.server.add(card("Pía"))
    pair.sync()
    assert pair.names() == ["Ana", "Eva", "Pía"]


def test_f9_a_conflict_is_merged_and_sent_again(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="here"))
    done: list[str] = []

    def between(what: str) -> None:
        if what.startswith("push") and not done:
            done.append(what)
            pair.server.edit(held.remote, card("Ana", emails=mail("a@b.c")))

    pair.book.between = between
    pair.sync()
    assert (held.card.note, held.card.emails) == ("here", (Email("a@b.c", "work"),))
    pair.settled()


def test_f9_spurious_conflicts_are_tried_a_few_times_and_put_off(pair: Pair) -> None:
    held = pair.server.add(card("Ana"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="here"))
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.SPURIOUS,))
    before = pair.server.requests["push"]
    pair.sync()
    assert 2 <= pair.server.requests["push"] - before <= 4
    before = pair.server.requests["push"]
    pair.desk.sync()
    assert pair.server.requests["push"] == before
    pair.book.faults.rate = 0.0
    pair.settled()
    assert held.card.note == "here"
