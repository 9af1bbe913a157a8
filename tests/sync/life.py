"""One schedule of the simulator: two desks with real stores, one account, people on all sides, faults, crashes.

One seed is one run: time, ids, chance and threads are all of the simulator's making, so that a seed that fails replays
identically. Provider and disk are plugged in: `Parts` says which.
"""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from random import Random

from ringdesk.domain.card import Card
from ringdesk.domain.replica import Clash, Direction, GoneThere, Policy
from ringdesk.domain.status import StoreError, StoreTrouble
from tests.sync.answering import Answering
from tests.sync.crashes import Crashing
from tests.sync.desk import VirtualClock
from tests.sync.deskwork import Deskwork
from tests.sync.duel import begun
from tests.sync.judge import Judge
from tests.sync.parts import Outcome, Parts, Weather
from tests.sync.puzzles import Puzzles
from tests.sync.unsynced import FIELDS, left_out
from tests.sync.witness import Witness
from tests.sync.world import Ledger, People, tokens_of

QUIET_ROUNDS = 3
QUIET_PAUSE = 3700.0
NAPS = (1.0, 30.0, 300.0, 900.0)
SLEEPS = (2 * 86400.0, 8 * 86400.0)
JUMPS = (-40 * 86400.0, -3600.0, -90.0, 0.0, 60.0, 3600.0, 400 * 86400.0)
"""How wrong a desk's clock may be."""
ALL_FIELDS = Policy().fields
DUELS = 0.15
"""How many schedules end in a duel."""
UNSYNCED = 0.15
"""How many end with a field that is left out for a while."""
ANSWERS = (0.0, 0.0, 0.0, 0.3)
"""How likely it is that a desk's user answers when something may happen; most never do."""
ANSWERED = 0.3
"""How many end with every question answered, where there is any."""
PUZZLED = 0.07
"""In how many of these people do what makes the engine ask."""
ASKS = 0.5
"""In how many of these every clash is asked about."""
DISPUTED = 0.64
"""Where a die's 0.60 to this is a contact deleted in the account that every desk has just edited."""


class World:
    """One schedule."""

    def __init__(self, seed: int, folder: Path, parts: Parts) -> None:
        self.seed = seed
        self.dice = Random(seed)
        self.tokens = Random(f"tokens {seed}")
        """Dice of their own: a schedule in which no token ends early is what it would be without them."""
        self.clock = VirtualClock()
        self.account = parts.account(self.clock, self.dice)
        self.ledger = Ledger()
        self.people = People(self.dice, self.ledger, self.account.hand, self.clock)
        self.crashing = Crashing(self.dice)
        self.weather = Weather()
        self.witness = Witness(self.account.hand, self._changed_there)
        self.work = Deskwork(self.account, self.people, self.witness, self.weather, self.crashing)
        self.answers = Random(f"answers {seed}")
        """Dice of their own, as `tokens`."""
        self.answering = Answering(self.answers, self.people, self.work, self.weather)
        self.desks, self.drives = self.work.desks, self.work.drives
        clash = self.dice.choice((Clash.RECENT, Clash.RECENT, Clash.MINE, Clash.THEIRS))
        self.answered = self.answers.random() < ANSWERED
        self.puzzled = self.answered and self.answers.random() < PUZZLED
        policy = Policy(
            clash=Clash.ASK if self.puzzled and self.answers.random() < ASKS else clash,
            gone_there=self.dice.choice((GoneThere.REVIEW, GoneThere.DELETE)),
        )
        self.weather.disk = self.dice.choice((0.0, 0.0, 0.1))
        drive = parts.drive if self.weather.disk else parts.sound
        for number in range(2):
            disk = drive(folder / f"{number}.db", parts.template, self.dice)
            self.work.add(disk, self.clock, policy, partial(self._before, number), self._after)

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
                self.work.edit(self.dice.randrange(2))
        if self.weather.twins and self.dice.random() < self.weather.twins:
            self._second_instance()
        if named:
            new = [token for token in [*self.ledger.entered][known:] if self.ledger.entered[token] == "account"]
            if held:  # a merge brings what was entered elsewhere long before
                new += [token for remote, now in self._lying_on(named).items() for token in now - held.get(remote, now)]
            hidden = ALL_FIELDS - self.desks[number].policy.fields
            self.witness.asked(number, frozenset(map(self.account.hand.current, named)), frozenset(new), hidden)
        if self.weather.ended and self.tokens.random() < self.weather.ended:
            self.account.end_tokens()
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

    def _changed_there(self, desk: int, before: Card, after: Card) -> None:
        self.ledger.changed_there(before, after, self.clock.time, desk)

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
            self.work.close()
        injected = self.account.injected + self.crashing.injected + self.weather.injected
        digest = hashlib.sha256("\n".join(self.ledger.trace).encode()).hexdigest()[:16]
        return Outcome(self.seed, wrong, injected, digest)

    def _begin(self) -> None:
        for _ in range(self.dice.randrange(4)):
            self.people.by_hand()
        for number in range(2):
            for _ in range(self.dice.randrange(3)):
                self.work.edit(number)

    def _busy_time(self) -> None:
        dice, weather = self.dice, self.weather
        self.account.storm()
        self.crashing.rate = dice.choice((0.0, 0.0, 0.01, 0.03))
        weather.meddling = dice.choice((0.0, 0.1, 0.3))
        weather.restarts, weather.turns = (dice.choice((0.0, 0.0, 0.1)) for _ in range(2))
        weather.twins = dice.choice((0.0, 0.0, 0.0, 0.1))
        weather.undos = dice.choice((0.0, 0.0, 0.15))
        weather.answers = self.answers.choice(ANSWERS)
        weather.ended = self.tokens.choice((0.0, 0.0, 0.0, 0.1))
        for _ in range(dice.randrange(4, 12)):
            number = dice.randrange(2)
            self._happen(number)
            what = dice.random()
            if what < 0.4:
                self.work.edit(number)
            elif what < 0.6:
                self.people.by_hand()
            elif what < DISPUTED:
                self._dispute()
            else:
                self.work.sync(number)
            self.clock.pass_(dice.choice(SLEEPS if dice.random() < 0.02 else NAPS))

    def _dispute(self) -> None:
        """Somebody deletes in the account what is edited on every desk."""
        there = sorted(self.account.hand.all(), key=lambda one: one.remote)
        if not there:
            return
        one = self.dice.choice(there)
        for number in range(len(self.desks)):
            self.work.prolong(number, one.remote)
        self.ledger.deleted_there(one.card)
        self.account.hand.delete(one.remote)
        self.weather.injected["disputes"] += 1

    def _happen(self, number: int) -> None:
        """Things that befall a desk."""
        dice, weather = self.dice, self.weather
        if weather.disk and dice.random() < weather.disk:
            self.drives[number].trouble(dice, weather.injected)
        if weather.restarts and dice.random() < weather.restarts:
            self.work.restart(number, dice.choice(JUMPS))
        if weather.turns and dice.random() < weather.turns:
            self.account.shift()
        if weather.turns and dice.random() < weather.turns:
            self.work.turn(number, dice.choice((*Direction,)))
        if weather.undos and dice.random() < weather.undos:
            self.work.undo(number)
        if weather.turns and dice.random() < weather.turns:
            self.work.map(number, ALL_FIELDS - {*dice.sample(FIELDS, dice.randrange(1 + len(FIELDS)))})
        if weather.answers and self.answers.random() < weather.answers:
            self.answering.one(number)

    # The end -----------------------------------------------------------------------------------------------------

    def _quiet_time(self) -> list[str]:
        self.account.calm()
        self.crashing.rate = self.weather.meddling = self.weather.twins = self.weather.ended = 0.0
        for number, drive in enumerate(self.drives):
            drive.calm()
            if drive.dead:
                self.work.kill(number)
            policy = self.desks[number].policy
            if policy.direction is not Direction.BOTH:
                self.work.turn(number, Direction.BOTH)
            if policy.fields != ALL_FIELDS:
                self.work.map(number, ALL_FIELDS)
        mutations, wrong = self._rests(), list[str]()
        if self.dice.random() < DUELS and (duel := begun(self.dice, self.people, self.desks)) is not None:
            self.weather.injected["duels"] += 1
            mutations, wrong = self._rests(), duel.faults()
        if self.dice.random() < UNSYNCED and (field := left_out(self.dice, self.people, self.desks)) is not None:
            self.weather.injected["fields changed while left out"] += 1
            self.work.map(field.number, ALL_FIELDS - {field.field})
            self._rests()
            field.change()
            self._rests()
            self.work.map(field.number, ALL_FIELDS)
            mutations = self._rests()
            wrong += field.faults()
        wrong += self._judged(mutations)
        return wrong or self._answered()

    def _answered(self) -> list[str]:
        """Nobody has to be asked any more; what an open question excused must be right by then."""
        wrong: list[str] = []
        if self.puzzled:
            Puzzles(self.answers, self.people, self.desks).set()
            wrong = self._judged(self._rests())
        if not wrong and self.answered and any(desk.replicas.questions() for desk in self.desks):
            self.weather.injected["all answered"] += 1
            mutations, wrong = self.answering.every(self._rests)
            wrong += self._judged(mutations)
        return wrong

    def _rests(self) -> int:
        """Rounds of both desks at one time, until one in which nothing happened, so that nothing would in a later one.

        Gives how many changes had been asked for before the last.
        """
        before = 0
        for _ in range(QUIET_ROUNDS + 1):
            before = self.account.hand.mutations()
            self.clock.pass_(QUIET_PAUSE)
            still = [self.work.quiet_round(number) for number in range(len(self.desks))]
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
