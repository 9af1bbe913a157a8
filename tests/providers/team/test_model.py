"""Four users, two departments, offline outboxes and replays, against the rules as a small model."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.postgres import Cluster, new_team
from tests.providers.team.histories.machine import TeamMachine, made_for, run
from tests.providers.team.histories.soak import play_all

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def machine(cluster: Cluster) -> Iterator[type[TeamMachine]]:
    with new_team(cluster) as team:
        yield made_for(team)


@pytest.mark.timeout(300)
def test_directory_keeps_the_rules(machine: type[TeamMachine]) -> None:
    run(machine, 100)


@pytest.mark.soak
@pytest.mark.timeout(6 * 3600)
def test_directory_keeps_the_rules_ten_thousand_times() -> None:
    """On all processors: this process only waits."""
    assert play_all(10_000, jobs=os.cpu_count() or 1) == []
