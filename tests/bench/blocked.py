"""The longest time the window does not react while a file is imported, beside a window whose thread does the least."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.bench import books, process
from tests.bench.figures import Figures, middle, percentile

BAR_MS: Final = 50.0


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Milliseconds of the largest gap of a 1 ms timer in the Qt thread; the bar is max(50 ms, 2x the floor's)."""
    book = books.book(contacts)
    floor: list[Figures] = []
    ours: list[Figures] = []
    for _ in range(rounds):
        floor.append(_gaps(_floor(book)["gaps"]))
        told = process.child("blocked", str(_fresh(book)), str(book.generated / "contacts.vcf"))
        ours.append({**_gaps(told["taking"]), "looking_max": round(max(told["looking"]), 2), "taken": told["taken"]})
    return {
        "floor": floor,
        "ours": ours,
        "max_ms": round(middle(ours, "max"), 2),
        "bar_ms": round(max(BAR_MS, 2 * middle(floor, "max")), 2),
        "max_ratio": round(middle(ours, "max") / middle(floor, "max"), 3),
    }


def _gaps(gaps: list[float]) -> Figures:
    return {
        "ticks": len(gaps),
        "p99": round(percentile(gaps, 0.99), 2),
        "p999": round(percentile(gaps, 0.999), 2),
        "max": round(max(gaps), 2),
    }


def _fresh(book: books.Book) -> Path:
    folder = book.folder / "blocked-round"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "settings.json").write_text(json.dumps({"region": books.REGION}), encoding="utf-8")
    return folder


def _floor(book: books.Book) -> Figures:
    command = [sys.executable, str(books.HERE / "floor_blocked.py"), str(book.generated / "contacts.vcf")]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=True)
    figures: Figures = json.loads(done.stdout)
    return figures
