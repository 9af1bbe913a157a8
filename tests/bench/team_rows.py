"""From the checkbox pressed in one RingDesk's window to the row painted in its coworkers' windows.

Every desktop is a process with the whole program, its windows painted offscreen, its coworkers' contacts on its disk.
All of them, the server and the one who ticks share this machine's processors, which an office's desktops do not.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from ringdesk.app.places import places
from ringdesk.domain.card import Card, Name, Organization, PhoneEntry
from ringdesk.domain.contact import Me, Origin
from ringdesk.store.store import Store
from tests.bench.figures import Figures, percentile
from tests.fakes import FakeTime
from tests.postgres import PASSWORD, Team
from tests.providers.team.desks import RealIds

ROOT: Final = Path(__file__).resolve().parents[2]
BAR_MS: Final = 200.0
TICKER: Final = "desk0"


class Window:
    """A desktop's process."""

    def __init__(self, team: Team, login: str, folder: Path, contacts: int) -> None:
        place = team.cluster.tcp(team.name)
        seat = {"host": place.host, "port": place.port, "database": place.database, "login": login, "name": login}
        said = {"folder": str(folder), "seat": seat, "password": PASSWORD, "contacts": contacts}
        said["authority"] = Path(place.authority).read_text("ascii")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.team_window"],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.order(json.dumps(said))

    def order(self, line: str) -> None:
        """Say something to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def told(self, key: str, value: object = None) -> dict[str, Any]:
        """The next line with that key (and that value)."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said: dict[str, Any] = json.loads(line)
            if key in said and value in (None, said[key]):
                return said
        raise RuntimeError("a desktop ended")

    def end(self) -> None:
        """End it in order."""
        self.process.communicate()


def measure_rows(team: Team, folder: Path, contacts: int, desktops: int, ticks: int) -> Figures:
    """Milliseconds from the tick to the painted row: every desktop, and the last of each tick."""
    with joined_folders(team, folder, contacts, desktops) as folders:
        warm = max(2, ticks // 10)  # ticks that warm up
        mine = own_book(folders[0], ticks + warm)
        windows = [Window(team, f"desk{n}", one, contacts) for n, one in enumerate(folders)]
        try:
            for window in windows:
                window.told("ready")
            arrivals = [tick(windows[0], windows[1:], id) for id in mine][warm:]
        finally:
            for window in windows:
                window.end()
    every = [time for times in arrivals for time in times]
    last = [max(times) for times in arrivals]
    return {
        "rows_desktops": desktops,
        "rows_contacts": contacts,
        "rows_ticks": ticks,
        "rows_p50": round(percentile(every, 0.5), 1),
        "rows_p95": round(percentile(every, 0.95), 1),
        "rows_last_p50": round(percentile(last, 0.5), 1),
        "rows_last_p95": round(percentile(last, 0.95), 1),
        "rows_bar": BAR_MS,
        "load": os.getloadavg()[0],
    }


def tick(ticker: Window, coworkers: list[Window], id: str) -> list[float]:
    """Milliseconds from the press to the row in each coworker's window."""
    ticker.order(f"tick {id}")
    pressed = float(ticker.told("ticked", id)["at"])
    return [float(window.told("painted", id)["at"]) - pressed for window in coworkers]


@contextmanager
def joined_folders(team: Team, folder: Path, contacts: int, desktops: int) -> Iterator[list[Path]]:
    """Data folders of desktops that have joined: one does, the others, who see the same, get its files."""
    first = Window(team, TICKER, folder / "desk0", contacts)
    first.told("ready")
    first.end()
    folders = [folder / f"desk{n}" for n in range(desktops + 1)]
    for one in folders[1:]:
        shutil.copytree(folders[0], one, ignore=shutil.ignore_patterns("*.sock", "*.lock", "ballast"))
        rename(one, one.name)
    yield folders
    for one in folders:
        shutil.rmtree(one, ignore_errors=True)


def rename(folder: Path, login: str) -> None:
    """Somebody else sits at this desk: without that everything would be fetched anew, as after joining another team."""
    with closing(sqlite3.connect(places(folder).database)) as connection, connection:
        connection.execute("UPDATE account SET name = replace(name, ?, ?)", (f"{TICKER}@", f"{login}@"))


def own_book(folder: Path, contacts: int) -> list[str]:
    """Contacts of the ticker's own; a coworker's list begins with them."""
    store = Store.open(
        places(folder).database,
        region="GB",
        clock=FakeTime(),
        ids=RealIds(),
        send_news=lambda _: None,
        inline=True,
    )
    try:
        cards = [
            Card(
                name=Name(given="Aaron", family=f"Aab {n:03}"),
                organizations=(Organization("Company"),),
                phones=(PhoneEntry(f"020 7946 {n:04}", "work"),),
            )
            for n in reversed(range(contacts))  # the newest on top
        ]
        return [store.writes.add(card, origin=Origin.HAND, owner=Me()).result().id for card in cards]
    finally:
        store.close()
