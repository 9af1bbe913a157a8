"""The controls of the model and of the races: directories broken on purpose, each of which must be noticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ringdesk.providers.team.trouble import TeamError
from tests.postgres import Cluster, Team, new_team
from tests.providers.team.faults import BELTED, FAULTS, NO_LOCK, NO_LOCK_AT_ALL, SLOW, Fault, planted
from tests.providers.team.histories.machine import TeamMachine, made_for, run
from tests.providers.team.test_races import claim_all_at_once

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def field(cluster: Cluster) -> Iterator[Team]:
    with new_team(cluster) as team:
        yield team


@pytest.fixture(scope="module")
def machine(field: Team) -> Iterator[type[TeamMachine]]:
    """One for all faults: opening its connections would take as long as finding most of them."""
    yield made_for(field)
    field.hang_up()


def cases() -> list[object]:
    """The faults that take the model longer wait for a soak."""
    return [pytest.param(one, id=one.name, marks=[pytest.mark.soak] if one.name in SLOW else []) for one in FAULTS]


@pytest.mark.parametrize("fault", cases())
def test_the_model_notices(machine: type[TeamMachine], fault: Fault) -> None:
    before = machine.field.played
    with planted(machine.field.team.setup, fault), pytest.raises((AssertionError, TeamError)):
        run(machine, 200, shrink=False)
    print(f"{fault.name}: found in history {machine.field.played - before}")


@pytest.mark.parametrize("fault", BELTED, ids=lambda one: one.name)
def test_row_security_holds_what_a_function_forgets(machine: type[TeamMachine], fault: Fault) -> None:
    with planted(machine.field.team.setup, fault):
        run(machine, 5, shrink=False)


def test_without_a_lock_two_win_a_claim(own_team: Team) -> None:
    with planted(own_team.setup, NO_LOCK_AT_ALL), pytest.raises((AssertionError, ValueError, TeamError)):
        claim_all_at_once(own_team)


def test_without_a_lock_the_second_look_still_lets_one_win(own_team: Team) -> None:
    """No answer is right then, but the contact has one owner."""
    with planted(own_team.setup, NO_LOCK), pytest.raises((AssertionError, ValueError, TeamError)):
        claim_all_at_once(own_team)
    owners = own_team.setup.execute("select count(*) from rd.contact where owner is not null and rev <> 2").fetchone()
    assert owners == (0,)
