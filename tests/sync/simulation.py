"""The whole system in one process, many times: real stores on failing disks, the practice Google, two desks, people.

    python tests/bench/run.py sync-simulation --schedules 2000 --seed 1 --json [--mutant NAME] [--list-mutants]

Exit status 1 where any schedule found a fault. `life` is one schedule.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.sync.accounts import MemoryAccount
from tests.sync.desk import Desk, VirtualClock
from tests.sync.drives import file_drive
from tests.sync.life import Outcome, Parts, World
from tests.sync.memory_remote import MemoryBook, Server
from tests.sync.mutants import MUTANTS


def run_one(seed: int, parts: Parts, *, mutant: str = "") -> Outcome:
    """One seed, in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=_quick()) as folder, MUTANTS[mutant]() if mutant else nullcontext():
        world = World(seed, Path(folder), parts)
        try:
            return world.run()
        except Exception as error:  # noqa: BLE001  # whatever breaks a run is what it found, and the next one follows
            place = traceback.extract_tb(error.__traceback__)[-1]
            return Outcome(seed, [f"broke: {error!r} in {place.name}, {place.filename}:{place.lineno}"], Counter(), "")


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
    return Parts(account=MemoryAccount, drive=file_drive)


def run_many(
    schedules: int, seed: int, *, mutant: str = "", parts: Parts | None = None, stop_at: int | None = None
) -> dict[str, Any]:
    """Many seeds; gives what a report needs. `stop_at` so many failed seeds."""
    begun, used = time.perf_counter(), time.process_time()
    injected: Counter[str] = Counter()
    failed: list[Outcome] = []
    ran = 0
    with tempfile.TemporaryDirectory(dir=_quick()) as folder:
        parts = parts or Parts()
        if parts.template is None:
            parts = replace(parts, template=made_template(Path(folder)))
        for one in range(seed, seed + schedules):
            outcome = run_one(one, parts, mutant=mutant)
            ran += 1
            injected += outcome.injected
            if outcome.faults:
                failed.append(outcome)
                if stop_at is not None and len(failed) >= stop_at:
                    break
    return {
        "schedules": ran,
        "seed": seed,
        "mutant": mutant or None,
        "failed": len(failed),
        "faults": [{"seed": one.seed, "what": one.faults[:5]} for one in failed[:20]],
        "injected": dict(sorted(injected.items())),
        "seconds": round(time.perf_counter() - begun, 2),
        "cpu_seconds": round(time.process_time() - used, 2),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="run.py sync-simulation", description=__doc__)
    parser.add_argument("--schedules", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    parser.add_argument("--mutant", choices=sorted(MUTANTS), default="", help="break the engine in this way")
    parser.add_argument("--list-mutants", action="store_true")
    parser.add_argument("--memory", action="store_true", help="the account in memory instead of the practice Google")
    chosen = parser.parse_args(arguments)
    if chosen.list_mutants:
        print("\n".join(sorted(MUTANTS)))
        return 0
    gc.freeze()
    parts = in_memory() if chosen.memory else Parts()
    found = run_many(chosen.schedules, chosen.seed, mutant=chosen.mutant, parts=parts)
    print(json.dumps(found, indent=None if chosen.json else 1))
    return 1 if found["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
