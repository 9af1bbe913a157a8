"""What a patient coworker with raw SQL tries: old transactions, held locks, poisoned values, borrowed rights."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from ringdesk.domain.status import Health
from ringdesk.providers.team import admin
from ringdesk.providers.team.checkup import inspect
from ringdesk.providers.team.link import Connection, connect
from ringdesk.providers.team.ring import Caller
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from ringdesk.providers.team.wire import Delete, Gone, Refused, Unshare
from tests.postgres import PASSWORD, SUPER, Team, rows
from tests.providers.team.aid import Desk, is_a, new_id, number, seat, share

pytestmark = pytest.mark.postgres

OPEN_TO_COWORKERS = {
    "push", "pull", "fetch", "department_call", "calls_push", "calls_pull", "hello", "join",
    "set_coworker", "set_department", "rename_department", "offboard", "audit", "team",
}  # several to a line  # fmt: skip


def push(raw: Connection, function: str = "push", **op: object) -> Any:
    """One operation as raw SQL; its answer."""
    text = json.dumps([{"op": str(uuid.uuid4()), **op}])
    [(answer,)] = rows(raw, f"select api.{function}(%s::jsonb) -> 0", text)
    return answer


def call(raw: Connection, contact: str, **what: object) -> Any:
    op = {"kind": "call", "call": new_id(), "contact": contact, "direction": "in", "state": "answered"}
    return push(raw, "calls_push", **(op | {"started": 1_790_000_000} | what))


@pytest.fixture
def bob(team: Team) -> Iterator[Connection]:
    with team.connect("bob") as raw:
        yield raw


def test_coworkers_may_call_these_functions_and_no_other(team: Team) -> None:
    query = """select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname not in ('pg_catalog', 'information_schema') and has_function_privilege('bob', p.oid, 'execute')
          and has_schema_privilege('bob', n.oid, 'usage')"""
    assert {row[0] for row in rows(team.setup, query)} == OPEN_TO_COWORKERS


@pytest.mark.parametrize(
    "query",
    ["create database mallory", "alter system set ssl = off", "drop database postgres", "copy rd.contact to stdout",
     "copy rd.contact from stdin", "vacuum full rd.contact", "reindex table rd.contact", "cluster rd.contact"],
)  # several to a line  # fmt: skip
def test_what_no_transaction_may_hold_is_refused_too(team: Team, bob: Connection, query: str) -> None:
    def carry_out() -> None:
        with bob.cursor() as cursor:
            if "copy" not in query:
                cursor.execute(query.encode())
            else:
                with cursor.copy(query.encode()):
                    pass

    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse)):
        carry_out()


def test_an_old_transaction_does_not_backdate_what_it_does(team: Team, bob: Connection) -> None:
    """now() is when a transaction began, which may be hours ago; the audit and an edit say when they happened."""
    bob.execute("begin; select now()")
    [(later,)] = rows(team.setup, "select clock_timestamp()")
    assert push(bob, kind="share", contact=new_id(), rev=0, card={})["is"] == "ok"
    [(called,)] = rows(bob, "select api.department_call('Sales', '4930777')")
    assert push(bob, kind="claim", contact=called["now"]["contact"], shared=True, card={})["is"] == "ok"
    assert push(bob, "calls_push", kind="answered", department="Sales", ring="0" * 64)["is"] == "ok"
    bob.execute("commit")
    query = """select at from rd.audit where who = 'bob' union all select edited_at from rd.contact union all
        select claimed_at from rd.contact where claimed_at is not null union all select at from rd.answered
        union all select at from rd.op"""
    early = [at for (at,) in rows(team.setup, query) if at < later]
    assert early == []


def test_an_old_transaction_does_not_outlive_an_invitation(team: Team, bob: Connection) -> None:
    bob.execute("begin; select now()")
    team.setup.execute("update rd.coworker set invited_until = clock_timestamp() where login = 'bob'")
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
        bob.execute("select api.pull()")


@pytest.mark.parametrize(
    "what",
    [
        {"started": "infinity"},
        {"started": "-infinity"},
        {"started": "nan"},
        {"started": -1e12},
        {"started": 1e11},
        {"started": None},
        {"started": {}},
        {"seconds": -1},
        {"seconds": 10**12},
        {"seconds": "long"},
        {"note": "x" * 4001},
        {"direction": "up"},
        {"state": "ROBBED; drop"},
        {"call": "00000000-0000-0000-0000-000000000000"},
    ],
    ids=str,
)
def test_a_poisoned_call_reaches_nobody(team: Team, bob: Connection, what: dict[str, object]) -> None:
    contact = share(seat(team, "alice"))
    assert call(bob, contact, **what)["is"] == "invalid"
    assert rows(team.setup, "select count(*) from rd.call") == [(0,)]


@pytest.mark.parametrize(
    "card",
    [
        [], "text", 1, None, {"name": []}, {"name": {"given": 1}}, {"phones": [1]}, {"phones": [{"value": []}]},
        {"birthday": [1, 2]}, {"birthday": ["a", 1, 1]}, {"birthday": [1, 2, 3.5]}, {"groups": [{}]},
        {"photo": "ab"}, {"owner": "alice"}, {"custom": {}}, {"note": {"a": "b"}}, {"note": "x" * 70_000},
    ],
    ids=lambda card: str(card)[:30],
)  # several to a line  # fmt: skip
def test_a_poisoned_card_is_refused(team: Team, bob: Connection, card: object) -> None:
    assert push(bob, kind="share", contact=new_id(), rev=0, card=card)["is"] == "invalid"
    assert rows(team.setup, "select count(*) from rd.contact") == [(0,)]


@pytest.mark.parametrize(
    "ops",
    ["{}", "null", '"x"', "1", "[1]", "[null]", '["x"]', "[[]]", '[{"op": 1}]', '[{"op": {}}]', '[{"kind": "share"}]',
     f"[{','.join(['{}'] * 101)}]", '[{"op": "' + "0" * 36 + '"}]'],
)  # several to a line  # fmt: skip
def test_odd_batches_change_nothing(team: Team, bob: Connection, ops: str) -> None:
    for function in ("push", "calls_push"):
        try:
            [(answers,)] = rows(bob, f"select api.{function}(%s::jsonb)", ops)
        except psycopg.errors.InvalidParameterValue:
            continue
        assert [one["is"] for one in answers] == ["invalid"] * len(answers)
    assert rows(team.setup, "select count(*) from rd.op") == [(0,)]


def test_a_call_of_a_private_contact_reads_like_one_of_none(team: Team, bob: Connection) -> None:
    alice = seat(team, "alice")
    private = share(alice)
    assert push(team.connect("alice"), kind="unshare", contact=private)["is"] == "ok"
    assert call(bob, private) == call(bob, new_id())


def test_a_number_tells_nothing_of_who_else_has_it(team: Team, bob: Connection) -> None:
    """No unique index over what is not mine: the same number, the same department, the same id of a private line."""
    carol = seat(team, "carol")
    carol.department_call("Support", number("4930555"))
    share(seat(team, "alice"), "Zoe", "4930555")
    team.department("Support", "carol")
    answer = push(bob, kind="share", contact=new_id(), rev=0, card={}, numbers=["4930555"])
    assert answer["is"] == "ok"
    [(rung,)] = rows(bob, "select api.department_call('Sales', '4930556')")
    assert rung["is"] == "made"


def test_a_leaver_who_holds_their_own_row_leaves_all_the_same(own_team: Team) -> None:
    """An open transaction of theirs locks their row against every change of it, for as long as they like."""
    bob = own_team.connect("bob")
    bob.execute("begin")
    bob.execute("set idle_in_transaction_session_timeout = 0")
    assert push(bob, kind="share", contact=new_id(), rev=0, card={})["is"] == "ok"
    own_team.setup.execute("set lock_timeout = '2s'")
    assert admin.offboard(own_team.setup, "bob", "alice").cut
    assert rows(own_team.setup, "select enabled from rd.coworker where login = 'bob'") == [(False,)]
    with pytest.raises(TeamError) as caught:
        connect(own_team.cluster.local(own_team.name), "bob", PASSWORD)
    assert caught.value.trouble is TeamTrouble.OUT


def test_a_refused_offboarding_leaves_the_login_as_it_was(own_team: Team) -> None:
    with pytest.raises(TeamError):
        admin.offboard(own_team.setup, "dave", "bob")  # the only administrator
    assert seat(own_team, "dave").hello().me.administrator
    assert [f for f in inspect(own_team.setup) if f.health is not Health.GOOD] == []


def test_a_login_lent_to_a_coworker_gives_nothing_and_is_found(own_team: Team) -> None:
    """Only a superuser's mistake can do it. Rules go by who logged in, so nothing is gained even then."""
    shared = share(seat(own_team, "alice"))
    own_team.setup.execute("grant alice to bob")
    try:
        bob = own_team.connect("bob")
        bob.execute("set role alice")
        assert push(bob, kind="unshare", contact=shared) == {"is": "refused", "why": "owner", "by": None, "at": None}
        [(hello,)] = rows(bob, "select api.hello()")
        assert hello["me"]["login"] == "bob"
        assert [f.what for f in inspect(own_team.setup) if f.health is Health.BAD] == ["coworkers' roles"]
    finally:
        own_team.setup.execute("revoke alice from bob")


def test_an_administrator_takes_nothing_from_anybody(team: Team) -> None:
    alice, dave = seat(team, "alice"), team.connect("dave")
    shared, private = share(alice), share(alice)
    push(team.connect("alice"), kind="unshare", contact=private)
    refused = {"is": "refused", "why": "owner", "by": None, "at": None}
    assert push(dave, kind="claim", contact=shared, shared=False) == refused
    assert push(dave, kind="delete", contact=shared) == refused
    assert push(dave, kind="unshare", contact=shared) == refused
    assert push(dave, kind="share", contact=shared, rev=1, card={}) == refused
    assert push(dave, kind="edit", contact=private, rev=2, card={})["is"] == "gone"
    assert push(dave, kind="share", contact=private, rev=2, card={})["is"] == "refused"
    for query in ("select api.offboard('dave', null)", "select api.enroll('eve', 'E', true, false)"):
        with pytest.raises(psycopg.Error):
            dave.execute(query.encode())
    assert list(Desk(seat(team, "dave")).contacts) == []
    held = rows(team.setup, "select id::text, owner, shared, card is null from rd.contact order by shared")
    assert held == [(private, "alice", False, True), (shared, "alice", True, False)]


def test_a_view_only_coworker_changes_nothing_of_anybody(team: Team, bob: Connection) -> None:
    contact = share(seat(team, "alice"))
    caller = seat(team, "alice").department_call("Sales", number("4930111"))
    unclaimed = caller.contact.id  # type: ignore[union-attr]  # made just now
    seat(team, "dave").set_coworker("bob", view_only=True)
    refused = [
        push(bob, kind="share", contact=new_id(), rev=0, card={}),
        push(bob, kind="edit", contact=contact, rev=1, card={}),
        push(bob, kind="claim", contact=unclaimed, shared=False),
        push(bob, kind="edit", contact=unclaimed, rev=1, card={}),
        call(bob, contact),
    ]
    assert [one["why"] for one in refused] == ["view only"] * 5
    assert push(bob, kind="delete", contact=contact)["why"] == "owner"


def test_a_view_only_administrator_deletes_no_caller_and_the_rest_of_the_batch_goes_through(team: Team) -> None:
    made = is_a(seat(team, "alice").department_call("Sales", number("4930123")), Caller)
    team.setup.execute("select api.set_coworker('carol', '{\"administrator\": true, \"view_only\": true}')")
    carol = seat(team, "carol")
    refused, gone = carol.push([Delete(new_id(), made.contact.id), Unshare(new_id(), new_id())])
    assert (refused, gone) == (Refused("view only"), Gone())
    assert rows(team.setup, "select owner, deleted from rd.contact") == [(None, False)]


def test_a_department_of_hundreds_is_set_and_audited(team: Team) -> None:
    """The audit's line is bounded; the deed must not fail for being large."""
    logins = [f"clerk.with.a.long.name.number.{n:03}" for n in range(200)]
    for login in logins:
        team.add_row(login)
    seat(team, "dave").set_department("Sales", logins)
    assert len(seat(team, "dave").staff().departments["Sales"]) == 200
    [(detail,)] = rows(team.setup, "select detail from rd.audit where deed = 'department' order by n desc limit 1")
    assert (detail["in"], detail["out"]) == (200, ["alice", "bob"])
    seat(team, "dave").set_department("Sales", logins[:-1])
    [(detail,)] = rows(team.setup, "select detail from rd.audit where deed = 'department' order by n desc limit 1")
    assert (detail["in"], detail["out"]) == ([], [logins[-1]])


def test_calls_of_years_ago_are_forgotten(team: Team, bob: Connection) -> None:
    contact = share(seat(team, "alice"))
    old = (datetime.now(UTC) - timedelta(days=740)).timestamp()
    assert call(bob, contact, started=old)["is"] == "ok"
    assert call(bob, contact, started=datetime.now(UTC).timestamp())["is"] == "ok"
    assert admin.tidy(team.setup) == 1
    assert rows(team.setup, "select count(*) from rd.call") == [(1,)]


def test_nobody_may_take_a_base_backup_over_the_network(team: Team) -> None:
    """A superuser's replication connection would copy the whole server; pg_hba.conf names it apart from databases."""
    from ringdesk.providers.team.link import conninfo

    if not team.cluster.tls:
        pytest.skip("this server was built without OpenSSL")
    with pytest.raises(psycopg.OperationalError, match=r"pg_hba\.conf rejects replication"):
        psycopg.connect(conninfo(team.cluster.tcp(team.name), SUPER, PASSWORD), replication="true")
