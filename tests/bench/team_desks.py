"""Desktops that wait for the team directory, many in one process; started by `tests/bench/team.py`.

usage: python -m tests.bench.team_desks KIND SOCKET PORT DATABASE CURSOR LOGIN...

KIND `ours`: the listener and the client of `providers.team`, each desktop a thread. KIND `floor`: a bare connection
that listens and reads what is newer in a plain table, the least that could do the job. Says `ready`, then, for every
contact that all of its desktops have seen, one line: the id and the milliseconds of each on the common clock.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable

from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.link import LocalServer, connect
from ringdesk.providers.team.listen import Listener, Listening, State
from tests.postgres import PASSWORD

Seen = Callable[[str], None]


class Board:
    """Where desktops note what they saw; prints a contact once the last of them has it."""

    def __init__(self, desktops: int) -> None:
        self._desktops = desktops
        self._lock = threading.Lock()
        self._times: dict[str, list[float]] = defaultdict(list)
        self._ready = 0

    def seen(self, contact: str) -> None:
        """A desktop holds the contact, decoded."""
        now = time.monotonic() * 1000
        with self._lock:
            times = self._times[contact]
            times.append(now)
            if len(times) == self._desktops:
                print(json.dumps({"contact": contact, "at": times}), flush=True)

    def ready(self) -> None:
        """A desktop listens."""
        with self._lock:
            self._ready += 1
            if self._ready == self._desktops:
                print("ready", flush=True)


class Desktop:
    """One of ours."""

    def __init__(self, place: LocalServer, login: str, cursor: str, board: Board) -> None:
        self._directory = Directory(place, login, PASSWORD)
        self._cursor = cursor
        self._board = board
        self._had: set[tuple[str, int]] = set()
        self.listener = Listener(lambda: connect(place, login, PASSWORD), self._pull, self._told)

    def _told(self, state: State) -> None:
        if not isinstance(state, Listening):
            raise SystemExit(f"a desktop does not hear: {state}")
        self._pull()
        self._board.ready()

    def _pull(self) -> None:
        more = True
        while more:
            page = self._directory.pull(self._cursor)
            self._cursor, more = page.cursor, page.more
            for item in page.items:
                key = (item.id, getattr(item, "rev", 0))
                if key not in self._had:
                    self._had.add(key)
                    self._board.seen(item.id)


def bare(place: LocalServer, login: str, board: Board) -> None:
    """The floor's desktop."""
    ear, hand = connect(place, login, PASSWORD), connect(place, login, PASSWORD)
    ear.execute("listen bare")
    last = 0
    board.ready()
    for _ in ear.notifies():
        for n, contact, card in hand.execute("select n, id::text, card from bare.row where n > %s order by n", (last,)):
            last = n
            if card is not None:
                board.seen(contact)


def main() -> None:
    """Run the desktops until the process is ended."""
    kind, socket, port, database, cursor, *logins = sys.argv[1:]
    place, board = LocalServer(socket, database, int(port)), Board(len(logins))
    for login in logins:
        if kind == "ours":
            Desktop(place, login, cursor, board).listener.start()
        else:
            threading.Thread(target=bare, args=(place, login, board)).start()


if __name__ == "__main__":
    main()
