"""Deletions that wait for the user's word: they are named, and each may be kept."""

from __future__ import annotations

from dataclasses import replace

from ringdesk.domain.outcome import outcome_of, outcome_text
from ringdesk.domain.replica import GoneThere, Review
from ringdesk.domain.syncing import RoundDone
from ringdesk.sync.context import Report
from tests.sync.kit import Pair, card

COUNT = 15


def filled(pair: Pair) -> None:
    for number in range(COUNT):
        pair.server.add(card(f"N{number:02d}"))
    pair.sync()


def all_deleted_there(pair: Pair) -> Report:
    """All of them are deleted in the account; gives the report of the round that hears of it."""
    pair.set(gone_there=GoneThere.DELETE)
    filled(pair)
    for remote in list(pair.server.held):
        pair.server.delete(remote)
    return pair.sync()


def test_deletions_here_are_named_and_those_that_are_kept_stay_here_only(pair: Pair) -> None:
    report = all_deleted_there(pair)
    assert report.guard_here == COUNT
    assert sorted(line.name for line in report.guarded) == [f"N{number:02d}" for number in range(COUNT)]
    assert {line.contact for line in report.guarded} == {contact.id for contact in pair.desk.contacts()}
    kept = {pair.here("N03").id, pair.here("N07").id}
    pair.desk.engine.approve(COUNT - len(kept), kept)
    report = pair.sync()
    assert (report.guard_here, report.guarded) == (0, [])
    assert pair.names() == ["N03", "N07"]
    pair.sync()
    assert pair.names_there() == []


def test_deletions_that_wait_are_asked_about_once_in_a_round(pair: Pair) -> None:
    """Every idle round made four requests instead of three, as long as the user had not answered."""
    all_deleted_there(pair)
    asked: list[str] = []
    pair.book.between = asked.append
    assert pair.sync().guard_here == COUNT
    assert asked.count("fetch") == 1


def test_what_was_merged_there_is_merged_here_while_deletions_wait(pair: Pair) -> None:
    """It waited with them: two here stayed for one there, and what was edited in the one that went was not sent."""
    pair.set(gone_there=GoneThere.DELETE)
    ana, bea = (
        pair.server.add(card(name, phone)) for name, phone in (("Ana", "+34600111222"), ("Bea", "+34600333444"))
    )
    filled(pair)
    pair.desk.edit(pair.here("Ana").id, replace(pair.here("Ana").card, note="mine"))
    for remote in pair.server.held.keys() - {ana.remote, bea.remote}:
        pair.server.delete(remote)
    pair.server.merge(bea.remote, ana.remote, card("Bea", "+34600333444", "+34600111222"))
    bea.former = ()  # no report tells it
    assert pair.sync().guard_here == COUNT
    assert "Ana" not in pair.names()
    assert pair.here("Bea").card.note == "mine"


def test_deletions_there_are_named_and_those_that_are_kept_stay_there_only(pair: Pair) -> None:
    filled(pair)
    pair.desk.delete(*[contact.id for contact in pair.desk.contacts()])
    report = pair.sync()
    assert report.guard_there == COUNT
    assert sorted(line.name for line in report.guarded) == [f"N{number:02d}" for number in range(COUNT)]
    kept = {line.contact for line in report.guarded if line.name in ("N03", "N07")}
    pair.desk.engine.approve(COUNT - len(kept), kept)
    assert pair.sync().guard_there == 0
    assert pair.names_there() == ["N03", "N07"]
    pair.sync(full=True)
    assert pair.names() == []


def test_where_all_are_kept_nothing_is_deleted_and_nothing_waits(pair: Pair) -> None:
    all_deleted_there(pair)
    pair.desk.engine.approve(0, [contact.id for contact in pair.desk.contacts()])
    assert pair.sync().guard_here == 0
    assert len(pair.names()) == COUNT


def test_what_is_kept_and_has_come_back_meanwhile_is_left_alone(pair: Pair) -> None:
    filled(pair)
    before = pair.server.mutations
    pair.desk.engine.approve(0, [pair.here("N03").id, "nobody"])
    pair.settled()
    assert pair.server.mutations == before


def test_one_of_an_undo_that_is_kept_there_and_was_deleted_meanwhile_is_asked_about(pair: Pair) -> None:
    """That it was gone was heard while its deletion waited, and then forgotten: it was linked to nothing."""
    for number in range(COUNT):
        pair.desk.add(card(f"N{number:02d}", f"+346001112{number:02d}"))
    pair.sync()
    pair.desk.engine.undo()
    pair.desk.engine.approve(0)
    pair.server.delete(pair.there("N03").remote)
    assert pair.sync().guard_there == COUNT
    pair.desk.engine.approve(COUNT, [pair.here("N03").id, pair.here("N07").id])
    pair.sync()
    pair.settled()
    assert pair.names_there() == ["N07"]
    assert [one.contact for one in pair.questions(Review.REMOVED)] == [pair.here("N03").id]


def test_the_names_outlive_the_program() -> None:
    done = RoundDone(account="a", at=1.0, counts={}, guard_here=1, guarded=(("deleted here", "c", "Ana"),))
    assert outcome_of("a", outcome_text(done)) == done
    old = outcome_text(done).replace('"guarded": [["deleted here", "c", "Ana"]], ', "")
    assert "guarded" not in old
    assert outcome_of("a", old) == RoundDone(account="a", at=1.0, counts={}, guard_here=1)
