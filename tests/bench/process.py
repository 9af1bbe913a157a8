"""RingDesk as a process of its own: its marks, its memory, its CPU time and how often it wakes up."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Final

from tests.bench import books
from tests.bench.figures import Figures

ROOT: Final = books.HERE.parents[1]
MARK: Final = re.compile(r"ringdesk\.start: (\w+) at (\d+):(\d+):(\d+)")
PATIENCE: Final = 60.0
CHILD_PATIENCE: Final = 3600.0


class Program:
    """A running `python -m ringdesk` on a data folder; ended in order at the end of the `with` block."""

    def __init__(self, data: Path, *options: str) -> None:
        self.log = data / "ringdesk.log"
        self.log.unlink(missing_ok=True)
        self.began = time.monotonic()
        command = [sys.executable, "-m", "ringdesk", "--data", str(data), *options]
        self.process = subprocess.Popen(command, cwd=ROOT)

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)

    def marks(self) -> dict[str, float]:
        """Milliseconds from the spawn to each mark of the start."""
        text = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        return {
            name: (int(s) + int(ms) / 1e3 + int(us) / 1e6 - self.began) * 1e3 for name, s, ms, us in MARK.findall(text)
        }

    def wait_for(self, mark: str) -> None:
        """Wait until a mark was reached."""
        while mark not in self.marks():
            if self.process.poll() is not None or time.monotonic() - self.began > PATIENCE:
                raise RuntimeError(f"RingDesk did not come to {mark!r}: {self.marks()}")
            time.sleep(0.02)


def child(module: str, *arguments: str, **environment: str) -> Figures:
    """Run a story inside the real rooms (tests.bench.rooms.MODULE); gives the figures it prints."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.rooms.{module}", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=CHILD_PATIENCE,
    )
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def pss(pid: int, part: str = "Pss") -> float:
    """Proportional memory of a process in MB (its own pages, and its share of those it shares).

    `part`: "Pss_File" is the share of files, libraries mostly; other processes that come or go change it.
    """
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{part}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(f"no {part} in smaps_rollup")


def cpu(pid: int) -> float:
    """CPU seconds a process has used, in nanoseconds' resolution (the kernel's clock of that process)."""
    return time.clock_gettime((~pid << 3) | 2)


def switches(pid: int) -> int:
    """How often the threads of a process have gone to sleep: each is one wake-up."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text(encoding="ascii").splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total
