"""The worker: orders in, news out, one thread, an end that comes at once."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from ringdesk.domain.orders import (
    Answer,
    Approve,
    Begin,
    PolicyChanged,
    Refresh,
    Rehearse,
    Survey,
    SyncNow,
    SyncSoon,
    Undo,
    Wake,
)
from ringdesk.domain.remote import Death, Retry, SignInDead, Stop
from ringdesk.domain.replica import Choice, Policy, Question, Review
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
from ringdesk.sync import worker as worker_module
from ringdesk.sync.context import Report
from ringdesk.sync.plan import Deed
from ringdesk.sync.worker import SteadyClock, Worker

LONG = 30.0


@dataclass
class Rounds:
    """An engine that does as it is told."""

    asked: queue.Queue[str] = field(default_factory=queue.Queue)
    fail: list[Exception] = field(default_factory=list)
    during: Callable[[], None] = lambda: None
    threads: set[str] = field(default_factory=set)
    refusing: list[Exception] = field(default_factory=list)
    more: bool = False
    closed: bool = False
    worker: Worker = field(init=False)

    def round(self, *, full: bool = False) -> Report:
        self._note("full round" if full else "round")
        if self.fail:
            raise self.fail.pop(0)
        self.during()
        report = Report(more=self.more)
        report.counts[Deed.ADD_HERE] = 2
        return report

    def refresh(self, contact: str) -> bool:
        self._note(f"refresh {contact}")
        if self.refusing:
            raise self.refusing.pop(0)
        return True

    def answer(self, question: Question, choice: Choice) -> None:
        self._note(f"answer {choice.name}")

    def look_again(self) -> None:
        self._note("look again")

    def approve(self, deletions: int, kept: Collection[str]) -> None:
        self._note(f"approve {deletions} but {len(kept)}")

    def survey(self) -> Surveyed:
        self._note("survey")
        if self.fail:
            raise self.fail.pop(0)
        return Surveyed("google:me", (), 60, 41)

    def rehearse(self, policy: Policy) -> Report:
        self._note(f"rehearse {policy.landing}")
        self.during()
        report = Report(stopped=self.worker.stopped())
        report.counts[Deed.ADD_THERE] = 3
        return report

    def undo(self) -> SyncUndone:
        self._note("undo")
        return SyncUndone("google:me", {"changed back": 1})

    def close(self) -> None:
        self.closed = True

    def _note(self, what: str) -> None:
        self.threads.add(threading.current_thread().name)
        self.asked.put(what)


@dataclass
class Bench:
    rounds: Rounds
    news: queue.Queue[AccountNews]
    worker: Worker

    def expect(self, kind: type[Any]) -> Any:
        """The next news of a kind."""
        while not isinstance(one := self.news.get(timeout=LONG), kind):
            continue
        return one


@pytest.fixture
def bench() -> Iterator[Bench]:
    rounds, news = Rounds(), queue.Queue[AccountNews]()
    worker = Worker(
        "google:me", lambda _: rounds, news.put, interval=lambda: 300.0, dice=Random(1), clock=SteadyClock()
    )
    rounds.worker = worker
    yield Bench(rounds, news, worker)
    worker.stop()
    if worker._thread.ident is not None:
        assert worker.join(LONG)
        assert rounds.closed


def test_the_first_round_comes_at_once_and_tells_what_it_did(bench: Bench) -> None:
    bench.worker.start()
    assert bench.rounds.asked.get(timeout=LONG) == "round"
    assert isinstance(bench.news.get(timeout=LONG), SyncRunning)
    done = bench.expect(RoundDone)
    assert done.counts == {"added here": 2}
    assert bench.rounds.threads == {"sync-google:me"}


def test_orders_are_carried_out_on_the_thread(bench: Bench) -> None:
    bench.worker.start()
    bench.expect(RoundDone)
    for order in (
        Refresh("id-1"),
        SyncNow(full=True),
        Answer(Question(Review.REMOVED, "id-1"), Choice.KEEP),
        Approve(12, frozenset("a")),
        PolicyChanged(),
    ):
        bench.worker.order(order)
    told = [bench.rounds.asked.get(timeout=LONG) for _ in range(6)]
    assert told[:2] == ["round", "refresh id-1"]
    assert sorted(told[2:]) == sorted(["full round", "answer KEEP", "approve 12 but 1", "look again"])


def test_edits_that_come_together_go_together(bench: Bench) -> None:
    bench.worker.start()
    bench.expect(RoundDone)
    clock = SteadyClock()
    begun = clock.now()
    for _ in range(20):
        bench.worker.order(SyncSoon())
    bench.expect(RoundDone)
    assert clock.now() - begun < LONG
    assert bench.rounds.asked.qsize() == 2


def test_a_failure_waits_and_tries_again(bench: Bench) -> None:
    bench.rounds.fail = [Retry("no network")]
    bench.worker.start()
    waiting = bench.expect(SyncWaiting)
    assert waiting.until > SteadyClock().now()
    bench.worker.order(SyncSoon())
    bench.expect(RoundDone)


def test_a_dead_sign_in_waits_for_the_user(bench: Bench) -> None:
    bench.rounds.fail = [SignInDead(Death.REVOKED)]
    bench.worker.start()
    assert bench.expect(SyncDead).cause is Death.REVOKED
    bench.worker.order(SyncSoon())
    bench.worker.order(Refresh("id-1"))
    bench.worker.order(SyncNow())
    bench.expect(RoundDone)
    assert [bench.rounds.asked.get_nowait() for _ in range(2)] == ["round", "round"]


def test_what_trying_again_does_not_mend_is_told(bench: Bench) -> None:
    bench.rounds.fail = [Stop("disabled", "switch it on")]
    bench.worker.start()
    halted = bench.expect(SyncHalted)
    assert (halted.code, halted.detail) == ("disabled", "switch it on")


def test_a_fault_of_ours_is_told_and_ends_the_thread(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.rounds.fail = [ZeroDivisionError()]
    bench.worker.start()
    assert bench.expect(SyncHalted).code == "fault"
    assert bench.worker.join(LONG)
    assert "ZeroDivisionError" in caplog.text


def test_a_stop_ends_a_pause(bench: Bench) -> None:
    bench.rounds.during = lambda: bench.worker.pause(3600.0)
    bench.worker.start()
    bench.rounds.asked.get(timeout=LONG)
    bench.worker.stop()
    assert bench.worker.join(LONG)
    assert bench.worker.stopped()


def test_a_held_account_is_counted_and_rehearsed_but_not_synced(bench: Bench) -> None:
    bench.worker.start(held=True)
    for order in (SyncNow(), SyncSoon(), Refresh("c1"), Survey(), Rehearse(Policy(landing="Sales"))):
        bench.worker.order(order)
    assert bench.expect(Surveyed).contacts == 60
    assert bench.expect(RehearsalDone).would.counts == {"added there": 3}
    assert [bench.rounds.asked.get(timeout=LONG) for _ in range(2)] == ["survey", "rehearse Sales"]
    bench.worker.order(Begin())
    assert bench.rounds.asked.get(timeout=LONG) == "round"


def test_a_count_that_fails_is_told_and_starts_no_round(bench: Bench) -> None:
    bench.rounds.fail = [Retry("503"), SignInDead(Death.SCOPE, "scope")]
    bench.worker.start(held=True)
    bench.worker.order(Survey())
    assert bench.expect(SyncWaiting).detail == "503"
    assert bench.worker._due is None
    bench.worker.order(Survey())
    assert bench.expect(SyncDead) == SyncDead("google:me", Death.SCOPE, "scope")
    bench.worker.order(Survey())
    assert bench.expect(Surveyed).contacts == 60


def test_what_goes_on_can_be_broken_off_and_the_next_thing_is_not(bench: Bench) -> None:
    stopped: list[bool] = []

    def during() -> None:
        stopped.append(bench.worker.stopped())
        if len(stopped) == 1:
            bench.worker.break_off()

    bench.rounds.during = during
    bench.worker.start(held=True)
    bench.worker.order(Rehearse(Policy()))
    assert bench.expect(RehearsalDone).would.stopped
    bench.worker.order(Rehearse(Policy()))
    assert not bench.expect(RehearsalDone).would.stopped
    assert stopped == [False, False]


def test_the_last_sync_is_taken_back_and_what_that_sends_goes_soon(bench: Bench) -> None:
    bench.worker.start()
    bench.expect(RoundDone)
    bench.worker.order(Undo())
    assert bench.expect(SyncUndone).counts == {"changed back": 1}
    bench.expect(RoundDone)
    assert [bench.rounds.asked.get(timeout=LONG) for _ in range(3)] == ["round", "undo", "round"]


def test_waking_up_tries_at_once_what_waited_for_a_better_time(bench: Bench) -> None:
    bench.rounds.fail = [Retry("no network", after=900.0)]
    bench.worker.start()
    bench.expect(SyncWaiting)
    bench.worker.order(Wake())
    bench.expect(RoundDone)


def test_progress_is_told_often_enough_and_not_too_often(bench: Bench) -> None:
    def during() -> None:
        for done in range(1, 10_001):
            bench.worker.progress(Phase.SENDING, done, 10_000)

    bench.rounds.during = during
    bench.worker.start()
    told: list[SyncProgress] = []
    while not isinstance(one := bench.news.get(timeout=LONG), RoundDone):
        if isinstance(one, SyncProgress):
            told.append(one)
    assert told[-1] == SyncProgress("google:me", Phase.SENDING, 10_000, 10_000)
    assert len(told) < 100


def test_the_clock_counts_on_while_the_computer_sleeps() -> None:
    """Linux has a clock for that; a worker that slept must not believe that its token is still young."""
    assert getattr(time, "CLOCK_BOOTTIME", None) == worker_module._COUNTS_SLEEP
    assert abs(SteadyClock().now() - time.time()) < 5.0


def test_a_contact_that_cannot_be_read_anew_puts_no_round_off(bench: Bench) -> None:
    bench.worker.start()
    bench.expect(RoundDone)
    bench.rounds.refusing = [Retry("no network", after=900.0), SignInDead(Death.REVOKED, "revoked")]
    bench.worker.order(Refresh("c1"))
    bench.worker.order(SyncSoon())
    bench.expect(RoundDone)
    bench.worker.order(Refresh("c2"))
    assert bench.expect(SyncDead).cause is Death.REVOKED
    bench.worker.order(Refresh("c3"))
    bench.worker.order(SyncNow())
    bench.expect(RoundDone)
    asked = [bench.rounds.asked.get(timeout=LONG) for _ in range(5)]
    assert asked == ["round", "refresh c1", "round", "refresh c2", "round"]


@pytest.mark.parametrize(("more", "seconds"), [(False, 300.0), (True, worker_module.MORE_AFTER)])
def test_pictures_that_are_left_do_not_wait_for_the_interval(bench: Bench, more: bool, seconds: float) -> None:
    bench.rounds.more = more
    bench.worker.start()
    done = bench.expect(RoundDone)
    assert bench.worker._due is not None
    assert abs(bench.worker._due - done.at - seconds) < 1.0
