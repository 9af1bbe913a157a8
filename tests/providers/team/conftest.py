from __future__ import annotations

from collections.abc import Iterator

import pytest

from ringdesk.providers.team import selfattack
from ringdesk.providers.team.attacks import Prey
from ringdesk.providers.team.link import Connection
from tests.postgres import Cluster, Team, make_template, new_team, running_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        make_template(running)
        yield running


@pytest.fixture(scope="session")
def standing_team(cluster: Cluster) -> Iterator[Team]:
    with new_team(cluster) as one:
        yield one


@pytest.fixture
def team(standing_team: Team) -> Iterator[Team]:
    """The usual team, as new. Whoever changes the schema or a role takes `own_team`."""
    standing_team.reset()
    yield standing_team
    standing_team.hang_up()


@pytest.fixture
def own_team(cluster: Cluster) -> Iterator[Team]:
    """A team with a database of its own."""
    with new_team(cluster) as one:
        yield one


@pytest.fixture(scope="module")
def field(cluster: Cluster) -> Iterator[tuple[Team, Connection, Prey]]:
    """alice is the victim, bob attacks; the departments are those the self-attack makes."""
    with new_team(cluster) as team:
        team.department(selfattack.CLOSED, "alice")
        team.department(selfattack.OPEN, "alice", "bob")
        prey = selfattack.prepare(team.connect("alice"), "alice", "bob")
        yield team, team.connect("bob"), prey
