"""The loop that Qt and asyncio share lives through many callbacks (PySide6 6.12.0 on Python 3.11 does not)."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.desktop

CALLBACKS = """
import asyncio
import qasync
from PySide6.QtWidgets import QApplication

app = QApplication([])
loop = qasync.QEventLoop(app)
asyncio.set_event_loop(loop)

async def main():
    for _ in range(40_000):
        await asyncio.sleep(0)

with loop:
    loop.run_until_complete(main())
print("lived")
"""


def test_40000_callbacks_survive() -> None:
    done = subprocess.run([sys.executable, "-c", CALLBACKS], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "lived\n"), done.stderr
