"""Two desks, an account, people on all sides, faults, power cuts and kills: nothing is lost, doubled or leaked."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from tests.disk.session import DATABASE
from tests.sync import google_account, simulation
from tests.sync.drives import Drive, faulty_drive, sound_drive
from tests.sync.life import World
from tests.sync.mutants import MUTANTS
from tests.sync.parts import Parts
from tests.sync.simulation import in_memory, main, run_many, run_one

ROOT = Path(__file__).resolve().parents[2]
CAUGHT_WITHIN = {"forgets-losers": 800, "keeps-doubles": 400}
"""Schedules in which a broken engine must show; 200 where nothing is said."""
KINDS = {
    "all answered", "answers clash mine", "answers clash theirs", "answers doubtful different",
    "answers doubtful same", "answers merged same", "answers removed create",
    "answers removed delete", "answers removed keep",
    "access tokens ended in a round", "access tokens expired", "clock jumps", "cut_after", "cut_before", "cut_midway",
    "delay", "direction from", "direction to", "disk errors met", "disputes", "duplicated", "error_after 500",
    "error_after 503", "error_before 429", "error_before 500", "error_before 503", "expired_sync_token",
    "fields changed while left out", "fields left out", "fields synced again", "killed after a commit",
    "killed after a request", "killed before a commit", "killed before a request", "malformed", "no network",
    "phantom_etag", "power cuts", "reordered", "sign-in revoked", "spurious_precondition", "truncated", "undos",
}  # several to a line  # fmt: skip
"""What has to have happened in 2,000 schedules, or they prove less than they say."""


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.mark.no_cover  # counting lines would double what is the longest test of all
@pytest.mark.timeout(1800)
def test_2000_schedules_of_the_whole_system() -> None:
    found = run_many(2000, 1)
    assert not found["faults"]
    assert set(found["injected"]) >= KINDS


@pytest.mark.no_cover
def test_300_schedules_in_memory() -> None:
    assert not run_many(300, 1, parts=in_memory())["faults"]


@pytest.mark.soak
@pytest.mark.timeout(6 * 3600)
def test_100000_schedules_of_the_whole_system() -> None:
    assert not run_many(100_000, 1_000_000)["faults"]


def one_run(seed: int, hashes: str) -> dict[str, Any]:
    """A seed in a process of its own, whose sets of words have an order of their own."""
    code = (
        f"import json; from tests.sync.simulation import *; one = run_one({seed}, Parts());"
        "print(json.dumps([one.digest, one.faults, sorted(one.injected.items())]))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120
    )
    found: dict[str, Any] = {"run": json.loads(done.stdout)}
    return found


@pytest.mark.parametrize("seed", [3, 58])
def test_a_seed_is_one_run(seed: int) -> None:
    assert one_run(seed, "1") == one_run(seed, "2")


@pytest.mark.parametrize("seed", [11, 12])
def test_requests_are_those_of_googles_own_client(tmp_path: Path, seed: int) -> None:
    """Seven of eight schedules go past it: the practice Google gets the same, body for body, and so does the engine."""
    logs = []
    for share in (0.0, 1.0):
        with patch.object(google_account, "REAL_CLIENT", share):
            world = World(seed, tmp_path, Parts())
            assert world.run().faults == []
        assert isinstance(world.account, google_account.GoogleAccount)
        entries = world.account.google.log.entries
        logs.append(
            [(one.verb, one.path, {k: v for k, v in one.query.items() if k != "alt"}, one.body) for one in entries]
        )
    assert logs[0] == logs[1]
    assert len(logs[0]) > 10


@pytest.mark.parametrize("seed", [13])
def test_a_disk_that_does_not_fail_is_as_good_as_memory(tmp_path: Path, seed: int) -> None:
    """Restarts and kills included: where no disk fails, a schedule is the same on either."""
    runs = []
    for parts in (Parts(), Parts(sound=faulty_drive)):
        world = World(seed, tmp_path, parts)
        assert not world.weather.disk
        runs.append(world.run())
    assert runs[0] == runs[1]
    assert any(kind.startswith("killed") or kind == "clock jumps" for kind in runs[0].injected)


def test_a_store_in_memory_begins_as_its_image_again(tmp_path: Path) -> None:
    template = simulation.made_template(tmp_path)
    drives = [sound_drive(DATABASE, template, Random(1))]
    fresh = _held(drives[0])
    drives[0].end()
    World(13, tmp_path, Parts(template=template)).run()
    drives += [sound_drive(DATABASE, template, Random(1)) for _ in range(2)]
    assert [_held(drive) for drive in drives[1:]] == [fresh, fresh]
    assert any(line.startswith('INSERT INTO "account"') for line in fresh)


def _held(drive: Drive) -> list[str]:
    """All that a store has, as SQL."""
    found = [*drive.on()(DATABASE, write=True, busy=0).raw.iterdump()]
    drive.off()
    return found


def test_a_seed_that_fails_replays_identically() -> None:
    failed = run_many(100, 1, mutant="server-wins", stop_at=1)["faults"][0]
    again = run_one(failed["seed"], Parts(), mutant="server-wins")
    once_more = run_one(failed["seed"], Parts(), mutant="server-wins")
    assert again.faults[:5] == once_more.faults[:5] == failed["what"]
    assert again.digest == once_more.digest != ""


def test_any_number_of_processes_finds_the_same() -> None:
    with patch.object(simulation, "A_LOT", 4):
        alone, shared = (run_many(12, 1, mutant="server-wins", jobs=jobs) for jobs in (1, 2))
    assert alone["faults"]
    for told in ("schedules", "failed", "faults", "injected"):
        assert alone[told] == shared[told]


@pytest.mark.parametrize("mutant", sorted(MUTANTS))
def test_a_broken_engine_is_caught(mutant: str) -> None:
    assert run_many(CAUGHT_WITHIN.get(mutant, 200), 1, mutant=mutant, stop_at=1)["failed"] == 1


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list-mutants"]) == 0
    listed = capsys.readouterr().out.split()
    assert {"no-base", "server-wins", "no-marker", "trusts-etag", "trusts-partial-listing", "repeats-creates"} <= {
        *listed
    }
    assert main(["--schedules", "3", "--seed", "5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["failed"] == 0
    assert main(["--schedules", "30", "--seed", "1", "--json", "--mutant", "server-wins"]) == 1


def test_the_bench_runs_it() -> None:
    command = [sys.executable, "tests/bench/run.py", "sync-simulation", "--schedules", "2", "--seed", "7", "--json"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120)
    assert json.loads(done.stdout)["schedules"] == 2
