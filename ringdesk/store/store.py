"""The front of the store: what `app` opens, hands out and closes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ringdesk.domain.sockets import Clock, Ids, SendNews
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.domain.values import dataclass
from ringdesk.store.both import BothReads, BothWrites
from ringdesk.store.calls import CallBook, CallList
from ringdesk.store.contacts import NEW_IS_ORDERED, names_ordered, regions_read
from ringdesk.store.contacts_read import Reads
from ringdesk.store.database import BUSY_MILLISECONDS, Connect, Connection, check_head, connect, ready_of
from ringdesk.store.migrations import migrate, steps
from ringdesk.store.writer import InlineWriter, ThreadWriter, Troubled, Writer

if TYPE_CHECKING:
    from ringdesk.store.accounts import AccountBook
    from ringdesk.store.reorder import Reordering
    from ringdesk.store.replicas import AccountReplicas
    from ringdesk.store.roundlock import Lock

log = logging.getLogger(__name__)


_BEGIN: Final = f"INSERT OR IGNORE INTO meta (key, value) SELECT 'region', ? UNION ALL {NEW_IS_ORDERED}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads for one thread, over a connection of their own."""

    contacts: Reads
    calls: CallList
    connection: Connection

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class Store:
    """One database: reads for the main thread, writes, the call list."""

    def __init__(
        self,
        path: Path,
        reader: Reader,
        writer: Writer,
        *,
        region: str,
        clock: Clock,
        ids: Ids,
        connect: Connect = connect,
    ) -> None:
        self.path = path
        self._connect = connect
        self._region = region
        self._clock = clock
        self._reader = reader
        self._writer = writer
        self._closing = False
        self.reads = BothReads(reader.connection, region)
        """ContactReads, for the thread that opened the store."""
        self.calls = reader.calls
        """CallReads, for the thread that opened the store."""
        self.writes = BothWrites(writer, clock=clock, ids=ids, region=lambda: self._region)
        """ContactWrites and more, for any thread."""
        self.call_writes = CallBook(writer, clock)
        """CallWrites, for any thread."""

    @cached_property
    def accounts(self) -> AccountBook:
        """Which accounts there are; its reads are for the thread that opened the store."""
        from ringdesk.store.accounts import AccountBook  # not on the way to the first picture

        return AccountBook(self._reader.connection, self._writer)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        region: str,
        clock: Clock,
        ids: Ids,
        send_news: SendNews,
        inline: bool = False,
        busy: int = BUSY_MILLISECONDS,
        connect: Connect = connect,
    ) -> Store:
        """Open the database, made or brought to the newest schema where needed.

        `inline` writes at once in the caller's thread, and `connect` goes to another disk, for simulations. Raises
        StoreError with the path where it cannot be opened: made by a newer RingDesk, not ours, damaged, read-only,
        locked. On a full disk the ballast is given up.
        """
        if ready_of(path).exists():
            from ringdesk.store.restore import finish  # the start after a restore that was cut short

            finish(path)
        try:
            writing = open_for_writing(path, busy, connect)
        except StoreError as error:
            if error.trouble is not StoreTrouble.FULL or not _made_room(path):
                raise
            writing = open_for_writing(path, busy, connect)
        try:
            writing.run(_BEGIN, (region,))
            known_region = writing.value("SELECT value FROM meta WHERE key = 'region'")
            renumber = known_region != region or bool(regions_read(writing))
            ordered = names_ordered(writing)
            unfiled = writing.value("SELECT 1 FROM unfiled LIMIT 1") is not None
            reader = open_reader(path, region, busy, connect)
        except BaseException:
            writing.close()
            raise
        writer = (InlineWriter if inline else ThreadWriter)(writing, send_news)
        store = cls(path, reader, writer, region=region, clock=clock, ids=ids, connect=connect)
        if not ordered:
            store.writes.reordering = reorder(writer, lambda: store._closing)
        if renumber:
            store.writes.reindex(region)
        if unfiled:
            store.writes.settle()
        return store

    def reader(self) -> Reader:
        """Reads for another thread; that thread closes them."""
        return open_reader(self.path, self._region, BUSY_MILLISECONDS, self._connect)

    def replicas(self, account: str, reader: Reader, *, lock: Lock | None = None) -> AccountReplicas:
        """What is kept of an account, for the thread whose reader this is: the engine's socket.

        `lock` for a store on a simulated disk, where no file can lie beside it.
        """
        from ringdesk.store.replicas import AccountReplicas  # without an account nobody needs these
        from ringdesk.store.roundlock import RoundLock

        return AccountReplicas(
            account,
            reader.connection,
            self._writer,
            clock=self._clock,
            region=lambda: self._region,
            lock=lock or RoundLock(self.path, account),
        )

    def listen(self, troubled: Troubled) -> None:
        """Tell somebody of every write that the world refused, on the writer's thread."""
        self._writer.listen(troubled)

    def freeze(self, why: StoreError) -> None:
        """Only read from now on; every write is refused for this reason."""
        self._writer.freeze(why)

    def set_region(self, region: str) -> Future[int]:
        """Change the home region: numbers are read anew in it, in the background."""
        self._region = region
        self.reads.set_region(region)
        return self.writes.reindex(region)

    def close(self) -> None:
        """Finish all writes that were asked for, then close. Blocks until they are done."""
        self._closing = True
        self._writer.stop()
        self._reader.close()


def reorder(writer: Writer, ended: Callable[[], bool]) -> Reordering:
    """Put the names of a database of before in today's order, in the background."""
    from ringdesk.store.reorder import Reordering  # once in the life of such a database

    reordering = Reordering(ended)
    reordering.start(writer)
    return reordering


def _made_room(path: Path) -> bool:
    from ringdesk.store.ballast import Ballast  # only now: a start on a disk with room is not to wait for it

    return Ballast(path.parent).release()


def open_for_writing(path: Path, busy: int = BUSY_MILLISECONDS, connect: Connect = connect) -> Connection:
    """A write connection to a database of the newest schema. A file that is not ours is left untouched."""
    todo = steps()
    connection = connect(path, write=True, busy=busy)
    try:
        version = check_head(connection, len(todo))
        _try_to_write(connection, version)
        connection.run("PRAGMA journal_mode = WAL")
        migrate(connection, todo)
    except BaseException:
        connection.close()
        raise
    return connection


def _try_to_write(connection: Connection, version: int) -> None:
    """Find out now, not at the first save, that the file can only be read; changes nothing."""
    connection.run("BEGIN IMMEDIATE")
    try:
        connection.run(f"PRAGMA user_version = {version}")
    finally:
        connection.run("ROLLBACK")


def open_reader(path: Path, region: str, busy: int, connect: Connect = connect) -> Reader:
    """Reads over a new connection."""
    connection = connect(path, write=False, busy=busy)
    return Reader(Reads(connection, region), CallList(connection), connection)
