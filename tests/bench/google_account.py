"""A large Google account: requests, CPU and memory of the client, beside a floor that only decodes and stores."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.bench import books
from tests.bench.figures import Figures, middle, ratio
from tests.bench.process import child
from tests.bench.rooms.google_account import NOTES, PHONES
from tests.providers.google.practice import practising

ROW: Final = re.compile(r"json n=(\d+) cpu ([\d.]+)s")
PAGE, BATCH = 1000, 200
CAP: Final = 25_000
"""So many contacts a real account holds at most; a round that finds nothing must cost the same with more."""


def measure(contacts: int, rounds: int, further: Sequence[str]) -> Figures:
    """Figures of both, in turns; `exact` says whether every count of requests is the least there can be."""
    del further
    ours: list[Figures] = []
    floor: list[Figures] = []
    for _ in range(rounds):
        with TemporaryDirectory() as folder, practising() as practice:
            practice.turn(contact_cap=max(CAP, contacts))
            account = practice.account()
            known = (str(contacts), folder, json.dumps(practice.introduction), account.email)
            ours.append(child("google_account", "made", *known) | child("google_account", "pulled", *known))
            floor.append({"pull_cpu_s": _floor(Path(folder), contacts)})
    least = {
        "pull_requests": ceil(contacts / PAGE) + 1,
        "creates": ceil(contacts / BATCH),
        "updates": _batches(min(contacts, NOTES)) + _batches(max(0, min(contacts - NOTES, PHONES))),
    }
    return {
        "ours": ours,
        "floor": floor,
        "least": least,
        "exact": all(one[name] == count for one in ours for name, count in least.items()),
        "pull_ratio": ratio(ours, floor, "pull_cpu_s"),
        "idle_requests": max(one["idle_requests"] for one in ours),
        "idle_ms": middle(ours, "idle_ms"),
        "pss_ratio": round(middle(ours, "pss_idle_mb") / middle(ours, "pss_stack_mb"), 3),
        "pss_growth_mb": middle(ours, "pss_growth_mb"),
        "own_growth_mb": middle(ours, "own_growth_mb"),
    }


def _batches(count: int) -> int:
    """Five go one by one, more in batches."""
    whole, rest = divmod(count, BATCH)
    return whole + (rest if rest <= 5 else 1)


def _floor(folder: Path, contacts: int) -> float:
    """CPU seconds of the row `json` of bench_google.py over the same pages: the median of three."""
    environment = {**books.floor_environment(folder), "PYTHONPATH": str(books.FLOORS)}
    command = [sys.executable, "-c", _JSON_ROW, str(folder), str(books.FLOORS / "bench_google.py")]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=1800)
    found = sorted(float(seconds) for count, seconds in ROW.findall(done.stdout) if int(count) == contacts)
    if not found:
        raise RuntimeError(f"the floor gave no figure:\n{done.stdout}{done.stderr}")
    return found[len(found) // 2]


_JSON_ROW: Final = """
import json, sys, types
other = types.SimpleNamespace(loads=json.loads, Struct=object,
                              json=types.SimpleNamespace(Decoder=lambda *_: types.SimpleNamespace(decode=json.loads)))
sys.modules["orjson"] = sys.modules["msgspec"] = other  # rows that are not asked for
path = sys.argv.pop()
floor = {"__file__": path, "__name__": "floor"}
exec(compile(open(path).read().split("import phonenumbers, rphonenumbers")[0], path, "exec"), floor)
for _ in range(3):
    wall, cpu, count, size = floor["store"](json.loads, False, None)
    print(f"json n={count} cpu {cpu:.3f}s")
"""
"""Runs the floor as it is as far as its function `store`, then that function as its row `json` does."""
