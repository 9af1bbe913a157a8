"""Keeps the database well while RingDesk runs: checks, backups, a short log, room for the day the disk is full."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ringdesk.domain.news import StoreTroubled
from ringdesk.domain.sockets import Clock, SendNews, Timers
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store import backup, health
from ringdesk.store.ballast import Ballast
from ringdesk.store.database import WAL_BYTES

log = logging.getLogger(__name__)

FIRST: Final = 60.0
"""Seconds after the start before the file is looked at: the start belongs to the user."""

ROUND: Final = 600.0
"""Seconds between two rounds; most find nothing to do."""


class Keeper:
    """One thread that does what the database needs, when the timers say so. The user hears of trouble once."""

    def __init__(
        self, database: Path, *, send: SendNews, clock: Clock, timers: Timers, ballast: Ballast | None = None
    ) -> None:
        self._database = database
        self._send, self._clock, self._timers = send, clock, timers
        self._ballast = ballast or Ballast(database.parent)
        self._stopping = threading.Event()
        self._orders: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._told: set[tuple[StoreTrouble, str]] = set()
        self._telling = threading.Lock()
        self._damaged = False
        self._thread = threading.Thread(target=self._loop, name="store-keeper", daemon=False)

    def start(self) -> None:
        """Begin, once the pane is usable. On the thread of the timers."""
        self._thread.start()
        self._timers.call_later(FIRST, lambda: self._order(self._quick_look))
        self._timers.call_later(FIRST, self._again)

    def troubled(self, error: StoreError) -> bool:
        """A write failed: where the disk is full, make room; True where that was done. Any thread."""
        if error.trouble is not StoreTrouble.FULL or not self._ballast.release():
            return False
        log.warning("the disk is full: the ballast was given up")
        self._tell(StoreError(StoreTrouble.RESERVE, error.detail, error.path))
        self._order(self._checkpoint)
        return True

    def stop(self) -> None:
        """End: a backup or a check that goes on is broken off. Blocks for a moment; before the store is closed."""
        self._stopping.set()
        self._orders.put(None)
        if self._thread.ident is not None:
            self._thread.join()

    def _again(self) -> None:
        if not self._stopping.is_set():
            self._order(self._round)
            self._timers.call_later(ROUND, self._again)

    def _order(self, do: Callable[[], None]) -> None:
        if not self._stopping.is_set():
            self._orders.put(do)

    def _loop(self) -> None:
        while (do := self._orders.get()) is not None and not self._stopping.is_set():
            self._attempt(do)

    def _attempt(self, do: Callable[[], None]) -> None:
        try:
            do()
        except StoreError as error:
            log.warning("keeping the store: %s", error)
            self._damaged = self._damaged or error.trouble is StoreTrouble.CORRUPT
            if error.trouble is not StoreTrouble.LOCKED:  # busy for once; the next round comes
                self._tell(error)
        except Exception:
            log.exception("keeping the store failed by a fault of this program")
            self._send(StoreTroubled(StoreTrouble.IO, "", str(self._database)))

    def _tell(self, error: StoreError) -> None:
        seen = (error.trouble, error.path)
        with self._telling:
            new = seen not in self._told
            self._told.add(seen)
        if new:
            self._send(StoreTroubled(error.trouble, error.detail, error.path or str(self._database)))

    # --- what is done, on the thread

    def _quick_look(self) -> None:
        health.look(self._database, "quick_check", self._stopping.is_set)

    def _round(self) -> None:
        """All that may be due. The parts are independent: each is tried though another failed."""
        for do in (self._checkpoint, self._thorough_look, self._backup, self._refill):
            if not self._stopping.is_set():
                self._attempt(do)

    def _checkpoint(self) -> None:
        if health.log_bytes(self._database) > WAL_BYTES or not self._ballast.held:
            health.checkpoint(self._database)

    def _thorough_look(self) -> None:
        now = self._clock.now()
        if health.check_due(self._database, now) and health.look(
            self._database, "integrity_check", self._stopping.is_set
        ):
            health.check_done(self._database, now)

    def _backup(self) -> None:
        """A damaged database is not copied: that would push a good backup out."""
        now = self._clock.now()
        if self._damaged or not backup.due(self._database, now):
            return
        made = backup.make(self._database, now, self._stopping)
        if made is not None:
            log.info("the backup of the day is made")
            self._room_again(StoreTrouble.NO_BACKUP, backup.folder_of(self._database))

    def _refill(self) -> None:
        """Hold ballast again, once there is room."""
        if not self._ballast.held and self._ballast.make():
            self._room_again(StoreTrouble.RESERVE, self._database)

    def _room_again(self, trouble: StoreTrouble, path: Path) -> None:
        """What was full is not any more: the next time is news again."""
        with self._telling:
            self._told.discard((trouble, str(path)))
