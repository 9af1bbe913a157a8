"""What a server or a set-up role lacks is told before anything is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from psycopg import sql

from ringdesk.providers.team import admin, founding, schema
from ringdesk.providers.team.link import Connection, connect
from ringdesk.providers.team.password import set_own_password
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from tests.postgres import PASSWORD, SUPER, Cluster, Team, rows

pytestmark = pytest.mark.postgres

CHIEF = admin.NewCoworker("founder", "The founder", administrator=True)
FOUNDERS = founding.Founders(CHIEF, ("Sales", "Sales "), datetime.now(UTC) + timedelta(days=14))


@pytest.fixture
def tenant(cluster: Cluster) -> Iterator[founding.SetUp]:
    """A role that may do nothing but log in, and the name of a database nobody has."""
    with cluster.super() as connection:
        connection.execute("create role tenant login")
        set_own_password(connection, "tenant", PASSWORD)
    name = cluster.new_name()
    yield founding.SetUp(cluster.local(name), "tenant", PASSWORD)
    with cluster.super() as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        connection.execute("drop role tenant")


def trouble_of(setup: Connection) -> tuple[TeamTrouble, str]:
    with pytest.raises(TeamError) as caught:
        founding.examine(setup)
    return caught.value.trouble, caught.value.detail


def test_the_database_is_made_where_there_is_none(cluster: Cluster, tenant: founding.SetUp) -> None:
    setup = replace(tenant, role=SUPER)
    with founding.open_or_make(setup) as connection:
        founding.examine(connection)
        assert schema.version(connection) == 0
    with founding.open_or_make(setup) as connection:
        assert rows(connection, "select current_database()") == [(tenant.place.database,)]


def test_a_role_that_may_make_no_roles_makes_nothing(cluster: Cluster, tenant: founding.SetUp) -> None:
    with pytest.raises(TeamError) as caught:
        founding.open_or_make(tenant)
    assert (caught.value.trouble, "CREATEROLE" in caught.value.detail) == (TeamTrouble.RIGHTS, True)


def test_a_role_that_may_make_roles_but_no_databases_is_told_so(cluster: Cluster, tenant: founding.SetUp) -> None:
    with cluster.super() as connection:
        connection.execute("alter role tenant createrole")
    with pytest.raises(TeamError) as caught:
        founding.open_or_make(tenant)
    assert caught.value.trouble is TeamTrouble.NOT_A_COWORKER
    assert "create database" in caught.value.detail


def test_a_database_of_somebody_else_is_refused(team: Team, tenant: founding.SetUp) -> None:
    with team.cluster.super() as connection:
        connection.execute("alter role tenant createrole")
        connection.execute(sql.SQL("grant connect on database {} to tenant").format(sql.Identifier(team.name)))
    with connect(team.cluster.local(team.name), "tenant", PASSWORD) as setup:
        assert trouble_of(setup) == (TeamTrouble.RIGHTS, "it does not own the database")
    team.setup.execute(sql.SQL("revoke connect on database {} from tenant").format(sql.Identifier(team.name)))


def test_a_database_in_another_encoding_is_refused(cluster: Cluster, tenant: founding.SetUp) -> None:
    name = tenant.place.database
    with cluster.super() as connection:
        made = "create database {} encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0"
        connection.execute(sql.SQL(made).format(sql.Identifier(name)))
    with cluster.super(name) as setup:
        trouble, detail = trouble_of(setup)
    assert (trouble, "UTF8" in detail) == (TeamTrouble.INVALID, True)


def test_an_older_server_is_refused(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(founding, "OLDEST_SERVER", 99)
    trouble, detail = trouble_of(team.setup)
    assert (trouble, "too old" in detail) == (TeamTrouble.VERSION, True)


def test_nobody_is_invited_where_an_attack_gets_through(own_team: Team) -> None:
    own_team.setup.execute("grant usage on schema rd to rd_coworker; grant select on rd.settings to rd_coworker")
    as_coworker = founding.coworker_connects(own_team.cluster.local(own_team.name))
    founded = founding.found(own_team.setup, FOUNDERS, as_coworker)
    assert "read the hash secret" in [one.what for one in founded.broken]
    assert founded.secret is None
    assert rows(own_team.setup, "select count(*) from rd.coworker where login = 'founder'") == [(0,)]


def test_a_directory_that_cannot_be_reached_as_a_coworker_invites_nobody(own_team: Team) -> None:
    elsewhere = replace(own_team.cluster.local(own_team.name), port=1)
    with pytest.raises(TeamError) as caught:
        founding.found(own_team.setup, FOUNDERS, founding.coworker_connects(elsewhere))
    assert caught.value.trouble is TeamTrouble.UNREACHABLE
    left = "select count(*) from rd.coworker where probe or login = 'founder'"
    assert rows(own_team.setup, left) == [(0,)]


def test_a_role_that_makes_roles_sets_up_again_what_a_superuser_has_set_up(
    cluster: Cluster, tenant: founding.SetUp
) -> None:
    """A server that moves to a provider: the doors that a superuser has shut are shut to the new set-up role too."""
    role, database = sql.Identifier(tenant.role), sql.Identifier(tenant.place.database)
    with founding.open_or_make(replace(tenant, role=SUPER)) as connection:
        schema.apply(connection)
        connection.execute(sql.SQL("alter role {} createrole").format(role))
        connection.execute(sql.SQL("alter database {} owner to {}").format(database, role))
    with connect(tenant.place, tenant.role, PASSWORD) as connection:
        assert schema.apply(connection) == 0
        assert schema.version(connection) == schema.newest()
