"""From a call's event to its painted pop, by way of feed, tracker, lookup and desk, beside the least that could do it.

The floor asks the same numbers of its own SQLite file and shows one hidden window again with three labels. Between
two of its calls it waits 20 to 50 ms; ours are 60 to 180 ms apart, which keeps the producer within the feed's 20 events
a second and its burst of 50 unused. The first call of a process is reported by itself.
"""

from __future__ import annotations

import re
from typing import Final

from tests.bench import books, process
from tests.bench.figures import Figures, middle, ratio, summary

LINE: Final = re.compile(r"paint p50 (?P<p50>[\d.]+) p99 (?P<p99>[\d.]+) max (?P<max>[\d.]+);.* first (?P<first>\d+)")
CALLS: Final = 150
FIRST_TIMES, FIRST_MORE_MS = 3, 5
"""The bar of the first call: so many times the later p50, and so many milliseconds."""


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Milliseconds from the sender's stamp to the end of the paint. `further`: calls a round."""
    count = int(further[0]) if further else CALLS if contacts > 1000 else 20
    book = books.book(contacts)
    data, database = book.copy("pop"), book.floor_db("lookup")
    floor: list[Figures] = []
    ours: list[Figures] = []
    for _ in range(rounds):
        floor.append(floor_of_calls(str(database), str(book.queries), count))
        ours.append(_ours(process.child("pop", str(data), str(book.queries), str(count))["times"]))
    first, later = middle(ours, "first"), middle(ours, "p50")
    return {
        "floor": floor,
        "ours": ours,
        "p50_ratio": ratio(ours, floor, "p50"),
        "p99_ratio": ratio(ours, floor, "p99"),
        "first_ms": round(first, 3),
        "first_floor_ms": round(middle(floor, "first"), 3),
        "first_bar_ms": round(FIRST_TIMES * later + FIRST_MORE_MS, 3),
    }


def floor_of_calls(database: str, queries: str, count: int) -> Figures:
    """So many calls of the floor: milliseconds to the end of the paint, the first one by itself."""
    choice = {"MODES": "qasync", "POPS": "pre", "REPS": "1"}
    script = books.FLOORS / "bench_pop.py"
    printed = books.run(script, str(count), "--db", database, "--queries", queries, **choice)
    found = LINE.search(printed)
    if found is None:
        raise LookupError(f"the floor said: {printed[-500:]}")
    return {name: round(float(value) / 1e3, 3) for name, value in found.groupdict().items()}


def _ours(times: list[float]) -> Figures:
    """As the floor reckons: the first tenth is left out."""
    return {**summary(times[max(1, len(times) // 10) :]), "first": round(times[0], 3)}
