from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Cluster, Team, make_template, new_team, running_cluster

HERE = Path(__file__).parent


def soaking(config: pytest.Config) -> bool:
    """Whether the long runs were asked for."""
    return bool(config.getoption("--soak", default=False) or os.environ.get("RINGDESK_SOAK"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgres: starts a PostgreSQL server (Debian's package or a server wheel)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("soak") and not soaking(config):
            item.add_marker(pytest.mark.skip(reason="runs long: --soak or RINGDESK_SOAK=1"))


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
