"""The longest gap of a 1 ms timer while a file is imported: usage: python -m tests.bench.rooms.blocked DATA FILE."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer

from ringdesk.app.front import Front
from ringdesk.desk.importing import Asking, Failed, Finished, Stage
from tests.bench.figures import Figures
from tests.bench.rooms.stage import play

TICK_MS: Final = 1
PATIENCE: Final = 1800.0


class Gaps(QObject):
    """A timer of 1 ms; keeps every gap between two of its ticks, in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._before = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._before) * 1e3)
        self._before = now

    def begin(self) -> None:
        """Count from now."""
        self.gaps.clear()
        self._before = time.perf_counter()

    def stop(self) -> None:
        """No more ticks."""
        self._timer.stop()


async def story(front: Front) -> Figures:
    """Import through the import window, as a user would: choose, see what the file holds, take it."""
    imports = front.importer.presenter
    front.window.import_file()
    await asyncio.sleep(0.5)
    gaps = Gaps()
    imports.choose(sys.argv[2])
    await _stage(front)
    looking = list(gaps.gaps)
    gaps.begin()
    imports.take()
    stage = await _stage(front)
    taking = list(gaps.gaps)
    gaps.stop()
    if not isinstance(stage, Finished):
        sys.exit(f"the import failed: {stage}")
    return {"looking": looking, "taking": taking, "taken": stage.result.taken}


async def _stage(front: Front) -> Stage:
    """Wait for the next stage in which the program waits for the user."""
    until = time.monotonic() + PATIENCE
    before = front.importer.presenter.stage
    while time.monotonic() < until:
        stage = front.importer.presenter.stage
        if isinstance(stage, Asking | Finished | Failed) and stage is not before:
            return stage
        await asyncio.sleep(0.02)
    sys.exit("the import does not end")


if __name__ == "__main__":
    play(story, Path(sys.argv[1]))
