"""What one coworker with raw SQL may use up of a server that is everybody's, and what breaks off halfway."""

from __future__ import annotations

import json
import uuid

import psycopg
import pytest
from psycopg import sql

from ringdesk.domain.status import Health
from ringdesk.providers.team import checkup
from ringdesk.providers.team.attacks import Prey
from ringdesk.providers.team.checkup import inspect
from ringdesk.providers.team.link import Connection
from tests.postgres import Team, rows
from tests.providers.team.aid import Desk, seat, share

pytestmark = pytest.mark.postgres


def test_no_lock_is_left_for_one_who_takes_them_all(field: tuple[Team, Connection, Prey]) -> None:
    """The server's room for locks is everybody's: filled, it lets nobody in any more."""
    _, bob, _ = field
    for take in ("lock", "lock_shared", "xact_lock", "xact_lock_shared"):
        for function in (f"pg_advisory_{take}", f"pg_try_advisory_{take}"):
            for key in ("1::bigint", "1, 1"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    bob.execute(f"select {function}({key})".encode())


def test_a_sort_cannot_fill_the_disk_nor_messages_the_log(field: tuple[Team, Connection, Prey]) -> None:
    team, bob, _ = field
    assert rows(bob, "show temp_file_limit") == [("1GB",)]
    bob.execute("alter role bob reset all")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        bob.execute("alter role bob set temp_file_limit = -1")
    with team.connect("bob") as again:
        assert rows(again, "show temp_file_limit") == [("1GB",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        bob.execute("select pg_logical_emit_message(false, 'x', 'y')")


def test_large_objects_cannot_fill_the_disk(field: tuple[Team, Connection, Prey]) -> None:
    _, bob, _ = field
    for query in ("select lo_create(0)", "select lo_from_bytea(0, 'x')", "select lo_creat(-1)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            bob.execute(query)


@pytest.mark.parametrize("depth", [100, 5000])
def test_a_deeply_nested_card_is_refused_and_breaks_nothing(field: tuple[Team, Connection, Prey], depth: int) -> None:
    _, bob, prey = field
    deep = "[" * depth + "]" * depth
    for card in (
        deep,
        f'{{"phones": [{{"value": {deep}}}]}}',
        f'{{"note": {deep}}}',
        f'{{"name": {{"given": {deep}}}}}',
    ):
        op = {"op": str(uuid.uuid4()), "kind": "edit", "contact": prey.shared, "rev": 1}
        batch = f'[{json.dumps(op)[:-1]}, "card": {card}}}]'
        assert rows(bob, "select api.push(%s::jsonb) -> 0 ->> 'is'", batch) == [("invalid",)]


@pytest.mark.parametrize("rev", ["1e400", "1.5", "9223372036854775808", '"x"', "{}", "[]", "true"])
def test_a_revision_that_is_none_is_refused(field: tuple[Team, Connection, Prey], rev: str) -> None:
    _, bob, prey = field
    op = json.dumps({"op": str(uuid.uuid4()), "kind": "edit", "contact": prey.shared, "card": {}})
    assert rows(bob, "select api.push(%s::jsonb) -> 0 ->> 'is'", f'[{op[:-1]}, "rev": {rev}}}]') == [("invalid",)]


def test_a_push_that_is_broken_off_does_nothing_and_leaves_no_trace(team: Team) -> None:
    """statement_timeout is the coworker's own to set: there is no deed without its line in the audit."""
    bob = team.connect("bob")
    for tenths in range(1, 60):
        bob.execute(f"set statement_timeout = '{tenths * 100}us'".encode())
        ops = [{"op": str(uuid.uuid4()), "kind": "share", "contact": str(uuid.uuid4()), "card": {}} for _ in range(20)]
        try:
            bob.execute("select api.push(%s::jsonb)", (json.dumps(ops),))
        except psycopg.errors.QueryCanceled:
            continue
    query = """select (select count(*) from rd.contact), (select count(*) from rd.audit where deed = 'share'),
        (select count(*) from rd.op)"""
    [(contacts, deeds, ops_)] = rows(team.setup, query)
    assert contacts == deeds == ops_


def test_a_long_queue_of_notifications_holds_up_nobody(own_team: Team) -> None:
    """Whoever listens and keeps a transaction open can fill it, and a full one fails every commit that notifies."""
    own_team.setup.execute("""create or replace function rd.queue_is_long() returns boolean language sql volatile
        set search_path = pg_catalog, pg_temp return true""")
    bob = own_team.connect("bob")
    bob.execute("listen ringdesk")
    contact = share(seat(own_team, "alice"))
    assert [item.id for item in seat(own_team, "bob").pull(None).items] == [contact]
    assert [*bob.notifies(timeout=0.5)] == []


def test_the_check_names_what_everybody_may_use_up(own_team: Team) -> None:
    setup = own_team.setup
    assert [f for f in inspect(setup) if f.health is not Health.GOOD] == []
    setup.execute("grant execute on function pg_advisory_lock(bigint) to public")
    setup.execute(sql.SQL("alter database {} reset temp_file_limit").format(sql.Identifier(own_team.name)))
    assert [f.what for f in inspect(setup) if f.health is Health.NOTE] == ["advisory locks", "temporary files"]


def test_the_check_names_whose_transaction_is_idle(own_team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = tuple((what, query.replace("'60 s'", "'0 s'"), bad, say) for what, query, bad, say in checkup._LOOKS)
    monkeypatch.setattr(checkup, "_LOOKS", looks)
    bob = own_team.connect("bob")
    bob.execute("begin; select api.hello()")
    [found] = [f for f in inspect(own_team.setup) if f.health is Health.NOTE]
    assert found.seen == f"bob ({bob.info.backend_pid}): older than a minute"


def test_a_transaction_that_is_kept_open_stalls_nobodys_pull(team: Team) -> None:
    """It holds the horizon that cursors move to: what was written since comes all the same, and comes again."""
    bob, carol, alice = team.connect("bob"), Desk(seat(team, "carol")), seat(team, "alice")
    share(alice, "Before")
    carol.pull()
    bob.execute("begin; select api.push('[]'), pg_current_xact_id()")
    held = carol.cursor
    for given in ("First", "Second"):
        share(alice, given)
        assert carol.pull() > 0
        assert given in carol.names
    horizon = carol.cursor
    share(alice, "Third")
    carol.pull()
    assert (carol.names, carol.cursor) == (["Before", "First", "Second", "Third"], horizon)
    bob.execute("rollback")
    carol.pull()
    assert carol.cursor not in (held, horizon)
    assert carol.pull() == 0
