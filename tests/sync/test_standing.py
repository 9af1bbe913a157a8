"""Ids there that stand for a contact by hearsay: it had them, or others that had them were merged into it."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pytest

from ringdesk.domain.replica import Choice, Clash, Direction, GoneThere, LinkState, Policy, Review
from tests.sync.desk import Desk
from tests.sync.judge import Judge
from tests.sync.kit import Pair, card
from tests.sync.memory_remote import Held
from tests.sync.world import Ledger

ANA, BEA = "+34600111222", "+34600333444"
LONG = 700.0
"""Seconds after which every write shows."""


def edited(desk: Desk, name: str, note: str) -> None:
    [contact] = [one for one in desk.contacts() if one.card.name.given == name]
    desk.edit(contact.id, replace(contact.card, note=note))


def rounds(pair: Pair, *desks: Desk, count: int = 1) -> None:
    for _ in range(count):
        pair.clock.pass_(LONG)
        for desk in desks or pair.desks:
            desk.sync()


@pytest.mark.parametrize("knew", [True, False], ids=["by both ids", "by the second only"])
def test_one_that_two_desks_knew_by_different_ids_and_made_again_ends_as_one(pair: Pair, *, knew: bool) -> None:
    """Seed 960716: it got another id there, and each desk told only the one that it had known it by."""
    one, other = pair.desk, pair.second()
    rounds(pair)
    first = pair.server.add(card("Ana", ANA)).remote
    rounds(pair, one, *([other] if knew else []))
    second = pair.server.rename(first)
    rounds(pair, other)
    edited(one, "Ana", "mine")
    edited(other, "Ana", "mine, too")
    pair.server.delete(second)
    pair.server.delay = lambda: LONG
    for _ in range(2):
        rounds(pair)
    pair.server.delay = lambda: 0.0
    assert len(pair.server.creates) == 2
    assert {*pair.server.creates[-1].was} == {first, second}
    rounds(pair, count=4)
    before = pair.server.mutations
    rounds(pair)
    assert pair.server.mutations == before
    judge = Judge(Ledger(), pair.hand, pair.desks)
    assert judge.doubled() == judge.apart() == []
    assert [len(desk.contacts()) for desk in pair.desks] == [len(pair.server.held)] * 2 == [1, 1]


def merged_with_marks(pair: Pair) -> tuple[Held, Held]:
    """Ana loses her phone there and is merged into Bea, who carries our marks of both from then on; no id is told."""
    for name, phone in (("Ana", ANA), ("Bea", BEA)):
        pair.desk.add(card(name, phone))
    pair.sync()
    ana, bea = pair.there("Ana"), pair.there("Bea")
    pair.server.merge(bea.remote, ana.remote, replace(bea.card, emails=ana.card.emails))
    bea.former, bea.also = (), (ana.id,)
    return ana, bea


@pytest.mark.parametrize("late", [True, False], ids=["the tombstone comes late", "both at once"])
def test_our_marks_tell_what_an_edited_contact_was_merged_into(pair: Pair, *, late: bool) -> None:
    """Seed 1301102: nothing of it was left to know it by, so it was made again beside what it had become a part of."""
    ana, _ = merged_with_marks(pair)
    if late:
        pair.server.log[-1].at += 1000.0
    edited(pair.desk, "Ana", "mine")
    for _ in range(4):
        pair.sync()
    pair.settled()
    assert pair.names() == pair.names_there() == ["Bea"]
    assert pair.there("Bea").card.note == "mine"
    assert ana.remote not in pair.server.held


def disputed(pair: Pair) -> Held:
    """Bea's note is edited on both sides, and her user is to say which it shall be."""
    pair.set(clash=Clash.ASK)
    edited(pair.desk, "Bea", "mine")
    bea = pair.there("Bea")
    pair.server.edit(bea.remote, replace(bea.card, note="theirs"))
    return bea


def test_our_marks_tell_it_as_well_where_the_other_is_in_dispute(pair: Pair) -> None:
    """Seed 1046056: her user was asked about a field, and what had been merged into her was made again beside her."""
    ana, _ = merged_with_marks(pair)
    disputed(pair)
    edited(pair.desk, "Ana", "hers")
    for _ in range(4):
        pair.sync()
    assert pair.names() == pair.names_there() == ["Bea"]
    assert ana.remote not in pair.server.held
    assert len(pair.server.creates) == 2
    [asked] = pair.questions(Review.CLASH)
    assert (asked.contact, asked.field) == (pair.here("Bea").id, "note")


def test_one_that_was_taken_out_again_is_itself_whatever_marks_are_left_on_the_other(pair: Pair) -> None:
    ana, bea = merged_with_marks(pair)
    pair.server.restore(ana.remote)
    pair.sync()
    edited(pair.desk, "Ana", "mine")
    pair.server.edit(bea.remote, replace(bea.card, note="theirs"))
    pair.sync()
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana", "Bea"]
    assert (pair.there("Ana").card.note, pair.there("Bea").card.note) == ("mine", "theirs")
    pair.server.delete(ana.remote)
    pair.server.edit(bea.remote, replace(bea.card, note="newer"))
    pair.sync()
    assert pair.names() == ["Ana", "Bea"]
    assert [asked.contact for asked in pair.questions(Review.REMOVED)] == [pair.here("Ana").id]


def test_one_that_is_back_before_its_heir_is_made_again_is_told_with_that_no_more(pair: Pair) -> None:
    """Ana was merged into Bea; Bea is deleted there and Ana taken out of the trash, of which no listing tells yet."""
    other = pair.second()
    rounds(pair)
    ana, bea = pair.server.add(card("Ana", ANA)), pair.server.add(card("Bea", BEA))
    rounds(pair, other)
    pair.server.merge(bea.remote, ana.remote, card("Bea", BEA))
    rounds(pair)
    edited(pair.desk, "Bea", "mine")
    pair.server.delete(bea.remote)
    rounds(pair, pair.desk)
    pair.server.delay = lambda: 5 * LONG
    pair.server.restore(ana.remote)
    rounds(pair, pair.desk, count=2)
    assert [one.was for one in pair.server.creates] == [(bea.remote,)]
    rounds(pair, count=8)
    assert sorted(held.card.name.given for held in pair.server.held.values()) == ["Ana", "Bea"]
    for desk in pair.desks:
        assert sorted(one.card.name.given for one in desk.contacts()) == ["Ana", "Bea"]
        assert not desk.replicas.in_state(LinkState.DOUBLE, 9)


def merged_unsaid(pair: Pair, late: float) -> tuple[Held, Held]:
    """Ana is merged into Bea there; no report tells her id, and that she is gone is told late."""
    for name, phone in (("Ana", ANA), ("Bea", BEA)):
        pair.server.add(card(name, phone))
    pair.sync()
    return merged_there(pair, late)


def merged_there(pair: Pair, late: float) -> tuple[Held, Held]:
    ana, bea = pair.there("Ana"), pair.there("Bea")
    pair.server.merge(bea.remote, ana.remote, card("Bea", ANA, BEA))
    bea.former = ()
    pair.server.log[-1].at += late
    return ana, bea


def test_one_that_was_merged_there_is_a_part_of_the_other_though_that_it_is_gone_is_told_late(pair: Pair) -> None:
    """Seed 1303166: it was just taken out here, and as one that another desk made again it came beside the other."""
    ana, bea = merged_unsaid(pair, late=1000.0)
    was = pair.here("Ana").id
    pair.sync()
    assert pair.names() == ["Bea"]
    again = pair.server.add(card("Ana", ANA), id=was)
    again.was = (ana.remote,)
    for _ in range(3):
        pair.sync()
    pair.settled()
    assert [*pair.server.held] == [min(bea.remote, again.remote)]
    assert len(pair.names()) == 1


def test_one_that_was_merged_there_is_a_part_of_the_other_though_that_is_in_dispute(pair: Pair) -> None:
    ana, _ = merged_unsaid(pair, late=1000.0)
    disputed(pair)
    pair.sync()
    assert pair.names() == ["Bea"]
    assert len(pair.questions(Review.CLASH)) == 1
    assert pair.desk.replicas.told([ana.remote]) == {ana.remote: pair.here("Bea").id}


@pytest.mark.parametrize("listed", ["all", "what changed"])
@pytest.mark.parametrize("late", [1000.0, 0.0], ids=["the tombstone comes late", "both at once"])
def test_one_that_was_merged_there_is_a_part_of_the_other_for_a_desk_that_only_writes(
    pair: Pair, listed: str, *, late: float
) -> None:
    """Seed 2032163: nothing of what the other one had got came here, so it was made again beside that."""
    for name, phone in (("Ana", ANA), ("Bea", BEA)):
        pair.server.add(card(name, phone))
    pair.sync()
    pair.set(direction=Direction.TO)
    if listed == "what changed":
        pair.sync()
    merged_there(pair, late)
    edited(pair.desk, "Ana", "mine")
    pair.sync()
    pair.sync()
    pair.set(direction=Direction.BOTH)
    pair.sync()
    before = pair.server.mutations
    pair.sync()
    assert pair.server.mutations == before
    assert pair.names() == pair.names_there() == ["Bea"]
    bea = pair.here("Bea").card
    assert ({phone.value for phone in bea.phones}, bea.note) == ({ANA, BEA}, "mine")


def test_one_whose_phone_another_one_has_got_is_itself_for_a_desk_that_only_writes(pair: Pair) -> None:
    ana, bea = pair.server.add(card("Ana", ANA)), pair.server.add(card("Bea", BEA))
    pair.sync()
    pair.set(direction=Direction.TO)
    pair.server.edit(bea.remote, card("Bea", ANA, BEA))
    pair.sync()
    edited(pair.desk, "Ana", "mine")
    pair.sync()
    assert pair.names() == pair.names_there() == ["Ana", "Bea"]
    assert (pair.there("Ana").remote, pair.there("Ana").card.note) == (ana.remote, "mine")
    edited(pair.desk, "Ana", "newer")
    pair.server.edit(bea.remote, card("Bea", ANA, BEA, note="theirs"))
    pair.server.delete(ana.remote)
    pair.sync()
    pair.sync()
    assert pair.names() == pair.names_there() == ["Ana", "Bea"]


def test_one_made_again_is_what_it_had_been_and_not_what_had_been_merged_into_it(pair: Pair) -> None:
    """Seed 2016170: both are kept here; another desk makes the one again that the two had become there."""
    for name, phone in (("Ana", ANA), ("Bea", BEA)):
        pair.server.add(card(name, phone))
    pair.sync()
    ana, bea = pair.there("Ana"), pair.there("Bea")
    pair.server.delete(ana.remote)
    pair.server.delete(bea.remote)
    pair.sync()
    for asked in pair.questions(Review.REMOVED):
        pair.answer(asked, Choice.KEEP)
    again = pair.server.add(card("Bea", ANA, BEA), id="5a0e3a9f-8d5c-4b7e-9a52-6f2a63f6b7d1")
    again.was = (bea.remote, ana.remote)
    pair.sync()
    link = pair.desk.replicas.link(pair.here("Bea").id)
    assert link is not None
    assert (link.state, link.remote) == (LinkState.ACTIVE, again.remote)


def test_one_whose_phone_another_one_has_too_is_itself_for_as_long_as_it_is_there(pair: Pair) -> None:
    ana, bea = merged_unsaid(pair, late=0.0)
    pair.server.restore(ana.remote)
    pair.sync()
    assert pair.names() == ["Ana", "Bea"]
    pair.server.delete(ana.remote)
    pair.server.edit(bea.remote, card("Bea", ANA, BEA, note="theirs"))
    pair.sync()
    assert pair.names() == ["Ana", "Bea"]
    assert [asked.contact for asked in pair.questions(Review.REMOVED)] == [pair.here("Ana").id]


def test_whatever_stood_for_a_contact_stands_for_what_it_was_absorbed_by(pair: Pair) -> None:
    pair.sync()
    ana, bea, eva = (pair.server.add(card(name, ANA)) for name in ("Ana", "Bea", "Eva"))
    pair.sync()
    pair.server.merge(bea.remote, ana.remote, bea.card)
    pair.sync()
    pair.server.merge(eva.remote, bea.remote, eva.card)
    pair.sync()
    last = pair.here("Eva").id
    assert pair.desk.replicas.told([ana.remote, bea.remote]) == {ana.remote: last, bea.remote: last}
    assert pair.names() == ["Eva"]


def merged_unseen(pair: Pair) -> Held:
    """Ana, made there and merged into Bea before anybody heard of her, is taken out again."""
    pair.sync()
    bea = pair.server.add(card("Bea", BEA))
    pair.sync()
    ana = pair.server.add(card("Ana", ANA))
    pair.server.merge(bea.remote, ana.remote, card("Bea", BEA))
    pair.sync()
    bea.former = ()
    pair.server.restore(ana.remote)
    return ana


def deleted_there(pair: Pair, ana: Held) -> None:
    """The user is asked about her: she is no part of Bea, whatever was heard of her id before she was linked."""
    assert pair.desk.replicas.told([ana.remote]) == {ana.remote: pair.here("Ana").id}
    names = pair.names()
    pair.server.delete(ana.remote)
    pair.sync()
    assert pair.names() == names
    assert [asked.contact for asked in pair.questions(Review.REMOVED)] == [pair.here("Ana").id]


def test_whom_the_user_has_told_from_another_is_herself(pair: Pair) -> None:
    ana = merged_unseen(pair)
    pair.desk.add(card("Zoe", ANA))
    pair.sync()
    [asked] = pair.questions(Review.DOUBTFUL)
    pair.answer(asked, Choice.DIFFERENT)
    pair.sync()
    assert pair.names() == ["Ana", "Bea", "Zoe"]
    deleted_there(pair, ana)


def test_who_comes_alone_in_a_full_listing_is_herself(pair: Pair) -> None:
    pair.book.page = 1
    ana = merged_unseen(pair)
    pair.sync(full=True)
    assert pair.names() == ["Ana", "Bea"]
    deleted_there(pair, ana)


@pytest.mark.parametrize("page", [1000, 1], ids=["one page", "two pages"])
@pytest.mark.parametrize("order", [("Ana", "Bea"), ("Bea", "Ana")], ids=["Ana first", "Bea first"])
@pytest.mark.parametrize(
    "known", [(), ("Ana",), ("Bea",), ("Ana", "Bea")], ids=["none known", "Ana known", "Bea known", "both known"]
)
def test_one_taken_out_again_that_is_told_with_its_merge_is_no_part_of_the_other(
    pair: Pair, known: tuple[str, ...], order: tuple[str, str], page: int
) -> None:
    """Both were done between two rounds: what had just come here was poured into the other, and came no more."""
    pair.book.page = page
    phones = {"Ana": ANA, "Bea": BEA}
    held = {name: pair.server.add(card(name, phones[name])) for name in order if name in known}
    pair.sync()
    ids = {name: pair.here(name).id for name in known}
    held |= {name: pair.server.add(card(name, phones[name])) for name in order if name not in known}
    for name in order:
        pair.server.phantom(held[name].remote)  # so that they are told of in this order
    ana, bea = held["Ana"], held["Bea"]
    pair.server.merge(bea.remote, ana.remote, bea.card)
    pair.server.restore(ana.remote)
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana", "Bea"]
    assert {name: pair.here(name).id for name in known} == ids
    pair.server.delete(ana.remote)
    pair.sync()
    assert [one.contact for one in pair.questions(Review.REMOVED)] == [pair.here("Ana").id]


def test_one_taken_out_again_stays_itself_when_the_other_is_told_of_later(pair: Pair) -> None:
    """Reports go on telling former ids."""
    ana, bea = pair.server.add(card("Ana", ANA)), pair.server.add(card("Bea", BEA))
    pair.server.merge(bea.remote, ana.remote, bea.card)
    pair.sync()
    pair.server.restore(ana.remote)
    pair.sync()
    id = pair.here("Ana").id
    pair.server.edit(bea.remote, replace(bea.card, note="new"))
    pair.settled()
    assert pair.names() == ["Ana", "Bea"]
    assert pair.here("Ana").id == id


def test_one_told_of_as_it_was_before_its_merge_goes_over_into_the_other(pair: Pair) -> None:
    """It is asked for by id, so what is told of it beside the merge does not count."""
    ana, bea = pair.server.add(card("Ana", ANA)), pair.server.add(card("Bea", BEA))
    pair.sync()
    edited(pair.desk, "Ana", "mine")
    late = replace(pair.server.form(ana), etag="e0")
    pair.server.merge(bea.remote, ana.remote, card("Bea", BEA, ANA))
    told = pair.server.form(bea)
    with patch.object(pair.book, "_delta", lambda _: [late, told]):
        pair.sync()
    pair.settled()
    assert pair.names() == pair.names_there() == ["Bea"]
    assert pair.here("Bea").card.note == "mine"


@pytest.mark.parametrize("gone", [True, False], ids=["merged since", "there"])
def test_one_listed_under_the_id_it_had_before_is_looked_at_before_that_counts(pair: Pair, *, gone: bool) -> None:
    """Seed 1108374: an old listing linked it to nothing, without the phones that the desk had left out by then; so it
    was made again, beside what it had been merged into, as soon as phones were synced."""
    pair.set(gone_there=GoneThere.DELETE)
    pair.desk.add(card("Ana", ANA))
    pair.sync()
    ana, id = pair.there("Ana"), pair.here("Ana").id
    late = pair.server.form(ana)
    now = pair.server.rename(ana.remote)
    pair.sync()
    if gone:
        pair.server.merge(pair.server.add(card("Bea", BEA)).remote, now, card("Bea", BEA, ANA))
    pair.desk.map(Policy().fields - {"phones"})
    with patch.object(pair.book, "_all", lambda: [late]):
        pair.sync(full=True)
    assert [(one.id, one.card.name.given) for one in pair.desk.contacts()] == ([] if gone else [(id, "Ana")])
    pair.desk.map(Policy().fields)
    pair.sync()
    pair.settled()
    assert len(pair.server.creates) == 1
