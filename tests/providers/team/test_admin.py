"""Set-up, invitations, leavers and the check, as a superuser and as a managed server's administrator."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from psycopg import sql

from ringdesk.domain.status import Health
from ringdesk.providers.team import admin, checkup, founding, schema
from ringdesk.providers.team.checkup import inspect
from ringdesk.providers.team.directory import OLDEST_SCHEMA, Directory
from ringdesk.providers.team.link import Connection, connect
from ringdesk.providers.team.password import set_own_password
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from tests.postgres import PASSWORD, Cluster, Team, rows, running_cluster
from tests.providers.team.aid import Desk, seat, share

pytestmark = pytest.mark.postgres

CHIEF = admin.NewCoworker("chief", "The chief", administrator=True, departments=("Sales",))
OPEN = ["large objects", "advisory locks", "temporary files"]
"""What only a superuser could close."""
SOON = datetime.now(UTC) + timedelta(days=14)
FOUNDERS = founding.Founders(CHIEF, ("Support",), SOON)


@pytest.fixture(params=["superuser", "managed"])
def fresh(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[tuple[Cluster, str, Connection]]:
    """An empty database and its set-up role: a superuser, or an owner with CREATEROLE who is none."""
    name = cluster.new_name()
    with cluster.super() as connection:
        connection.execute("drop role if exists landlord")
        connection.execute("create role landlord login createrole createdb")
        set_own_password(connection, "landlord", PASSWORD)
        if request.param == "managed" and cluster.version < 16:
            connection.execute("grant rd_owner, rd_coworker to landlord with admin option")
        elif request.param == "managed":
            connection.execute("grant rd_owner, rd_coworker to landlord with admin true, set true, inherit true")
        connection.execute(sql.SQL("create database {} owner landlord").format(sql.Identifier(name)))
    setup = connect(cluster.local(name), "landlord", PASSWORD) if request.param == "managed" else cluster.super(name)
    yield cluster, name, setup
    setup.close()
    with cluster.super(name) as connection:
        logins = [row[0] for row in rows(connection, "select login from rd.coworker")]
    with cluster.super() as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        for login in (*logins, "landlord"):
            connection.execute(sql.SQL("drop role {}").format(sql.Identifier(login)))


def test_set_up_from_nothing_to_a_shared_contact(fresh: tuple[Cluster, str, Connection]) -> None:
    cluster, name, setup = fresh
    place = cluster.local(name)
    as_coworker = founding.coworker_connects(place)
    founded = founding.found(setup, FOUNDERS, as_coworker)
    first = founded.secret
    assert first is not None
    assert founding.found(setup, FOUNDERS, as_coworker) == founding.Founded(0, (), None)
    second = admin.invite(setup, admin.NewCoworker("eve", "Eve", departments=("Sales", "Support")), until=SOON)
    chief, eve = (Directory(place, one.login, one.password) for one in (first, second))
    eve.change_password("her own")
    eve.join()
    share(chief, "Zoe")
    desk = Desk(eve)
    desk.pull()
    assert desk.names == ["Zoe"]
    assert [d.name for d in eve.hello().departments if d.mine] == ["Sales", "Support"]
    staff = chief.staff()
    assert dict(staff.departments) == {"Sales": ("chief", "eve"), "Support": ("eve",)}
    assert list(staff.invited) == ["chief"]
    assert admin.staff(setup) == staff
    assert admin.offboard(setup, "eve", "chief").given == 0
    with pytest.raises(TeamError) as caught:
        Directory(place, "eve", "her own").hello()
    assert caught.value.trouble is TeamTrouble.OUT
    bad = [(f.what, f.seen) for f in inspect(setup) if f.health is Health.BAD]
    assert bad == []
    chief.close()
    eve.close()


def test_schema_is_applied_once_and_a_newer_one_is_refused(own_team: Team) -> None:
    assert schema.apply(own_team.setup) == 0
    assert schema.version(own_team.setup) == schema.newest() >= OLDEST_SCHEMA
    own_team.setup.execute("insert into rd.schema_step (version, name) values (999, 'future')")
    with pytest.raises(TeamError) as caught:
        schema.apply(own_team.setup)
    assert caught.value.trouble is TeamTrouble.VERSION


def test_managed_server_where_nothing_of_ours_is_there_yet() -> None:
    """The set-up role makes the two group roles itself; what only a superuser may close is told by the check."""
    with running_cluster() as cluster:
        with cluster.super() as connection:
            connection.execute("create role landlord login createrole createdb")
            set_own_password(connection, "landlord", PASSWORD)
            connection.execute("create database managed owner landlord")
        place = cluster.local("managed")
        with connect(place, "landlord", PASSWORD) as setup:
            founded = founding.found(setup, FOUNDERS, founding.coworker_connects(place))
            assert founded.secret is not None
            assert admin.offboard(setup, admin.invite(setup, admin.NewCoworker("eve", "Eve")).login, None).given == 0
            assert [f.what for f in inspect(setup) if f.health is not Health.GOOD] == OPEN


def test_failed_set_up_leaves_nothing(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    name = cluster.new_name()
    with cluster.super() as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    broken = (*schema.steps()[:-1], schema.Step(schema.newest(), "administration", "select 1/0"))
    monkeypatch.setattr(schema, "steps", lambda: broken)
    with cluster.super(name) as connection:
        with pytest.raises(TeamError):
            schema.apply(connection)
        assert rows(connection, "select nspname from pg_namespace where nspname in ('rd', 'api')") == []
    with cluster.super() as connection:
        connection.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


@pytest.mark.parametrize(
    ("language", "told"),
    [("C", False), ("C.UTF-8", False), ("en_US.UTF-8", False), ("POSIX", False), ("", False), ("de_DE.UTF-8", True),
     ("es_ES@euro", True), ("ca_ES.UTF-8", True)],
)  # several to a line  # fmt: skip
def test_a_server_that_does_not_speak_english_is_told(team: Team, language: str, told: bool) -> None:
    """What a server says before it lets anybody in has no code that libpq would pass on."""
    [query] = [query for what, query, *_ in checkup._LOOKS if what == "the server's language"]
    asked = query.replace("current_setting('lc_messages')", f"'{language}'")
    assert (rows(team.setup, asked) != []) is told


def test_a_leavers_login_is_never_given_again(own_team: Team) -> None:
    admin.offboard(own_team.setup, "bob", None)
    with pytest.raises(TeamError):
        admin.invite(own_team.setup, admin.NewCoworker("bob", "Another Bob"))
    assert rows(own_team.setup, "select name, enabled from rd.coworker where login = 'bob'") == [("Bob", False)]


def test_leavers_running_connection_is_cut(own_team: Team) -> None:
    bob = seat(own_team, "bob")
    bob.hello()
    assert admin.offboard(own_team.setup, "bob", "alice").cut
    with pytest.raises(TeamError) as caught:
        bob.hello()
    assert caught.value.trouble is TeamTrouble.UNREACHABLE


def test_offboarding_that_is_broken_off_gives_the_login_back(own_team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C while a leaver's connections are waited for: neither in nor out is what nobody has decided."""
    can_login = "select rolcanlogin from pg_roles where rolname = 'bob'"

    open_at_cut: list[tuple[bool]] = []

    def interrupted(connection: Connection, login: str) -> bool:
        open_at_cut.extend(rows(own_team.setup, can_login))
        if len(open_at_cut) == 1:
            return cut(connection, login)
        raise KeyboardInterrupt

    cut = admin._cut
    monkeypatch.setattr(admin, "_cut", interrupted)
    bob = own_team.connect("bob")
    bob.execute("begin; select api.push('[]')")  # holds their own row, so that the login has to go first
    with pytest.raises(KeyboardInterrupt):
        admin.offboard(own_team.setup, "bob", "alice")
    assert open_at_cut == [(True,), (False,)]
    assert rows(own_team.setup, can_login) == [(True,)]
    assert seat(own_team, "bob").hello().me.login == "bob"


def test_an_offboarding_that_is_refused_is_heard_by_nobody(own_team: Team) -> None:
    """Their desk would take it for a leave: while it is being decided the login is as it was."""
    with own_team.cluster.super(own_team.name) as other, ThreadPoolExecutor(1) as aside:
        other.execute("begin; select 1 from rd.coworker where login = 'dave' for update")
        refused = aside.submit(admin.offboard, own_team.setup, "dave", "bob")  # the only administrator
        waits = "select count(*) from pg_locks where not granted"
        deadline = time.monotonic() + 10
        while rows(other, waits) == [(0,)]:
            assert time.monotonic() < deadline, "the offboarding waits for nothing"
        dave = Directory(own_team.cluster.local(own_team.name), "dave", PASSWORD)
        assert dave.hello().me.login == "dave"
        other.execute("rollback")
        with pytest.raises(TeamError):
            refused.result()
    assert dave.hello().me.administrator
    dave.close()


def test_lost_password_is_replaced(own_team: Team) -> None:
    secret = admin.invite_again(own_team.setup, "bob", SOON)
    bob = Directory(own_team.cluster.local(own_team.name), "bob", secret.password)
    assert bob.hello().me.login == "bob"
    bob.close()
    assert secret.password not in repr(secret)
    with pytest.raises(TeamError) as caught:
        admin.invite_again(own_team.setup, "nobody", SOON)
    assert caught.value.trouble is TeamTrouble.UNKNOWN


def test_invitation_that_ended_opens_nothing(own_team: Team) -> None:
    """The directory itself keeps to the end of an invitation, for administrators too; another one opens it again."""
    early = datetime.now(UTC) - timedelta(seconds=1)
    secret = admin.invite(own_team.setup, admin.NewCoworker("late", "Late", administrator=True), until=early)
    late = Directory(own_team.cluster.local(own_team.name), "late", secret.password)
    refused = {TeamTrouble.EXPIRED, TeamTrouble.NOT_A_COWORKER}
    for act in (late.hello, late.join, late.staff, lambda: late.pull(None), lambda: late.set_coworker("bob", name="B")):
        with pytest.raises(TeamError) as caught:
            act()
        assert caught.value.trouble in refused
    late.close()
    again = admin.invite_again(own_team.setup, "late", SOON)
    late = Directory(own_team.cluster.local(own_team.name), "late", again.password)
    late.join()
    assert "late" not in late.staff().invited
    late.close()


@pytest.mark.parametrize(
    ("name", "login"),
    [("Zoë de Boer", "zoe.de.boer"), ("  Maria  ", "maria"), ("7 of 9", "of.9"), ("O'Neil", "o.neil"), ("山田", "")],
)
def test_a_name_suggests_a_login(name: str, login: str) -> None:
    assert admin.login_for(name) == login


@pytest.mark.parametrize("login", ["pg_bob", "", "Bob", "pg bob", "bob;--", '"', "ä", "b" * 64])
def test_odd_logins_are_refused(team: Team, login: str) -> None:
    with pytest.raises(TeamError) as caught:
        admin.invite(team.setup, admin.NewCoworker(login, "Odd"))
    assert caught.value.trouble is TeamTrouble.INVALID


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ("grant select on rd.settings to rd_coworker", "rights on tables"),
        ("alter table rd.contact no force row level security", "row security"),
        ("alter function api.push(jsonb) reset all", "the directory's functions"),
        ("grant execute on function rd.tell() to rd_coworker", "the directory's functions"),
        ("grant rd_owner to alice", "coworkers' roles"),
        ("update rd.coworker set enabled = false where login = 'bob'", "coworkers' roles"),
        ("grant temp on database {} to public", "the database's doors"),
        ("grant execute on function lo_create(oid) to public", "large objects"),
    ],
)
def test_check_finds_what_came_loose(own_team: Team, fault: str, what: str) -> None:
    assert [f for f in inspect(own_team.setup) if f.health is not Health.GOOD] == []
    own_team.setup.execute(sql.SQL(fault).format(sql.Identifier(own_team.name)))
    try:
        assert [f.what for f in inspect(own_team.setup) if f.health is not Health.GOOD] == [what]
    finally:
        if "rd_owner" in fault:
            own_team.setup.execute("revoke rd_owner from alice")


def test_no_module_of_the_room_is_imported_with_the_domain() -> None:
    """psycopg comes with the first use of this room, and this room is imported by its worker."""
    code = "import ringdesk.domain.sockets, ringdesk.providers.team, sys; print('psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
