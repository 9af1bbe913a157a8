"""From the spawn to the tray and to the usable pane, beside an application that has nothing else to do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.bench import books, floors_code, process
from tests.bench.figures import Figures, ratio

EXIT_AFTER = "1"


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Milliseconds; every process is new, files are warm: one round more is run before and thrown away."""
    data = books.book(contacts).copy("start")
    floor: list[Figures] = []
    ours: list[Figures] = []
    for _ in range(rounds + 1):
        tray = _floor("tray")["end"]
        ours.append(_ours(data))
        floor.append({"tray": tray, "pane": _floor("win+pane")["paint"]})
    return {
        "floor": floor[1:],
        "ours": ours[1:],
        "tray_ratio": ratio(ours[1:], floor[1:], "tray"),
        "pane_ratio": ratio(ours[1:], floor[1:], "pane"),
    }


def _ours(data: Path) -> Figures:
    """The program writes down when the icon was shown and when the first rows were painted (ringdesk.app.logs)."""
    with process.Program(data, "--exit-after", EXIT_AFTER) as program:
        program.process.wait(process.PATIENCE)
        return {name: round(at, 1) for name, at in program.marks().items()}


def _floor(name: str) -> Figures:
    """One process of bench_qtstart, its own code."""
    code = floors_code.constants("bench_qtstart.py")
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code["PRE"] + code["CH"][name] + code["POST"]],
        capture_output=True,
        text=True,
        env=os.environ,
        check=True,
    )
    marks = eval(done.stdout.split("@@")[1], {"__builtins__": {}})[0]  # noqa: S307  # as the floor reads itself
    return {mark: round((at - began) * 1e3, 1) for mark, at in marks}
