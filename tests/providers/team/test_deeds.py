"""Deeds of the team's windows, between desks without windows and a real directory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord, EarlierCalls
from ringdesk.domain.card import Name
from ringdesk.domain.contact import UNCLAIMED, Contact, Coworker, Unclaimed
from ringdesk.domain.numbering import parse
from ringdesk.domain.ownership import owner_after_edit
from ringdesk.domain.team import ClaimLost, EditRefused
from tests.postgres import Team
from tests.providers.team.desks import TeamDesk
from tests.sync.desk import VirtualClock

pytestmark = pytest.mark.postgres
Seat = Callable[[str], TeamDesk]


@pytest.fixture
def desk(team: Team, tmp_path: Path) -> Seat:
    """Takes a seat; all desks share one clock."""
    clock = VirtualClock()
    return lambda login: TeamDesk(team, login, tmp_path / login, clock)


def call(desk: TeamDesk, contact: Contact, note: str) -> str:
    """A call with a contact that is over, and a note on it."""
    desk.clock.pass_(60)
    record = CallRecord(
        id=desk.rounds._ids.new(),
        source="feed",
        direction=Direction.INCOMING,
        state=CallState.ANSWERED_HERE,
        over=True,
        number=parse("+34600111222", "ES"),
        contact=contact.id,
        elsewhere=isinstance(contact.owner, Coworker),
        started=desk.clock.now(),
        answered=desk.clock.now(),
        ended=desk.clock.now() + 240,
    )
    desk.store.call_writes.log(record).result()
    desk.writes.add_note(contact.id, note, record.id).result()
    return record.id


def test_a_call_kept_private_is_taken_back_from_coworkers_and_can_be_given_again(team: Team, desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana = alice.add("Ana", "600 111 222", shared=True)
    for one in (alice, bob):
        one.sync()
    kept, other = (call(alice, ana, text) for text in ("the walrus matter", "asked for the offer"))
    for one in (alice, bob):
        one.sync()
    assert b"walrus" in bob.bytes_on_disk()
    alice.store.call_writes.keep_private(kept, True).result()
    for one in (alice, bob):
        one.sync()
    assert [one.id for one in bob.joined.shared.calls_of(ana.id)] == [other]
    assert b"walrus" not in bob.bytes_on_disk()
    assert b"walrus" not in team.dump()
    alice.store.call_writes.keep_private(kept, False).result()
    for one in (alice, bob):
        one.sync()
    assert {one.id for one in bob.joined.shared.calls_of(ana.id)} == {kept, other}


def test_a_private_call_with_a_coworkers_contact_stays_here(team: Team, desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana = alice.add("Ana", "600 111 222", shared=True)
    for one in (alice, bob):
        one.sync()
    kept = call(bob, bob.get(ana.id), "the walrus matter")
    bob.store.call_writes.keep_private(kept, True).result()
    for one in (bob, alice):
        one.sync()
    assert alice.joined.shared.calls_of(ana.id) == []
    assert b"walrus" not in team.dump()


def heard(desk: TeamDesk, contact: Contact) -> set[str]:
    """Coworkers' calls with a contact as this desk has them."""
    return {one.id for one in desk.joined.shared.calls_of(contact.id)}


def test_calls_from_before_the_tick_are_seen_by_choice_only(team: Team, desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana, eva = alice.add("Ana", "600 111 222"), alice.add("Eva", "600 333 444")
    early, private = (call(alice, ana, text) for text in ("the walrus matter", "a secret"))
    alice.store.call_writes.keep_private(private, True).result()
    others = call(alice, eva, "the otter matter")
    alice.clock.pass_(60)
    for contact in (ana, eva):
        alice.change(contact.id, lambda contact: replace(contact, shared=True))
    later = call(alice, ana, "asked for the offer")
    for one in (alice, bob):
        one.sync()
    reads, writes = alice.store.calls, alice.store.call_writes
    assert (reads.earlier(ana.id), heard(bob, ana)) == (EarlierCalls(1, shown=False), {later})
    writes.show_earlier(ana.id, True).result()
    for one in (alice, bob):
        one.sync()
    assert (reads.earlier(ana.id), heard(bob, ana)) == (EarlierCalls(1, shown=True), {early, later})
    assert b"the walrus matter" in bob.bytes_on_disk()
    writes.show_earlier(ana.id, False).result()
    for one in (alice, bob):
        one.sync()
    assert (reads.earlier(ana.id), heard(bob, ana)) == (EarlierCalls(1, shown=False), {later})
    for word in (b"walrus", b"a secret", b"otter", private.encode(), others.encode()):
        assert word not in bob.bytes_on_disk()
        assert word not in team.dump()


def test_the_choice_to_show_earlier_calls_ends_with_the_share(team: Team, desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana = alice.add("Ana", "600 111 222")
    early = call(alice, ana, "the walrus matter")
    alice.clock.pass_(60)
    alice.change(ana.id, lambda contact: replace(contact, shared=True))
    alice.store.call_writes.show_earlier(ana.id, True).result()
    for one in (alice, bob):
        one.sync()
    assert heard(bob, ana) == {early}
    alice.change(ana.id, lambda contact: replace(contact, shared=False))
    alice.clock.pass_(60)
    alice.change(ana.id, lambda contact: replace(contact, shared=True))  # before the team hears of either
    assert alice.store.calls.earlier(ana.id) == EarlierCalls(1, shown=False)
    for one in (alice, bob):
        one.sync()
    assert heard(bob, ana) == set()
    assert b"walrus" not in team.dump()
    alice.store.call_writes.show_earlier(ana.id, True).result()
    for one in (alice, bob):
        one.sync()
    assert heard(bob, ana) == {early}


def test_nothing_earlier_of_a_private_contact_can_be_chosen(team: Team, desk: Seat) -> None:
    alice = desk("alice")
    ana = alice.add("Ana", "600 111 222")
    call(alice, ana, "the walrus matter")
    alice.sync()
    alice.store.call_writes.show_earlier(ana.id, True).result()
    assert alice.store.calls.earlier(ana.id) == EarlierCalls(0, shown=False)
    alice.clock.pass_(60)
    alice.change(ana.id, lambda contact: replace(contact, shared=True))
    alice.sync()
    assert b"walrus" not in team.dump()


def test_a_call_stays_private_when_it_is_written_again(desk: Seat) -> None:
    alice = desk("alice")
    kept = call(alice, alice.add("Ana", "600 111 222", shared=True), "a note")
    alice.store.call_writes.keep_private(kept, True).result()
    record = alice.store.calls.get(kept)
    assert record is not None
    alice.store.call_writes.log(replace(record, private=False, answered_by="Eva")).result()
    again = alice.store.calls.get(kept)
    assert again is not None
    assert (again.private, again.answered_by) == (True, "Eva")


def caller(desk: TeamDesk, *others: TeamDesk) -> str:
    """A caller of Sales that nobody owns, known to all these desks; gives the id."""
    number = "+34600111222"
    desk.writes.caller(parse(number, "ES"), number, name="", owner=Unclaimed("Sales")).result()
    for one in (desk, *others):
        one.sync()
    [row] = desk.rows()
    return row.id


def name_it(contact: Contact) -> Contact:
    named = replace(contact.card, name=Name(given="Eva"))
    return replace(contact, card=named, owner=owner_after_edit(contact))


def test_the_administrator_deletes_a_caller_from_every_list(team: Team, desk: Seat) -> None:
    alice, dave = desk("alice"), desk("dave")
    id = caller(alice, dave)
    [row] = dave.rows()
    assert row.flags & UNCLAIMED
    assert dave.writes.delete([id]).result() == 1
    assert dave.rows() == [], "gone at once, and before the server was asked"
    for one in (dave, alice, dave):
        one.sync()
    assert (alice.rows(), dave.rows()) == ([], [])
    for one in (alice, dave):
        shared = b"".join(path.read_bytes() for path in one.folder.glob("shared.db*"))
        assert b"600111222" not in shared
    assert dave.sides.coworkers.leaving() == []
    assert caller(alice, dave) != id, "the number may come up again"


def test_the_directory_lets_nobody_else_delete_a_caller(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    id = caller(alice, bob)
    assert bob.writes.delete([id]).result() == 1  # the window offers it to the administrator alone
    bob.sync()
    assert [row.id for row in bob.rows()] == [id], "it is back"
    assert isinstance(bob.told[-1], EditRefused)
    alice.sync()
    assert [row.id for row in alice.rows()] == [id]


def test_a_caller_deleted_offline_and_claimed_meanwhile_stays_with_its_owner(desk: Seat) -> None:
    alice, dave = desk("alice"), desk("dave")
    id = caller(alice, dave)
    alice.change(id, name_it)
    alice.sync()
    alice.change(id, lambda contact: replace(contact, shared=True))
    alice.sync()
    dave.writes.delete([id]).result()
    dave.sync()
    assert dave.names() == alice.names() == ["Eva"]
    assert EditRefused(id, "Eva", "claimed") in dave.told
    assert dave.get(id).owner == Coworker("alice", "Alice")


def test_a_claim_of_a_caller_that_was_deleted_goes_on_as_a_private_contact(desk: Seat) -> None:
    alice, dave = desk("alice"), desk("dave")
    id = caller(alice, dave)
    alice.change(id, name_it)
    dave.writes.delete([id]).result()
    dave.sync()
    alice.sync()
    [row] = alice.rows()
    assert (row.name, row.id != id) == ("Eva", True)
    assert alice.told[-1] == ClaimLost("Eva", "", row.id, "gone")
    alice.change(row.id, lambda contact: replace(contact, shared=True))
    for one in (alice, dave):
        one.sync()
    assert dave.names() == ["Eva"]


def test_what_a_round_has_brought_is_no_reason_for_another(desk: Seat) -> None:
    alice, bob = desk("alice"), desk("bob")
    ana = alice.add("Ana", "600 111 222", shared=True)
    alice.sync()
    call(alice, ana, "asked for the offer")
    assert alice.joined.due(), "a call to be told"
    for one in (alice, bob):
        one.sync()
    assert (heard(bob, ana) != set(), alice.joined.due(), bob.joined.due()) == (True, False, False)
    bob.writes.add_note(ana.id, "a note of Bob's own").result()
    assert not bob.joined.due()
    bob.change(ana.id, lambda contact: replace(contact, card=replace(contact.card, name=Name(given="Anne"))))
    assert bob.joined.due(), "an edit to be sent"
    bob.sync()
    assert not bob.joined.due()
    alice.sync()
    assert (alice.names(), alice.joined.due()) == (["Anne"], False)
    alice.change(ana.id, lambda contact: replace(contact, shared=False))
    assert alice.joined.due(), "a contact to be taken back"
