"""What happens at once: claims of one contact, rings of one caller, and the cursor under many writers."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import psycopg
import pytest

from ringdesk.providers.team.link import Connection, translated
from ringdesk.providers.team.ring import Caller
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from ringdesk.providers.team.wire import Claim, Edit, Ok, Op, Refused, Share
from tests.postgres import Cluster, Team, new_team, rows
from tests.providers.team.aid import Desk, content, is_a, new_id, number, seat, share

pytestmark = pytest.mark.postgres

CONTACTS = 500


def test_three_claim_five_hundred_at_once_and_each_has_one_winner(team: Team) -> None:
    claim_all_at_once(team)


def claim_all_at_once(team: Team) -> None:
    team.department("Sales", "alice", "bob", "carol")
    made = """insert into rd.contact (id, department, number_key, shared, probe, card)
        select gen_random_uuid(), d.id, sha256(n::text::bytea), false, false, '{}'
        from rd.department d, generate_series(1, %s) as n where d.name = 'Sales' returning id::text"""
    ids = [str(row[0]) for row in rows(team.setup, made, CONTACTS)]
    ready = threading.Barrier(3)

    def claim_all(login: str) -> dict[str, object]:
        desk = seat(team, login)
        desk.hello()
        ready.wait()
        order = random.Random(login).sample(ids, len(ids))  # every desk comes from another side
        results: dict[str, object] = {}
        for start in range(0, len(order), 20):
            batch = order[start : start + 20]
            results.update(zip(batch, desk.push([Claim(new_id(), id, content(login)) for id in batch]), strict=True))
        return results

    with ThreadPoolExecutor(3) as pool:
        logins = ("alice", "bob", "carol")
        answers = dict(zip(logins, pool.map(claim_all, logins), strict=True))
    stored = {
        str(row[0]): row[1:]
        for row in rows(team.setup, "select id, owner, rev, card #>> '{name,given}' from rd.contact")
    }
    for id in ids:
        [winner] = [login for login in answers if answers[login][id] == Ok(2)]
        losers = [is_a(answers[login][id], Refused) for login in answers if login != winner]
        assert [(loser.why, loser.by) for loser in losers] == [("claimed", winner)] * 2
        assert stored[id] == (winner, 2, winner)


def test_twenty_desks_see_one_ring_and_make_one_contact(own_team: Team) -> None:
    ready = threading.Barrier(20)

    def ring(n: int) -> tuple[str, bool]:
        desk = seat(own_team, ("alice", "bob")[n % 2])
        desk.hello()
        ready.wait()
        found = is_a(desk.department_call("Sales", number("4930999")), Caller)
        desk.close()
        return found.contact.id, found.made

    own_team.setup.execute("alter role alice connection limit -1")
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(ring, range(20)))
    assert len({id for id, _ in found}) == 1
    assert sum(made for _, made in found) == 1


def test_one_operation_sent_twice_at_once_is_done_once(team: Team) -> None:
    ops: list[Op] = [Share(new_id(), new_id(), 0, content("Zoe")) for _ in range(20)]
    ready = threading.Barrier(4)

    def send(_: int) -> list[object]:
        desk = seat(team, "alice")
        desk.hello()
        ready.wait()
        for _ in range(10):
            with suppress(TeamError):  # BUSY, and nothing done: send it once more
                return list(desk.push(ops))
        raise AssertionError("busy ten times")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert sorted(map(repr, answers)) == sorted(map(repr, [[Ok(1)] * 20, *[[Ok(1, again=True)] * 20] * 3]))
    assert rows(team.setup, "select count(*), sum(rev) from rd.contact") == [(20, 20)]


def test_batches_over_the_same_contacts_in_any_order_do_not_deadlock(team: Team) -> None:
    alice = seat(team, "alice")
    ids = [share(alice) for _ in range(30)]

    def edit(login: str) -> None:
        desk = seat(team, login)
        for n in range(5):
            order = random.Random(f"{login}{n}").sample(ids, len(ids))
            desk.push([Edit(new_id(), id, n, content(login)) for id in order])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(edit, ("alice", "bob", "carol", "dave")))


# The cursor ----------------------------------------------------------------------------------------------------------

WRITERS = 16


@pytest.fixture
def clerks(cluster: Cluster) -> Iterator[tuple[Team, list[str]]]:
    """A team with sixteen coworkers more, and beside the directory a plain table with the cursors that do not do."""
    with new_team(cluster) as team:
        logins = [f"clerk{n}" for n in range(WRITERS)]
        for login in logins:
            team.enroll(login)
        team.setup.execute("create schema control; grant usage on schema control to rd_coworker")
        team.setup.execute("""create table control.row (
            n bigserial primary key, at timestamptz not null default clock_timestamp(),
            xid xid8 not null default pg_current_xact_id(), id uuid not null)""")
        team.setup.execute("grant all on control.row, control.row_n_seq to rd_coworker")
        yield team, logins


def write(team: Team, login: str, until: float) -> set[str]:
    """Share contacts, one a transaction, with a random wait before its commit; each goes into the control too."""
    raw, chance, done = team.connect(login), random.Random(login), set[str]()
    while time.monotonic() < until:
        id = str(uuid.uuid4())
        op = f'[{{"op": "{uuid.uuid4()}", "kind": "share", "contact": "{id}", "rev": 0, "card": {{}}}}]'
        with raw.transaction():
            raw.execute("select api.push(%s::jsonb)", (op,))
            raw.execute("insert into control.row (id) values (%s)", (id,))
            time.sleep(chance.random() * chance.choice((0.002, 0.02)))
        done.add(id)
    return done


def follow(pull: Callable[[], None], stop: threading.Event) -> None:
    while not stop.is_set():
        pull()
    pull()


@dataclass(frozen=True)
class Lost:
    """How many contacts were written, how many of them api.pull lost, and how many each rival cursor lost."""

    written: int
    ours: int
    rivals: dict[str, int]


def cursor_run(team: Team, logins: list[str], seconds: float) -> Lost:
    desk = Desk(seat(team, "alice"), page=200)
    rivals = {column: Rival(team.connect("bob"), column) for column in ("n", "at", "xid")}
    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS + 1 + len(rivals)) as pool:
        pulls = [lambda: void(desk.pull()), *(rival.pull for rival in rivals.values())]
        followers = [pool.submit(follow, pull, stop) for pull in pulls]
        until = time.monotonic() + seconds
        written = set[str]().union(*pool.map(lambda login: write(team, login, until), logins))
        stop.set()
        for follower in followers:
            follower.result()
    lost = {column: len(written - rival.seen) for column, rival in rivals.items()}
    return Lost(len(written), len(written - desk.contacts.keys()), lost)


class Rival:
    """A cursor that asks for what is greater than the greatest it has seen."""

    def __init__(self, raw: Connection, column: str) -> None:
        self._raw = raw
        self._query = f"select {column}::text, id from control.row where {column} > %s order by {column}".encode()
        self._last = {"n": "0", "at": "-infinity", "xid": "0"}[column]
        self.seen: set[str] = set()

    def pull(self) -> None:
        for last, id in self._raw.execute(self._query, (self._last,)).fetchall():
            self._last = last
            self.seen.add(str(id))


def void(_: object) -> None: ...


@pytest.mark.parametrize("seconds", [2.5, pytest.param(10, marks=pytest.mark.soak)])
def test_cursor_loses_nothing_where_sequence_time_and_xid_do(clerks: tuple[Team, list[str]], seconds: float) -> None:
    lost = cursor_run(*clerks, seconds)
    print(lost)
    assert lost.written > 100
    assert lost.ours == 0
    assert all(lost.rivals.values()), lost


def test_bulk_of_one_transaction_is_paged(team: Team) -> None:
    raw = team.connect("alice")
    with raw.transaction():
        for _ in range(7):
            ops = ",".join(
                f'{{"op": "{uuid.uuid4()}", "kind": "share", "contact": "{uuid.uuid4()}", "rev": 0, "card": {{}}}}'
                for _ in range(100)
            )
            raw.execute("select api.push(%s::jsonb)", (f"[{ops}]",))
    bob = Desk(seat(team, "bob"), page=100)
    assert (bob.pull(), len(bob.contacts)) == (700, 700)
    assert bob.pull() == 0


def test_an_idle_transaction_delays_nothing(team: Team) -> None:
    """The horizon stands still while it lasts; what is committed beside it still arrives, every time anew."""
    idle, alice, bob = team.connect("carol"), seat(team, "alice"), Desk(seat(team, "bob"))
    idle.execute("begin; select pg_current_xact_id()")
    for n in range(5):
        alice.push([one_share()])
        bob.pull()
        assert len(bob.contacts) == n + 1
    assert bob.pull() == 5
    idle.execute("commit")
    bob.pull()
    assert bob.pull() == 0


def one_share() -> Share:
    return Share(new_id(), new_id(), 0, content("Zoe"))


def test_cursor_of_another_life_of_the_store_pulls_everything(team: Team) -> None:
    bob = Desk(seat(team, "bob"))
    seat(team, "alice").push([one_share()])
    bob.pull()
    team.setup.execute("select api.new_epoch()")
    assert bob.directory.pull(bob.cursor).full
    for odd in ("", "nonsense", "0:0:0", (bob.cursor or "").rsplit(":", 1)[0] + ":99999999999"):
        assert bob.directory.pull(odd).full


def test_delta_pull_reads_an_index_whatever_the_size_of_the_table(own_team: Team) -> None:
    bulk = """insert into rd.contact (id, owner, shared, probe, card, edited_by, edited_at)
        select gen_random_uuid(), 'alice', true, false, '{"name": {"given": "Z"}}', 'alice', now()
        from generate_series(1, 5000)"""
    own_team.setup.execute(bulk)
    own_team.setup.execute("analyze rd.contact")
    bob = Desk(seat(own_team, "bob"), page=2000)
    bob.pull()
    seat(own_team, "alice").push([one_share()])
    raw = own_team.setup
    raw.execute("load 'auto_explain'")
    for setting in ("log_min_duration = 0", "log_nested_statements = on", "log_analyze = on"):
        raw.execute(f"set auto_explain.{setting}".encode())
    raw.execute("set client_min_messages = log")
    plans: list[str] = []
    raw.add_notice_handler(lambda notice: plans.append(str(notice.message_primary)))
    raw.execute("set session authorization bob")
    try:
        [(answer,)] = rows(raw, "select api.pull(%s)", bob.cursor)
    finally:
        raw.execute("reset session authorization")
        raw.execute("set client_min_messages = warning")
    assert len(answer["items"]) == 1
    [plan] = [plan for plan in plans if "listed" in plan]
    assert "Index Scan using contact_chg" in plan, plan
    assert "Seq Scan on contact" not in plan, plan


@pytest.mark.soak
def test_first_pull_and_delta_of_a_hundred_thousand(own_team: Team) -> None:
    """Figures, not bars: they depend on the machine."""
    own_team.setup.execute("""insert into rd.contact (id, owner, shared, probe, card, edited_by, edited_at)
        select gen_random_uuid(), 'alice', true, false,
               '{"name": {"given": "Zoe", "family": "Meier"}, "phones": [{"value": "+49301234567", "label": "work"}]}',
               'alice', now() from generate_series(1, 100000)""")
    bob = Desk(seat(own_team, "bob"), page=1000)
    began = time.perf_counter()
    assert bob.pull() == 100_000
    first = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(100):
        bob.pull()
    print(f"first pull {first:.1f} s, delta {(time.perf_counter() - began) * 10:.1f} ms")


def test_deadlock_is_told_as_busy() -> None:
    with pytest.raises(TeamError) as caught, translated():
        raise psycopg.errors.DeadlockDetected
    assert caught.value.trouble is TeamTrouble.BUSY
