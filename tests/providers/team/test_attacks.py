"""The attack table: raw SQL by a coworker is refused; designs that look as good break under the same attacks."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from ringdesk.providers.team import selfattack
from ringdesk.providers.team.attacks import ASKED, FORBIDDEN, Asked, Forbidden, Prey
from ringdesk.providers.team.link import Connection, connect
from ringdesk.providers.team.password import set_own_password
from tests.postgres import PASSWORD, Cluster, Team, new_team, rows

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("one", FORBIDDEN, ids=lambda one: one.what)
def test_raw_sql_is_refused(field: tuple[Team, Connection, Prey], one: Forbidden) -> None:
    _, bob, prey = field
    assert selfattack.refusal(bob, one, prey) is None


@pytest.mark.parametrize("one", ASKED, ids=lambda one: one.what)
def test_operation_gets_nothing(field: tuple[Team, Connection, Prey], one: Asked) -> None:
    _, bob, prey = field
    assert selfattack.answer(bob, one, prey) is None


@pytest.mark.parametrize("size", [70_000, 5_000_000, pytest.param(100_000_000, marks=pytest.mark.soak)])
def test_megabytes_in_a_name_are_refused(team: Team, size: int) -> None:
    bob = team.connect("bob")
    op = {"op": str(uuid.uuid4()), "kind": "share", "contact": str(uuid.uuid4()), "rev": 0}
    big = json.dumps([op | {"card": {"name": {"given": "x" * size}}}])
    assert rows(bob, "select api.push(%s::jsonb) -> 0 ->> 'field'", big) == [("card",)]


def test_view_of_an_unforced_table_would_show_all_but_ours_is_forced(team: Team) -> None:
    query = (
        "select bool_and(relrowsecurity and relforcerowsecurity) from pg_class where relnamespace = 'rd'::regnamespace"
    )
    assert rows(team.setup, query + " and relkind = 'r'") == [(True,)]


def test_every_function_is_pinned_and_none_inside_is_callable(team: Team) -> None:
    query = """select count(*) filter (where proconfig @> array['search_path=pg_catalog, pg_temp']),
                      count(*) filter (where pronamespace = 'rd'::regnamespace
                                       and has_function_privilege('rd_coworker', oid, 'execute')),
                      count(*)
               from pg_proc where pronamespace in ('rd'::regnamespace, 'api'::regnamespace)"""
    pinned, callable_inside, all_of_them = rows(team.setup, query)[0]
    assert (pinned, callable_inside) == (all_of_them, 0)


def test_owner_role_itself_sees_nothing_of_a_coworkers_contacts(field: tuple[Team, Connection, Prey]) -> None:
    """The belt: a function that forgot its WHERE would still be held by row security."""
    team, bob, _ = field
    team.setup.execute("""create function api.careless() returns bigint language sql security definer
        set search_path = pg_catalog, pg_temp return (select count(*) from rd.contact)""")
    team.setup.execute("alter function api.careless() owner to rd_owner")
    team.setup.execute("grant execute on function api.careless() to rd_coworker")
    try:
        carol = team.connect("carol")
        assert (rows(bob, "select api.careless()"), rows(carol, "select api.careless()")) == ([(2,)], [(1,)])
    finally:
        team.setup.execute("drop function api.careless()")


def test_a_foreign_id_reads_like_an_unknown_one(field: tuple[Team, Connection, Prey]) -> None:
    _, bob, prey = field
    ops: list[dict[str, object]] = [
        {"op": str(uuid.uuid4()), "kind": kind, "contact": contact, "rev": 1, "card": {}}
        for contact in (prey.private, prey.closed, str(uuid.uuid4()))
        for kind in ("edit", "claim", "unshare", "delete")
    ]
    [(answers,)] = rows(bob, "select api.push(%s::jsonb)", json.dumps(ops))
    assert answers == [{"is": "gone"}] * 12


def test_a_notification_carries_nothing(field: tuple[Team, Connection, Prey]) -> None:
    team, bob, _ = field
    bob.execute("listen ringdesk")
    op = {"op": str(uuid.uuid4()), "kind": "share", "contact": str(uuid.uuid4()), "rev": 0, "card": {"note": "heard"}}
    team.connect("alice").execute("select api.push(%s::jsonb)", (json.dumps([op]),))
    assert [n.payload for n in bob.notifies(timeout=5, stop_after=1)] == [""]


def test_self_attack_finds_nothing_and_leaves_nothing(team: Team) -> None:
    def as_coworker(login: str, password: str) -> Connection:
        return connect(team.cluster.local(team.name), login, password)

    assert selfattack.attack(team.setup, as_coworker) == []
    left = rows(team.setup, "select count(*) from rd.coworker where probe union all select count(*) from rd.contact")
    assert left == [(0,), (0,)]
    assert rows(team.setup, "select count(*) from pg_roles where rolname like 'rd_probe%%'") == [(0,)]


BELT = (
    "grant usage on schema rd to rd_coworker; grant all on rd.contact to rd_coworker",
    """grant execute on function api.enroll(text, text, boolean, boolean, timestamptz) to public;
    create or replace function rd.need_setup() returns void language plpgsql stable as 'begin end'""",
    "create or replace function rd.sees(me rd.coworker, c rd.contact) returns boolean language sql stable return true",
)


@pytest.mark.parametrize("fault", BELT, ids=["grant on the table", "open function", "careless rule"])
def test_belt_holds_where_one_layer_fails(field: tuple[Team, Connection, Prey], fault: str) -> None:
    """Row security and the guards hold what a granted table or a function without its check would let through."""
    team, _, prey = field
    team.setup.execute("begin")  # with bob's own session in it, so that the fault is undone whole
    try:
        for statement in fault.split(";"):
            team.setup.execute(statement.encode())
        team.setup.execute("set session authorization bob")
        for query in (
            "select count(*) from rd.contact where department <> all (array(select rd.departments()))",
            f"update rd.contact set owner = 'bob', shared = false where id = '{prey.shared}'",
            f"delete from rd.contact where id = '{prey.shared}'",
            "select api.enroll('mallory', 'M', true, false)",
        ):
            team.setup.execute("savepoint one")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                team.setup.execute(query.encode())
            team.setup.execute("rollback to one")
        wanted = {"kind": "edit", "op": str(uuid.uuid4()), "contact": prey.closed, "rev": 1, "card": {}}
        [(answer,)] = rows(team.setup, "select api.push(%s::jsonb) -> 0 ->> 'is'", json.dumps([wanted]))
        assert answer in ("gone", "refused", "invalid")
    finally:
        team.setup.execute("rollback")


@pytest.mark.parametrize(
    "fault",
    [
        "grant usage on schema rd to rd_coworker; grant select on rd.settings to rd_coworker",
        "grant rd_owner to rd_coworker",
        "grant temp on database {} to rd_coworker",
        "grant create on schema api to rd_coworker",
        """create or replace function rd.is_administrator() returns boolean language sql stable
        set search_path = pg_catalog, pg_temp return true""",
        """create or replace function rd.departments() returns setof integer language sql stable
        set search_path = pg_catalog, pg_temp as 'select id from rd.department'""",
    ],
    ids=["table", "owner", "temp", "api", "administrator", "department"],
)
def test_self_attack_finds_what_was_broken(own_team: Team, fault: str) -> None:
    """The attack's own controls: each fault planted in a sound directory is found."""
    for statement in sql.SQL(fault).format(sql.Identifier(own_team.name)).as_string(None).split(";"):
        own_team.setup.execute(statement.encode())
    try:
        found = selfattack.attack(
            own_team.setup, lambda login, word: connect(own_team.cluster.local(own_team.name), login, word)
        )
    finally:
        own_team.setup.execute("revoke rd_owner from rd_coworker")
    assert found


# The rival designs. They must break: an attack that nothing fails proves nothing. ------------------------------------


@pytest.fixture
def rivals(cluster: Cluster) -> Iterator[dict[str, Connection]]:
    """D0: one login for all and a setting that says who; D1: row security policies on tables coworkers may touch."""
    name = cluster.new_name()
    logins = ("d_alice", "d_bob", "d_team")
    with cluster.super() as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        for login in logins:
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(login)))
            set_own_password(connection, login, PASSWORD)
    with cluster.super(name) as connection:
        connection.execute("""
            create table contact (id uuid primary key default gen_random_uuid(), owner name, claimed boolean,
                                  shared boolean, shared_by name, phone text unique, name text);
            alter table contact enable row level security;
            create policy d0 on contact to d_team
                using (owner = current_setting('app.me')::name or shared)
                with check (owner = current_setting('app.me')::name);
            create policy d1_read on contact for select to d_alice, d_bob
                using (owner = current_user or shared or not claimed);
            create policy d1_add on contact for insert to d_alice, d_bob with check (owner = current_user);
            create policy d1_change on contact for update to d_alice, d_bob
                using (owner = current_user or not claimed) with check (owner = current_user or not claimed);
            grant select, insert, update on contact to d_team, d_alice, d_bob;
            insert into contact values
                ('00000000-0000-0000-0000-00000000000a', 'd_alice', true, false, null, '4930111', 'Secret'),
                ('00000000-0000-0000-0000-00000000000b', 'd_admin', false, false, null, '4930222', 'Caller');
        """)
    opened = {login: connect(cluster.local(name), login, PASSWORD) for login in logins}
    yield opened
    for one in opened.values():
        one.close()
    with cluster.super(name) as connection:
        connection.execute("drop owned by d_alice, d_bob, d_team")
    with cluster.super() as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        connection.execute("drop role d_alice, d_bob, d_team")


def test_control_a_setting_that_says_who_is_forged(rivals: dict[str, Connection]) -> None:
    shared_login = rivals["d_team"]
    shared_login.execute("select set_config('app.me', 'd_alice', false)")
    assert ("Secret",) in rows(shared_login, "select name from contact")


def test_control_policies_alone_take_a_forged_sharer(rivals: dict[str, Connection]) -> None:
    bob = rivals["d_bob"]
    bob.execute(
        "insert into contact (owner, claimed, shared, shared_by, name) values ('d_bob', true, true, 'd_alice', 'Lie')"
    )
    assert rows(rivals["d_alice"], "select shared_by from contact where name = 'Lie'") == [("d_alice",)]


def test_control_policies_alone_allow_graffiti_and_giving_away(rivals: dict[str, Connection]) -> None:
    bob = rivals["d_bob"]
    done = bob.execute("update contact set name = 'Graffiti' where phone = '4930222'").rowcount
    done += bob.execute("update contact set owner = 'd_alice' where phone = '4930222'").rowcount
    assert done == 2


def test_control_policies_alone_are_an_oracle(rivals: dict[str, Connection]) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        rivals["d_bob"].execute("insert into contact (owner, phone) values ('d_bob', '4930111')")


def test_control_an_unpinned_definer_function_is_hijacked(cluster: Cluster) -> None:
    """A temporary table of the same name, granted to all, is read instead; ours are pinned and TEMP is revoked."""
    with new_team(cluster) as team:
        team.setup.execute("""
            create schema loose; grant usage on schema loose to rd_coworker;
            create table loose.facts (n integer); insert into loose.facts values (2);
            create function loose.open() returns integer language plpgsql security definer as
                'begin return (select n from facts); end';
            create function loose.pinned() returns integer language plpgsql security definer
                set search_path = loose, pg_catalog, pg_temp as 'begin return (select n from facts); end';
        """)
        team.setup.execute(sql.SQL("grant temp on database {} to bob").format(sql.Identifier(team.name)))
        bob = team.connect("bob")
        bob.execute("create temporary table facts as select 99 as n; grant select on facts to public")
        assert rows(bob, "select loose.open(), loose.pinned()") == [(99, 2)]
        team.setup.execute(sql.SQL("revoke all on database {} from bob").format(sql.Identifier(team.name)))
