"""The real front and core on a real store, in this process, for a story that drives and times them."""

from __future__ import annotations

import asyncio
import gc
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import qasync
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from ringdesk.app import logs
from ringdesk.app.front import Front
from ringdesk.app.places import places
from ringdesk.ui.contacts_view import ContactsView
from ringdesk.ui.tray import Tray
from tests.bench.figures import Figures

Story = Callable[[Front], Awaitable[Figures]]
PAUSE_MS: Final = 2
"""Between two things that are timed, as the floors do it."""

PATIENCE: Final = 60.0
START_PATIENCE: Final = 60.0


def play(story: Story, data: Path) -> None:
    """Start RingDesk on a data folder, run the story when everything is ready, print its figures as JSON."""
    play_with(story, data, lambda front: None)


def play_with(story: Story, data: Path, before: Callable[[Front], None]) -> None:
    """As `play`; `before` puts something in place before the store is opened."""
    app = QApplication(["ringdesk"])
    app.setQuitOnLastWindowClosed(False)
    here = places(data)
    here.make()
    logs.start(here.log, verbose=False)
    tray = Tray()
    tray.show()
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        figures = loop.run_until_complete(_live(app, tray, data, story, before))
    print(json.dumps(figures), flush=True)


async def _live(app: QApplication, tray: Tray, data: Path, story: Story, before: Callable[[Front], None]) -> Figures:
    here = places(data)
    front = Front(app, tray, here, lambda why: None)
    before(front)
    front.open_store()
    front.start(hidden=False)
    until = time.monotonic() + START_PATIENCE
    while not (here.socket.exists() and gc.get_freeze_count()):  # the last step of the start freezes what is there
        if time.monotonic() > until:
            sys.exit("the start does not end: the feed does not listen, or steps are left")
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.5)
    try:
        return await story(front)
    finally:
        await front.stop()


class Stopwatch:
    """Times from a deed to the end of the contacts list's next paint."""

    def __init__(self) -> None:
        self._began = 0.0
        self._painted: asyncio.Future[float] | None = None
        self.times: dict[str, list[float]] = {}
        original = ContactsView.paintEvent
        watch = self

        def paint(view: ContactsView, event: QPaintEvent) -> None:
            original(view, event)
            watch.stop()

        setattr(ContactsView, "paintEvent", paint)  # noqa: B010  # before the window is made

    def stop(self) -> None:
        """The list was painted."""
        if self._painted is not None and not self._painted.done():
            self._painted.set_result(time.perf_counter() - self._began)

    async def time(self, kind: str, view: ContactsView, do: Callable[[], object]) -> None:
        """Do it from a timer of Qt's, as the floors do, and keep how long it took until the list was painted."""
        painted: asyncio.Future[float] = asyncio.get_running_loop().create_future()

        def begin() -> None:
            self._painted = painted  # a paint before this is of something else
            self._began = time.perf_counter()
            do()
            view.viewport().update()

        QTimer.singleShot(PAUSE_MS, begin)
        took = await asyncio.wait_for(painted, PATIENCE)
        self.times.setdefault(kind, []).append(took * 1e3)
        self._painted = None


def stroke(field: QLineEdit, text: str) -> None:
    """Type the last letter of a text whose others are there already."""
    field.blockSignals(True)
    field.setText(text[:-1])
    field.blockSignals(False)
    field.setFocus()
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, text[-1]))


def shuffled(values: list[str], seed: int = 2) -> list[str]:
    """The values in an order that is the same in every run."""
    mixed = list(values)
    random.Random(seed).shuffle(mixed)
    return mixed
