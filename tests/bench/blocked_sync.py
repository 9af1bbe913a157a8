"""The longest time the window does not react while a Google account is synced for the first time, letters and pops.

Beside it, in the same seconds, a process that does nothing but look at its timer: what the machine itself takes.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Final

from tests.bench import books, process
from tests.bench.figures import Figures, middle, percentile

BAR_MS: Final = 50.0


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Milliseconds of the largest gap of a 1 ms timer in the Qt thread; the bar is max(50 ms, 2x the witness's).

    The ratios of letters and pops are those during the sync over those of the ten seconds after it.
    """
    witness: list[Figures] = []
    ours: list[Figures] = []
    for _ in range(rounds):
        folder = Path(tempfile.mkdtemp(prefix="ringdesk-blocked-sync-"))
        try:
            (folder / "settings.json").write_text(json.dumps({"region": books.REGION}), encoding="utf-8")
            told = process.child("blocked_sync", str(folder), str(contacts))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        witness.append(_gaps(told["witness"]))
        letters, pops = told["quiet"]
        took = {
            **_times("letter", told["letters"]),
            **_times("letter_quiet", letters),
            **_times("pop", told["pops"]),
            **_times("pop_quiet", pops),
        }
        ours.append({**_gaps(told["syncing"]), **took, "seconds": told["seconds"]})
    return {
        "floor": witness,
        "ours": ours,
        "max_ms": round(middle(ours, "max"), 2),
        "bar_ms": round(max(BAR_MS, 2 * middle(witness, "max")), 2),
        "p99_ms": round(middle(ours, "p99"), 2),
        "letter_ratio": round(middle(ours, "letter_median") / middle(ours, "letter_quiet_median"), 3),
        "pop_ratio": round(middle(ours, "pop_median") / middle(ours, "pop_quiet_median"), 3),
    }


def _times(name: str, took: list[float]) -> Figures:
    """How long something took, beside how many there were."""
    median = round(percentile(took, 0.5), 2)
    return {f"{name}_median": median, f"{name}_max": round(max(took), 2), f"{name}_count": len(took)}


def _gaps(gaps: list[float]) -> Figures:
    return {
        "ticks": len(gaps),
        "p99": round(percentile(gaps, 0.99), 2),
        "p999": round(percentile(gaps, 0.999), 2),
        "max": round(max(gaps), 2),
    }
