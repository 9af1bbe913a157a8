"""Opening the store at the start: what is said, and what can be done, where it cannot be opened."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.ui.theme import Theme

if TYPE_CHECKING:
    import asyncio

# Most days the store opens at once, before the loop and what it needs is there.

log = logging.getLogger(__name__)


class Opening(QObject):
    """Opens the store, or tells why that cannot be, and offers a backup where the data is damaged or gone."""

    def __init__(self, theme: Theme, database: Path, open_store: Callable[[], None]) -> None:
        super().__init__()
        self._theme, self._database, self._open = theme, database, open_store
        self._may_be_new = False
        self._failed: StoreError | None = None

    def at_once(self) -> bool:
        """Open the store if that can be; what is wrong with it is told by `open`, in the loop."""
        try:
            self._look_for_it()
            self._open()
        except StoreError as error:
            self._failed = error
            return False
        return True

    async def open(self, stop: asyncio.Event) -> bool:
        """True once the store is open; False where RingDesk is to end, because the user or the system says so."""
        while not stop.is_set():
            error, self._failed = self._failed, None
            if error is None:
                if self.at_once():
                    return True
                continue
            log.error("no store: %s", error.trouble.value)
            if not await _unless(stop, self._go_on(error)):
                return False
        return False

    def _look_for_it(self) -> None:
        """An empty book must not be begun in silence where there was one before. Raises StoreError."""
        if self._may_be_new or (self._database.exists() and self._database.stat().st_size):
            return
        from ringdesk.store.backup import backups  # not on an ordinary start
        from ringdesk.store.database import ready_of

        if backups(self._database) and not ready_of(self._database).exists():
            raise StoreError(StoreTrouble.CORRUPT, "the file is gone or empty", str(self._database))

    async def _go_on(self, error: StoreError) -> bool:
        """Tell the user; True where the store is worth another try."""
        self._theme.dress()
        from ringdesk.store.backup import backups

        lost = error.trouble is StoreTrouble.NOT_OURS and bool(backups(self._database))
        if error.trouble is StoreTrouble.CORRUPT or lost:
            from ringdesk.app.rescue import Rescuing, Wish

            self._may_be_new = await Rescuing(self._theme, self._database).ask() is Wish.GO_ON
            return self._may_be_new
        await self._tell(error)
        return False

    async def _tell(self, error: StoreError) -> None:
        """Say why the store cannot be opened, and wait until it was read."""
        import asyncio

        from ringdesk.ui.widgets_tell import Tell
        from ringdesk.ui.words import trouble

        read: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        said = trouble(error.trouble, error.path)
        sys.stderr.write(f"ringdesk: {said}\n")
        message = Tell(self._theme, self.tr("RingDesk cannot start"), said, error.detail)
        message.finished.connect(lambda _: None if read.done() else read.set_result(None))
        message.show()
        await read


async def _unless(stop: asyncio.Event, asking: Coroutine[Any, Any, bool]) -> bool:
    """What the user says, or False where RingDesk is told to end meanwhile."""
    import asyncio

    answer = asyncio.ensure_future(asking)
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait((answer, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if answer.done():
        return answer.result()
    answer.cancel()
    await asyncio.wait((answer,))
    return False
