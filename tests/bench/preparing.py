"""Makes everything the other benchmarks need of a book of this size, so that they only measure."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.bench import books, database
from tests.bench.figures import Figures


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Seconds each part took; 0 where it was there."""
    book = books.Book(contacts, books.scratch())
    parts: dict[str, Callable[[], object]] = {
        "book": book.make,
        "floor_of_pop": lambda: book.floor_db("lookup"),
        "floor_of_search": lambda: book.floor_db("search"),
        "floor_of_database": lambda: database.floor_megabytes(book),
    }
    return {name: _seconds(make) for name, make in parts.items()}


def _seconds(make: Callable[[], object]) -> float:
    began = time.monotonic()
    make()
    return round(time.monotonic() - began, 1)
