"""Gaps of the Qt thread, letters and pops while a Google account is synced for the first time.

usage: python -m tests.bench.rooms.blocked_sync DATA CONTACTS
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ringdesk.app.front import Front
from ringdesk.desk.accounts import Quiet
from ringdesk.desk.connecting import GoogleDesk, Rehearsed, SettingUp
from ringdesk.domain.call import CallKey, Direction, Ended, EndReason, Rang
from tests.bench.figures import Figures
from tests.bench.rooms.blocked import Gaps
from tests.bench.rooms.stage import Story, play_with
from tests.bench.rooms.witness import Witness
from tests.providers.google.practice import Account, Practice, practising
from tests.providers.google.test_signin import Visitor, consent

PATIENCE: Final = 1800.0
QUIET: Final = 10.0
"""Seconds of letters and calls after the sync, with the same contacts to find and to paint."""
CALLER: Final = "+442079460123"
EVERY: Final = 0.5
"""Seconds between two letters, and between two calls."""


async def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            sys.exit(f"waited in vain: {what}")
        await asyncio.sleep(0.02)


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
    """Types into the search and lets calls ring until it is over; keeps the milliseconds of letters and pops.

    A pop's time runs from the fact to the end of the paint in which the caller can be read.
    """

    def __init__(self, front: Front) -> None:
        self.letters: list[float] = []
        self.pops: list[float] = []
        self._front, self._rang = front, dict[str, float]()
        front.screen.painted.connect(self._painted)

    def begin(self) -> None:
        """Count from now."""
        self.letters, self.pops = [], []

    async def run(self, stop: asyncio.Event) -> None:
        """A letter and a call every half second; when it is over there is one of each at least."""
        count = 0
        while not (stop.is_set() and self.letters and self.pops):
            self._letter("person"[: count % 7])
            key = CallKey("bench", str(count))
            self._rang[key.id] = time.monotonic()
            self._front.core.phones._fact(Rang(key=key, direction=Direction.INCOMING, number=CALLER, queue="Sales"))
            await asyncio.sleep(EVERY)
            self._front.core.phones._fact(Ended(key=key, reason=EndReason.HANGUP))
            count += 1

    def _letter(self, text: str) -> None:
        side, begun = self._front.window.pane.side, time.perf_counter()
        side.search.setText(text)
        side.list.viewport().repaint()
        self.letters.append((time.perf_counter() - begun) * 1e3)

    def _painted(self, id: str, at: float) -> None:
        view = next((view for view in self._front.core.pops.views() if view.id == id), None)
        rang = None if view is None else self._rang.pop(view.call.keys[0].id, None)
        if rang is not None:
            self.pops.append((at - rang) * 1e3)


def story_of(practice: Practice, account: Account, folder: Path) -> Story:
    """The story over this practice Google."""

    async def story(front: Front) -> Figures:
        desk = await connect(front, practice, account, folder)
        stop, busy = asyncio.Event(), Busy(front)
        typing = asyncio.ensure_future(busy.run(stop))
        witness, gaps, begun = Witness(), Gaps(), time.monotonic()
        desk.accept()
        view = desk.account
        assert view is not None
        await until(lambda: view.view.last is not None and isinstance(view.view.status, Quiet), "the first sync")
        took = time.monotonic() - begun
        gaps.stop()
        told = witness.tell()
        syncing = busy.letters, busy.pops
        busy.begin()
        await asyncio.sleep(QUIET)
        stop.set()
        await typing
        quiet = busy.letters, busy.pops
        figures = {"letters": syncing[0], "pops": syncing[1], "quiet": quiet, "seconds": round(took, 1)}
        return {**figures, "syncing": list(gaps.gaps), "witness": told}

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
