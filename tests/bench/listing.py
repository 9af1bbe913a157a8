"""The whole list until it is painted: shown, scrolled to random places and by the wheel, shown again after a search."""

from __future__ import annotations

from typing import Final

from tests.bench import books, floors_code, process
from tests.bench.figures import Figures, ratio, summary

ROWS: Final = {
    "show": "reset_full",
    "scroll": "scroll_random",
    "wheel": "scroll_wheel",
    "clear": "keystroke_clear_to_full",
}
"""Ours, and the floor's name for it."""


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Milliseconds to the painted list; the floor is a table view whose model makes its rows out of nothing."""
    book = books.book(contacts)
    data = book.copy("listing")
    floor: dict[str, list[Figures]] = {name: [] for name in ROWS}
    ours: dict[str, list[Figures]] = {name: [] for name in ROWS}
    for _ in range(rounds):
        printed = books.run(books.FLOORS / "bench_list.py", str(contacts), VIEW="table")
        times = process.child("listing", str(data))
        for name, row in ROWS.items():
            floor[name].append(floors_code.row(printed, row))
            ours[name].append(summary(times[name]))
    ratios = {f"{name}_ratio": ratio(ours[name], floor[name], "p50") for name in ROWS}
    tails = {f"{name}_p99_ratio": ratio(ours[name], floor[name], "p99") for name in ROWS}
    return {"floor": floor, "ours": ours, **ratios, **tails}
