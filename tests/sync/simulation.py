"""The whole system in one process, many times: real stores on failing disks, the practice Google, two desks, people.

    python tests/bench/run.py sync-simulation --schedules 2000 --seed 1 [--jobs 2] [--json] [--mutant NAME]

Exit status 1 where any schedule found a fault. `life` is one schedule, `judge` says what is wrong at its end.

What is real: the engine with every request and every commit; the store with its SQL and its schema; in the third of
the schedules where disks fail, SQLite over a disk in memory that cuts the power at any change and forgets what was not
synced (`tests.disk`); the provider, its tokens, refusals and JSON; the practice Google with what is not known of the
real one decided by chance; two desks.

What is not: where no disk fails, SQLite keeps its database in memory, emptied for the next schedule, and a kill leaves
what was committed; writes are inline, without the writer's thread; time, ids, chance and pauses are the seed's, and
clocks of desks may be wrong; a store begins as the image of a template instead of taking its schema steps; seven of
eight schedules hand requests over without encoding them (`google_client`, held to the real client by a test); no
socket, no TLS, no keyring, no window. Sign-in, the wire and the worker's thread have tests of their own.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ringdesk.store import store
from ringdesk.store.migrations import steps
from tests.sync.accounts import MemoryAccount
from tests.sync.desk import Desk, VirtualClock
from tests.sync.drives import file_drive
from tests.sync.life import World
from tests.sync.memory_remote import MemoryBook, Server
from tests.sync.mutants import MUTANTS
from tests.sync.parts import Outcome, Parts

A_LOT = 100
"""Seeds that a process of several takes at a time."""
A_HEAP = 50_000
"""So many values more than before, and garbage is looked for: some schedules come to that together."""


def run_one(seed: int, parts: Parts, *, mutant: str = "") -> Outcome:
    """One seed, in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=_quick()) as folder, MUTANTS[mutant]() if mutant else nullcontext():
        world = World(seed, Path(folder), parts)
        try:
            return world.run()
        except Exception as error:  # noqa: BLE001  # whatever breaks a run is what it found, and the next one follows
            place = traceback.extract_tb(error.__traceback__)[-1]
            return Outcome(seed, [f"broke: {error!r} in {place.name}, {place.filename}:{place.lineno}"], Counter(), "")


@contextmanager
def _collected() -> Iterator[None]:
    """Look for garbage seldom: nearly all that a schedule makes goes by itself, and looking takes time."""
    before = gc.get_threshold()
    gc.set_threshold(A_HEAP, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _quick() -> str | None:
    """A folder in memory, where the system has one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def made_template(folder: Path) -> Path:
    """An empty store with the account in it, to be copied for every desk."""
    path = folder / "template.db"
    clock = VirtualClock()
    Desk(path, MemoryBook(Server(clock)), clock).close()
    return path


def in_memory() -> Parts:
    """The account in memory and a good disk: what is quick."""
    return Parts(account=MemoryAccount, drive=file_drive, sound=file_drive)


@dataclass
class Found:
    """What some schedules came to."""

    ran: int = 0
    injected: Counter[str] = field(default_factory=Counter)
    failed: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0


def run_many(
    schedules: int,
    seed: int,
    *,
    mutant: str = "",
    parts: Parts | None = None,
    stop_at: int | None = None,
    jobs: int = 1,
) -> dict[str, Any]:
    """Many seeds; gives what a report needs. `stop_at` so many failed seeds; `jobs`: processes that share the seeds."""
    begun = time.perf_counter()
    seeds = range(seed, seed + schedules)
    if jobs == 1:
        found = _some(seeds, mutant=mutant, parts=parts, stop_at=stop_at)
    else:
        found = _shared(seeds, jobs, mutant=mutant, parts=parts)
    return {
        "schedules": found.ran,
        "seed": seed,
        "mutant": mutant or None,
        "failed": len(found.failed),
        "faults": [{"seed": one.seed, "what": one.faults[:5]} for one in found.failed[:20]],
        "injected": dict(sorted(found.injected.items())),
        "seconds": round(time.perf_counter() - begun, 2),
        "cpu_seconds": round(found.seconds, 2),
    }


def _some(seeds: Sequence[int], *, mutant: str, parts: Parts | None, stop_at: int | None = None) -> Found:
    used, found = time.process_time(), Found()
    with tempfile.TemporaryDirectory(dir=_quick()) as folder, patch.object(store, "steps", cache(steps)), _collected():
        parts = parts or Parts()
        if parts.template is None:
            parts = replace(parts, template=made_template(Path(folder)))
        for one in seeds:
            outcome = run_one(one, parts, mutant=mutant)
            found.ran += 1
            found.injected += outcome.injected
            if outcome.faults:
                found.failed.append(outcome)
                if stop_at is not None and len(found.failed) >= stop_at:
                    break
    found.seconds = time.process_time() - used
    return found


def _shared(seeds: Sequence[int], jobs: int, *, mutant: str, parts: Parts | None) -> Found:
    """The same by several processes, a hundred seeds at a time; a seed knows nothing of those before it."""
    lots = [seeds[start : start + A_LOT] for start in range(0, len(seeds), A_LOT)]
    whole = Found()
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_begin) as pool:
        for one in pool.map(partial(_some, mutant=mutant, parts=parts), lots):
            whole.ran += one.ran
            whole.injected += one.injected
            whole.failed += one.failed
            whole.seconds += one.seconds
    return whole


def _begin() -> None:
    """What one of several processes does first: nothing loaded so far is garbage, and refused writes are no news."""
    logging.disable(logging.CRITICAL)
    gc.freeze()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="run.py sync-simulation", description=__doc__)
    parser.add_argument("--schedules", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    parser.add_argument("--mutant", choices=sorted(MUTANTS), default="", help="break the engine in this way")
    parser.add_argument("--list-mutants", action="store_true")
    parser.add_argument("--jobs", type=int, default=1, help="processes; the result is the same for any number")
    parser.add_argument("--memory", action="store_true", help="the account in memory instead of the practice Google")
    chosen = parser.parse_args(arguments)
    if chosen.list_mutants:
        print("\n".join(sorted(MUTANTS)))
        return 0
    gc.freeze()
    parts = in_memory() if chosen.memory else Parts()
    found = run_many(chosen.schedules, chosen.seed, mutant=chosen.mutant, parts=parts, jobs=chosen.jobs)
    print(json.dumps(found, indent=None if chosen.json else 1))
    return 1 if found["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
