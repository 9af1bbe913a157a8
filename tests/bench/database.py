"""The size of the database, beside the one the floor of importing writes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import books
from tests.bench.figures import Figures
from tests.bench.importing import FLOOR_LINE

VARIANT = "vcf+phonenumbers"
"""What of the floor is like our import: the same file, the same phone library."""


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Megabytes, ours after a checkpoint."""
    book = books.book(contacts)
    ours = sum(path.stat().st_size for path in book.data.glob("ringdesk.db*")) / 1e6
    floor = floor_megabytes(book)
    return {"floor": {"mb": floor}, "ours": {"mb": round(ours, 1)}, "size_ratio": round(ours / floor, 3)}


def floor_megabytes(book: books.Book) -> float:
    """What the floor's database takes; the same every time, so it is written once a size and remembered."""
    known = book.folder / f"floor{book.contacts}.mb"
    if not known.exists():
        known.write_text(str(_written(book)), encoding="ascii")
    return float(known.read_text(encoding="ascii"))


def _written(book: books.Book) -> float:
    """Run the floor until it has told the size: after that it would only measure its time again and again."""
    script = [sys.executable, str(books.FLOORS / "bench_import.py"), str(book.generated)]
    with TemporaryDirectory(dir=book.folder) as folder:
        environment = books.floor_environment(Path(folder))
        with subprocess.Popen(script, stdout=subprocess.PIPE, text=True, env=environment) as floor:
            assert floor.stdout is not None
            told = next((line for line in floor.stdout if line.startswith(VARIANT)), "")
            floor.kill()
    found = re.search(FLOOR_LINE, told)
    if found is None:
        raise LookupError(f"the floor said nothing of {VARIANT}")
    return float(found["mb"])
