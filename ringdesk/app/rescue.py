"""What the program does when its data is damaged: asks, restores, goes on. Needed on bad days only."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from ringdesk.desk.rescue import Later, Rescue, Restored, Sound, State
from ringdesk.store import restore as way_back
from ringdesk.ui.rescue_window import RescueWindow
from ringdesk.ui.theme import Theme

log = logging.getLogger(__name__)

T = TypeVar("T")


class Wish(Enum):
    """What came of it."""

    GO_ON = "go on"
    """A backup is in place, or an empty book is begun: open the store."""
    READ = "read only"
    """Go on with the damaged data, and save nothing."""
    QUIT = "quit"


class FileBackups:
    """The backups beside a database, looked at and restored on a thread of their own."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rescue")
        self._found: way_back.Offer | None = None

    def newest(self) -> Future[Sound | None]:
        """The newest backup that is whole."""
        return self._thread.submit(self._newest)

    def restore(self) -> Future[str]:
        """Put it into place."""
        return self._thread.submit(self._restore)

    def begin_empty(self) -> Future[str]:
        """Set the damaged file aside."""
        return self._thread.submit(lambda: str(way_back.set_aside(self._database, time.time())))

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _newest(self) -> Sound | None:
        self._found = found = way_back.offer(self._database)
        if found is None:
            return None
        since = found.since
        later = None if since is None else Later(since.saves, since.notes, since.calls)
        return Sound(found.backup.at, found.contacts, found.calls, later)

    def _restore(self) -> str:
        if self._found is None:
            raise ValueError("no backup was found to be whole")
        return str(way_back.restore(self._database, self._found.backup, time.time()))


class Rescuing:
    """Asks the user what to do, and does it.

    `close_store` ends a running RingDesk before its database is replaced; without it the store is not open yet.
    """

    def __init__(
        self, theme: Theme, database: Path, close_store: Callable[[], Coroutine[Any, Any, None]] | None = None
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._close_store = close_store
        self._wish: asyncio.Future[Wish] = self._loop.create_future()
        self._closing: asyncio.Task[None] | None = None
        self._files = FileBackups(database)
        self.window = RescueWindow(theme, str(database), running=close_store is not None)
        self._steps = Rescue(self._files, self._deliver, self._show)
        self.window.restore_asked.connect(self._restore)
        self.window.empty_asked.connect(self._steps.begin_empty)
        self.window.reading_asked.connect(lambda: self.be(Wish.READ))
        self.window.quit_asked.connect(lambda: self.be(Wish.QUIT))

    async def ask(self) -> Wish:
        """Show the window until something came of it."""
        self.window.show()
        self._steps.look()
        try:
            chosen = await self._wish
        finally:
            await self._loop.run_in_executor(None, self._files.close)
            self.window.hide()
            self.window.deleteLater()
        log.warning("damaged data: %s", chosen.value)
        return chosen

    def be(self, wish: Wish) -> None:
        """This came of it; the first counts."""
        if not self._wish.done():
            self._wish.set_result(wish)

    def _show(self, state: State) -> None:
        self.window.show_state(state)
        log.info("damaged data: %s", type(state).__name__)
        if isinstance(state, Restored):
            self.be(Wish.GO_ON)

    def _restore(self) -> None:
        if self._close_store is None:
            self._steps.restore()
        elif self._closing is None:
            self._closing = self._loop.create_task(self._close_store(), name="rescue")
            self._closing.add_done_callback(lambda _: self._steps.restore())
        elif self._closing.done():
            self._steps.restore()

    def _deliver(
        self, future: Future[T], done: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Outcomes on the loop's thread; the post of the running program may be closed by then."""

        def settle() -> None:
            error = future.exception()
            if error is None:
                done(future.result())
            elif failed is None or not isinstance(error, Exception):
                raise error
            else:
                failed(error)

        future.add_done_callback(lambda _: self._loop.call_soon_threadsafe(settle))
