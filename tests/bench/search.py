"""From a keystroke to the painted hits: the real pane on the real store, beside a table view over SQL tokens."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Final

from tests.bench import books, floors_code, process
from tests.bench.figures import Figures, ratio, summary

LEAST: Final = 2000
"""The floor types every 997th name: with fewer contacts it has nothing to type."""


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Milliseconds; the floor's own keystrokes, sent as the floor sends them; letters are ours alone."""
    book = books.book(max(contacts, LEAST))
    database, keys = book.floor_db("search"), book.folder / f"keys{book.contacts}.json"
    keys.write_text(json.dumps(typed(database)), encoding="utf-8")
    data = book.copy("search")
    floor: list[Figures] = []
    ours: list[Figures] = []
    letters: list[Figures] = []
    for _ in range(rounds):
        printed = books.run(books.FLOORS / "bench_list.py", str(book.contacts), str(database), VIEW="table")
        floor.append(floors_code.row(printed, "keystroke"))
        times = process.child("search", str(data), str(keys))
        ours.append(summary(times["keystroke"]))
        letters.append(summary(times["letter"]))
    return {
        "floor": floor,
        "ours": ours,
        "one_letter": letters,
        "p50_ratio": ratio(ours, floor, "p50"),
        "p99_ratio": ratio(ours, floor, "p99"),
        "one_letter_p50_ratio": ratio(letters, floor, "p50"),
        "one_letter_p99_ratio": ratio(letters, floor, "p99"),
    }


def typed(database: Path) -> list[str]:
    """The beginnings of names the floor types (bench_list.py's `keys`)."""
    with sqlite3.connect(database) as connection:
        names = [name for (name,) in connection.execute("select name from contact where id%997=0 limit 40")]
    connection.close()
    lasts = [name.split()[-1] for name in names]
    return [last[:size] for last in lasts for size in range(1, min(6, len(last)) + 1)]
