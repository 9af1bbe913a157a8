"""One contact made twice there by two desks: it ends as one, with everything that was entered on either."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import cast

import pytest

from ringdesk.domain.card import PhoneEntry
from ringdesk.domain.effects import Replicas
from ringdesk.domain.remote import Unclear
from ringdesk.domain.replica import Clash, Direction, GoneThere, Intent, LinkState
from tests.sync.crashes import Crash, Crashing, CrashingReplicas
from tests.sync.desk import Desk
from tests.sync.judge import Judge
from tests.sync.kit import Pair, card
from tests.sync.memory_remote import Held
from tests.sync.world import Ledger

LONG = 700.0
"""Seconds after which every write shows."""


class Twice:
    """Two desks that both hold an unsent edit of a contact which was deleted in the account."""

    def __init__(self, pair: Pair, *, born_here: bool = False) -> None:
        self.pair, self.server = pair, pair.server
        self.one, self.other = pair.desk, pair.second()
        if born_here:
            self.one.add(card("Ana", "+34600111222"))
        else:
            self.server.add(card("Ana", "+34600111222"))
        self.rounds()
        self.edit(self.one, "+34600000001")
        self.edit(self.other, "+34600000002")
        [held] = self.server.held.values()
        self.server.delete(held.remote)
        self.gone = held.remote

    def edit(self, desk: Desk, phone: str) -> None:
        [held] = desk.contacts()
        desk.edit(held.id, replace(held.card, phones=(*held.card.phones, PhoneEntry(phone, "work"))))

    def rounds(self, count: int = 1) -> None:
        for _ in range(count):
            self.pair.clock.pass_(LONG)
            for desk in (self.one, self.other):
                desk.sync()

    def both_make_it_again(self) -> list[Held]:
        """Neither hears of the other's in time."""
        self.server.delay = lambda: LONG
        self.rounds()
        self.pair.clock.pass_(LONG)
        self.one.sync()
        self.other.sync()
        self.server.delay = lambda: 0.0
        return [*self.server.held.values()]

    def ends_as_one(self) -> None:
        """One there and on each desk, with everything, and nothing more to send."""
        self.rounds(3)
        before = self.server.mutations
        self.rounds()
        assert self.server.mutations == before
        judge = Judge(Ledger(), self.pair.hand, self.pair.desks)
        assert judge.doubled() == judge.apart() == []
        [held] = self.server.held.values()
        assert {"+34600111222", "+34600000001", "+34600000002"} <= {phone.value for phone in held.card.phones}
        assert [len(desk.contacts()) for desk in self.pair.desks] == [1, 1]


@pytest.mark.parametrize("born_here", [True, False], ids=["one id of ours on both", "an id of ours on each"])
def test_a_contact_made_again_by_two_desks_ends_as_one(pair: Pair, *, born_here: bool) -> None:
    """Seed 20429 of the simulator: deleted there while both held an edit, it was made again twice."""
    twice = Twice(pair, born_here=born_here)
    assert len(twice.both_make_it_again()) == 2
    twice.ends_as_one()


@pytest.mark.parametrize("born_here", [True, False], ids=["one id of ours on both", "an id of ours on each"])
def test_a_desk_that_hears_of_it_in_time_makes_none(pair: Pair, *, born_here: bool) -> None:
    twice = Twice(pair, born_here=born_here)
    made = len(twice.server.creates)
    twice.one.sync()
    pair.clock.pass_(LONG)
    twice.one.sync()
    twice.ends_as_one()
    assert len(twice.server.creates) == made + 1
    assert twice.server.creates[-1].was == (twice.gone,)


@pytest.mark.parametrize("clash", [Clash.MINE, Clash.THEIRS])
@pytest.mark.parametrize("born_here", [True, False], ids=["one id of ours on both", "an id of ours on each"])
def test_what_another_desk_made_again_takes_nothing_of_a_creation_that_nobody_answered(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, clash: Clash, *, born_here: bool
) -> None:
    """Seed 2100296: it was taken for that creation, and what it lacked of it for removed there."""
    pair.set(clash=clash)
    twice = Twice(pair, born_here=born_here)
    for desk, note in ((twice.one, "of one"), (twice.other, "of the other")):
        [ana] = desk.contacts()
        desk.edit(ana.id, replace(ana.card, note=note))
    made = len(twice.server.creates)
    with monkeypatch.context() as cut:
        cut.setattr(pair.book, "push", lambda ops: [Unclear("never carried out") for _ in ops])
        twice.rounds(2)
    assert [entry.intent for entry in twice.one.replicas.entries()] == [Intent.CREATE]
    assert [held.card.note for held in twice.server.held.values()] == ["of the other"]
    twice.ends_as_one()
    assert len(twice.server.creates) == made + 1
    assert twice.one.contacts()[0].card.note == ("of one" if clash is Clash.MINE else "of the other")
    notes = str([*twice.one.reader.connection.rows("SELECT old, new FROM change WHERE field = 'note'")])
    assert "of one" in notes
    assert "of the other" in notes


def test_the_one_that_stays_is_the_same_for_every_desk(pair: Pair) -> None:
    twice = Twice(pair)
    first = min(held.remote for held in twice.both_make_it_again())
    twice.ends_as_one()
    assert [*twice.server.held] == [first]


def test_a_contact_here_keeps_its_id_and_its_notes(pair: Pair) -> None:
    twice = Twice(pair)
    before = {contact.id for desk in pair.desks for contact in desk.contacts()}
    twice.both_make_it_again()
    twice.ends_as_one()
    assert {contact.id for desk in pair.desks for contact in desk.contacts()} == before


def test_what_is_edited_by_hand_before_the_second_goes_is_kept(pair: Pair) -> None:
    twice = Twice(pair)
    second = max(twice.both_make_it_again(), key=lambda held: held.remote)
    edits = iter(["+34600000003"])

    def between(what: str) -> None:
        if what.startswith("push update") and (phone := next(edits, "")):
            held = twice.server.held[second.remote]
            phones = (*held.card.phones, PhoneEntry(phone, "home"))
            twice.server.edit(held.remote, replace(held.card, phones=phones))

    pair.book.between = between
    twice.ends_as_one()
    [held] = twice.server.held.values()
    assert "+34600000003" in {phone.value for phone in held.card.phones}


def test_a_desk_that_only_reads_deletes_neither(pair: Pair) -> None:
    twice = Twice(pair)
    twice.both_make_it_again()
    for desk in pair.desks:
        desk.turn(Direction.FROM)
    before = twice.server.mutations
    twice.rounds(3)
    assert twice.server.mutations == before
    assert [len(desk.contacts()) for desk in pair.desks] == [1, 1]
    assert [len(desk.replicas.in_state(LinkState.DOUBLE, 9)) for desk in pair.desks] == [1, 1]
    for desk in pair.desks:
        desk.turn(Direction.BOTH)
    twice.ends_as_one()


def test_one_that_is_deleted_by_hand_meanwhile_takes_nothing_with_it(pair: Pair) -> None:
    twice = Twice(pair)
    for held in sorted(twice.both_make_it_again(), key=lambda held: held.remote)[:1]:
        twice.server.delete(held.remote)
    for desk in pair.desks:
        desk.policy = replace(desk.policy, gone_there=GoneThere.DELETE)
    twice.rounds(4)
    assert len(twice.server.held) == 1
    assert [len(desk.contacts()) for desk in pair.desks] == [1, 1]
    assert not Judge(Ledger(), pair.hand, pair.desks).apart()


def test_a_restored_contact_that_was_made_again_is_one(pair: Pair) -> None:
    """Taken out of the trash after a desk had made it again."""
    twice = Twice(pair)
    twice.one.sync()
    pair.clock.pass_(LONG)
    twice.one.sync()
    twice.server.restore(twice.gone)
    twice.ends_as_one()


def test_two_alike_that_people_made_stay_two(pair: Pair, tmp_path: Path) -> None:
    """The rule goes by our marks and by nothing else."""
    del tmp_path
    pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.server.add(card("Ana", "+34600111222"))
    pair.settled()
    assert pair.names() == ["Ana", "Ana"]


def test_what_is_brought_back_while_another_one_is_made_again_is_not_made_twice(pair: Pair) -> None:
    """Seed 950967: a look for all of them, then a request for each."""
    pair.book.capabilities = replace(pair.book.capabilities, small_batch=5)  # as Google's are
    held = [pair.server.add(card(name, phone)) for name, phone in (("Ana", "+34600111222"), ("Eva", "+34600333444"))]
    pair.sync()
    for contact in pair.desk.contacts():
        pair.desk.edit(contact.id, replace(contact.card, note="edited"))
    for one in held:
        pair.server.delete(one.remote)
    made: list[str] = []

    def between(what: str) -> None:
        if what == "push create" and not made:
            made.append(what)
            for one in held:
                pair.server.restore(one.remote)

    pair.book.between = between
    for _ in range(3):
        pair.sync()
    pair.settled()
    assert made
    assert len(pair.server.creates) == 1
    assert pair.names() == pair.names_there() == ["Ana", "Eva"]


def test_one_that_was_merged_away_before_its_heir_came_here_and_is_back_is_no_double_of_it(pair: Pair) -> None:
    """A report tells former ids of a contact: those of others that were merged into it, who may be taken out again."""
    pair.sync()
    ana, bea = pair.server.add(card("Ana", "+34600111222")), pair.server.add(card("Bea", "+34600333444"))
    pair.server.merge(ana.remote, bea.remote, card("Ana", "+34600111222", "+34600333444"))
    pair.sync()
    pair.server.edit(ana.remote, card("Ana", "+34600111222"))
    pair.sync()
    pair.server.restore(bea.remote)
    for _ in range(3):
        pair.sync()
    assert pair.names() == pair.names_there() == ["Ana", "Bea"]
    assert pair.server.mutations == 0
    pair.settled()


def test_one_that_is_brought_back_while_its_label_is_made_is_not_made_again(pair: Pair) -> None:
    """Seed 1501007: it had been found gone in this round, so nobody looked again, whatever was asked meanwhile."""
    ana = pair.server.add(card("Ana", "+34600111222"))
    pair.sync()
    pair.server.delete(ana.remote)
    contact = pair.here("Ana")
    pair.desk.edit(contact.id, replace(contact.card, groups=("New",)))
    pair.sync()

    def between(what: str) -> None:
        if what == "create container":
            pair.server.restore(ana.remote)

    pair.book.between = between
    pair.sync()
    assert pair.server.creates == []
    pair.settled()
    [there] = pair.hand.all()
    assert there.card.groups == ("New",)


class AfterCommits(Crashing):
    """Kills the program once, after so many commits."""

    def __init__(self, commits: int) -> None:
        super().__init__(Random(1))
        self.left = commits

    def maybe(self, where: str) -> None:
        self.left -= where == "after a commit"
        if not self.left and where == "after a commit":
            raise Crash(where)


@pytest.mark.parametrize("commits", range(1, 7))
@pytest.mark.parametrize("held_here", [True, False])
def test_one_that_is_no_double_any_more_comes_here_wherever_the_round_breaks_off(
    pair: Pair, commits: int, *, held_here: bool
) -> None:
    """Seed 1203104: it was let go of, the round broke off before it was taken in, and no report named it again."""
    twice = Twice(pair)
    twice.both_make_it_again()
    twice.other.close()
    pair.desks = [twice.one]
    twice.one.turn(Direction.FROM)
    pair.sync()
    [double] = twice.one.replicas.in_state(LinkState.DOUBLE, 9)
    [stays] = twice.server.held.keys() - {double.remote}
    twice.server.delete(stays)
    pair.set(gone_there=GoneThere.DELETE)
    if not held_here:
        pair.sync()
        assert not pair.names()
    pair.set(direction=Direction.BOTH)
    right = twice.one.wrap
    twice.one.wrap = lambda replicas: cast(Replicas, CrashingReplicas(replicas, AfterCommits(commits)))
    twice.one.engine = twice.one.instance()
    pair.clock.pass_(LONG)
    with suppress(Crash):
        twice.one.sync()
    twice.one.wrap = right
    twice.one.engine = twice.one.instance()
    pair.sync()
    pair.settled()
    assert pair.names() == pair.names_there() == ["Ana"]
