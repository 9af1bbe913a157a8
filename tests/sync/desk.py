"""A desk for the engine's tests: the real store, written inline, the engine on it, a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from uuid import UUID

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Me, Origin, Owner
from ringdesk.domain.effects import PutAccount, Replicas
from ringdesk.domain.remote import RemoteBook
from ringdesk.domain.replica import Account, Choice, Direction, Policy, Question
from ringdesk.domain.sockets import Show
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store.database import Connect, connect
from ringdesk.store.store import Store
from ringdesk.sync.context import Report
from ringdesk.sync.engine import Engine
from tests.disk.session import DATABASE
from tests.sync.pictures import drawn, seen

REGION = "ES"
EMPTY = Card()
EVERYBODY = Show(anonymous=None)


@dataclass
class VirtualClock:
    """A clock that is moved by hand, and by a hair with every look."""

    time: float = 1_700_000_000.0

    def now(self) -> float:
        self.time += 0.001
        return self.time

    def pass_(self, seconds: float) -> None:
        self.time += seconds


@dataclass
class DeskClock:
    """A desk's own clock, which may be wrong; it goes on with the world's."""

    world: VirtualClock
    wrong: float = 0.0

    def now(self) -> float:
        return self.world.now() + self.wrong

    def pass_(self, seconds: float) -> None:
        self.world.pass_(seconds)


@dataclass
class SeededIds:
    """UUIDs from a seed."""

    dice: Random

    def new(self) -> str:
        return str(UUID(int=self.dice.getrandbits(128), version=4))


@dataclass
class InnerLock:
    """The lock of a store on a simulated disk; as the real one, it is gone when its program is."""

    taken: bool = False

    @contextmanager
    def held(self) -> Iterator[None]:
        if self.taken:
            raise StoreError(StoreTrouble.LOCKED, "another RingDesk syncs this account")
        self.taken = True
        try:
            yield
        finally:
            self.taken = False


@dataclass
class Desk:
    """One device."""

    path: Path
    book: RemoteBook
    clock: VirtualClock | DeskClock
    dice: Random = field(default_factory=lambda: Random(1))
    policy: Policy = field(default_factory=Policy)
    wrap: Callable[[Replicas], Replicas] = lambda replicas: replicas
    disk: Callable[[], Connect] = lambda: connect
    """Asked at every start."""
    lock: InnerLock = field(default_factory=InnerLock)
    renew: Callable[[], RemoteBook] | None = None
    """Makes the door to the account anew at every start."""

    def __post_init__(self) -> None:
        self.ids = SeededIds(self.dice)
        self.news: list[object] = []
        self.busy = False
        self.open()
        if not self.replicas.account().kind:
            self.replicas.commit([PutAccount(Account(id="google:me", kind="google", name="me@example.com"))])

    def open(self) -> None:
        """Start: open the store, plug the engine in."""
        if self.renew is not None:
            self.book = self.renew()
        self.store = Store.open(
            self.path,
            region=REGION,
            clock=self.clock,
            ids=self.ids,
            send_news=self.news.append,
            inline=True,
            busy=100,
            connect=self.disk(),
        )
        self.reader = self.store.reader()
        lock = self.lock if self.store.path == DATABASE else None
        self.replicas = self.store.replicas("google:me", self.reader, lock=lock)
        self.engine = self.instance()

    def instance(self) -> Engine:
        """An engine as this program has one; a second one is a second program over the same store."""
        return Engine(
            self.wrap(self.replicas),
            self.book,
            policy=lambda: self.policy,
            region=lambda: REGION,
            clock=self.clock,
            ids=self.ids,
            dice=self.dice,
            pause=self.clock.pass_,
        )

    def renewed(self, book: RemoteBook) -> None:
        """Sync through another door."""
        self.book.close()
        self.book = book
        self.engine = self.instance()

    def close(self) -> None:
        """Stop."""
        self.book.close()
        self.reader.close()
        self.store.close()

    def abandon(self) -> None:
        """The program is gone without a word: what its disk has is all there is."""
        self.book.close()

    def turn(self, direction: Direction) -> None:
        """Choose a direction, as on the settings page: it is kept together with what is to be looked at for it."""
        self.engine.look_again()
        self.policy = replace(self.policy, direction=direction)

    def map(self, fields: frozenset[str]) -> None:
        """Choose the fields that are synced, as on the settings page: kept as a direction is."""
        self.engine.look_again()
        self.policy = replace(self.policy, fields=fields)

    def sync(self, *, full: bool = False) -> Report:
        self.busy = True
        try:
            return self.engine.round(full=full)
        finally:
            self.busy = False

    def answer(self, question: Question, choice: Choice) -> None:
        self.busy = True
        try:
            self.engine.answer(question, choice)
        finally:
            self.busy = False

    # What the user does ------------------------------------------------------------------------------------------

    def add(self, card: Card, *, owner: Owner | None = None, origin: Origin = Origin.HAND) -> Contact:
        return self.store.writes.add(card, origin=origin, owner=owner or Me()).result()

    def edit(self, id: str, card: Card) -> Contact:
        held = self.get(id)
        return self.store.writes.save(replace(held, card=card), read_revision=held.revision).result()

    def cards(self) -> dict[str, Card]:
        """Every card, its picture told by its token."""
        return {contact.id: self.seen(contact.card) for contact in self.contacts()}

    def seen(self, card: Card) -> Card:
        """A card with the token of its picture in the place of the digest."""
        data = self.replicas.photo(card.photo) if card.photo else None
        return replace(card, photo="" if data is None else seen(data)) if card.photo else card

    def unseen(self, card: Card, before: Card = EMPTY) -> Card:
        """The card as the editor saves it: a new picture is put into the store; `before` is what was there."""
        if not card.photo or card.photo == self.seen(before).photo:
            return replace(card, photo=before.photo if card.photo else "")
        return replace(card, photo=self.store.writes.put_photo(drawn(card.photo)).result())

    def delete(self, *ids: str) -> None:
        self.store.writes.delete(ids).result()

    def get(self, id: str) -> Contact:
        found = self.store.reads.get(id)
        assert found is not None
        return found

    def contacts(self) -> list[Contact]:
        rows = self.store.reads.page(EVERYBODY, 0, 100_000)
        return [self.get(row.id) for row in rows]
