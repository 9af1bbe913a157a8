"""A coworker's RingDesk as a process of its own, to be killed: reads its folder, its seat and its secret from standard
input, then lives."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication

from ringdesk.app.team_seat import Seat, keep_authority, keep_seat
from tests.e2e.program import Program
from tests.fakes import FakeSecrets


def main() -> None:
    """Live until killed."""
    said = json.loads(sys.stdin.readline())
    app = QApplication([])
    program = Program(Path(said["folder"]), app)
    secrets = program.front._secrets = FakeSecrets()
    authority = keep_authority(program.here, said["authority"])
    seat = Seat(authority=authority, **said["seat"])
    keep_seat(program.here, seat)
    secrets.keep(seat.key, said["password"])

    async def live() -> None:
        await program.start()
        sys.stdout.write("up\n")
        sys.stdout.flush()
        await asyncio.Event().wait()

    loop = qasync.QEventLoop(app, already_running=False)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(live())


if __name__ == "__main__":
    main()
