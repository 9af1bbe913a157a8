"""Contacts merged there after a part of them was removed: whether they are one by now, only the user can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import pytest

from ringdesk.domain.card import Card
from ringdesk.domain.replica import Choice, GoneThere, Question, Review
from ringdesk.sync import mergers
from tests.sync.judge import Judge
from tests.sync.kit import Pair, card, mail
from tests.sync.memory_remote import Held
from tests.sync.test_merged_there import ANA, BEA, asked_in, edited, unclear
from tests.sync.world import Ledger

OLD = "+34600777888"
NEW = "ana@example.com"


Begun = Callable[[Pair], object]


def phones(card: Card) -> set[str]:
    return {phone.value for phone in card.phones}


def merge_less(pair: Pair, into: Held, gone: Held) -> None:
    """Ana loses her old phone there, then she is merged into another one; no report tells her id."""
    pair.server.edit(gone.remote, replace(gone.card, phones=card("", ANA).phones))
    pair.server.merge(into.remote, gone.remote, replace(into.card, phones=card("", BEA, ANA).phones))
    into.former = ()


def merged_edited(pair: Pair) -> Held:
    """She was linked, and edited here meanwhile; gives what lies there under her id no more."""
    ana, bea = pair.server.add(card("Ana", ANA, OLD)), pair.server.add(card("Bea", BEA))
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    merge_less(pair, bea, ana)
    return ana


def merged_unanswered(pair: Pair) -> None:
    """Her creation was never answered."""
    bea = pair.server.add(card("Bea", BEA))
    pair.sync()
    merge_less(pair, bea, unclear(pair, phones=(ANA, OLD)))
    edited(pair, "Ana", emails=mail(NEW))


def asked(pair: Pair) -> Question:
    [question] = pair.questions(Review.MERGED)
    assert (question.contact, question.remote) == (pair.here("Ana").id, pair.there("Bea").remote)
    return question


def end_as(pair: Pair, *names: str) -> None:
    """Both sides have these, and nobody is asked any more."""
    for _ in range(3):
        pair.sync()
    pair.settled()
    assert pair.names() == pair.names_there() == [*names]
    assert not pair.questions(Review.MERGED)
    assert not pair.desk.replicas.entries()
    assert Judge(Ledger(), pair.hand, pair.desks).faults() == []


def test_one_that_was_thought_a_part_of_another_one_and_is_none_is_asked_about_all_the_same(pair: Pair) -> None:
    """The other one had all its phones for a while; its id, told to stand for that one then, kept the question away."""
    ana, bea = pair.server.add(card("Ana", ANA, OLD)), pair.server.add(card("Bea", BEA))
    pair.sync()
    for shared in ((BEA, ANA, OLD), (BEA,)):
        pair.server.edit(bea.remote, card("Bea", *shared))
        pair.sync()
    assert pair.desk.replicas.told([ana.remote]) == {ana.remote: pair.here("Ana").id}, "it is itself"
    edited(pair, "Ana", emails=mail(NEW))
    merge_less(pair, bea, ana)
    for _ in range(3):
        pair.sync()
    assert pair.names_there() == ["Bea"]
    pair.answer(asked(pair), Choice.SAME)
    end_as(pair, "Bea")


def test_one_edited_here_that_lost_a_phone_and_was_merged_there_is_asked_about(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seed 1108717: it was made again beside what it had become a part of."""
    merged_edited(pair)
    for _ in range(3):
        pair.sync()
    assert pair.names_there() == ["Bea"]
    assert asked_in(pair, monkeypatch) == []
    pair.answer(asked(pair), Choice.SAME)
    end_as(pair, "Bea")
    bea = pair.here("Bea").card
    assert (phones(bea), [one.value for one in bea.emails]) == ({ANA, BEA}, [NEW]), "what was removed there stays so"


@pytest.mark.parametrize("full", [False, True])
def test_one_whose_deletion_is_told_on_a_later_page_than_what_it_has_come_onto_is_asked_about(
    pair: Pair, *, full: bool
) -> None:
    """Seed 6130182: it was made again beside what it had become a part of, as nothing was gone yet when that grew."""
    pair.book.page = 1  # so that its deletion is told after what it has come onto
    others = [f"Zoe{number}" for number in range(4)]
    for number, name in enumerate(others):
        pair.server.add(card(name, f"+3460000000{number}"))
    ana = merged_edited(pair)
    for told in [one for one in pair.server.log if one.remote == ana.remote]:
        pair.server.log.remove(told)
        pair.server.log.append(replace(told, version=pair.server.version))
    for _ in range(3):
        pair.sync(full=full)
        full = False
    assert pair.names_there() == ["Bea", *others]
    pair.answer(asked(pair), Choice.SAME)
    end_as(pair, "Bea", *others)


@pytest.mark.parametrize("rounds", [1, 4], ids=["at once", "later"])
def test_a_creation_nobody_answered_that_lost_a_phone_and_was_merged_there_is_asked_about(
    pair: Pair, rounds: int
) -> None:
    """Seeds 1500613 and 1700417: it was sent again, beside what it had become a part of."""
    merged_unanswered(pair)
    for _ in range(rounds):
        pair.sync()
    pair.answer(asked(pair), Choice.SAME)
    end_as(pair, "Bea")
    assert len(pair.server.creates) == 1
    bea = pair.here("Bea").card
    assert phones(bea) == ({ANA, BEA} if rounds == 1 else {ANA, BEA, OLD}), "of one given up nobody knows what was sent"
    assert [one.value for one in bea.emails] == [NEW]


@pytest.mark.parametrize("rounds", [1, 4], ids=["at once", "later"])
@pytest.mark.parametrize("begin", [merged_edited, merged_unanswered])
def test_one_that_the_user_tells_from_the_other_is_put_back(pair: Pair, rounds: int, begin: Begun) -> None:
    begin(pair)
    for _ in range(rounds):
        pair.sync()
    pair.answer(asked(pair), Choice.DIFFERENT)
    end_as(pair, "Ana", "Bea")
    assert phones(pair.there("Ana").card) == {ANA, OLD}


def test_one_that_nobody_edited_is_gone_whatever_it_became(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    ana, bea = pair.server.add(card("Ana", ANA, OLD)), pair.server.add(card("Bea", BEA))
    pair.sync()
    merge_less(pair, bea, ana)
    end_as(pair, "Bea")


def test_one_that_shares_a_phone_with_another_from_before_is_put_back_unasked(pair: Pair) -> None:
    """A switchboard's phone is on both; the other one has changed, which is no reason to ask."""
    ana, bea = pair.server.add(card("Ana", ANA, OLD)), pair.server.add(card("Bea", BEA, ANA))
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    pair.server.delete(ana.remote)
    pair.server.edit(bea.remote, card("Bea", BEA, ANA, note="theirs"))
    pair.sync()
    assert not pair.desk.replicas.questions()
    end_as(pair, "Ana", "Bea")


def test_many_that_are_gone_are_not_compared_with_each_that_is_reported(pair: Pair) -> None:
    """A thousand of each on one page took twelve seconds."""
    gone = [pair.server.add(card(f"Gone {n}", f"+346001{n:05}")) for n in range(30)]
    stay = [pair.server.add(card(f"Stay {n}", f"+346002{n:05}")) for n in range(30)]
    pair.sync()
    for held in gone:
        pair.server.delete(held.remote)
    for held in stay:
        pair.server.edit(held.remote, replace(held.card, emails=mail(f"{held.remote}@example.com")))
    with patch.object(mergers, "_signs", side_effect=mergers._signs) as signs:
        pair.sync()
    assert signs.call_count <= len(gone) + 2 * len(stay)


def test_one_taken_out_of_the_other_again_is_nothing_to_ask_about(pair: Pair) -> None:
    ana = merged_edited(pair)
    pair.sync()
    asked(pair)
    pair.server.restore(ana.remote)
    end_as(pair, "Ana", "Bea")
    assert len(pair.server.creates) == 0


@pytest.mark.parametrize("begin", [merged_edited, merged_unanswered])
def test_one_whose_other_one_is_deleted_there_is_put_back(pair: Pair, begin: Begun) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    begin(pair)
    for _ in range(3):
        pair.sync()
    asked(pair)
    pair.server.delete(pair.there("Bea").remote)
    end_as(pair, "Ana")


def test_one_deleted_here_is_nothing_to_ask_about(pair: Pair) -> None:
    merged_edited(pair)
    pair.sync()
    pair.desk.delete(asked(pair).contact)
    end_as(pair, "Bea")


def test_a_creation_that_is_there_after_all_is_nothing_to_ask_about(pair: Pair) -> None:
    """Bea got its phone while it lay there, of which only a later report tells."""
    bea = pair.server.add(card("Bea", BEA))
    pair.sync()
    made = unclear(pair, phones=(ANA, OLD))
    for told in pair.server.log:
        told.at += 900.0 if told.remote == made.remote else 0.0
    pair.server.edit(bea.remote, card("Bea", BEA, ANA))
    pair.sync()
    assert len(pair.questions(Review.MERGED)) == 1
    end_as(pair, "Ana", "Bea")
    assert len(pair.server.creates) == 1


@pytest.mark.parametrize("choice", [Choice.SAME, Choice.DIFFERENT])
def test_a_creation_nobody_answered_that_took_another_in_and_lost_its_phone_is_known_by_its_name(
    pair: Pair, choice: Choice
) -> None:
    """Seed 1760147: it came under the former id of the one that was merged into it, and was sent again."""
    bea = pair.server.add(card("Bea", BEA))
    pair.sync()
    made = unclear(pair)
    pair.server.merge(made.remote, bea.remote, card("Ana", BEA))
    made.id = ""
    pair.sync()
    bea_here, ana_here = sorted(pair.desk.contacts(), key=lambda one: ANA in phones(one.card))
    [question] = pair.questions(Review.MERGED)
    assert (question.contact, question.remote) == (ana_here.id, made.remote)
    assert pair.desk.replicas.link(bea_here.id) is not None
    pair.answer(question, choice)
    end_as(pair, *(["Ana"] if choice is Choice.SAME else ["Ana", "Ana"]))
    assert len(pair.server.creates) == (1 if choice is Choice.SAME else 2)


@pytest.mark.parametrize(("choice", "made_there"), [(Choice.SAME, 1), (Choice.DIFFERENT, 2)])
def test_a_creation_nobody_answered_may_be_a_contact_that_is_in_doubt_as_well(
    pair: Pair, choice: Choice, made_there: int
) -> None:
    """Seed 2106697: only the one that was merged into it was asked about, and it was sent again beside this."""
    pair.set(gone_there=GoneThere.DELETE)
    bea = pair.server.add(card("Bea", BEA))
    pair.sync()
    made = unclear(pair)
    pair.server.merge(made.remote, bea.remote, card("Ana", BEA))
    made.id, made.former = "", ()
    for _ in range(3):
        pair.sync()
    doubts = pair.questions(Review.DOUBTFUL)
    assert {(one.contact, one.remote) for one in doubts} == {(pair.here(one).id, made.remote) for one in ("Ana", "Bea")}
    assert len(pair.server.creates) == 1
    [ana] = [one for one in doubts if one.contact == pair.here("Ana").id]
    pair.answer(ana, choice)
    end_as(pair, *["Ana"] * made_there)
    assert len(pair.server.creates) == made_there
    assert not pair.questions(Review.DOUBTFUL)


def test_a_creation_that_a_contact_in_doubt_has_all_of_is_that_one_unasked(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    bea = pair.server.add(card("Bea", BEA))
    pair.sync()
    made = unclear(pair)
    pair.server.merge(made.remote, bea.remote, card("Ana", BEA, ANA))
    made.id, made.former = "", ()
    pair.sync()
    assert [one.contact for one in pair.questions(Review.DOUBTFUL)] == [pair.here("Bea").id]
    end_as(pair, "Ana")
    assert len(pair.server.creates) == 1


@pytest.mark.parametrize("early", [True, False])
def test_one_merged_into_a_contact_that_is_in_doubt_may_be_that_one_as_well(pair: Pair, *, early: bool) -> None:
    """Seeds 6140122 and 6140514: only the other one was asked about, and it was made again beside this."""
    ana = pair.server.add(card("Ana", ANA))
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    pair.desk.add(card("Zoe", BEA))
    bea = pair.server.add(card("Bea", BEA))
    pair.server.merge(bea.remote, ana.remote, card("Bea", BEA, ANA))
    bea.former = ()
    if early:
        pair.server.log.reverse()
    pair.sync()
    doubts = pair.questions(Review.DOUBTFUL)
    assert {(one.contact, one.remote) for one in doubts} == {(pair.here(one).id, bea.remote) for one in ("Ana", "Zoe")}
    pair.sync()
    [ana_or_bea] = [one for one in doubts if one.contact == pair.here("Ana").id]
    pair.answer(ana_or_bea, Choice.SAME)
    for _ in range(3):
        pair.sync()
    pair.settled()
    assert len(pair.names()) == len(pair.names_there()) == 2
    assert NEW in {one.value for one in bea.card.emails}


def test_one_merged_into_a_contact_in_doubt_that_was_deleted_here_and_is_back_there_may_be_that_one(pair: Pair) -> None:
    """It was made again beside it: what lay there under that id before counted as a contact here."""
    pair.set(gone_there=GoneThere.DELETE)
    ana, bea = pair.server.add(card("Ana", ANA)), pair.server.add(card("Bea", BEA))
    pair.sync()
    pair.server.delete(bea.remote)
    pair.sync()
    edited(pair, "Ana", emails=mail(NEW))
    pair.desk.add(card("Zoe", BEA))
    pair.server.restore(bea.remote)
    pair.server.merge(bea.remote, ana.remote, card("Bea", BEA, ANA))
    bea.former = ()
    pair.book.page = 1  # so that its deletion is told after what it has come onto
    for _ in range(3):
        pair.sync()
    doubts = pair.questions(Review.DOUBTFUL)
    assert {(one.contact, one.remote) for one in doubts} == {(pair.here(one).id, bea.remote) for one in ("Ana", "Zoe")}
    [ana_or_bea] = [one for one in doubts if one.contact == pair.here("Ana").id]
    pair.answer(ana_or_bea, Choice.SAME)
    end_as(pair, "Bea", "Zoe")


def test_one_that_nobody_edited_is_gone_though_it_may_be_a_contact_that_is_in_doubt(pair: Pair) -> None:
    pair.set(gone_there=GoneThere.DELETE)
    ana = pair.server.add(card("Ana", ANA, OLD))
    pair.sync()
    pair.desk.add(card("Zoe", BEA))
    pair.server.merge(pair.server.add(card("Bea", BEA)).remote, ana.remote, card("Bea", BEA, ANA))
    pair.there("Bea").former = ()
    pair.server.log.reverse()
    pair.sync()
    assert [one.contact for one in pair.questions(Review.DOUBTFUL)] == [pair.here("Zoe").id]
    assert pair.names() == ["Zoe"]
