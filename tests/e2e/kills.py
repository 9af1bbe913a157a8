"""RingDesk as a process of its own, with its real socket, to be killed; and what its database shows to others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ringdesk.app.places import Places, places
from ringdesk.feed.client import NotRunningError, post
from ringdesk.store.database import Connection

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60.0
POLL: Final = 0.02


def environment(home: Path) -> dict[str, str]:
    """No desktop, no home of whoever runs this."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {**kept, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"waited {PATIENCE:g} s in vain: {what}")
        time.sleep(POLL)


class Running:
    """One data folder, and the processes that work on it."""

    def __init__(self, folder: Path) -> None:
        self.here: Places = places(folder / "data", {"TMPDIR": str(folder)})
        self.folder = folder
        self._environment = {**environment(folder), "TMPDIR": str(folder)}

    def run(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start RingDesk, or one of its commands."""
        command = [sys.executable, "-m", "ringdesk", *arguments, "--data", str(self.here.data)]
        return subprocess.Popen(
            command, cwd=self.folder, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    @contextmanager
    def started(self) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
        """A RingDesk that takes calls, and how many seconds it took to get there; killed at the end."""
        begun = time.monotonic()
        process = self.run("--hidden")
        try:
            until(lambda: self.takes({"event": "answered", "id": "nobody"}) or process.poll() is not None, "it listens")
            assert process.poll() is None, f"ended with status {process.returncode}"
            yield process, time.monotonic() - begun
        finally:
            kill(process)

    def takes(self, event: Mapping[str, object]) -> bool:
        """Post an event; True where RingDesk answered that it took it."""
        try:
            return post(self.here.socket, event).ok
        except NotRunningError:
            return False


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process as a power switch would, but for the disk."""
    process.send_signal(signal.SIGKILL)
    process.wait()


@dataclass
class Shown:
    """What another process read of the database: calls (with: is it over), and contacts."""

    calls: dict[str, bool] = field(default_factory=dict)
    contacts: set[bytes] = field(default_factory=set)
    last: int = 0
    """The number of the newest contact that was read; only later ones are asked for again."""

    def read(self, database: Path) -> Shown:
        """Take in what is there now."""
        connection = Connection(database, write=False)
        self.calls.update((id, bool(over)) for id, over in connection.rows('SELECT id, "over" FROM call'))
        new = connection.rows("SELECT id, uuid FROM contact WHERE id > ? ORDER BY id", (self.last,))
        self.contacts.update(key for _, key in new)
        self.last = new[-1][0] if new else self.last
        connection.close()
        return self

    def lost(self, now: Shown) -> list[str]:
        """What was shown once and is not there now, or is open again."""
        calls = [id for id, over in self.calls.items() if id not in now.calls or now.calls[id] < over]
        return [*calls, *(repr(key) for key in self.contacts - now.contacts)]
