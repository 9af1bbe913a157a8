"""The whole system in one process: two desks with real stores, one account, people on all sides, faults, crashes.

One seed is one run: time, ids, chance and threads are all of the simulator's making, so that a seed that fails replays
identically. Provider and disk are plugged in: `Parts` says which.

    python -m tests.sync.simulation --schedules 2000 --seed 1 --json [--mutant NAME] [--list-mutants]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, cast

from ringdesk.domain.effects import Effect, Replicas
from ringdesk.domain.remote import Op, RemoteBook, RemoteError, Result
from ringdesk.domain.replica import Clash, GoneThere, Policy
from ringdesk.store.database import Connect, connect
from tests.sync.desk import Desk, VirtualClock
from tests.sync.memory_remote import Fault, Faults, MemoryBook, Server
from tests.sync.mutants import MUTANTS
from tests.sync.world import HandSide, Ledger, MemoryHand, People, apart, doubled, leaked, lost

QUIET_ROUNDS = 3
QUIET_PAUSE = 1300.0


class Crash(BaseException):
    """The program is killed here."""


@dataclass
class Crashing:
    """Kills the program at a commit or a request, when the dice say so."""

    dice: Random
    rate: float = 0.0
    injected: Counter[str] = field(default_factory=Counter)

    def maybe(self, where: str) -> None:
        if self.rate and self.dice.random() < self.rate:
            self.injected[f"killed {where}"] += 1
            raise Crash(where)


class CrashingReplicas:
    """Replicas that a kill can hit before and after each commit."""

    def __init__(self, replicas: Replicas, crashing: Crashing) -> None:
        self._replicas = replicas
        self._crashing = crashing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._replicas, name)

    def commit(self, effects: Sequence[Effect]) -> None:
        self._crashing.maybe("before a commit")
        self._replicas.commit(effects)
        self._crashing.maybe("after a commit")


class CrashingBook:
    """A provider that a kill can hit before and after each request that changes something."""

    def __init__(self, book: RemoteBook, crashing: Crashing, record: Callable[[str], None]) -> None:
        self._book = book
        self._crashing = crashing
        self._record = record

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)

    def push(self, ops: Sequence[Op]) -> Sequence[Result]:
        self._record(f"push {[type(op).__name__ for op in ops]}")
        self._crashing.maybe("before a request")
        results = self._book.push(ops)
        self._crashing.maybe("after a request")
        self._record(f"results {[type(result).__name__ for result in results]}")
        return results


@dataclass
class Account:
    """The provider's half of a world."""

    hand: HandSide
    book: Callable[[Faults, Callable[[str], None]], RemoteBook]
    """A device's door to it."""


def in_memory(clock: VirtualClock, dice: Random) -> Account:
    """The account of `memory_remote`."""
    slow = dice.random() < 0.5
    server = Server(clock, delay=lambda: dice.uniform(0.0, 590.0) if slow and dice.random() < 0.5 else 0.0)
    page = dice.choice((2, 3, 1000))

    def book(faults: Faults, between: Callable[[str], None]) -> RemoteBook:
        return MemoryBook(server, faults, between=between, page=page)

    return Account(MemoryHand(server), book)


@dataclass
class Parts:
    """What a world is made of. `disk` gives the connection maker of a desk; power cuts are its business."""

    account: Callable[[VirtualClock, Random], Account] = in_memory
    disk: Callable[[Random], Connect] = lambda _: connect
    template: Path | None = None


@dataclass
class Outcome:
    """How one schedule went."""

    seed: int
    faults: list[str]
    injected: Counter[str]
    digest: str


class World:
    """One schedule."""

    def __init__(self, seed: int, folder: Path, parts: Parts) -> None:
        self.seed = seed
        self.dice = Random(seed)
        self.clock = VirtualClock()
        self.account = parts.account(self.clock, self.dice)
        self.ledger = Ledger()
        self.people = People(self.dice, self.ledger, self.account.hand, self.clock)
        self.faults = Faults(self.dice)
        self.crashing = Crashing(self.dice)
        self.meddling = 0.0
        policy = Policy(
            clash=self.dice.choice((Clash.RECENT, Clash.RECENT, Clash.MINE, Clash.THEIRS)),
            gone_there=self.dice.choice((GoneThere.REVIEW, GoneThere.DELETE)),
        )
        self.desks = [self._desk(folder / f"{name}.db", parts, policy) for name in ("a", "b")]

    def _desk(self, path: Path, parts: Parts, policy: Policy) -> Desk:
        if parts.template is not None:
            shutil.copy(parts.template, path)
        book = CrashingBook(self.account.book(self.faults, self._between), self.crashing, self.ledger.trace.append)
        return Desk(
            path,
            cast(RemoteBook, book),
            self.clock,
            self.dice,
            policy,
            lambda replicas: cast(Replicas, CrashingReplicas(replicas, self.crashing)),
            parts.disk(self.dice),
        )

    def _between(self, what: str) -> None:
        """Between any two requests somebody may do something."""
        self.ledger.trace.append(what)
        if self.meddling and self.dice.random() < self.meddling:
            if self.dice.random() < 0.6:
                self.people.by_hand()
            else:
                number = self.dice.randrange(2)
                self.people.at_desk(self.desks[number], f"desk {number}")
        self.crashing.maybe("between requests")

    def run(self) -> Outcome:
        """Live through the schedule, then look."""
        try:
            self._begin()
            self._busy_time()
            wrong = self._quiet_time()
        finally:
            for desk in self.desks:
                desk.close()
        return Outcome(self.seed, wrong, self.faults.injected + self.crashing.injected, self._digest())

    def _begin(self) -> None:
        for _ in range(self.dice.randrange(4)):
            self.people.by_hand()
        for number, desk in enumerate(self.desks):
            for _ in range(self.dice.randrange(3)):
                self.people.at_desk(desk, f"desk {number}")

    def _busy_time(self) -> None:
        self.faults.rate = self.dice.choice((0.0, 0.1, 0.3))
        self.faults.kinds = tuple(self.dice.sample([*Fault], self.dice.randrange(1, 1 + len(Fault))))
        self.crashing.rate = self.dice.choice((0.0, 0.0, 0.01, 0.03))
        self.meddling = self.dice.choice((0.0, 0.1, 0.3))
        for _ in range(self.dice.randrange(6, 14)):
            what = self.dice.random()
            number = self.dice.randrange(2)
            if what < 0.4:
                self.people.at_desk(self.desks[number], f"desk {number}")
            elif what < 0.6:
                self.people.by_hand()
            else:
                self.sync(number)
            self.clock.pass_(self.dice.choice((1.0, 30.0, 300.0, 900.0)))

    def sync(self, number: int) -> None:
        """A round of one desk, whatever comes of it."""
        desk = self.desks[number]
        try:
            desk.sync()
        except RemoteError as error:
            self.ledger.trace.append(f"round of {number} broke off: {error!r}")
        except Crash:
            rate, self.crashing.rate = self.crashing.rate, 0.0
            desk.close()
            desk.open()
            self.crashing.rate = rate

    def _quiet_time(self) -> list[str]:
        self.faults.rate = self.crashing.rate = self.meddling = 0.0
        for _ in range(QUIET_ROUNDS):
            self.clock.pass_(QUIET_PAUSE)
            for number in range(2):
                desk = self.desks[number]
                desk.sync()
        before = self.account.hand.mutations()
        self.clock.pass_(QUIET_PAUSE)
        for desk in self.desks:
            desk.sync()
        hand, desks = self.account.hand, self.desks
        wrong = lost(self.ledger, hand, desks) + doubled(hand, desks) + leaked(self.ledger, hand) + apart(hand, desks)
        if hand.mutations() != before:
            wrong.append(f"{hand.mutations() - before} mutations after everything was quiet")
        return wrong

    def _digest(self) -> str:
        return hashlib.sha256("\n".join(self.ledger.trace).encode()).hexdigest()[:16]


def run_one(seed: int, parts: Parts, *, mutant: str = "") -> Outcome:
    """One seed, in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=_quick()) as folder, MUTANTS[mutant]() if mutant else nullcontext():
        try:
            return World(seed, Path(folder), parts).run()
        except Exception as error:
            if not mutant:
                error.add_note(f"seed {seed}")
                raise
            return Outcome(seed, [f"broke: {error!r}"], Counter(), "")


def _quick() -> str | None:
    """A folder in memory, where the system has one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def made_template(folder: Path, disk: Connect = connect) -> Path:
    """An empty store with the account in it, to be copied for every desk."""
    path = folder / "template.db"
    clock = VirtualClock()
    desk = Desk(path, MemoryBook(Server(clock)), clock, disk=disk)
    desk.close()
    return path


def run_many(
    schedules: int, seed: int, *, mutant: str = "", parts: Parts | None = None, stop_at: int | None = None
) -> dict[str, Any]:
    """Many seeds; gives what a report needs. `stop_at` so many failed seeds."""
    begun = time.perf_counter()
    injected: Counter[str] = Counter()
    failed: list[Outcome] = []
    ran = 0
    with tempfile.TemporaryDirectory(dir=_quick()) as folder:
        parts = parts or Parts()
        if parts.template is None:
            parts = replace(parts, template=made_template(Path(folder)))
        for one in range(seed, seed + schedules):
            outcome = run_one(one, parts, mutant=mutant)
            ran += 1
            injected += outcome.injected
            if outcome.faults:
                failed.append(outcome)
                if stop_at is not None and len(failed) >= stop_at:
                    break
    return {
        "schedules": ran,
        "seed": seed,
        "mutant": mutant or None,
        "failed": len(failed),
        "faults": [{"seed": one.seed, "what": one.faults[:5]} for one in failed[:20]],
        "injected": dict(sorted(injected.items())),
        "seconds": round(time.perf_counter() - begun, 2),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--mutant", choices=sorted(MUTANTS), default="")
    parser.add_argument("--list-mutants", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.list_mutants:
        print("\n".join(sorted(MUTANTS)))
        return 0
    found = run_many(chosen.schedules, chosen.seed, mutant=chosen.mutant)
    print(json.dumps(found, indent=None if chosen.json else 1))
    return 1 if found["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
