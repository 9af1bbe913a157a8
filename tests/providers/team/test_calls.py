"""Calls together: seen for shared contacts, never for private ones; who answered a department's ring."""

from __future__ import annotations

import pytest

from ringdesk.domain.team import ring_key
from ringdesk.providers.team.calls import (
    AnsweredRing,
    CoworkerCall,
    GoneCall,
    LogCall,
    ReportAnswer,
    WithdrawCall,
)
from ringdesk.providers.team.wire import Gone, Ok, Refused, Unshare
from tests.postgres import Team
from tests.providers.team.aid import new_id, number, one, seat, share

pytestmark = pytest.mark.postgres


def a_call(contact: str, note: str = "asked for the offer", call: str = "") -> LogCall:
    return LogCall(
        op=new_id(),
        call=call or new_id(),
        contact=contact,
        direction="in",
        state="answered_here",
        started=1_700_000_000.5,
        seconds=240,
        note=note,
    )


def test_coworker_sees_the_call_and_its_note(team: Team) -> None:
    alice, bob = seat(team, "alice"), seat(team, "bob")
    contact = share(alice)
    call = a_call(contact)
    assert bob.push_calls([call]) == [Ok(1)]
    assert alice.pull_calls(None).items == (
        CoworkerCall(
            id=call.call,
            contact=contact,
            who="bob",
            direction="in",
            state="answered_here",
            started=1_700_000_000.5,
            seconds=240,
            note="asked for the offer",
            rev=1,
        ),
    )


def test_call_is_told_again_with_what_is_known_now(team: Team) -> None:
    alice, bob = seat(team, "alice"), seat(team, "bob")
    contact, call = share(alice), new_id()
    bob.push_calls([a_call(contact, "", call)])
    page = alice.pull_calls(None)
    assert bob.push_calls([a_call(contact, "later", call)]) == [Ok(2)]
    [row] = alice.pull_calls(page.cursor).items
    assert isinstance(row, CoworkerCall)
    assert (row.note, row.rev) == ("later", 2)


def test_calls_of_private_contacts_are_refused_and_nothing_is_kept(team: Team) -> None:
    alice = seat(team, "alice")
    once_shared = share(alice)
    one(alice, Unshare(new_id(), once_shared))
    calls = [a_call(contact, "Wotan's secret") for contact in (new_id(), once_shared)]
    assert alice.push_calls(calls) == [Refused("private")] * 2
    assert alice.pull_calls(None).items == ()
    assert b"Wotan" not in team.dump()


def test_unshare_takes_everybodys_calls_back(team: Team) -> None:
    alice, bob, carol = (seat(team, login) for login in ("alice", "bob", "carol"))
    contact = share(alice)
    calls = [a_call(contact, "Wotan spoke"), a_call(contact, "Wotan again")]
    alice.push_calls(calls[:1])
    bob.push_calls(calls[1:])
    page = carol.pull_calls(None)
    one(alice, Unshare(new_id(), contact))
    assert set(carol.pull_calls(page.cursor).items) == {GoneCall(call.call) for call in calls}
    assert b"Wotan" not in team.dump()
    share(alice, contact=contact)
    assert carol.pull_calls(None).items == ()


def test_call_marked_private_goes(team: Team) -> None:
    alice, bob = seat(team, "alice"), seat(team, "bob")
    call = a_call(share(alice))
    bob.push_calls([call])
    page = alice.pull_calls(None)
    assert alice.push_calls([WithdrawCall(new_id(), call.call)]) == [Gone()]
    assert bob.push_calls([WithdrawCall(new_id(), call.call)]) == [Ok(0)]
    assert alice.pull_calls(page.cursor).items == (GoneCall(call.call),)


def test_call_of_a_coworker_cannot_be_overwritten(team: Team) -> None:
    alice, bob = seat(team, "alice"), seat(team, "bob")
    contact = share(alice)
    call = a_call(contact)
    bob.push_calls([call])
    assert alice.push_calls([a_call(contact, "forged", call.call)]) == [Refused("taken")]


def test_answered_by_name_without_the_server_knowing_the_number(team: Team) -> None:
    alice, bob, carol = (seat(team, login) for login in ("alice", "bob", "carol"))
    roster = alice.hello()
    key = ring_key(roster.ring_salt, "Sales", number("4930987654321"))
    before = alice.pull_calls(None).cursor
    assert bob.push_calls([ReportAnswer(new_id(), "sales", key)]) == [Ok(1)]
    [row] = alice.pull_calls(before).items
    assert isinstance(row, AnsweredRing)
    assert (row.department, row.ring, roster.name_of(row.who)) == ("Sales", key, "Bob")
    assert key == ring_key(roster.ring_salt, " sales ", number("4930987654321"))
    assert carol.pull_calls(None).items == ()
    assert carol.push_calls([ReportAnswer(new_id(), "Sales", key)]) == [Refused("department")]
    assert b"987654321" not in team.dump()
