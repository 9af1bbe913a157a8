"""One schedule of the simulator: two desks with real stores, one account, people on all sides, faults, crashes.

One seed is one run: time, ids, chance and threads are all of the simulator's making, so that a seed that fails replays
identically. Provider and disk are plugged in: `Parts` says which.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import cast

from ringdesk.domain.card import Card, PhoneEntry
from ringdesk.domain.effects import Replicas
from ringdesk.domain.remote import RemoteBook, RemoteError, SignInDead
from ringdesk.domain.replica import Clash, Direction, GoneThere, Policy
from ringdesk.domain.status import StoreError, StoreTrouble
from tests.sync.crashes import Crash, Crashing, CrashingReplicas
from tests.sync.desk import Desk, DeskClock, VirtualClock
from tests.sync.drives import Drive
from tests.sync.duel import begun
from tests.sync.judge import Judge
from tests.sync.parts import Outcome, Parts, Weather
from tests.sync.witness import Witness
from tests.sync.world import Ledger, People, tokens_of

QUIET_ROUNDS = 3
QUIET_PAUSE = 3700.0
NAPS = (1.0, 30.0, 300.0, 900.0)
SLEEPS = (2 * 86400.0, 8 * 86400.0)
JUMPS = (-40 * 86400.0, -3600.0, -90.0, 0.0, 60.0, 3600.0, 400 * 86400.0)
"""How wrong a desk's clock may be."""
ALL_FIELDS = Policy().fields
LEFT_OUT = ("emails", "note", "phones")
"""Fields that people take out of the field map, and put back."""
DUELS = 0.15
"""How many schedules end in a duel."""
DISPUTED = 0.64
"""Where a die's 0.60 to this is a contact deleted in the account that every desk has just edited."""


class World:
    """One schedule."""

    def __init__(self, seed: int, folder: Path, parts: Parts) -> None:
        self.seed = seed
        self.dice = Random(seed)
        self.clock = VirtualClock()
        self.account = parts.account(self.clock, self.dice)
        self.ledger = Ledger()
        self.people = People(self.dice, self.ledger, self.account.hand, self.clock)
        self.crashing = Crashing(self.dice)
        self.weather = Weather()
        self.witness = Witness(self.account.hand)
        self.drives: list[Drive] = []
        self.desks: list[Desk] = []
        policy = Policy(
            clash=self.dice.choice((Clash.RECENT, Clash.RECENT, Clash.MINE, Clash.THEIRS)),
            gone_there=self.dice.choice((GoneThere.REVIEW, GoneThere.DELETE)),
        )
        self.weather.disk = self.dice.choice((0.0, 0.0, 0.1))
        drive = parts.drive if self.weather.disk else parts.sound
        for number in range(2):
            self._add_desk(number, drive(folder / f"{number}.db", parts.template, self.dice), policy)

    def _add_desk(self, number: int, drive: Drive, policy: Policy) -> None:
        self.drives.append(drive)
        desk = Desk(
            drive.path,
            cast(RemoteBook, None),  # made at every start by `renew`
            DeskClock(self.clock),
            self.dice,
            policy,
            lambda replicas: cast(Replicas, CrashingReplicas(replicas, self.crashing)),
            disk=drive.on,
            renew=partial(self.account.book, number, partial(self._before, number), self._after),
        )
        self.desks.append(desk)

    def _before(self, number: int, what: str, named: frozenset[str]) -> None:
        """Between any two requests somebody may do something. `named`: the contacts that the request changes."""
        self.witness.look()
        self.ledger.trace.append(what)
        known = len(self.ledger.entered)
        held = self._lying_on(named) if self.weather.meddling else {}
        if self.weather.meddling and self.dice.random() < self.weather.meddling:
            if self.dice.random() < 0.6:
                self.people.by_hand()
            else:
                self._edit(self.dice.randrange(2))
        if self.weather.twins and self.dice.random() < self.weather.twins:
            self._second_instance()
        if named:
            new = [token for token in [*self.ledger.entered][known:] if self.ledger.entered[token] == "account"]
            if held:  # a merge brings what was entered elsewhere long before
                new += [token for remote, now in self._lying_on(named).items() for token in now - held.get(remote, now)]
            hidden = ALL_FIELDS - self.desks[number].policy.fields
            self.witness.asked(number, frozenset(map(self.account.hand.current, named)), frozenset(new), hidden)
        self.crashing.maybe("before a request")

    def _lying_on(self, named: frozenset[str]) -> dict[str, set[str]]:
        """What is entered on these contacts of the account."""
        if not named:
            return {}
        there, current = {one.remote: tokens_of(one.card) for one in self.account.hand.all()}, self.account.hand.current
        return {one: there[current(one)] for one in named if current(one) in there}

    def _second_instance(self) -> None:
        """A second program over the store of the desk that is in a round wants a round, too."""
        busy = next(desk for desk in self.desks if desk.busy)
        self.weather.injected["second instances"] += 1
        twins, self.weather.twins = self.weather.twins, 0.0
        try:
            busy.instance().round()
        except StoreError as error:
            if error.trouble is not StoreTrouble.LOCKED:
                raise
        else:
            raise AssertionError("two programs had a round at once")
        finally:
            self.weather.twins = twins

    def _after(self) -> None:
        self.crashing.maybe("after a request")

    # The schedule ------------------------------------------------------------------------------------------------

    def run(self) -> Outcome:
        """Live through the schedule, then look."""
        try:
            self._begin()
            self._busy_time()
            wrong = self._quiet_time()
        finally:
            for desk, drive in zip(self.desks, self.drives, strict=True):
                try:
                    desk.close()
                finally:
                    drive.off()
        injected = self.account.injected + self.crashing.injected + self.weather.injected
        digest = hashlib.sha256("\n".join(self.ledger.trace).encode()).hexdigest()[:16]
        return Outcome(self.seed, wrong, injected, digest)

    def _begin(self) -> None:
        for _ in range(self.dice.randrange(4)):
            self.people.by_hand()
        for number in range(2):
            for _ in range(self.dice.randrange(3)):
                self._edit(number)

    def _busy_time(self) -> None:
        dice, weather = self.dice, self.weather
        self.account.storm()
        self.crashing.rate = dice.choice((0.0, 0.0, 0.01, 0.03))
        weather.meddling = dice.choice((0.0, 0.1, 0.3))
        weather.restarts, weather.turns = (dice.choice((0.0, 0.0, 0.1)) for _ in range(2))
        weather.twins = dice.choice((0.0, 0.0, 0.0, 0.1))
        weather.undos = dice.choice((0.0, 0.0, 0.15))
        for _ in range(dice.randrange(4, 12)):
            number = dice.randrange(2)
            self._happen(number)
            what = dice.random()
            if what < 0.4:
                self._edit(number)
            elif what < 0.6:
                self.people.by_hand()
            elif what < DISPUTED:
                self._dispute()
            else:
                self.sync(number)
            self.clock.pass_(dice.choice(SLEEPS if dice.random() < 0.02 else NAPS))

    def _dispute(self) -> None:
        """Somebody deletes in the account what is edited on every desk."""
        there = sorted(self.account.hand.all(), key=lambda one: one.remote)
        if not there:
            return
        one = self.dice.choice(there)
        for number in range(len(self.desks)):
            self._at(number, partial(self._prolong, number, one.remote))
        self.ledger.replaced(one.card, None)
        self.account.hand.delete(one.remote)
        self.weather.injected["disputes"] += 1

    def _prolong(self, number: int, remote: str) -> None:
        """A desk's user gives a contact one more phone, where it is known here."""
        desk = self.desks[number]
        link = desk.replicas.links([remote]).get(remote)
        held = None if link is None else desk.replicas.contact(link.contact)
        if held is not None:
            phone = PhoneEntry(self.people.token("phone", f"desk {number}"), "other")
            desk.edit(held.id, replace(held.card, phones=(*held.card.phones, phone)))

    def _happen(self, number: int) -> None:
        """Things that befall a desk."""
        dice, weather = self.dice, self.weather
        if weather.disk and dice.random() < weather.disk:
            self.drives[number].trouble(dice, weather.injected)
        if weather.restarts and dice.random() < weather.restarts:
            self._restart(number, dice.choice(JUMPS))
        if weather.turns and dice.random() < weather.turns:
            self.account.shift()
        if weather.turns and dice.random() < weather.turns:
            self._turn(number, dice.choice((*Direction,)))
        if weather.undos and dice.random() < weather.undos:
            self._undo(number)
        if weather.turns and dice.random() < weather.turns:
            self._map(number, ALL_FIELDS - {*dice.sample(LEFT_OUT, dice.randrange(1 + len(LEFT_OUT)))})

    # What a desk does --------------------------------------------------------------------------------------------

    def _edit(self, number: int) -> None:
        """Its user does something."""
        self._at(number, partial(self.people.at_desk, self.desks[number], f"desk {number}"))

    def _at(self, number: int, act: Callable[[], object]) -> None:
        """An act of a desk's user; where the disk does not take it, the user sees that, and nothing was promised."""
        entered = set(self.ledger.entered)
        try:
            act()
        except StoreError as error:
            self.ledger.trace.append(f"refused at {number}: {error.trouble.value}")
            self.ledger.excused |= set(self.ledger.entered) - entered
            self._fell(number)

    def sync(self, number: int) -> None:
        """A round of one desk, whatever comes of it."""
        desk = self.desks[number]
        before = self.account.hand.mutations()
        try:
            report = desk.sync()
            self.ledger.trace.append(f"round of {number}: {sorted(deed.name for deed in report.counts)}")
        except SignInDead:
            self.account.reconnect(number)
        except RemoteError as error:
            self.ledger.trace.append(f"round of {number} broke off: {type(error).__name__}")
        except StoreError as error:
            self.ledger.trace.append(f"round of {number} broke off: {error.trouble.value}")
            self._fell(number)
        except Crash:
            self._kill(number)
        self.witness.look()
        if desk.policy.direction is not Direction.BOTH:
            self._calmly(number, partial(self.witness.synced_one_way, number, desk))
        if desk.policy.direction is Direction.TO:
            self._calmly(number, partial(self.witness.keeps_apart, number, desk))
        if desk.policy.direction is Direction.FROM and self.account.hand.mutations() != before:
            raise AssertionError(f"desk {number} wrote although it only reads")

    def _undo(self, number: int) -> None:
        """Its user takes the last sync back, then RingDesk syncs, as it does a second later."""
        desk, before = self.desks[number], dict[str, Card]()
        try:
            before = desk.cards()
            self.weather.injected["undos"] += bool(desk.engine.undo().counts)
        except StoreError as error:
            self.ledger.trace.append(f"undo at {number} broke off: {error.trouble.value}")
            self._fell(number)
        except Crash:
            self._kill(number)
        self._calmly(number, partial(self._undone, number, before))
        self.ledger.trace.append(f"undo at {number}")
        self.sync(number)

    def _undone(self, number: int, before: Mapping[str, Card]) -> None:
        """What a desk took back goes, as far as it was entered there; the account keeps its own."""
        desk = self.desks[number]
        cards = desk.cards()
        self.witness.took_out(number, before.keys() - cards.keys())
        for id, now in cards.items():
            was = before.get(id, now)
            self.ledger.replaced(was, now, by=f"desk {number}")
            if now.photo != was.photo:
                self.witness.picture_apart(number, id)
        self.witness.keeps_apart(number, desk)

    def _calmly(self, number: int, look: Callable[[], None]) -> None:
        """The simulator itself looks at a desk: whatever its disk is about to do does not count now."""
        drive = self.drives[number]
        drive.calm()
        if drive.dead:
            self._kill(number)
        look()

    def _fell(self, number: int) -> None:
        """The disk failed: after a power cut the desk starts again; else its user has mended what it was."""
        if self.drives[number].dead and self.desks[number].busy:
            raise Crash("power cut")
        if self.drives[number].dead:
            self.weather.injected["power cuts"] += 1
            self._kill(number)
        else:
            self.weather.injected["disk errors met"] += 1
            self.drives[number].calm()

    def _kill(self, number: int) -> None:
        """The program ends without a word, and is started again."""
        rate, self.crashing.rate = self.crashing.rate, 0.0
        desk, drive = self.desks[number], self.drives[number]
        desk.abandon()
        drive.off()
        desk.open()
        self.crashing.rate = rate

    def _restart(self, number: int, wrong: float) -> None:
        """The program is ended in order, the computer's clock set, the program started."""
        desk, drive = self.desks[number], self.drives[number]
        drive.calm()
        if drive.dead:
            return
        clock = cast(DeskClock, desk.clock)
        self.weather.injected["clock jumps"] += clock.wrong != wrong
        clock.wrong = wrong
        desk.close()
        drive.off()
        desk.open()

    def _turn(self, number: int, direction: Direction) -> None:
        """Its user chooses a direction."""
        desk = self.desks[number]
        try:
            desk.turn(direction)
        except StoreError:
            self._fell(number)
        except Crash:
            self._kill(number)
        self._calmly(number, partial(self.witness.turned, number, desk))
        self.weather.injected[f"direction {desk.policy.direction.name.lower()}"] += 1

    def _map(self, number: int, fields: frozenset[str]) -> None:
        """Its user chooses which fields are synced."""
        desk = self.desks[number]
        before = desk.policy.fields
        try:
            desk.map(fields)
        except StoreError:
            self._fell(number)
        except Crash:
            self._kill(number)
        self.weather.injected["fields left out"] += bool(before - fields)
        self.weather.injected["fields synced again"] += bool(fields - before)

    # The end -----------------------------------------------------------------------------------------------------

    def _quiet_time(self) -> list[str]:
        self.account.calm()
        self.crashing.rate = self.weather.meddling = self.weather.twins = 0.0
        for number, drive in enumerate(self.drives):
            drive.calm()
            if drive.dead:
                self._kill(number)
            policy = self.desks[number].policy
            if policy.direction is not Direction.BOTH:
                self._turn(number, Direction.BOTH)
            if policy.fields != ALL_FIELDS:
                self._map(number, ALL_FIELDS)
        mutations, wrong = self._rests(), list[str]()
        if self.dice.random() < DUELS and (duel := begun(self.dice, self.people, self.desks)) is not None:
            self.weather.injected["duels"] += 1
            mutations, wrong = self._rests(), duel.faults()
        return wrong + self._judged(mutations)

    def _rests(self) -> int:
        """Rounds of both desks at one time, until one in which nothing happened, so that nothing would in a later one.

        Gives how many changes had been asked for before the last.
        """
        before = 0
        for _ in range(QUIET_ROUNDS + 1):
            before = self.account.hand.mutations()
            self.clock.pass_(QUIET_PAUSE)
            still = [self._quiet_round(number) for number in range(len(self.desks))]
            if all(still):
                break
        return before

    def _judged(self, mutations: int) -> list[str]:
        """What is wrong; `mutations` were asked for before the last round."""
        hand = self.account.hand
        wrong = Judge(self.ledger, hand, self.desks, self.witness).faults()
        if hand.mutations() != mutations:
            wrong.append(f"{hand.mutations() - mutations} mutations after everything was quiet")
        return wrong

    def _quiet_round(self, number: int) -> bool:
        """A round of a desk; gives whether nothing happened. One that makes a full listing due is no last one."""
        desk = self.desks[number]
        listed = desk.replicas.account().full_at
        try:
            report = desk.sync()
        except SignInDead:
            self.account.reconnect(number)
            report = desk.sync()
        busy = report.counts or report.put_off or report.unclear or report.distrusted
        waiting = desk.replicas.entries() or desk.replicas.touched("", 1)
        return not busy and not waiting and desk.replicas.account().full_at == listed
