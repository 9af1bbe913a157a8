"""RingDesk in the test's own process: every real room and window, on a loop the test's story runs in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication

from ringdesk.app.front import Front
from ringdesk.app.places import places
from ringdesk.desk.popview import Action
from ringdesk.domain.card import Card, Name, Organization, PhoneEntry
from ringdesk.domain.contact import Contact, Me, Origin
from ringdesk.domain.sockets import Browser
from ringdesk.ui.pop_button import PopButton
from ringdesk.ui.pop_window import PopWindow
from ringdesk.ui.tray import Tray

PATIENCE = 60.0
"""Seconds a busy machine may take to do what takes a moment."""


class Program:
    """One running RingDesk, and what a test asks of it."""

    def __init__(self, folder: Path, app: QApplication, *browsers: Browser, **settings: object) -> None:
        """With a browser a test answers for the user; then nothing goes into the keyring of whoever runs it."""
        app.setQuitOnLastWindowClosed(False)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "settings.json").write_text(json.dumps({"region": "GB", **settings}), encoding="utf-8")
        self.here = places(folder)
        self.here.make()
        self.ended: list[str] = []
        self.tray = Tray()
        self.front = Front(app, self.tray, self.here, self.ended.append)
        for browser in browsers:
            self.front.browser = browser
            self.front._practising = True
        self.painted: list[str] = []
        self.front.screen.painted.connect(lambda id, at: self.painted.append(id) if id else None)

    async def start(self, *, hidden: bool = False) -> None:
        self.front.open_store()
        self.front.start(hidden=hidden)
        await self.until(lambda: self.here.socket.exists(), "the local feed listens")

    async def person(self, given: str, family: str, number: str, company: str = "") -> Contact:
        """A contact, saved."""
        card = Card(
            name=Name(given=given, family=family),
            phones=(PhoneEntry(number, "work"),),
            organizations=(Organization(company),) if company else (),
        )
        future = self.front.core.store.writes.add(card, origin=Origin.HAND, owner=Me())
        return await asyncio.wrap_future(future)

    @property
    def pops(self) -> list[PopWindow]:
        """The pops on the screen."""
        return self.front.screen.windows

    @property
    def pop(self) -> PopWindow:
        """The only pop on the screen."""
        [pop] = self.pops
        return pop

    def button(self, action: Action) -> PopButton:
        """A button of the only pop."""
        return self.pop.buttons[action.name]

    async def until(self, true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Wait for something to be so."""
        end = asyncio.get_running_loop().time() + seconds
        while not true():
            if asyncio.get_running_loop().time() > end:
                raise AssertionError(f"waited {seconds:g} s in vain: {what}")
            await asyncio.sleep(0.02)


def play(
    app: QApplication,
    folder: Path,
    story: Callable[[Program], Awaitable[None]],
    *browsers: Browser,
    **settings: object,
) -> None:
    """Start RingDesk, let a story happen, and stop it in order."""

    async def whole() -> None:
        program = Program(folder, app, *browsers, **settings)
        await program.start()
        try:
            await story(program)
        finally:
            await program.front.stop()

    loop = qasync.QEventLoop(app, already_running=False)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(whole())
