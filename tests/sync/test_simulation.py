"""Two desks, an account, people on all sides, faults and kills: nothing is lost, doubled or leaked."""

from __future__ import annotations

import json
import logging

import pytest

from tests.sync.mutants import MUTANTS
from tests.sync.simulation import Parts, main, run_many, run_one

CAUGHT_WITHIN = {"trusts-partial-listing": 400, "repeats-creates": 400, "no-marker": 800, "forgets-edits": 400}
"""Schedules in which a broken engine must show; 100 where nothing is said."""


def test_200_schedules() -> None:
    found = run_many(200, 1)
    assert not found["faults"]
    assert len(found["injected"]) >= 12


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_2000_schedules() -> None:
    assert not run_many(2000, 10_000)["faults"]


@pytest.mark.parametrize("seed", [3, 57, 223])
def test_a_seed_is_one_run(seed: int) -> None:
    assert run_one(seed, Parts()).digest == run_one(seed, Parts()).digest


@pytest.mark.parametrize("mutant", sorted(MUTANTS))
def test_a_broken_engine_is_caught(mutant: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    assert run_many(CAUGHT_WITHIN.get(mutant, 100), 1, mutant=mutant, stop_at=1)["failed"] == 1


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list-mutants"]) == 0
    assert "no-base" in capsys.readouterr().out
    assert main(["--schedules", "3", "--seed", "5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["failed"] == 0
