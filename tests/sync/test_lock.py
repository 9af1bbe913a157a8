"""Two programs over one data folder: never two rounds at once, and nothing left to clear up after a kill (I11)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store.roundlock import RoundLock
from tests.providers.google.practice import Account, Practice, practising

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 12


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with practising("--real-clock", "--switches", json.dumps({"quotas": False})) as running:
        yield running


def program(folder: Path, account: Account, name: str, how: str = "") -> subprocess.Popen[str]:
    client = folder / "client.json"
    client.write_bytes(account.practice.client_file)
    command = [sys.executable, "-m", "tests.sync.second_program", str(folder), str(client), account.sign_in(), name]
    return subprocess.Popen(
        [*command, str(ROUNDS), *([how] if how else [])],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def both(folder: Path, account: Account, how: str = "") -> list[dict[str, Any]]:
    """Two programs at work at once, their creations slow enough to meet; what they said."""
    account.practice.fault("delay", path="createContact", seconds=0.1, times=1000)
    running = [program(folder, account, name, how) for name in "AB"]
    for one in running:
        assert one.stdout is not None
        assert json.loads(one.stdout.readline()) == {"ready": True}
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said: list[dict[str, Any]] = []
    for one in running:
        out, err = one.communicate(timeout=120)
        assert one.returncode == 0, err
        said += [json.loads(line) for line in out.splitlines()]
    return said


def test_two_programs_take_turns(tmp_path: Path, practice: Practice) -> None:
    account = practice.account()
    said = both(tmp_path, account)
    there = account.dump()
    names = [person["names"][0]["givenName"] for person in there["contacts"].values()]
    assert there["violations"] == 0
    assert len(names) == len(set(names)) == 2 * ROUNDS
    assert not any("broke" in one for one in said)
    assert any(one["waited"] for one in said)


def test_without_the_lock_they_would_not(tmp_path: Path, practice: Practice) -> None:
    """The control: this is what the lock prevents."""
    account = practice.account()
    said = both(tmp_path, account, "unlocked")
    there = account.dump()
    assert said
    assert there["violations"]


def test_a_killed_program_gives_the_lock_back(tmp_path: Path, practice: Practice) -> None:
    account = practice.account()
    first = program(tmp_path, account, "A", "hold")
    assert first.stdout is not None
    assert json.loads(first.stdout.readline()) == {"holds": True}
    lock = RoundLock(tmp_path / "ringdesk.db", "google:me")
    with pytest.raises(StoreError) as caught, lock.held():
        pytest.fail("the lock was given twice")
    assert caught.value.trouble is StoreTrouble.LOCKED
    with RoundLock(tmp_path / "ringdesk.db", "google:another").held():
        first.kill()
        first.communicate(timeout=30)
    with lock.held():
        assert True
