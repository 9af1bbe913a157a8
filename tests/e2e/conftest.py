"""A team's directory for whole programs: a PostgreSQL of each module's own, because some tests stop theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres import Cluster, Team, make_template, new_team, running_cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        make_template(running)
        yield running


@pytest.fixture
def team(cluster: Cluster) -> Iterator[Team]:
    with new_team(cluster) as one:
        yield one
