"""Gaps of the Qt thread, letters and pops while a Google account is synced for the first time, and afterwards.

Pictures come after the contacts, one at a time, for as long again: nothing is quiet before the last of them.

usage: python -m tests.bench.rooms.blocked_sync DATA CONTACTS
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import IO, Any, Final

from PySide6.QtCore import QTimer

from ringdesk.app.front import Front
from ringdesk.app.places import places
from ringdesk.desk.accounts import Quiet
from ringdesk.desk.connecting import GoogleDesk, Rehearsed, SettingUp
from tests.bench.figures import Figures
from tests.bench.process import cpu
from tests.bench.rooms.blocked import Gaps
from tests.bench.rooms.pop import Watch, producer
from tests.bench.rooms.stage import Stopwatch, Story, play_with, stroke
from tests.bench.rooms.witness import Witness
from tests.providers.google.practice import Account, Practice, practising
from tests.providers.google.test_signin import Visitor, consent

PATIENCE: Final = 1800.0
QUIET: Final = 10.0
"""Seconds of letters and calls while pictures come, and after the last one: as many contacts to find and to paint."""
TYPE_MS: Final = 30
"""From the end of a call to the first letter of a name; the next call comes after twice that at least."""
CALLS: Final = 100_000
"""More than there are until the producer's input ends."""
EARLY: Final = 1000
"""So many persons are called by and typed: the first page, so that most calls find somebody."""
NAMES: Final = 40
LETTERS: Final = 6
"""So many of their names are typed, and so much of each, as the floor does."""
QUERIES: Final = "queries.json"
WATCH: Final = Stopwatch()


async def until(true: Callable[[], bool], what: str, every: float = 0.02) -> None:
    """Wait for something to be so; asked every so many seconds."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            sys.exit(f"waited in vain: {what}")
        await asyncio.sleep(every)


async def connect(front: Front, practice: Practice, account: Account, folder: Path) -> GoogleDesk:
    """As far as what would happen."""
    desk = front.connecting.front.desk
    path = folder / "chosen.json"
    path.write_bytes(practice.client_file)
    desk.choose_client_file(path)
    await until(lambda: front.core.accounts.client() is not None, "the client file")
    practice.order("POST", "/consent", kind="allow", account=account.email)
    front.connecting.front.show_connect()
    desk.connect()
    await until(lambda: isinstance(desk.view, SettingUp) and desk.view.survey is not None, "the survey")
    desk.rehearse()
    await until(lambda: isinstance(desk.view, Rehearsed), "the rehearsal")
    return desk


class Busy:
    """Takes a call from the feed and types a name, in turns; keeps the milliseconds until each was painted.

    A pop's time runs from the moment the call was sent, a letter's from the key, as the benches of both reckon. The
    letters of a name follow each other as the floor types them: one alone, a tenth of a second after whatever was done
    before, finds the caches of the processor cold, and takes twice as long beside a floor that never rests.
    """

    def __init__(self, front: Front, calls: IO[bytes], names: list[str]) -> None:
        self.letters: list[float] = []
        self._watch = Watch(front, calls, 1, self._called)
        self._side, self._names = front.window.pane.side, cycle(names)
        self._typing: asyncio.Task[None] | None = None

    @property
    def pops(self) -> list[float]:
        """The milliseconds of the calls."""
        return self._watch.times

    @property
    def both(self) -> bool:
        """Whether there is one of each at least."""
        return bool(self.letters and self.pops)

    def begin(self) -> None:
        """Count from now."""
        self.letters.clear()
        self.pops.clear()

    async def further(self, what: str) -> Figures:
        """Count for some more seconds, until there is one of each."""
        self.begin()
        await asyncio.sleep(QUIET)
        await until(lambda: self.both, f"a call and a letter {what}")
        return self.told()

    def told(self) -> Figures:
        """What was counted."""
        return {"letters": [*self.letters], "pops": [*self.pops]}

    def _called(self) -> None:
        """A call is over: type before the next one comes, once there is a list to look at."""
        if self._side.list.isVisible():
            QTimer.singleShot(TYPE_MS, self._type)

    def _type(self) -> None:
        if self._typing is None or self._typing.done():
            self._typing = asyncio.ensure_future(self._letters(next(self._names)))

    async def _letters(self, name: str) -> None:
        for size in range(1, len(name) + 1):
            await WATCH.time("keystroke", self._side.list, partial(stroke, self._side.search, name[:size]))
            self.letters.append(WATCH.times["keystroke"].pop())


def wanted(account: Account, folder: Path) -> list[str]:
    """Beginnings of names to type; the numbers that call go into a file of the folder, as `gen_contacts` writes them.

    They are of the first persons that Google lists, nobody else's as far as this practice Google can help it.
    """
    people = list(account.dump()["contacts"].values())
    found = Counter(number for person in people for number in _numbers(person))
    numbers = [number for person in people[:EARLY] for number in _numbers(person) if found[number] == 1]
    queries = [{"forms": {"e164": number}} for number in numbers or [*found]]
    (folder / QUERIES).write_text(json.dumps(queries), encoding="utf-8")
    names = [
        name["familyName"] for person in people[:EARLY] for name in person.get("names", ()) if "familyName" in name
    ]
    return [name[:LETTERS] for name in names[:NAMES]]


@contextmanager
def pictures_due(folder: Path) -> Iterator[Callable[[], int]]:
    """Tells how many pictures have not come yet."""
    with closing(sqlite3.connect(f"{places(folder).database.as_uri()}?mode=ro", uri=True)) as connection:
        yield lambda: int(
            connection.execute("SELECT count(*) FROM link WHERE photo_due AND state = 'active'").fetchone()[0]
        )


def _numbers(person: Mapping[str, Any]) -> list[str]:
    return [phone["canonicalForm"] for phone in person.get("phoneNumbers", ()) if "canonicalForm" in phone]


def story_of(practice: Practice, account: Account, folder: Path) -> Story:
    """The story over this practice Google."""

    async def story(front: Front) -> Figures:
        names = wanted(account, folder)
        desk = await connect(front, practice, account, folder)
        with producer(folder, str(folder / QUERIES), CALLS) as calls:
            assert calls.stdin is not None
            busy = Busy(front, calls.stdin, names)
            await until(lambda: bool(busy.pops), "a first call")
            busy.begin()
            witness, gaps, begun, google = Witness(), Gaps(), time.monotonic(), cpu(practice.pid)
            desk.accept()
            view = desk.account
            assert view is not None
            await until(lambda: view.view.last is not None and isinstance(view.view.status, Quiet), "the first sync")
            took = time.monotonic() - begun
            google = cpu(practice.pid) - google
            gaps.stop()
            told = witness.tell()
            await until(lambda: busy.both, "a call and a letter")
            syncing = busy.told()
            pictures = await busy.further("while pictures come")
            with pictures_due(folder) as due:
                await until(lambda: not due(), "the last picture", every=0.5)
            quiet = await busy.further("after the last picture")
            calls.kill()  # it may wait for an answer of ours
        figures = {**syncing, "pictures": pictures, "quiet": quiet, "seconds": round(took, 1)}
        return {**figures, "google_part": google / took, "syncing": list(gaps.gaps), "witness": told}

    return story


def main() -> None:
    """Start a practice Google with so many people, and sync with it."""
    folder, people = Path(sys.argv[1]), int(sys.argv[2])
    with practising("--real-clock") as practice:
        account = practice.account(people=people)
        visitor = Visitor(consent)

        def before(front: Front) -> None:
            front.browser = visitor
            front._practising = True  # nothing into the keyring of whoever measures

        play_with(story_of(practice, account, folder), folder, before)
        visitor.end()


if __name__ == "__main__":
    main()
