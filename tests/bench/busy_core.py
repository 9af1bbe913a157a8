"""A process that keeps one core busy: what stands beside a floor while threads of ours work.

usage: python -m tests.bench.busy_core      (until it is ended)
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import books


@contextmanager
def busy_core() -> Iterator[None]:
    """Have one beside whatever is run inside."""
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.busy_core"], cwd=books.HERE.parents[1])
    try:
        yield
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    while True:
        pass
