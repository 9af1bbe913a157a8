"""The query behind a keystroke, without the painting: beside the floor's token table, the same strings in turns."""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from importlib import import_module
from statistics import median

from ringdesk.domain.sockets import Show
from ringdesk.store.database import BUSY_MILLISECONDS
from ringdesk.store.store import open_reader
from tests.bench import books
from tests.bench.figures import Figures, percentile

KINDS = ("name", "two", "digits")
ROWS = 50


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Milliseconds by kind of text; `p50_ratio` and `p99_ratio` are those of the worst kind; one letter goes by p50."""
    book = books.book(contacts)
    book.floor_db("search")
    floor: list[Figures] = []
    ours: list[Figures] = []
    for _ in range(rounds):
        floor.append(_floor(book))
        ours.append(_ours(book))
    return {"floor": floor, "ours": ours, **_ratios(ours, floor)}


def _floor(book: books.Book) -> Figures:
    found = json.loads(books.run(books.FLOORS / "bench_search.py", str(book.generated), "tokidx_sql"))
    figures: Figures = {kind: {"p50": found[kind][0], "p99": found[kind][1]} for kind in KINDS}
    return {**figures, "one_letter": found["1char_p50"]}


def _ours(book: books.Book) -> Figures:
    sys.path.insert(0, str(books.FLOORS))
    texts: dict[str, list[str]] = import_module("common").typed(str(book.generated), 60)
    with closing(open_reader(book.data / "ringdesk.db", books.REGION, BUSY_MILLISECONDS)) as reader:

        def milliseconds(text: str) -> float:
            began = time.perf_counter()
            reader.contacts.search(text, Show(), 0, ROWS)
            return (time.perf_counter() - began) * 1e3

        figures: Figures = {}
        for kind in KINDS:
            for text in texts[kind][:5]:
                milliseconds(text)
            taken = [milliseconds(text) for text in texts[kind]]
            figures[kind] = {"p50": round(percentile(taken, 0.5), 3), "p99": round(percentile(taken, 0.99), 3)}
        letters = [text for text in texts["name"] if len(text) == 1][:10]
        figures["one_letter"] = round(median(milliseconds(text) for text in letters), 3)
    return figures


def _ratios(ours: list[Figures], floor: list[Figures]) -> Figures:
    figures: Figures = {}
    for part in ("p50", "p99"):
        by_kind = {
            kind: round(median(o[kind][part] for o in ours) / median(f[kind][part] for f in floor), 3) for kind in KINDS
        }
        figures |= {f"{kind}_{part}_ratio": value for kind, value in by_kind.items()}
        figures[f"{part}_ratio"] = max(by_kind.values())
    letter = median(o["one_letter"] for o in ours) / median(f["one_letter"] for f in floor)
    return {**figures, "one_letter_ratio": round(letter, 3)}
