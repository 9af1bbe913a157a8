"""A coworker's RingDesk with its window, as a process; started by `tests/bench/team_rows.py`.

Reads one JSON object from standard input: the data folder, the seat, its authority and password. Says `ready` once
the directory is reached, then one line for every contact that has come into the list and been painted: its id and the
milliseconds on the common clock. A line `tick ID` on standard input presses the checkbox of one's own contact in the
details; the answer is the id and when it was pressed. `count` is answered with how many contacts the list holds. The
end of standard input ends it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import qasync
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from ringdesk.app.front import Front
from ringdesk.app.team_seat import Seat, keep_authority, keep_seat
from ringdesk.domain.sockets import Show
from tests.e2e.program import Program
from tests.fakes import FakeSecrets

IN_SIGHT = 12
"""Rows of the list that are looked at, from its top."""
PATIENCE = 600.0


class PaintedRows(QObject):
    """Tells of the rows at the top of the list when they have been painted for the first time."""

    def __init__(self, program: Program, tell: Callable[[str], None]) -> None:
        self._list = program.front.window.pane.side.list
        super().__init__(self._list)
        self._tell = tell
        self._seen = set(self._ids())
        self._list.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """After the paint that is about to happen, look at what it has shown."""
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._painted)
        return False

    def _ids(self) -> list[str]:
        rows = self._list.rows
        found = (rows.contact_row(place) for place in range(min(IN_SIGHT, rows.rowCount())))
        return [row.id for row in found if row is not None]

    def _painted(self) -> None:
        for id in self._ids():
            if id not in self._seen:
                self._seen.add(id)
                self._tell(id)


def say(**what: object) -> None:
    """A line for whoever started this."""
    print(json.dumps(what), flush=True)


def now() -> float:
    """Milliseconds on the clock all processes of this machine share."""
    return time.monotonic() * 1000


def seated(app: QApplication, said: dict[str, Any]) -> Program:
    """The program at its seat."""
    program = Program(Path(said["folder"]), app)
    secrets = program.front._secrets = FakeSecrets()
    seat = Seat(authority=keep_authority(program.here, said["authority"]), **said["seat"])
    keep_seat(program.here, seat)
    secrets.keep(seat.key, said["password"])
    return program


def synced(front: Front) -> bool:
    """A round has come to its end: a desk that is ended before that has to fetch everything again."""
    cursor = front.core.store._reader.connection.value("SELECT cursor FROM account WHERE id = 'team'")
    return cursor is not None


async def live(program: Program, said: dict[str, Any]) -> None:
    """Live until standard input ends."""
    front, loop, ended = program.front, asyncio.get_running_loop(), asyncio.Event()
    await program.start()
    team = front.core.team
    assert team is not None
    show = Show(anonymous=None)
    await program.until(
        lambda: team.desk.view.online and synced(front) and front.core.store.reads.count(show) >= said["contacts"],
        "it is there",
        PATIENCE,
    )

    def order(words: list[str]) -> None:
        if words[0] == "tick":
            front.window.pane.open(words[1])
            QTimer.singleShot(50, lambda: press(words[1]))
        elif words[0] == "count":
            say(count=front.core.store.reads.count(show))

    def press(id: str) -> None:
        pressed = now()
        front.window.pane.details.share.click()
        say(ticked=id, at=pressed)

    def listen() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(order, line.split())
        loop.call_soon_threadsafe(ended.set)

    rows = PaintedRows(program, lambda id: say(painted=id, at=now()))
    threading.Thread(target=listen, daemon=True).start()
    say(ready=True)
    await ended.wait()
    rows.deleteLater()
    await front.stop()


def main() -> None:
    """Live in the window."""
    said = json.loads(sys.stdin.readline())
    app = QApplication([])
    program = seated(app, said)
    loop = qasync.QEventLoop(app, already_running=False)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(live(program, said))


if __name__ == "__main__":
    main()
