"""Calls through the real feed to the real pop: usage: python -m tests.bench.rooms.pop DATA QUERIES COUNT."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from PySide6.QtCore import QTimer

from ringdesk.app.front import Front
from ringdesk.app.places import places
from tests.bench.figures import Figures
from tests.bench.rooms.stage import PATIENCE, play

LOOK_MS: Final = 5
"""How long a pop stays before its call ends, as in the floor."""


class Watch:
    """Takes the time from the sender's stamp to the end of the paint in which the caller can be read.

    `then`: what is done once a call has been let end.
    """

    def __init__(self, front: Front, more: IO[bytes], count: int, then: Callable[[], object] = lambda: None) -> None:
        self._front, self._more, self._count, self._then = front, more, count, then
        self._seen: set[str] = set()
        self.times: list[float] = []
        self.done = asyncio.Event()
        front.screen.painted.connect(self._painted)

    def _painted(self, id: str, at: float) -> None:
        view = next((view for view in self._front.core.pops.views() if view.id == id), None)
        if view is None or id in self._seen:
            return
        self._seen.add(id)
        self.times.append((at - float(view.call.keys[0].id)) * 1e3)
        QTimer.singleShot(LOOK_MS, self._next)

    def _next(self) -> None:
        self._more.write(b"next\n")
        self._more.flush()
        if len(self.times) >= self._count:
            self.done.set()
        self._then()


def producer(data: Path, queries: str, count: int) -> subprocess.Popen[bytes]:
    """A process that lets so many calls ring at the feed of a data folder."""
    command = [sys.executable, "-m", "tests.bench.rooms.producer", str(places(data).socket), queries, str(count)]
    return subprocess.Popen(command, stdin=subprocess.PIPE)


async def story(front: Front) -> Figures:
    """Count calls, one after another."""
    data, queries, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with producer(data, queries, count) as calls:
        assert calls.stdin is not None
        watch = Watch(front, calls.stdin, count)
        await asyncio.wait_for(watch.done.wait(), PATIENCE + count)
        await asyncio.sleep(0.5)
    return {"times": watch.times}


if __name__ == "__main__":
    play(story, Path(sys.argv[1]))
