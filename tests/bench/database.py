"""The size of the database, beside the one the floor of importing writes."""

from __future__ import annotations

import re

from tests.bench import books
from tests.bench.figures import Figures
from tests.bench.importing import FLOOR_LINE


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Megabytes, ours after a checkpoint."""
    book = books.book(contacts)
    ours = sum(path.stat().st_size for path in book.data.glob("ringdesk.db*")) / 1e6
    printed = books.run(books.FLOORS / "bench_import.py", str(book.generated))
    found = [re.search(FLOOR_LINE, line) for line in printed.splitlines() if line.startswith("vcf+phonenumbers")]
    floor = [float(match["mb"]) for match in found if match]
    return {"floor": {"mb": floor[0]}, "ours": {"mb": round(ours, 1)}, "size_ratio": round(ours / floor[0], 3)}
