"""The worker of an account: one thread that owns the engine, its provider and its store connection.

An account that is being set up is held: it is counted and rehearsed, and no round runs before `Begin`.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from random import Random
from typing import Final, Protocol, assert_never

from ringdesk.domain.orders import (
    Answer,
    Approve,
    Begin,
    Order,
    PolicyChanged,
    Refresh,
    Rehearse,
    Survey,
    SyncNow,
    SyncSoon,
    Undo,
    Wake,
)
from ringdesk.domain.remote import RemoteError, Retry
from ringdesk.domain.replica import Choice, Policy, Question
from ringdesk.domain.status import StoreError
from ringdesk.domain.syncing import (
    AccountNews,
    Phase,
    RehearsalDone,
    RoundDone,
    Surveyed,
    SyncDead,
    SyncHalted,
    SyncProgress,
    SyncRunning,
    SyncUndone,
    SyncWaiting,
)
from ringdesk.sync.context import Report
from ringdesk.sync.failure import Halt, Reaction, Reconnect, Wait, react

log = logging.getLogger(__name__)

SOON: Final = 1.0
"""Seconds between a save and its round: edits that come together go together."""
MORE_AFTER: Final = 55.0
"""Seconds until the next round where pictures are left: an account takes so many a minute and no more."""
TELL_EVERY: Final = 0.1
"""Seconds between two news of progress."""


_COUNTS_SLEEP: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", None)


def _running() -> float:
    """Seconds since the computer was started, its sleep included where the system can tell."""
    return time.monotonic() if _COUNTS_SLEEP is None else time.clock_gettime(_COUNTS_SLEEP)


class SteadyClock:
    """The time of day as of the start, moved on by a clock that nobody sets and that counts sleep."""

    def __init__(self) -> None:
        self._offset = time.time() - _running()

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return self._offset + _running()


class Rounds(Protocol):
    """What the worker needs of an engine."""

    def round(self, *, full: bool = False) -> Report:
        """One round."""

    def refresh(self, contact: str) -> bool:
        """Read one contact anew."""

    def answer(self, question: Question, choice: Choice) -> None:
        """What the user decided."""

    def look_again(self) -> None:
        """The policy has changed: look at every contact."""

    def approve(self, deletions: int, kept: Collection[str]) -> None:
        """The user allows so many deletions, once, and wants these contacts kept."""

    def survey(self) -> Surveyed:
        """Count what the account holds."""

    def rehearse(self, policy: Policy) -> Report:
        """What the next round would do by this policy."""

    def undo(self) -> SyncUndone:
        """Take the last sync back; what that sends goes with the next round."""

    def close(self) -> None:
        """Give connections back."""


@dataclass(frozen=True, slots=True)
class _Stop:
    """No more orders."""


_Order = Order | _Stop
_Written = Answer | Approve | PolicyChanged


class Worker:
    """Runs rounds: every `interval` seconds (None: only when asked), soon after a save, at once when asked."""

    def __init__(
        self,
        account: str,
        make: Callable[[Worker], Rounds],
        tell: Callable[[AccountNews], None],
        *,
        interval: Callable[[], float | None],
        dice: Random,
        clock: SteadyClock,
        soon: float = SOON,
    ) -> None:
        self._account = account
        self._make = make
        self._tell = tell
        self._interval = interval
        self._dice = dice
        self._clock = clock
        self._soon = soon
        self._orders: queue.Queue[_Order] = queue.Queue()
        self._stopping = threading.Event()
        self._breaking = threading.Event()
        self._held = False
        self._told = 0.0
        self._due: float | None = None
        self._full = False
        self._failures = 0
        self._dead = False
        self._thread = threading.Thread(target=self._run, name=f"sync-{account}", daemon=False)

    def start(self, *, held: bool = False) -> None:
        """Begin; the first round comes at once, with `Begin` where the account is `held`, by hand where that is so."""
        self._held = held
        if not held and self._interval() is not None:
            self._orders.put(SyncNow())
        self._thread.start()

    def order(self, order: Order) -> None:
        """Give an order, from any thread."""
        self._orders.put(order)

    def break_off(self) -> None:
        """Break off what is going on at the next good moment; what comes after it is not touched by that."""
        self._breaking.set()

    def stop(self) -> None:
        """Ask the thread to end after the request it waits for; harmless when asked before."""
        self._stopping.set()
        self._orders.put(_Stop())

    @property
    def alive(self) -> bool:
        """Whether the thread runs; it ends by itself only by a fault of this program."""
        return self._thread.is_alive()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end, never on the main thread; gives whether it came."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    # For the engine, on the worker's thread -----------------------------------------------------------------------

    def stopped(self) -> bool:
        """Whether to break off at the next good moment."""
        return self._stopping.is_set() or self._breaking.is_set()

    def progress(self, phase: Phase, done: int, total: int | None) -> None:
        """Say how far it has come, not too often."""
        now = self._clock.now()
        if not self.stopped() and (now - self._told >= TELL_EVERY or done == total):
            self._told = now
            self._tell(SyncProgress(self._account, phase, done, total))

    def pause(self, seconds: float) -> None:
        """Wait, but not past a stop."""
        self._stopping.wait(seconds)

    # The thread --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        rounds: Rounds | None = None
        try:
            rounds = self._make(self)
            while not self._stopping.is_set():
                self._next(rounds)
        except Exception as error:
            log.exception("the sync of an account ended by a fault of this program")
            self._tell(SyncHalted(self._account, "fault", type(error).__name__))
        finally:
            if rounds is not None:
                rounds.close()

    def _next(self, rounds: Rounds) -> None:
        """Wait for an order or for the next round, whichever comes first."""
        wait = None if self._due is None else max(0.0, self._due - self._clock.now())
        try:
            order = self._orders.get(timeout=wait) if wait is None or wait > 0 else self._orders.get_nowait()
        except queue.Empty:
            self._due = None
            self._guarded(lambda: self._round(rounds))
        else:
            self._take(rounds, order)

    def _take(self, rounds: Rounds, order: _Order) -> None:
        match order:
            case Begin() | SyncNow() | SyncSoon() | Wake():
                self._when(order)
            case Refresh(contact):
                self._refresh(rounds, contact)
            case Answer() | Approve() | PolicyChanged():
                self._guarded(lambda: _write(rounds, order))
                self._sooner()
            case Survey() | Rehearse() | Undo():
                self._breaking.clear()
                self._guarded(lambda: self._asked(rounds, order))
            case _Stop():
                return
            case _:
                assert_never(order)

    def _refresh(self, rounds: Rounds, contact: str) -> None:
        """Read one contact anew; that it cannot be done now is no failure of a round, and puts none off."""
        if self._dead or self._held or self._failures:
            return
        try:
            rounds.refresh(contact)
        except (Retry, StoreError) as error:
            log.info("a contact was not read anew: %s", type(error).__name__)
        except RemoteError as error:
            self._react(react(error, 1, self._dice))

    def _when(self, order: Begin | SyncNow | SyncSoon | Wake) -> None:
        """An order that says when the next round comes."""
        match order:
            case Begin():
                self._held, self._due = False, self._clock.now()
            case SyncNow(full):
                if not self._held:
                    self._full, self._dead, self._due = self._full or full, False, self._clock.now()
            case SyncSoon():
                self._sooner()
            case Wake():
                if self._failures and self._due is not None:
                    self._due = self._clock.now() + SOON
            case _:
                assert_never(order)

    def _sooner(self) -> None:
        """A round soon, unless the account is dead, held, or asked to be left alone for a while."""
        if not self._dead and not self._held and self._failures == 0:
            soon = self._clock.now() + self._soon
            self._due = soon if self._due is None else min(self._due, soon)

    def _asked(self, rounds: Rounds, order: Survey | Rehearse | Undo) -> None:
        """Something besides a round that the user waits for."""
        match order:
            case Survey():
                self._tell(rounds.survey())
            case Rehearse(policy):
                would = self._unless_broken_off(lambda: rounds.rehearse(policy))
                self._tell(RehearsalDone(self._account, self._done(would)))
            case Undo():
                self._tell(rounds.undo())
                self._sooner()
            case _:
                assert_never(order)

    def _round(self, rounds: Rounds) -> None:
        self._breaking.clear()
        self._tell(SyncRunning(self._account))
        full, self._full = self._full, False
        report = self._unless_broken_off(lambda: rounds.round(full=full))
        self._failures = 0
        self._plan(most=MORE_AFTER if report.more else None)
        self._tell(self._done(report))

    def _unless_broken_off(self, do: Callable[[], Report]) -> Report:
        """Do it; a request that was cut because the user broke it off is no failure of the network."""
        try:
            return do()
        except Retry:
            if not self._breaking.is_set():
                raise
            return Report(stopped=True)

    def _plan(self, *, most: float | None = None) -> None:
        """The next round comes after the interval, or after `most` seconds where that is sooner."""
        interval = self._interval()
        if interval is not None and not self._dead and not self._held:
            due = self._clock.now() + (interval if most is None else min(interval, most))
            self._due = due if self._due is None else min(self._due, due)

    def _done(self, report: Report) -> RoundDone:
        return RoundDone(
            account=self._account,
            at=self._clock.now(),
            counts={deed.value: count for deed, count in report.counts.items()},
            lines=tuple((line.deed.value, line.contact, line.name) for line in report.lines),
            guard_here=report.guard_here,
            guard_there=report.guard_there,
            guarded=tuple((line.deed.value, line.contact, line.name) for line in report.guarded),
            questions=report.questions,
            invalid=report.invalid,
            unclear=report.unclear,
            put_off=report.put_off,
            unreadable=report.unreadable,
            distrusted=report.distrusted,
            stopped=report.stopped,
        )

    def _guarded(self, do: Callable[[], object]) -> None:
        """Do it; what the world does not allow becomes a reaction."""
        try:
            do()
        except (RemoteError, StoreError) as error:
            self._failures += 1
            log.warning("a round broke off: %s", type(error).__name__)
            self._react(react(error, self._failures, self._dice))

    def _react(self, reaction: Reaction) -> None:
        match reaction:
            case Wait(seconds, detail):
                until = self._clock.now() + seconds
                self._due = None if self._held else until
                self._tell(SyncWaiting(self._account, until, detail))
            case Reconnect(cause, detail):
                self._due, self._dead, self._failures = None, not self._held, 0
                self._tell(SyncDead(self._account, cause, detail))
            case Halt(code, detail):
                self._due, self._failures = None, 0
                self._plan()
                self._tell(SyncHalted(self._account, code, detail))
            case _:
                assert_never(reaction)


def _write(rounds: Rounds, order: _Written) -> None:
    """Write the user's word down."""
    match order:
        case Answer(question, choice):
            rounds.answer(question, choice)
        case Approve(deletions, kept):
            rounds.approve(deletions, kept)
        case PolicyChanged():
            rounds.look_again()
        case _:
            assert_never(order)
