"""What the machine itself does to a timer of 1 ms: the witness beside a measurement, in a process of its own.

usage: python -m tests.bench.rooms.witness      (until its input ends; then one JSON list of milliseconds)
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import Final

from PySide6.QtCore import QCoreApplication

from tests.bench.rooms.blocked import Gaps

PATIENCE: Final = 60.0


class Witness:
    """A witness process, from now until `tell`."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.bench.rooms.witness"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self) -> list[float]:
        """End it; gives its gaps."""
        told, _ = self._process.communicate("", timeout=PATIENCE)
        gaps: list[float] = json.loads(told)
        return gaps


def main() -> None:
    """Measure until standard input ends."""
    app = QCoreApplication([])
    gaps = Gaps()
    gaps.begin()
    threading.Thread(target=lambda: (sys.stdin.read(), app.quit()), name="input", daemon=True).start()
    app.exec()
    print(json.dumps(gaps.gaps))


if __name__ == "__main__":
    main()
