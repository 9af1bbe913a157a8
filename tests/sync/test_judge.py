"""The judge of the simulator and its witness: what is wrong is told, and an excuse is for one thing only."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest

from ringdesk.domain.card import Card, CustomField, Email
from ringdesk.domain.effects import Ask, PutLink
from ringdesk.domain.replica import Choice, Direction, LinkState, Policy, Question, Review
from ringdesk.sync.pulling import Pulling
from tests.sync.google_account import GoogleAccount
from tests.sync.judge import Judge
from tests.sync.kit import Pair, card
from tests.sync.life import World
from tests.sync.parts import Parts
from tests.sync.pictures import WORD
from tests.sync.simulation import in_memory
from tests.sync.witness import Witness
from tests.sync.world import Ledger, People, tokens_of


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def test_what_is_wrong_is_seen(tmp_path: Path) -> None:
    """The judges themselves: each kind of harm, done by hand to a good run, is told."""
    world = World(5, tmp_path, in_memory())
    assert world.run().faults == []
    hand, ledger = world.account.hand, world.ledger
    for desk, drive in zip(world.desks, world.drives, strict=True):
        del drive
        desk.open()
    token = world.people.token("email", "account")
    assert any(f"lost {token}" in one for one in world._judged(0))
    world.ledger.excused.add(token)
    assert world._judged(hand.mutations()) == []
    hand.add(world.people.card("account"))
    assert any("never came here" in one for one in world._judged(hand.mutations()))
    ledger.private.add(next(iter(hand.all())).card.name.given)
    assert any("leaked" in one for one in world._judged(hand.mutations()))
    hand.add(hand.all()[0].card)
    assert any("2 times at account" in one for one in world._judged(hand.mutations()))
    assert any("mutations after" in one for one in world._judged(hand.mutations() - 1))
    for desk in world.desks:
        desk.close()


def test_an_excuse_is_for_one_token_of_one_contact(tmp_path: Path) -> None:
    """What a witness saw excuses just that: everything else that is lost or apart is told all the same."""
    world = World(5, tmp_path, in_memory())
    assert world.run().faults == []
    for desk in world.desks:
        desk.open()
    hand, witness, people = world.account.hand, world.witness, world.people
    unseen, lost, over, under = (people.token(kind, "account") for kind in ("email", "email", "note", "note"))
    hand.add(Card(emails=(Email(unseen), Email(lost)), custom=(CustomField("born", "born0"),)))
    [made] = [one.remote for one in hand.all() if unseen in tokens_of(one.card)]
    hand.delete(made)
    witness.unseen[unseen] = made
    witness.outvoted.add(over)
    told = Judge(world.ledger, hand, world.desks, witness).lost()
    assert told == sorted(f"lost {token} of account" for token in (lost, under))
    witness.unseen[unseen] = "another"
    assert f"lost {unseen} of account" in Judge(world.ledger, hand, world.desks, witness).lost()
    for desk in world.desks:
        desk.close()


@pytest.mark.parametrize("resolves", [True, False])
def test_a_deletion_under_the_id_of_what_was_just_merged_excuses_what_it_hits(
    tmp_path: Path, *, resolves: bool
) -> None:
    """Seed 1108736: Google may let the id of a contact that was merged away stand for the one it became a part of."""
    world = World(5, tmp_path, Parts(account=partial(GoogleAccount, plain=True)))
    assert world.run().faults == []
    assert isinstance(world.account, GoogleAccount)
    google = world.account.google
    google.switches = google.world.switches = replace(google.switches, old_names_resolve=resolves)
    hand = world.account.hand
    for token in ("born998", "born999"):
        hand.add(card(token, custom=(CustomField("born", token),)))
    into, gone = (one for one in hand.all() if tokens_of(one.card) & {"born998", "born999"})
    world.weather.meddling = 1.0

    def merge(*_: object) -> None:
        hand.merge(into.remote, gone.remote, into.card)

    with patch.object(world.people, "by_hand", merge), patch.object(world.work, "edit", merge):
        world._before(0, "DELETE", frozenset({gone.remote}))
    hand.delete(into.remote)
    world.witness.look()
    assert {*world.witness.unseen} == (tokens_of(into.card) if resolves else set())


@pytest.mark.parametrize("when", ["one way", "both ways"])
def test_what_a_killed_round_of_one_direction_was_about_to_leave_there_is_excused(pair: Pair, when: str) -> None:
    """Seed 1105877: it had read that there was more on it there; the next one, of both directions, left it for that."""
    more = card("Ana", "+34600111222", "+34600111223")
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    ana, link = pair.here("Ana"), pair.desk.replicas.link(pair.here("Ana").id)
    assert link is not None
    witness, ledger = Witness(pair.hand), Ledger(deleted={("desk 0", ana.id)})
    pair.desk.turn(Direction.TO)
    witness.turned(0, pair.desk)
    pair.desk.delete(ana.id)
    pair.server.edit(held.remote, more)
    if when == "both ways":
        witness.synced_one_way(0, pair.desk)
    pair.desk.replicas.commit([PutLink(replace(link, there=more))])
    if when == "one way":
        witness.synced_one_way(0, pair.desk)
    pair.desk.turn(Direction.BOTH)
    pair.sync()
    told = f"desk 0: {held.remote} does not come here, and nobody left it there"
    assert Judge(ledger, pair.hand, pair.desks, witness).faults() == ([told] if when == "both ways" else [])
    assert Judge(Ledger(), pair.hand, pair.desks, witness).faults() == [told], "its user did not delete it"


@pytest.mark.parametrize("here", [True, False])
@pytest.mark.parametrize("heard", [True, False])
def test_a_picture_that_was_heard_of_and_has_not_come_goes_with_its_contact(
    pair: Pair, *, here: bool, heard: bool
) -> None:
    """Seed 1104116: whether or not another one is here; one that was not even heard of brings the contact back."""
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    ana, ledger, dice = pair.here("Ana"), Ledger(), Random(1)
    people = People(dice, ledger, pair.hand, pair.clock)
    if here:
        pair.desk.edit(ana.id, pair.desk.unseen(replace(ana.card, photo=people.token(WORD, "desk 0"))))
        link = pair.desk.replicas.link(ana.id)
        assert link is not None
        pair.desk.replicas.commit([PutLink(replace(link, photo_due=True))])
    token = people.token(WORD, "account")
    pair.hand.edit(held.remote, replace(pair.hand.all()[0].card, photo=token))
    if heard:
        pair.desk.engine.refresh(ana.id)
    people._unseen_picture(pair.desk, pair.here("Ana"))
    assert ledger.excused == ({token} if heard else set())


@pytest.mark.parametrize("deaf", [False, True])
def test_a_round_that_makes_a_full_listing_due_is_not_the_last(tmp_path: Path, *, deaf: bool) -> None:
    """Seed 970338: a contact got another id there and was deleted, which the full listing of an hour later tells.

    An engine that makes none due never comes together with the account, and is told.
    """
    world = World(5, tmp_path, in_memory())
    assert world.run().faults == []
    for desk in world.desks:
        desk.open()
    hand = world.account.hand
    hand.add(card("name998", custom=(CustomField("born", "born998"),)))
    world._rests()
    [held] = [one for one in hand.all() if one.card.name.given == "name998"]
    hand.rename(held.remote)
    [renamed] = [one.remote for one in hand.all() if one.card.name.given == "name998"]
    hand.delete(renamed)
    never = property(lambda _: False, lambda *_: None)
    with patch.object(Pulling, "_strange", never, create=True) if deaf else nullcontext():
        told = world._judged(world._rests())
    assert told == [f"desk {number}: name998 is linked to nothing" for number in range(2) if deaf]
    for desk in world.desks:
        desk.close()


@pytest.mark.parametrize("overrules", [True, False])
def test_what_one_way_deletes_unread_is_a_name_a_note_or_a_picture(pair: Pair, *, overrules: bool) -> None:
    """A phone that a desk deletes with its contact is told, whichever way the desk synced; a note only of two ways."""
    phone = "+34600111222"
    made = pair.server.add(card("name1", phone, note="note2"))
    witness = Witness(pair.hand)
    pair.desk.turn(Direction.TO if overrules else Direction.FROM)
    witness.turned(0, pair.desk)
    witness.asked(0, frozenset({made.remote}), frozenset({"note3"}), frozenset())
    pair.hand.delete(made.remote)
    witness.look()
    assert witness.unseen == (dict.fromkeys(("name1", "note2"), made.remote) if overrules else {})


def test_what_a_desk_left_there_is_excused_only_where_somebody_left_it(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    ana, witness, ledger = pair.here("Ana"), Witness(pair.hand), Ledger()
    pair.desk.turn(Direction.FROM)
    witness.turned(0, pair.desk)
    pair.desk.delete(ana.id)
    pair.sync()
    told = f"desk 0: {held.remote} does not come here, and nobody left it there"
    ledger.deleted.add(("desk 0", ana.id))
    assert Judge(ledger, pair.hand, pair.desks, witness).faults() == [told], "it was deleted when both ways were synced"
    later = Witness(pair.hand)
    later.turned(0, pair.desk)
    later.synced_one_way(0, pair.desk)
    assert Judge(ledger, pair.hand, pair.desks, later).faults() == [told], "it was left there before the desk turned"
    witness.synced_one_way(0, pair.desk)
    assert Judge(ledger, pair.hand, pair.desks, witness).faults() == []
    assert Judge(Ledger(), pair.hand, pair.desks, witness).faults() == [told]
    witness.took_out(0, [ana.id])
    assert Judge(Ledger(), pair.hand, pair.desks, witness).faults() == []
    witness = Witness(pair.hand)
    witness.picture_apart(0, ana.id)
    assert Judge(Ledger(), pair.hand, pair.desks, witness).faults() == [told]
    assert Judge(ledger, pair.hand, pair.desks, witness).faults() == []


def test_a_doubt_excuses_nothing_once_it_is_settled(pair: Pair) -> None:
    held = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.desk.replicas.commit([Ask(Question(Review.DOUBTFUL, pair.here("Ana").id, held.remote))])
    [told] = Judge(Ledger(), pair.hand, pair.desks).faults()
    assert "settled" in told


@pytest.mark.parametrize("left", ["phones", "emails", ""])
def test_what_a_desk_made_again_without_its_phones_is_excused_only_where_it_had_left_them_out(
    pair: Pair, left: str
) -> None:
    """Seed 6032: a desk that had left phones out made one again into which another had been merged; a second desk knew
    them as two, and nothing told it. Told is one made again with the phones, or by a desk that read them by then."""
    phone, own, born = "+34600111222", "+34600333444", (CustomField("born", "born1"),)
    ledger, witness, early, every = Ledger(), Witness(pair.hand), Witness(pair.hand), Policy().fields
    pair.desk.add(card("Bea", own))
    pair.sync()
    bea, ana = pair.there("Bea").remote, pair.server.add(card("Ana", phone, custom=born)).remote
    pair.desk.map(every - {left})
    for one in (witness, early):
        one.mapped(0, pair.clock.time, pair.desk.policy.fields)
    early.mapped(0, pair.clock.time, every)
    ledger.merged["born1"], ledger.merged_at["born1"] = frozenset({phone}), pair.clock.time
    pair.server.merge(bea, ana, card("Bea", own, phone, custom=born))
    pair.sync()
    pair.desk.edit(pair.here("Bea").id, replace(pair.here("Bea").card, note="new"))
    pair.server.delete(bea)
    pair.desk.map(every)
    witness.mapped(0, pair.clock.time, every)
    while not pair.server.held:
        pair.sync()
    pair.hand.add(card("Ana", phone, custom=born))
    told = ["born1 2 times at account"]
    assert Judge(ledger, pair.hand, pair.desks, witness).doubled() == ([] if left == "phones" else told)
    assert Judge(ledger, pair.hand, pair.desks, early).doubled() == told
    ledger.merged["born1"] = frozenset({phone, "ana@example.com"})
    assert Judge(ledger, pair.hand, pair.desks, witness).doubled() == told, "it did read e-mails"
    ledger.merged["born1"] = frozenset()
    assert Judge(ledger, pair.hand, pair.desks, witness).doubled() == told
    pair.clock.pass_(1.0)
    witness.mapped(0, pair.clock.time, every - {left})
    ledger.merged["born1"], ledger.merged_at["born1"] = frozenset({phone}), pair.clock.time
    assert Judge(ledger, pair.hand, pair.desks, witness).doubled() == told, "it was made before"


def test_what_a_desk_made_before_its_phones_were_changed_excuses_no_double_of_a_merge_since(pair: Pair) -> None:
    """Its first creation, of course, has none of the phones that it was merged with."""
    born, phone = (CustomField("born", "born1"),), "+34600333444"
    witness, ledger, begun = Witness(pair.hand), Ledger(), pair.clock.time
    witness.mapped(0, begun, Policy().fields - {"phones"})
    pair.desk.add(card("Ana", "+34600111222", custom=born))
    pair.sync()
    pair.desk.edit(pair.here("Ana").id, card("Ana", phone, custom=born))
    pair.sync()
    ana, bea = pair.there("Ana").remote, pair.server.add(card("Bea", "+34600555666")).remote
    ledger.merged["born1"], ledger.merged_at["born1"] = frozenset({phone}), pair.clock.time
    pair.server.merge(bea, ana, card("Bea", "+34600555666", phone, custom=born))
    pair.sync()
    pair.hand.add(card("Ana", phone, custom=born))
    told = ["born1 2 times at account"]
    assert Judge(ledger, pair.hand, pair.desks, witness).doubled() == told
    ledger.merged_at["born1"] = begun
    assert Judge(ledger, pair.hand, pair.desks, witness).doubled() == told, "it was not made again"


def test_what_was_kept_apart_is_one_field_of_one_contact(tmp_path: Path) -> None:
    """A desk that read and kept two notes apart on purpose may do so; another field, or an edit since, is told."""
    pair = Pair(tmp_path)
    pair.desk.add(card("Ana", "+34600111222", note="mine"))
    pair.sync()
    ana, link = pair.here("Ana"), pair.desk.replicas.link(pair.here("Ana").id)
    assert link is not None
    pair.hand.edit(link.remote, replace(pair.hand.all()[0].card, note="theirs"))
    apart = replace(link.base, note="theirs")
    pair.desk.replicas.commit([PutLink(replace(link, there=apart))])
    told = Judge(Ledger(), pair.hand, pair.desks).apart()
    assert len(told) == 1
    assert "differs" in told[0]
    witness = Witness(pair.hand)
    witness.keeps_apart(0, pair.desk)
    assert Judge(Ledger(), pair.hand, pair.desks, witness).apart() == []
    pair.desk.edit(ana.id, replace(ana.card, note="mine again"))
    assert "waits" in Judge(Ledger(), pair.hand, pair.desks, witness).apart()[0]
    pair.hand.edit(link.remote, replace(pair.hand.all()[0].card, emails=(Email("new@example.com"),)))
    assert "differs" in Judge(Ledger(), pair.hand, pair.desks, witness).apart()[0]
    pair.close()


@pytest.mark.parametrize("edited", [True, False])
def test_what_was_kept_apart_stays_so_where_the_contact_was_deleted_there_and_is_brought_back(
    pair: Pair, *, edited: bool
) -> None:
    """Seed 1007447: it was merged there into one with more, which was gone by the end of the round that read it: edited
    here, it waits to be made again; else it is kept. Nothing but what was read then is excused, and an edit comes."""
    other, more = pair.server.add(card("Bea", "+34600333444")).remote, card("Ana", "+34600111222", "+34600333444")
    pair.desk.turn(Direction.TO)
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    ana, gone = pair.here("Ana"), pair.there("Ana").remote
    pair.server.merge(other, gone, more)
    if edited:
        pair.desk.edit(ana.id, replace(ana.card, note="mine"))

    def delete(what: str) -> None:
        if what == "push update" and other in pair.server.held:
            pair.server.delete(other)

    pair.book.between = delete
    pair.sync()
    pair.book.between = lambda _: None
    if not edited:
        pair.server.delete(other)
        pair.sync()
    link = pair.desk.replicas.link(ana.id)
    assert link is not None
    assert link.state is (LinkState.GONE if edited else LinkState.KEPT)
    witness = Witness(pair.hand)
    witness.keeps_apart(0, pair.desk)
    pair.server.restore(other)
    pair.hand.edit(other, replace(pair.there("Ana").card, photo="photo1"))
    witness.keeps_apart(0, pair.desk)
    assert witness.kept_apart(0) == {ana.id: {"phones"}}, "nobody here has heard of the picture"
    pair.desk.turn(Direction.BOTH)
    pair.sync()
    assert Judge(Ledger(), pair.hand, pair.desks, witness).faults() == []
    [told] = Judge(Ledger(), pair.hand, pair.desks).faults()
    assert "differs in" in told
    grown = replace(pair.there("Ana").card, phones=tuple(replace(one, label="work") for one in more.phones))
    pair.server.edit(other, grown)
    pair.sync()
    assert Judge(Ledger(), pair.hand, pair.desks).faults() == []


@pytest.mark.parametrize("merged", [True, False])
def test_a_double_that_the_user_is_asked_about_is_told_where_it_is_there_or_was_never_merged(
    pair: Pair, *, merged: bool
) -> None:
    """Seed 1108717: what it lost before it was merged leaves a doubt, so it waits here; made again it is a double."""
    phone, old, born = "+34600111222", "+34600777888", (CustomField("born", "born1"),)
    ana, bea = pair.server.add(card("Ana", phone, old, custom=born)), pair.server.add(card("Bea", "+34600333444"))
    pair.sync()
    id = pair.here("Ana").id
    told = [f"desk 0: is asked whether {id} was merged into {bea.remote}, which is settled, or was not"]
    pair.desk.replicas.commit([Ask(Question(Review.MERGED, id, bea.remote))])
    assert Judge(Ledger(), pair.hand, pair.desks).faults() == told, "it is there"
    pair.desk.edit(id, replace(pair.here("Ana").card, note="mine"))
    pair.server.edit(ana.remote, card("Ana", phone, custom=born))
    pair.server.merge(bea.remote, ana.remote, card("Bea", "+34600333444", phone, custom=born if merged else ()))
    bea.former = ()
    pair.sync()
    [asked] = pair.questions(Review.MERGED)
    ledger = Ledger(merged={"born1": frozenset({phone})}, merged_at={"born1": pair.clock.time})
    assert Judge(ledger, pair.hand, pair.desks).faults() == ([] if merged else told)
    pair.answer(asked, Choice.DIFFERENT)
    for _ in range(3):
        pair.sync()
    twice = [f"born1 2 times at {at}" for at in ("account", "desk 0")]
    assert Judge(ledger, pair.hand, pair.desks).faults() == (twice if merged else [])


@pytest.mark.parametrize("merged", [True, False])
def test_our_id_twice_is_told_where_no_merge_brought_it_onto_somebody_else(pair: Pair, *, merged: bool) -> None:
    """Seed 1066413: Ana was merged there into Bea, with our id; her user had her made there again beside that."""
    born = [CustomField("born", f"born{number}") for number in (1, 2)]
    pair.desk.add(card("Ana", "+34600111222", custom=(born[0],)))
    pair.settled()
    both = card("Bea", "+34600333444", "+34600111222", custom=(*born,) if merged else (born[1],))
    pair.hand.add(both)
    [bea] = [one for one in pair.hand.all() if one.card.name.given == "Bea"]
    pair.server.held[bea.remote].id = pair.here("Ana").id
    ledger = Ledger(unlike={"born1"}, merged={"born1": frozenset()})
    told = Judge(ledger, pair.hand, pair.desks).doubled()
    assert told == ([] if merged else [f"id {pair.here('Ana').id} 2 times in the account"])
