"""Deeds of the team's windows, between desks without windows and a real directory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.contact import Contact, Coworker
from ringdesk.domain.numbering import parse
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
