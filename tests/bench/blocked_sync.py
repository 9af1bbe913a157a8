"""The longest time the window does not react while a Google account is synced for the first time; pops and keystrokes.

Beside it, in the same seconds, a process that does nothing but look at its timer: what the machine itself takes.

Pops and keystrokes have the floors of `pop` and `search`, run in the same round, with a book of the same size and as
many calls. `pop_p50_ratio` and the like are over the floor alone. A pull has no neighbour whose work is not ours: the
practice Google takes `google_part` of a core meanwhile, a few hundredths, for it has its pages ready. But a thread of
ours works all the time, and would take a core of a small machine away from desktop and window in a process of its own
too. So `pop_busy_floor_p50_ratio` and the like are over the same floor beside a process that keeps one core busy: what
is left of the ratio there is how the threads of one interpreter share it. `pop_over_quiet` and `keystroke_over_quiet`
are ours over ours of ten seconds after the last picture was there. Pictures come after the contacts: `pictures` is told
of ten seconds of those.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from tests.bench import books, floors_code, process
from tests.bench.busy_core import busy_core
from tests.bench.figures import Figures, middle, percentile, ratio, summary
from tests.bench.pop import floor_of_calls
from tests.bench.search import LEAST

BAR_MS: Final = 50.0
LEAST_CALLS: Final = 20
KINDS: Final = ("pop", "keystroke")
TOLD: Final = {"pop": "pops", "keystroke": "letters"}


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Milliseconds of the largest gap of a 1 ms timer in the Qt thread; the bar is max(50 ms, 2x the witness's)."""
    book = books.book(max(contacts, LEAST))
    databases = book.floor_db("lookup"), book.floor_db("search")
    witness: list[Figures] = []
    ours: list[Figures] = []
    floors: dict[str, list[Figures]] = {f"{kind}{beside}": [] for kind in KINDS for beside in ("", "_busy")}
    for number in range(rounds):
        told = _ours(contacts)
        witness.append(_gaps(told["witness"]))
        ours.append(_figures(told))
        calls = max(LEAST_CALLS, len(told["pops"]))
        for beside in ("", "_busy") if number % 2 else ("_busy", ""):  # neither is always the one after ours
            with busy_core() if beside else nullcontext():
                for kind, figures in _floor(book, databases, calls).items():
                    floors[f"{kind}{beside}"].append(figures)
    return {
        "floor": witness,
        "ours": ours,
        **{f"{name}_floor": figures for name, figures in floors.items()},
        "max_ms": round(middle(ours, "max"), 2),
        "bar_ms": round(max(BAR_MS, 2 * middle(witness, "max")), 2),
        "p99_ms": round(middle(ours, "p99"), 2),
        **_ratios(ours, floors),
    }


def _ours(contacts: int) -> Figures:
    folder = Path(tempfile.mkdtemp(prefix="ringdesk-blocked-sync-"))
    try:
        (folder / "settings.json").write_text(json.dumps({"region": books.REGION}), encoding="utf-8")
        return process.child("blocked_sync", str(folder), str(contacts))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _figures(told: Figures) -> Figures:
    times = {"": told, "_pictures": told["pictures"], "_quiet": told["quiet"]}
    took = {f"{kind}{when}": some[TOLD[kind]] for when, some in times.items() for kind in KINDS}
    rest = {"seconds": told["seconds"], "google_part": round(told["google_part"], 2)}
    return {**_gaps(told["syncing"]), **{name: summary(times) for name, times in took.items()}, **rest}


def _floor(book: books.Book, databases: tuple[Path, Path], calls: int) -> dict[str, Figures]:
    lookup, search = databases
    printed = books.run(books.FLOORS / "bench_list.py", str(book.contacts), str(search), VIEW="table")
    return {
        "pop": floor_of_calls(str(lookup), str(book.queries), calls),
        "keystroke": floors_code.row(printed, "keystroke"),
    }


def _ratios(ours: Sequence[Figures], floors: dict[str, list[Figures]]) -> dict[str, float]:
    """Of pops and keystrokes: over the floor alone and beside a busy core, and over ours when quiet."""
    found: dict[str, float] = {}
    for kind in KINDS:
        syncing, quiet = [one[kind] for one in ours], [one[f"{kind}_quiet"] for one in ours]
        for part in ("p50", "p99"):
            found[f"{kind}_{part}_ratio"] = ratio(syncing, floors[kind], part)
            found[f"{kind}_pictures_{part}_ratio"] = ratio(
                [one[f"{kind}_pictures"] for one in ours], floors[kind], part
            )
            found[f"{kind}_busy_floor_{part}_ratio"] = ratio(syncing, floors[f"{kind}_busy"], part)
        found[f"{kind}_over_quiet"] = ratio(syncing, quiet, "p50")
    return found


def _gaps(gaps: list[float]) -> Figures:
    return {
        "ticks": len(gaps),
        "p99": round(percentile(gaps, 0.99), 2),
        "p999": round(percentile(gaps, 0.999), 2),
        "max": round(max(gaps), 2),
    }
