"""The rules of sharing, through the client: what a desk sends, what the others get."""

from __future__ import annotations

import json
import uuid

import psycopg
import pytest

from ringdesk.domain.card import Birthday, Card, Email, Name, PhoneEntry
from ringdesk.domain.contact import Coworker, Me, Unclaimed
from ringdesk.providers.team.ring import Caller, ClaimedPrivately
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from ringdesk.providers.team.wire import (
    Claim,
    Conflict,
    Content,
    Delete,
    Edit,
    Invalid,
    Ok,
    Op,
    Refused,
    Share,
    Unshare,
    shared_part,
)
from tests.postgres import Team, rows
from tests.providers.team.aid import Desk, content, is_a, new_id, number, one, seat, share

pytestmark = pytest.mark.postgres


def test_a_tick_reaches_a_coworker_and_an_untick_takes_it_back(team: Team) -> None:
    alice, bob = seat(team, "alice"), Desk(seat(team, "bob"))
    contact = share(alice, "Zoe", "4930123456")
    bob.pull()
    got = bob.contacts[contact]
    assert (got.owner, got.shared, got.card) == (Coworker("alice"), True, content("Zoe", "4930123456").card)
    one(alice, Unshare(new_id(), contact))
    bob.pull()
    assert bob.contacts == {}


def test_owner_is_told_that_a_contact_is_theirs_and_nothing_else_of_a_private_one(team: Team) -> None:
    alice = seat(team, "alice")
    contact = share(alice)
    one(alice, Unshare(new_id(), contact))
    [row] = alice.pull(None).items
    assert (row.owner, row.shared, row.card) == (Me(), False, None)  # type: ignore[union-attr]  # the test is about this kind


def test_coworkers_edit_counts_and_the_owner_stays(team: Team) -> None:
    alice, bob = Desk(seat(team, "alice")), seat(team, "bob")
    contact = share(alice.directory)
    assert one(bob, Edit(new_id(), contact, 1, content("Zoe B."))) == Ok(2)
    alice.pull()
    got = alice.contacts[contact]
    assert (got.owner, got.by, got.rev, alice.names) == (Me(), "bob", 2, ["Zoe B."])


def test_stale_edit_is_answered_with_the_current_card(team: Team) -> None:
    alice, bob = seat(team, "alice"), seat(team, "bob")
    contact = share(alice)
    one(alice, Edit(new_id(), contact, 1, content("Zora")))
    result = is_a(one(bob, Edit(new_id(), contact, 1, content("Zelda"))), Conflict)
    assert (result.now.rev, result.now.card) == (2, content("Zora").card)
    assert one(bob, Edit(new_id(), contact, result.now.rev, content("Zelda"))) == Ok(3)


def test_only_the_owner_deletes_shares_and_unshares(team: Team) -> None:
    alice, bob = seat(team, "alice"), seat(team, "bob")
    contact = share(alice)
    ops: list[Op] = [
        Delete(new_id(), contact),
        Unshare(new_id(), contact),
        Share(new_id(), contact, 1, content("Mine")),
    ]
    assert bob.push(ops) == [Refused("owner")] * 3
    assert alice.push([Delete(new_id(), contact)]) == [Ok(2)]


def test_deleted_contact_can_be_brought_back_by_its_owner_alone(team: Team) -> None:
    alice, bob = Desk(seat(team, "alice")), Desk(seat(team, "bob"))
    contact = share(alice.directory)
    one(alice.directory, Delete(new_id(), contact))
    assert one(bob.directory, Share(new_id(), contact, 0, content("Thief"))) == Refused("taken")
    share(alice.directory, "Zoe", contact=contact)
    alice.pull()
    bob.pull()
    assert (alice.names, bob.names) == (["Zoe"], ["Zoe"])


def test_repeated_operation_is_done_once(team: Team) -> None:
    alice = seat(team, "alice")
    ops = [Share(new_id(), new_id(), 0, content(f"Zoe {n}")) for n in range(250)]
    assert alice.push(ops) == [Ok(1)] * 250
    assert alice.push(ops) == [Ok(1, again=True)] * 250
    assert rows(team.setup, "select count(*), sum(rev) from rd.contact") == [(250, 250)]


def test_what_cannot_be_read_is_refused_by_field_and_the_rest_goes_through(team: Team) -> None:
    alice = seat(team, "alice")
    ops = [
        Share(new_id(), new_id(), 0, content("Good")),
        Share(new_id(), new_id(), 0, content("N\0L")),
        Share(new_id(), new_id(), 0, content("half \ud800")),
        Share(new_id(), new_id(), 0, Content(Card(note="x" * 70_000))),
        Share(new_id(), "no id", 0, content("Nobody")),
        Share(new_id(), new_id(), 0, content("Last")),
    ]
    ok, field = Ok(1), Invalid
    assert alice.push(ops) == [ok, field("text"), field("text"), field("card"), field("contact"), ok]


def test_one_contact_for_a_department_however_many_desks_ring(team: Team) -> None:
    alice, bob, carol, dave = (seat(team, login) for login in ("alice", "bob", "carol", "dave"))
    first, again = (is_a(d.department_call("sales", number("4930999")), Caller) for d in (alice, bob))
    assert (first.made, again.made, first.contact) == (True, False, again.contact)
    assert first.contact.owner == Unclaimed("Sales")
    assert carol.department_call("Sales", number("4930999")) == Refused("department")
    seen = {d.login for d in (alice, bob, carol, dave) if d.pull(None).items}
    assert seen == {"alice", "bob", "dave"}


def test_first_edit_claims_for_ever_and_the_other_is_told_by_whom(team: Team) -> None:
    alice, bob = Desk(seat(team, "alice")), Desk(seat(team, "bob"))
    contact = is_a(alice.directory.department_call("Sales", number("4930999")), Caller).contact.id
    bob.pull()
    assert one(alice.directory, Claim(new_id(), contact, content("Acme"))) == Ok(2)
    lost = is_a(one(bob.directory, Claim(new_id(), contact)), Refused)
    assert (lost.why, lost.by, lost.at > 0) == ("claimed", "alice", True)
    bob.pull()
    assert (bob.contacts[contact].owner, bob.names) == (Coworker("alice"), ["Acme"])


def test_private_claim_leaves_the_others_and_the_server_without_content(team: Team) -> None:
    alice, bob = Desk(seat(team, "alice")), Desk(seat(team, "bob"))
    contact = is_a(alice.directory.department_call("Sales", number("4930999777")), Caller).contact.id
    bob.pull()
    one(alice.directory, Claim(new_id(), contact))
    bob.pull()
    assert bob.contacts == {}
    assert b"4930999777" not in team.dump()
    assert bob.directory.department_call("Sales", number("4930999777")) == ClaimedPrivately()
    assert is_a(alice.directory.department_call("Sales", number("4930999777")), Caller).contact.owner == Me()


def test_a_number_that_somebody_shares_makes_no_second_contact(team: Team) -> None:
    carol, bob = seat(team, "carol"), seat(team, "bob")
    contact = share(carol, "Zoe", "4930555")
    found = is_a(bob.department_call("Sales", number("4930555")), Caller)
    assert (found.made, found.contact.id) == (False, contact)


def test_unclaimed_contact_is_the_administrators_to_delete_and_may_come_again(team: Team) -> None:
    alice, dave = seat(team, "alice"), seat(team, "dave")
    contact = is_a(alice.department_call("Sales", number("4930999")), Caller).contact.id
    assert one(alice, Delete(new_id(), contact)) == Refused("unclaimed")
    assert one(dave, Delete(new_id(), contact)) == Ok(2)
    assert is_a(alice.department_call("Sales", number("4930999")), Caller).made


def test_claimed_and_deleted_contact_comes_back_beside_its_numbers_new_one(team: Team) -> None:
    alice = seat(team, "alice")
    contact = is_a(alice.department_call("Sales", number("4930999")), Caller).contact.id
    alice.push([Claim(new_id(), contact, content("Acme")), Delete(new_id(), contact)])
    assert is_a(alice.department_call("Sales", number("4930999")), Caller).made
    assert one(alice, Share(new_id(), contact, 0, content("Acme"))) == Ok(4)


def test_view_only_coworker_reads_and_changes_nothing(team: Team) -> None:
    alice, bob, dave = seat(team, "alice"), seat(team, "bob"), seat(team, "dave")
    shared, own = share(alice), share(bob, "Own")
    caller = is_a(alice.department_call("Sales", number("4930999")), Caller).contact.id
    dave.set_coworker("bob", view_only=True, google=False)
    me = bob.hello().me
    assert (me.view_only, me.google) == (True, False)
    ops: list[Op] = [
        Edit(new_id(), shared, 1, content("x")),
        Claim(new_id(), caller),
        Share(new_id(), new_id(), 0, content("x")),
    ]
    assert bob.push(ops) == [Refused("view only")] * 3
    assert one(bob, Unshare(new_id(), own)) == Ok(2)
    assert len(bob.pull(None).items) == 3


def test_joining_a_department_shows_its_callers_and_leaving_takes_them(team: Team) -> None:
    alice, carol, dave = seat(team, "alice"), Desk(seat(team, "carol")), seat(team, "dave")
    alice.department_call("Sales", number("4930999"))
    carol.pull()
    assert carol.contacts == {}
    dave.set_department("Sales", ["alice", "bob", "carol"])
    carol.pull()
    assert len(carol.contacts) == 1
    dave.set_department("Sales", ["alice", "bob"])
    carol.pull()
    assert carol.contacts == {}


def test_offboarding_shuts_out_and_hands_over(team: Team) -> None:
    alice, bob, dave = Desk(seat(team, "alice")), seat(team, "bob"), seat(team, "dave")
    given, kept = share(bob, "Given"), share(bob, "Kept")
    caller = is_a(bob.department_call("Sales", number("4930999")), Caller).contact.id
    bob.push([Unshare(new_id(), kept), Claim(new_id(), caller)])
    assert dave.offboard("bob", "alice") == 1
    alice.pull()
    assert (alice.contacts[given].owner, alice.names) == (Me(), ["Given"])
    for call in (bob.hello, lambda: bob.pull(None), lambda: bob.push([Unshare(new_id(), given)])):
        with pytest.raises(TeamError) as caught:
            call()
        assert caught.value.trouble is TeamTrouble.OUT
    assert is_a(alice.directory.department_call("Sales", number("4930999")), Caller).made
    deeds = [(row.deed, row.who, row.detail.get("to")) for row in dave.audit() if row.deed in ("offboard", "reassign")]
    assert deeds == [("offboard", "dave", "alice"), ("reassign", "dave", "alice")]
    assert not next(p for p in dave.hello().coworkers if p.login == "bob").enabled


def test_last_administrator_stays(team: Team) -> None:
    dave = seat(team, "dave")
    with pytest.raises(TeamError) as caught:
        dave.set_coworker("dave", administrator=False)
    assert caught.value.trouble is TeamTrouble.INVALID
    assert dave.hello().me.administrator


def test_roster_names_an_internal_caller(team: Team) -> None:
    seat(team, "dave").set_coworker("bob", name="Bob Meier", extensions=["101", "102"])
    roster = seat(team, "alice").hello()
    found = roster.at_extension("102")
    assert (found and found.name, roster.name_of("bob"), roster.at_extension("999")) == ("Bob Meier", "Bob Meier", None)
    assert [d.name for d in roster.departments if d.mine] == ["Sales"]


def test_a_flood_of_callers_makes_no_flood_of_contacts(team: Team) -> None:
    alice = seat(team, "alice")
    answers = [alice.department_call("Sales", number(f"49{30_000_000 + n}")) for n in range(202)]
    assert [type(answer).__name__ for answer in answers[198:]] == ["Caller", "Caller", "Refused", "Refused"]
    assert answers[-1] == Refused("too many")


def test_unshare_leaves_no_byte_of_the_contact_on_the_server(team: Team) -> None:
    alice, bob = seat(team, "alice"), seat(team, "bob")
    card = Card(
        name=Name(given="Xanthippe"), phones=(PhoneEntry("+49 30 777888999"),), emails=(Email("xa@example.org"),)
    )
    contact = new_id()
    one(alice, Share(new_id(), contact, 0, Content(card, (number("4930777888999"),))))
    is_a(one(bob, Edit(new_id(), contact, 1, Content(card, (number("4930777888999"),)))), Ok)
    one(bob, Edit(new_id(), contact, 1, Content(card)))  # a conflict is not remembered with its content either
    marks = (b"Xanthippe", b"777888999", b"xa@example.org")
    assert all(mark in team.dump() for mark in marks)
    one(alice, Unshare(new_id(), contact))
    assert not any(mark in team.dump() for mark in marks)


def test_never_shared_contacts_never_leave(team: Team) -> None:
    """The desk's side: what a card gives to coworkers; the server's: it refuses a picture and unknown fields."""
    card = Card(name=Name(given="Zoe"), note="own note", birthday=Birthday(1, 2), nicknames=("Z",), photo="ab" * 32)
    assert shared_part(card) == Card(name=Name(given="Zoe"))
    assert shared_part(card, ["note", "photo"]) == Card(name=Name(given="Zoe"), note="own note")
    op = {"op": new_id(), "kind": "share", "contact": new_id(), "rev": 0, "card": {"photo": "ab"}}
    assert rows(team.connect("bob"), "select api.push(%s::jsonb) -> 0 ->> 'field'", json.dumps([op])) == [("photo",)]


def test_writing_from_an_older_snapshot_is_refused(team: Team) -> None:
    raw = team.connect("alice")
    raw.execute("set default_transaction_isolation = 'repeatable read'")
    with pytest.raises(psycopg.errors.ActiveSqlTransaction):
        raw.execute("select api.push('[]')")


def test_settings_of_the_session_change_nothing(team: Team) -> None:
    """Every setting a coworker may change that could alter how a statement is read."""
    raw = team.connect("alice")
    for setting in (
        "standard_conforming_strings = off",
        "transform_null_equals = on",
        "array_nulls = off",
        "datestyle = 'German'",
        "bytea_output = 'escape'",
        "timezone = 'Asia/Tokyo'",
        "search_path = pg_temp, public",
    ):
        raw.execute(f"set {setting}".encode())
    contact = str(uuid.uuid4())
    op = {"op": new_id(), "kind": "share", "contact": contact, "rev": 0, "card": {"name": {"given": "Z\\'oe"}}}
    assert rows(raw, "select api.push(%s::jsonb) -> 0 ->> 'is'", json.dumps([op])) == [("ok",)]
    assert rows(raw, "select api.department_call('Sales', '4930999') ->> 'is'") == [("made",)]
    assert Desk(seat(team, "bob")).pull() == 2
