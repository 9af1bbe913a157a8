"""The power goes at any moment: what was acknowledged is there, whole, and nothing else is.

The store runs on the simulated disk of `tests.disk`. A run of random deeds is recorded, then cut at random points of
its journal. 2,000 cuts in every run of the tests, 100,000 with `-m soak`. The controls leave out what makes it safe
and must be caught.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import pytest

from ringdesk.store import contacts_write
from ringdesk.store.migrations import steps
from tests.disk.cuts import landed, record, wrong_after
from tests.disk.media import Faults

CUTS, SOAK = 2_000, 100_000
A_RUN = 40
"""Cuts of one recorded run: recording costs as much as about ten."""

DEEDS = 8
SMALL = 3
"""Contacts in one transaction, where many are changed at once."""


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Imports, deletions and undos take several transactions although they are short here."""
    monkeypatch.setattr(contacts_write, "MOST_AT_ONCE", SMALL)


def cut(
    seed: int, image: Mapping[str, bytes], deeds: int = DEEDS, faults: Faults | None = None, **pragmas: object
) -> Counter[str]:
    """Record one run and cut it A_RUN times; how often it was found how."""
    run = record(image, seed, deeds, faults, **pragmas)
    chance = random.Random(f"cuts of {seed}")
    found: Counter[str] = Counter()
    known: set[bytes] = set()
    for _ in range(A_RUN):
        at = chance.randrange(len(run.disk.journal))
        found[wrong_after(run, at, chance, known).partition(":")[0]] += 1
    return found


def cut_of_any(seed: int) -> Counter[str]:
    """Cuts of one run, which begins in one of the states a disk can be in when RingDesk starts."""
    return cut(seed, landed(seed % (len(steps()) + 1)))


def many(cuts: int, first: int) -> Counter[str]:
    """So many cuts, from every state a disk can be in when RingDesk starts."""
    return sum(map(cut_of_any, range(first, first + cuts // A_RUN)), Counter())


def small_steps() -> None:
    """What `_small_steps` does, in a process of its own."""
    pytest.MonkeyPatch().setattr(contacts_write, "MOST_AT_ONCE", SMALL)


def test_two_thousand_cuts_lose_nothing() -> None:
    assert many(CUTS, 0) == {"": CUTS}


@pytest.mark.parametrize("version", range(len(steps())))
def test_every_moment_of_a_migration_is_survived(version: int) -> None:
    run = record(landed(version), 0, 0)
    chance = random.Random(version)
    known: set[bytes] = set()
    wrong = [wrong_after(run, at, chance, known) for at in range(len(run.disk.journal) + 1)]
    assert len(wrong) > 50
    assert not any(wrong)


@pytest.mark.parametrize("leaving_out", ["the sync", "most syncs", "a disk that tells the truth"])
def test_controls_are_caught(leaving_out: str) -> None:
    pragmas = {"the sync": {"synchronous": "OFF"}, "most syncs": {"synchronous": "NORMAL"}}.get(leaving_out, {})
    faults = Faults(lies=leaving_out == "a disk that tells the truth")
    found: Counter[str] = Counter()
    for seed in range(5):
        found += cut(seed, landed(len(steps())), DEEDS, faults, **pragmas)
    print(leaving_out, dict(found))
    assert found.total() - found[""] > found.total() // 10
    assert (found["lost or half kept"] == found.total() - found[""]) == (leaving_out == "most syncs")


@pytest.mark.parametrize("seed", range(20))
def test_a_program_that_sees_the_power_go_acknowledges_nothing_more(seed: int) -> None:
    whole = record(landed(len(steps())), seed, DEEDS)
    off_at = random.Random(seed).randrange(len(whole.disk.journal))
    broken = record(landed(len(steps())), seed, DEEDS, Faults(off_at=off_at))
    assert [kept for kept in whole.kept if kept[0] <= off_at] == broken.kept
    assert wrong_after(replace(broken, kept=whole.kept), off_at, random.Random(seed), set()) == ""


def test_one_seed_is_one_run() -> None:
    one, two = record({}, 5, DEEDS), record({}, 5, DEEDS)
    assert one.kept == two.kept
    assert [(type(op), op.name) for op in one.disk.journal] == [(type(op), op.name) for op in two.disk.journal]
    at = len(one.disk.journal) // 2
    assert one.disk.cut(at, random.Random(1)).files == one.disk.cut(at, random.Random(1)).files


@pytest.mark.soak
def test_a_hundred_thousand_cuts_lose_nothing() -> None:
    """On every processor there is: the runs know nothing of each other."""
    seeds = range(CUTS, CUTS + SOAK // A_RUN)
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=small_steps) as processes:
        found = dict(zip(seeds, processes.map(cut_of_any, seeds, chunksize=10), strict=True))
    assert {seed: dict(wrong) for seed, wrong in found.items() if wrong != {"": A_RUN}} == {}
