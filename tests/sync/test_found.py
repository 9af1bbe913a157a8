"""What the simulator found, each as a small story of its own; its seeds go stale, these do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from random import Random
from unittest.mock import patch

import pytest

from ringdesk.domain.remote import Page, RemoteItem, Retry, RetryAfter
from ringdesk.domain.replica import Direction, GoneThere, Review
from ringdesk.sync.reading import READ_TRIES
from tests.sync.desk import DeskClock
from tests.sync.kit import Pair, card
from tests.sync.memory_remote import Fault, Faults, MemoryBook, Server


def test_former_ids_outlive_the_asking_by_id(pair: Pair) -> None:
    """A report tells a former id once; the contact was asked for by id, which does not tell it, and came twice."""
    held, gone = pair.server.add(card("Ana", "+34600111222")), pair.server.add(card("Anita", "+34600111223"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="new"))
    pair.desk.sync()  # from now on and for a while a report about Ana may be old news
    pair.server.merge(held.remote, gone.remote, held.card)
    pair.desk.sync()
    pair.settled()
    assert [contact.id for contact in pair.desk.contacts()] == [ana.id]
    assert not pair.questions(Review.REMOVED)


@pytest.mark.parametrize("how", ["restored", "made again", "deleted here"])
def test_a_contact_that_is_there_again_or_gone_is_no_doubt_about_another(pair: Pair, how: str) -> None:
    """While it was gone it might have been that other one; the question stayed, and with it every later edit here."""
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    ana = pair.here("Ana")
    pair.desk.edit(ana.id, replace(ana.card, note="new"))
    pair.server.delete(held.remote)
    pair.sync()
    pair.server.add(card("Berta", "+34600111222"))
    pair.sync()
    assert pair.questions(Review.DOUBTFUL)
    if how == "restored":
        pair.server.restore(held.remote)
    elif how == "deleted here":
        pair.desk.delete(ana.id)
    else:
        pair.server.add(held.card, id=ana.id).was = (held.remote,)
    pair.sync()
    pair.settled()
    assert not pair.questions(Review.DOUBTFUL)
    assert pair.names() == pair.names_there() == (["Berta"] if how == "deleted here" else ["Ana", "Berta"])
    assert how == "deleted here" or pair.there("Ana").card.note == "new"


def test_a_doubt_about_what_is_gone_ends_with_a_full_listing(pair: Pair) -> None:
    """The cursor was lost with the news of its deletion: the doubt stayed, and what was entered here was never sent."""
    pair.desk.add(card("Ana", "+34600111222"))
    berta = pair.server.add(card("Berta", "+34600111222"))
    pair.sync()
    assert pair.questions(Review.DOUBTFUL)
    pair.server.delete(berta.remote)
    pair.sync(full=True)
    pair.settled()
    assert not pair.questions(Review.DOUBTFUL)
    assert pair.names() == pair.names_there() == ["Ana"]


NARROW: list[dict[str, object]] = [
    {"direction": Direction.TO},
    {"labels": frozenset({"contactGroups/other"})},
    {"only_with_phones": True},
]


@pytest.mark.parametrize("narrow", NARROW, ids=lambda one: next(iter(one)))
def test_a_wider_choice_asks_for_what_was_passed_over(pair: Pair, narrow: dict[str, object]) -> None:
    """Contacts made there while they were not wanted here never came, because no report names them again."""
    wide = pair.desk.policy
    pair.set(**narrow)
    pair.server.add(card("Ana"))
    pair.sync()
    assert not pair.names()
    pair.set(**{name: getattr(wide, name) for name in narrow})
    pair.settled()
    assert pair.names() == ["Ana"]


def test_an_account_that_is_really_empty_is_believed(pair: Pair) -> None:
    """All was deleted there and the cursor had ended: an empty listing was never believed, and nothing ever settled."""
    pair.set(gone_there=GoneThere.REVIEW)
    held = pair.server.add(card("Ana"))
    pair.sync()
    pair.server.delete(held.remote)
    assert not pair.sync(full=True).distrusted
    assert len(pair.questions(Review.REMOVED)) == 1


def test_a_contact_whose_new_id_nobody_told_is_not_doubled(pair: Pair) -> None:
    """Renamed, deleted and restored between two rounds: it came as new, and its old link was never asked about."""
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.server.delete(pair.server.rename(held.remote))
    pair.sync()
    pair.server.restore(held.remote)
    held.former = ()
    pair.settled()
    assert pair.names() == ["Ana"]


def test_two_that_are_just_alike_there_stay_two(pair: Pair) -> None:
    first = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.server.add(first.card)
    pair.settled()
    assert pair.names() == ["Ana", "Ana"]


def test_a_contact_that_went_under_an_id_nobody_told_is_missed(pair: Pair) -> None:
    """Renamed and deleted between two rounds: the tombstone names a stranger, and ours stayed for a week."""
    held = pair.server.add(card("Ana"))
    pair.server.add(card("Eva"))
    pair.sync()
    pair.server.delete(pair.server.rename(held.remote))
    pair.sync()
    pair.clock.pass_(3600.0)
    pair.sync()
    assert len(pair.questions(Review.REMOVED)) == 1


def test_a_clock_that_was_ahead_does_not_stop_the_sync(pair: Pair) -> None:
    """All that was written down while the clock was ahead lay in the future for ever: nothing came of it any more."""
    ahead = DeskClock(pair.clock, 400 * 86_400.0)
    pair.desk.close()
    pair.desk.clock = ahead
    pair.desk.open()
    pair.server.add(card("Ana"))
    pair.desk.add(card("Eva"))
    pair.book.push = lambda ops: [RetryAfter(60.0)] * len(ops)  # type: ignore[method-assign]  # a book that asks for patience
    pair.sync()
    del pair.book.push
    pair.desk.close()
    ahead.wrong = 0.0
    pair.desk.open()
    assert pair.desk.replicas.account().full_at == pytest.approx(pair.clock.now() + 400 * 86_400.0, abs=10_000.0)
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.EXPIRED,))
    pair.sync()
    pair.book.faults.rate = 0.0
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana", "Eva"]


def test_a_clock_that_jumps_does_not_send_a_creation_again(pair: Pair) -> None:
    """Two listings ten minutes apart have to lack it; a clock that was set between them said so after seconds."""
    clock = DeskClock(pair.clock)
    pair.desk.close()
    pair.desk.clock = clock
    pair.desk.open()
    pair.desk.add(card("Ana"))
    pair.server.delay = lambda: 500.0
    pair.book.faults = Faults(Random(1), rate=1.0, kinds=(Fault.CUT_AFTER,))
    pair.sync()
    pair.book.faults.rate = 0.0
    pair.desk.sync()
    pair.desk.close()
    clock.wrong = 3600.0
    pair.desk.open()
    pair.desk.sync()
    pair.desk.sync()
    assert pair.names_there() == ["Ana"]
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana"]


def test_numbers_of_all_kinds_are_looked_for_together(pair: Pair) -> None:
    """The keys of numbers, extensions and what cannot be read are of different types, and were put into one order."""
    pair.desk.add(card("Eva", "77"))
    for number, phone in enumerate(("+34600111222", "77", "ring me", "*#06#")):
        pair.server.add(card(f"N{number}", phone))
    pair.settled()
    assert len(pair.names()) == 5


class Resolving(MemoryBook):
    """Answers under the new id when it is asked for an old one, and tells nobody by itself."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.moved: dict[str, str] = {}

    def _current(self, remote: str) -> RemoteItem:
        return super()._current(self.moved.get(remote, remote))


def test_an_unclear_creation_is_not_sent_again_before_the_gone_are_asked_for(pair: Pair) -> None:
    """Seed 21435: it was made and merged at once, which only asking for the other one of the two could tell."""
    book = Resolving(pair.server)
    pair.desk.book = book
    pair.desk.engine = pair.desk.instance()
    bea = pair.server.add(card("Bea", "+34600111222"))
    pair.sync()
    pair.desk.add(card("Ana", "+34600333444"))
    book.faults = Faults(Random(1), 1.0, (Fault.CUT_AFTER,))
    pair.server.delay = lambda: 500.0
    assert pair.sync().unclear == 1
    pair.server.delay = lambda: 0.0
    book.faults.rate = 0.0
    ana = pair.there("Ana")
    fails = iter([Retry("cut")] * 2 * READ_TRIES)

    def between(what: str) -> None:
        error = next(fails, None) if what == "fetch" else None
        if error is not None:
            raise error

    book.between = between
    pair.server.delete(bea.remote)
    with suppress(Retry):
        pair.desk.sync()
    pair.server.edit(ana.remote, replace(ana.card, phones=(*ana.card.phones, *bea.card.phones)))
    ana.id, book.moved = "", {bea.remote: ana.remote}
    with suppress(Retry):
        pair.desk.sync()
    assert next(fails, None) is None
    for _ in range(3):
        pair.sync()
    assert pair.names_there() == pair.names() == ["Ana"]


def test_an_edit_that_may_not_go_out_is_not_deleted_with_its_contact(pair: Pair) -> None:
    """Seeds 100825 and 104014: synced only from there, so the edit was nowhere else; deletions there are followed."""
    pair.set(direction=Direction.FROM, gone_there=GoneThere.DELETE)
    ana, eva = pair.server.add(card("Ana", "+34600111222")), pair.server.add(card("Eva", "+34600333444"))
    pair.sync()
    pair.desk.edit(pair.here("Ana").id, card("Ana", "+34600111222", note="only here"))
    for held in (ana, eva):
        pair.server.delete(held.remote)
    for _ in range(3):
        pair.sync()
    assert pair.names() == ["Ana"]
    [question] = pair.questions(Review.REMOVED)
    assert question.contact == pair.here("Ana").id


class CountedOff(MemoryBook):
    """Its pages of two are counted off anew, last changed last: what goes from the first moves one past the second."""

    def __init__(self, server: Server, meanwhile: Callable[[Server, str], object]) -> None:
        super().__init__(server)
        self.meanwhile = [meanwhile]

    def pull(self, cursor: str | None) -> Iterator[Page]:
        if cursor is not None:
            yield from super().pull(cursor)
            return
        cursor = f"{self._upto(now := self.server.clock.now())}@{now}"
        begin, complete = 0, False
        while not complete:
            known = [*self.server.held.values()]
            shown, begin = known[begin : begin + 2], begin + 2
            complete = begin >= len(known)
            yield Page(
                items=tuple(replace(self.server.form(one), former=()) for one in shown),
                full=True,
                total=len(known),
                complete=complete,
                cursor=cursor if complete else None,
            )
            if self.meanwhile:
                self.meanwhile.pop()(self.server, known[0].remote)


def to_the_end(server: Server, remote: str) -> None:
    """Somebody edits a contact."""
    server.edit(remote, card("Zoe"))
    server.held[remote] = server.held.pop(remote)


@pytest.mark.parametrize("meanwhile", [Server.delete, to_the_end])
def test_what_slipped_between_two_pages_comes_with_the_next_listing(
    pair: Pair, meanwhile: Callable[[Server, str], object]
) -> None:
    """Seed 300127: a contact that no page showed and no report would ever name again was not missed."""
    for name in ("Ana", "Bea", "Cleo"):
        pair.server.add(card(name))
    pair.desk.renewed(CountedOff(pair.server, meanwhile))
    assert pair.sync().distrusted
    assert "Cleo" not in pair.names()
    pair.clock.pass_(3600.0)
    pair.settled()
    assert {"Bea", "Cleo"} <= {*pair.names()}


def test_what_slipped_between_two_pages_as_another_got_a_new_id_comes_within_the_hour(pair: Pair) -> None:
    """Seed 1200329: the total stayed the same and none came twice, so nothing was missed for six days."""
    for name in ("Ana", "Bea", "Cleo"):
        pair.server.add(card(name))
    pair.desk.renewed(CountedOff(pair.server, Server.rename))
    assert not pair.sync().distrusted
    assert pair.names() == ["Ana", "Ana", "Bea"]
    pair.sync()
    assert pair.names() == ["Ana", "Bea"]
    pair.clock.pass_(3600.0)
    pair.settled()
    assert pair.names() == ["Ana", "Bea", "Cleo"]


def test_a_new_id_between_two_pages_is_seen_by_our_mark_on_it(pair: Pair) -> None:
    """Seed 2228278: the two were found to be one in that round, so that no report told of a stranger later on."""
    pair.desk.add(card("Ana"))
    pair.sync()
    for name in ("Bea", "Cleo"):
        pair.server.add(card(name))
    other = pair.second()
    other.renewed(CountedOff(pair.server, Server.rename))
    assert other.sync().distrusted
    assert "Cleo" not in {one.card.name.given for one in other.contacts()}
    pair.clock.pass_(3600.0)
    assert not other.sync().distrusted
    assert sorted(one.card.name.given for one in other.contacts()) == ["Ana", "Bea", "Cleo"]


def test_a_doubt_is_settled_where_asking_by_the_old_id_answers_it(pair: Pair) -> None:
    """A contact got another id and another name: it was asked about, then found under its old id; the question stayed,
    and what was edited here never went out."""
    old = pair.server.add(card("Ana", "+34600111222")).remote
    pair.sync()
    new = pair.server.rename(old)
    held = pair.server.held[new]
    held.former = ()
    pair.server.log.pop()  # the tombstone comes first
    pair.server.touch(old)
    pair.book.page = 1
    pair.server.edit(new, card("Berta", "+34600111222"))
    pair.desk.edit(pair.here("Ana").id, card("Ana", "+34600111222", note="called"))

    def fetch(remotes: Sequence[str]) -> Sequence[RemoteItem]:
        return [replace(pair.server.form(held), former=(old,)) for _ in remotes]

    with patch.object(pair.book, "fetch", fetch):
        pair.sync()
    pair.settled()
    assert not pair.questions(Review.DOUBTFUL)
    assert held.card.note == "called"


def test_old_news_of_what_is_to_be_made_there_again_does_not_delete_it_here(pair: Pair) -> None:
    """Seed 1304287: the undo was undone, too; a late report linked it to what was deleted, and so it went here."""
    pair.set(gone_there=GoneThere.DELETE)
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    late = pair.server.form(pair.there("Ana"))
    pair.desk.engine.undo()
    pair.sync()
    assert pair.desk.engine.undo().counts
    with patch.object(pair.book, "_delta", lambda _: [late]):
        pair.desk.sync()
    pair.sync(full=True)
    for _ in range(2):
        pair.sync()
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana"]
