"""The desks of the simulator: what their users do with the program, and what becomes of one that fails or is killed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import cast

from ringdesk.domain.card import Card, PhoneEntry
from ringdesk.domain.effects import Replicas
from ringdesk.domain.remote import RemoteBook, RemoteError, SignInDead
from ringdesk.domain.replica import Direction, Policy
from ringdesk.domain.status import StoreError
from tests.sync.accounts import Account, Before
from tests.sync.crashes import Crash, Crashing, CrashingReplicas
from tests.sync.desk import Desk, DeskClock, VirtualClock
from tests.sync.drives import Drive
from tests.sync.parts import Weather
from tests.sync.witness import Witness
from tests.sync.world import People


class Deskwork:
    """All desks of a world, each named by its number."""

    def __init__(
        self, account: Account, people: People, witness: Witness, weather: Weather, crashing: Crashing
    ) -> None:
        self._account = account
        self._people = people
        self._ledger = people.ledger
        self._witness = witness
        self._weather = weather
        self._crashing = crashing
        self.desks: list[Desk] = []
        self.drives: list[Drive] = []

    def add(self, drive: Drive, clock: VirtualClock, policy: Policy, before: Before, after: Callable[[], None]) -> None:
        """One more desk; the callables are called around each of its requests."""
        number = len(self.desks)
        self.drives.append(drive)
        desk = Desk(
            drive.path,
            cast(RemoteBook, None),  # made at every start by `renew`
            DeskClock(clock),
            self._people.dice,
            policy,
            lambda replicas: cast(Replicas, CrashingReplicas(replicas, self._crashing)),
            disk=drive.on,
            renew=partial(self._account.book, number, before, after),
        )
        self.desks.append(desk)
        self._ledger.rounds[number] = 0.0

    def close(self) -> None:
        """All programs end."""
        for desk, drive in zip(self.desks, self.drives, strict=True):
            try:
                desk.close()
            finally:
                drive.off()
                drive.end()

    def edit(self, number: int) -> None:
        """Its user does something."""
        self.at(number, partial(self._people.at_desk, self.desks[number], f"desk {number}"))

    def at(self, number: int, act: Callable[[], object]) -> None:
        """An act of a desk's user; where the disk does not take it, the user sees that, and nothing was promised."""
        entered = set(self._ledger.entered)
        try:
            act()
        except StoreError as error:
            self._ledger.trace.append(f"refused at {number}: {error.trouble.value}")
            self._ledger.excused |= set(self._ledger.entered) - entered
            self._fell(number)

    def prolong(self, number: int, remote: str) -> None:
        """Its user gives a contact one more phone, where it is known here."""
        self.at(number, partial(self._prolonged, number, remote))

    def _prolonged(self, number: int, remote: str) -> None:
        desk = self.desks[number]
        link = desk.replicas.links([remote]).get(remote)
        held = None if link is None else desk.replicas.contact(link.contact)
        if held is not None:
            phone = PhoneEntry(self._people.token("phone", f"desk {number}"), "other")
            desk.edit(held.id, replace(held.card, phones=(*held.card.phones, phone)))

    def sync(self, number: int) -> None:
        """A round of one desk, whatever comes of it."""
        self.live(number, "round", partial(self._round, number, self._people.clock.time))

    def _round(self, number: int, begun: float) -> str:
        report = self.desks[number].sync()
        self._ledger.rounds[number] = begun
        return f"{sorted(deed.name for deed in report.counts)}"

    def live(self, number: int, what: str, act: Callable[[], str]) -> None:
        """A round of a desk, or an answer of its user, whatever comes of it; `act` gives what is to be remembered."""
        desk, before = self.desks[number], self._account.hand.mutations()
        try:
            self._ledger.trace.append(f"{what} of {number}: {act()}")
        except SignInDead:
            self._account.reconnect(number)
        except RemoteError as error:
            self._ledger.trace.append(f"{what} of {number} broke off: {type(error).__name__}")
        except StoreError as error:
            self._ledger.trace.append(f"{what} of {number} broke off: {error.trouble.value}")
            self._fell(number)
        except Crash:
            self.kill(number)
        self._witness.look()
        if desk.policy.direction is not Direction.BOTH:
            self.calmly(number, partial(self._witness.synced_one_way, number, desk))
        if desk.policy.direction is Direction.TO:
            self.calmly(number, partial(self._witness.keeps_apart, number, desk))
        if desk.policy.direction is Direction.FROM and self._account.hand.mutations() != before:
            raise AssertionError(f"desk {number} wrote although it only reads")

    def quiet_round(self, number: int) -> bool:
        """A round of a desk; gives whether nothing happened. One that makes a full listing due is no last one."""
        desk, begun = self.desks[number], self._people.clock.time
        listed = desk.replicas.account().full_at
        try:
            report = desk.sync()
        except SignInDead:
            self._account.reconnect(number)
            report = desk.sync()
        self._ledger.rounds[number] = begun
        busy = report.counts or report.put_off or report.unclear or report.distrusted
        waiting = desk.replicas.entries() or desk.replicas.touched("", 1)
        return not busy and not waiting and desk.replicas.account().full_at == listed

    def undo(self, number: int) -> None:
        """Its user takes the last sync back, then RingDesk syncs, as it does a second later."""
        desk, before = self.desks[number], dict[str, Card]()
        try:
            before = desk.cards()
            self._weather.injected["undos"] += bool(desk.engine.undo().counts)
        except StoreError as error:
            self._ledger.trace.append(f"undo at {number} broke off: {error.trouble.value}")
            self._fell(number)
        except Crash:
            self.kill(number)
        self.calmly(number, partial(self._undone, number, before))
        self._ledger.trace.append(f"undo at {number}")
        self.sync(number)

    def _undone(self, number: int, before: Mapping[str, Card]) -> None:
        """What a desk took back goes, as far as it was entered there; the account keeps its own."""
        desk = self.desks[number]
        cards = desk.cards()
        self._witness.took_out(number, before.keys() - cards.keys())
        for id, now in cards.items():
            was = before.get(id, now)
            self._ledger.replaced(was, now, by=f"desk {number}")
            if now.photo != was.photo:
                self._witness.picture_apart(number, id)
        self._witness.keeps_apart(number, desk)

    def calmly(self, number: int, look: Callable[[], None]) -> None:
        """The simulator itself looks at a desk: whatever its disk is about to do does not count now."""
        drive = self.drives[number]
        drive.calm()
        if drive.dead:
            self.kill(number)
        look()

    def _fell(self, number: int) -> None:
        """The disk failed: after a power cut the desk starts again; else its user has mended what it was."""
        if self.drives[number].dead and self.desks[number].busy:
            raise Crash("power cut")
        if self.drives[number].dead:
            self._weather.injected["power cuts"] += 1
            self.kill(number)
        else:
            self._weather.injected["disk errors met"] += 1
            self.drives[number].calm()

    def kill(self, number: int) -> None:
        """The program ends without a word, and is started again."""
        rate, self._crashing.rate = self._crashing.rate, 0.0
        desk, drive = self.desks[number], self.drives[number]
        desk.abandon()
        drive.off()
        desk.open()
        self._crashing.rate = rate

    def restart(self, number: int, wrong: float) -> None:
        """The program is ended in order, the computer's clock set, the program started."""
        desk, drive = self.desks[number], self.drives[number]
        drive.calm()
        if drive.dead:
            return
        clock = cast(DeskClock, desk.clock)
        self._weather.injected["clock jumps"] += clock.wrong != wrong
        clock.wrong = wrong
        desk.close()
        drive.off()
        desk.open()

    def turn(self, number: int, direction: Direction) -> None:
        """Its user chooses a direction."""
        desk = self.desks[number]
        try:
            desk.turn(direction)
        except StoreError:
            self._fell(number)
        except Crash:
            self.kill(number)
        self.calmly(number, partial(self._witness.turned, number, desk))
        self._weather.injected[f"direction {desk.policy.direction.name.lower()}"] += 1

    def map(self, number: int, fields: frozenset[str]) -> None:
        """Its user chooses which fields are synced."""
        desk = self.desks[number]
        before = desk.policy.fields
        try:
            desk.map(fields)
        except StoreError:
            self._fell(number)
        except Crash:
            self.kill(number)
        self._witness.mapped(number, self._people.clock.time, desk.policy.fields)
        self._weather.injected["fields left out"] += bool(before - fields)
        self._weather.injected["fields synced again"] += bool(fields - before)
