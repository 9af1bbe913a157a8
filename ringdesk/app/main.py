"""The start and the ordered end of RingDesk."""

from __future__ import annotations

import gc
import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ringdesk.app.marks import keep, mark
from ringdesk.app.places import Places, places
from ringdesk.domain.values import dataclass
from ringdesk.ui.plain_import import plain_import

with plain_import():
    from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringdesk.app.demo import Demo
    from ringdesk.app.front import Front
    from ringdesk.app.opening import Opening
    from ringdesk.ui.desktop.instance import Instance

# The icon in the tray is what tells the user that RingDesk runs. Whatever is not needed to show it is imported in the
# functions below, after it is there: asyncio, qasync, the log's handlers and all other rooms.

log = logging.getLogger(__name__)

NO_STORE: Final = 3
"""The exit status where the store could not be opened."""

RESTART: Final = -1
"""A backup was put into place while RingDesk ran: start anew on it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line said."""

    demo: bool = False
    data: Path | None = None
    exit_after: float | None = None
    hidden: bool = False
    verbose: bool = False


def run(options: Options) -> int:
    """Run RingDesk until it is told to stop; gives the exit status."""
    demo = _demo() if options.demo else None
    try:
        here = places(demo.folder if demo and options.data is None else options.data)
        try:
            here.make()
        except OSError as error:
            advice = "choose another with --data DIR, or make room for it"
            sys.stderr.write(f"ringdesk: {error.filename} cannot be its data folder: {error.strerror}; {advice}\n")
            return NO_STORE
        status = _run(options, here, demo)
    finally:
        if demo is not None:
            demo.close()
    if status == RESTART:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    return status


def _demo() -> Demo:
    from ringdesk.app.demo import Demo

    return Demo()


def _run(options: Options, here: Places, demo: Demo | None) -> int:
    gc.disable()  # as the command line has done, until `_live`
    from ringdesk.ui.desktop.instance import Instance
    from ringdesk.ui.tray import Tray

    app = QApplication([sys.argv[0], "-style", "Fusion"])  # said later, it would be made a second time (ui.theme.STYLE)
    app.setApplicationName("ringdesk")
    app.setApplicationDisplayName("RingDesk")
    app.setDesktopFileName("ringdesk")
    app.setQuitOnLastWindowClosed(False)
    instance = Instance(here.data)
    if not instance.first():
        instance.raise_first()
        return 0
    tray = Tray()
    tray.show()
    shown = time.monotonic_ns()
    kept = keep()
    mark("tray", shown)
    ending = Ending()
    from ringdesk.app.front import Front
    from ringdesk.app.opening import Opening

    front = Front(app, tray, here, ending.end, practising=demo is not None)
    app.commitDataRequest.connect(lambda _: ending.end("end of session"))
    opening = Opening(front.theme, here.database, front.open_store)
    if opening.at_once():
        front.troubles.hook_exceptions()
        front.show_early(hidden=options.hidden)

    import asyncio

    import qasync

    from ringdesk.app import logs

    logs.start(here.log, verbose=options.verbose)
    kept.hand_on()
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        status: int = loop.run_until_complete(_live(Desktop(front, instance, ending, opening), options, demo))
    return status


@dataclass(frozen=True, slots=True)
class Desktop:
    """What stands before the loop runs."""

    front: Front
    instance: Instance
    ending: Ending
    opening: Opening


class Ending:
    """Says that RingDesk is to end, from before there is a loop that could wait for it."""

    def __init__(self) -> None:
        self._why = ""
        self._stop: Callable[[], None] | None = None

    def end(self, why: str) -> None:
        """End in order."""
        log.info("stopping: %s", why)
        self._why = why
        if self._stop is not None:
            self._stop()

    def use(self, stop: Callable[[], None]) -> None:
        """Call this to end; at once where the end was asked for before."""
        self._stop = stop
        if self._why:
            stop()


async def _live(desktop: Desktop, options: Options, demo: Demo | None) -> int:
    import asyncio

    from ringdesk.app.signals import Signals

    gc.enable()
    front, instance, ending = desktop.front, desktop.instance, desktop.ending
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    ending.use(stop.set)
    signals = Signals(ending.end)
    instance.another.connect(front.started_again)
    instance.listen()
    if options.exit_after is not None:
        loop.call_later(options.exit_after, ending.end, "--exit-after")
    if not (front.opened or await desktop.opening.open(stop)):
        signals.close()
        instance.close()
        return NO_STORE
    front.start(hidden=options.hidden)
    front.troubles.hook_exceptions()
    front.troubles.hook_loop(loop)
    if demo is not None:
        front.practise(demo)
    try:
        await stop.wait()
    finally:
        await front.stop()
        front.troubles.unhook()
        signals.close()
        instance.close()
    return RESTART if front.troubles.restart else 0
