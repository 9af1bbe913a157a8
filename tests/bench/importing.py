"""Import of a vCard file: parse, read the numbers, store with all lookup tables; CPU seconds and contacts a second."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import sys
import time

from tests.bench import books
from tests.bench.figures import Figures, ratio

FLOOR_LINE = r"wall (?P<wall>[\d.]+)s \(parse [\d.]+\) cpu (?P<cpu>[\d.]+)s .* db (?P<mb>[\d.]+) MB"


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Wall and CPU seconds of a whole `ringdesk import`, beside the floor's (same phone library)."""
    book = books.book(contacts)
    floor: list[Figures] = []
    ours: list[Figures] = []
    for _ in range(rounds):
        printed = books.run(books.FLOORS / "bench_import.py", str(book.generated))
        lines = [re.search(FLOOR_LINE, line) for line in printed.splitlines() if line.startswith("vcf+phonenumbers")]
        floor += [{"wall": float(m["wall"]), "cpu": float(m["cpu"])} for m in lines if m]
        ours.append(_ours(book))
    return {
        "floor": floor,
        "ours": ours,
        "wall_ratio": ratio(ours, floor, "wall"),
        "cpu_ratio": ratio(ours, floor, "cpu"),
    }


def _ours(book: books.Book) -> Figures:
    folder = book.folder / "import-round"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "settings.json").write_text(f'{{"region": "{books.REGION}"}}', encoding="utf-8")
    command = [sys.executable, "-m", "ringdesk", "import", str(book.generated / "contacts.vcf"), "--data", str(folder)]
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    shutil.rmtree(folder)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": round(time.perf_counter() - began, 3), "cpu": round(cpu, 3)}
