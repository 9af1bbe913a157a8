"""Memory in the tray and with the window, beside a window with the libraries imported, and what more contacts cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tests.bench import books, process
from tests.bench.figures import Figures, middle, ratio
from tests.bench.trayhost import tray_host

SETTLE: Final = 3.0
SMALL: Final = 10_000


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """PSS in MB, three seconds after everything is ready; growth is over 10,000 contacts (0 where there are fewer)."""
    data = books.book(contacts).copy("memory")
    small = books.book(SMALL).copy("memory-small") if contacts > SMALL else data
    floor: list[Figures] = []
    ours: list[Figures] = []
    with tray_host():
        for _ in range(rounds):
            floor.append({"pss": _floor()})
            tray = _ours(data, "--hidden")
            least = _ours(small, "--hidden") if small != data else tray
            ours.append({"pss": tray, "window": _ours(data), "small": least})
    return {
        "floor": floor,
        "ours": ours,
        "pss_ratio": ratio(ours, floor, "pss"),
        "window_ratio": round(middle(ours, "window") / middle(floor, "pss"), 3),
        "growth_mb": round(middle(ours, "pss") - middle(ours, "small"), 2),
    }


def _ours(data: Path, *options: str) -> float:
    with process.Program(data, *options) as program:
        program.wait_for("ready")
        time.sleep(SETTLE)
        return round(process.pss(program.process.pid), 2)


def _floor() -> float:
    command = [sys.executable, str(books.HERE / "floor_memory.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ) as floor:
        assert floor.stdin is not None
        assert floor.stdout is not None
        floor.stdout.readline()
        time.sleep(SETTLE)
        used = process.pss(floor.pid)
        floor.stdin.close()
        floor.wait(process.PATIENCE)
    return round(used, 2)
