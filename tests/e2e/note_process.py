"""RingDesk as a process of its own, to be killed while a note is typed: note_process.py FOLDER.

A known caller rings; the note box is opened by a click and typed into, letter by letter without a pause, until the end
comes from outside.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ringdesk.desk.popview import Action
from ringdesk.feed.client import post
from tests.e2e.program import Program, play

CALLER = "+442079460777"
PAUSE = 0.03


async def story(program: Program) -> None:
    """Ring, and type for ever."""
    await program.person("Jane", "Doe", CALLER)
    event = {"event": "ringing", "id": "1", "from": CALLER}
    await asyncio.get_running_loop().run_in_executor(None, post, program.here.socket, event)
    await program.until(lambda: bool(program.painted), "the pop is painted")
    program.button(Action.NOTE).click()
    for number in count():
        QTest.keyClicks(program.pop.box, f"{number} ")
        await asyncio.sleep(PAUSE)


if __name__ == "__main__":
    play(QApplication([]), Path(sys.argv[1]), story)
