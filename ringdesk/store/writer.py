"""The one thread that writes: each job is one transaction, kept or taken back whole."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, Protocol, TypeVar

from ringdesk.domain.news import News
from ringdesk.domain.sockets import SendNews
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.domain.values import dataclass
from ringdesk.store.database import Connection

log = logging.getLogger(__name__)

T = TypeVar("T")


class Work:
    """What a job gets: the write connection, and the news to send once the transaction is kept."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.news: list[News] = []


Job = Callable[[Work], T]
Step = Callable[[Work], T | None]
"""One transaction of many; None says that there is more to do."""


Troubled = Callable[[StoreError], bool]
"""Hears of a write that the world refused; True where it made room, so that the write is worth a second try."""


class Writer(Protocol):
    """Runs jobs one after another, in the order they came."""

    def submit(self, job: Job[T]) -> Future[T]:
        """Run a job in one transaction. Its exception, if any, arrives through the future."""

    def chain(self, step: Step[T]) -> Future[T]:
        """Run a step until it gives a result, each time in a transaction of its own, with other jobs between."""

    def listen(self, troubled: Troubled) -> None:
        """Tell somebody of every write that the world refused, before whoever waits for it hears."""

    def freeze(self, why: StoreError) -> None:
        """Write nothing any more: every write is refused for this reason."""

    def stop(self) -> None:
        """Finish what was submitted, then close the connection; later submits fail with STOPPED."""


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    """The transaction was kept."""

    result: T


@dataclass(frozen=True, slots=True)
class _Failed:
    """The transaction was taken back."""

    error: BaseException
    again: bool
    """Room was made since."""


class _Runner:
    """Runs one thing on the connection; shared by both writers."""

    def __init__(self, connection: Connection, send: SendNews) -> None:
        self._connection = connection
        self._send = send
        self.troubled: Troubled = lambda _: False
        self.refusal: StoreError | None = None

    def run(self, job: Job[T], future: Future[T]) -> None:
        """Run a job, twice where room was made for it, and settle its future."""
        if not future.set_running_or_notify_cancel():
            return
        attempt = self._attempt(job)
        if isinstance(attempt, _Failed) and attempt.again:
            attempt = self._attempt(job)
        if isinstance(attempt, _Failed):
            future.set_exception(attempt.error)
        else:
            future.set_result(attempt.result)

    def step(self, step: Step[T], future: Future[T]) -> bool:
        """Run one step of a chain; True where it must be run again.

        A step that failed is not tried twice: it may have moved on by itself.
        """
        if not future.running() and not future.set_running_or_notify_cancel():
            return False
        attempt = self._attempt(step)
        if isinstance(attempt, _Failed):
            future.set_exception(attempt.error)
            return False
        if attempt.result is None:
            return True
        future.set_result(attempt.result)
        return False

    def _attempt(self, job: Job[T]) -> _Done[T] | _Failed:
        if (refusal := self.refusal) is not None:
            return _Failed(StoreError(refusal.trouble, refusal.detail, refusal.path), again=False)
        work = Work(self._connection)
        try:
            with self._connection.transaction():
                result = job(work)
        except BaseException as error:  # noqa: BLE001  # handed to whoever waits; only that one can react
            _report(error)
            return _Failed(error, again=isinstance(error, StoreError) and self.troubled(error))
        self._tell(work)
        return _Done(result)

    def _tell(self, work: Work) -> None:
        try:
            for news in work.news:
                self._send(news)
        except Exception:
            log.exception("news of a write that was kept could not be sent")


def _report(error: BaseException) -> None:
    if isinstance(error, StoreError):
        log.warning("a write was refused: %s", error.trouble.value)
    else:
        log.error("a write failed by a fault of this program", exc_info=error)


class _Queue(ABC):
    """The part that both writers share: what waits, and how a job or a chain becomes a thing that waits."""

    def __init__(self, connection: Connection, send: SendNews) -> None:
        self._runner = _Runner(connection, send)
        self._connection = connection
        self._waiting: deque[Callable[[], None]] = deque()
        self._stopping = False

    def listen(self, troubled: Troubled) -> None:
        """Tell somebody of every write that the world refused, before whoever waits for it hears."""
        self._runner.troubled = troubled

    def freeze(self, why: StoreError) -> None:
        """Write nothing any more: every write is refused for this reason."""
        self._runner.refusal = why

    def submit(self, job: Job[T]) -> Future[T]:
        """Run a job in one transaction, after those that wait already."""
        future: Future[T] = Future()
        return self._put(lambda: self._runner.run(job, future), future)

    def chain(self, step: Step[T]) -> Future[T]:
        """Run a step until it gives a result, each time in a transaction of its own, with other jobs between."""
        future: Future[T] = Future()

        def again() -> None:
            if self._runner.step(step, future):
                self._waiting.append(again)

        return self._put(again, future)

    @abstractmethod
    def _put(self, do: Callable[[], None], future: Future[T]) -> Future[T]:
        """Do it now or in its turn; gives the future back."""

    @staticmethod
    def _refuse(future: Future[T]) -> Future[T]:
        future.set_exception(StoreError(StoreTrouble.STOPPED))
        return future


class ThreadWriter(_Queue):
    """The writer of the running program: a thread of its own."""

    def __init__(self, connection: Connection, send: SendNews) -> None:
        super().__init__(connection, send)
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._loop, name="store-writer", daemon=False)
        self._thread.start()

    def stop(self) -> None:
        """Finish the queue, chains included, and end the thread. Not from the writer thread itself."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join()

    def _put(self, do: Callable[[], None], future: Future[T]) -> Future[T]:
        with self._wake:
            if self._stopping:
                return self._refuse(future)
            self._waiting.append(do)
            self._wake.notify()
        return future

    def _next(self) -> Callable[[], None] | None:
        with self._wake:
            while not self._waiting:
                if self._stopping:
                    return None
                self._wake.wait()
            return self._waiting.popleft()

    def _loop(self) -> None:
        while (do := self._next()) is not None:
            do()
        self._connection.close()


class InlineWriter(_Queue):
    """The writer of a simulation: does everything at once, in the caller's thread."""

    def __init__(self, connection: Connection, send: SendNews) -> None:
        super().__init__(connection, send)
        self._running = False

    def stop(self) -> None:
        """Close the connection."""
        if not self._stopping:
            self._stopping = True
            self._connection.close()

    def _put(self, do: Callable[[], None], future: Future[T]) -> Future[T]:
        if self._stopping:
            return self._refuse(future)
        self._waiting.append(do)
        if not self._running:
            self._drain()
        return future

    def _drain(self) -> None:
        self._running = True
        try:
            while self._waiting:
                self._waiting.popleft()()
        finally:
            self._running = False
