"""A desk for the engine's tests: the real store, written inline, the engine on it, a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from uuid import UUID

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Me, Origin, Owner
from ringdesk.domain.effects import PutAccount, Replicas
from ringdesk.domain.remote import RemoteBook
from ringdesk.domain.replica import Account, Policy
from ringdesk.domain.sockets import Show
from ringdesk.store.database import Connect, connect
from ringdesk.store.store import Store
from ringdesk.sync.context import Report
from ringdesk.sync.engine import Engine

REGION = "ES"
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
class SeededIds:
    """UUIDs from a seed."""

    dice: Random

    def new(self) -> str:
        return str(UUID(int=self.dice.getrandbits(128), version=4))


@dataclass
class Desk:
    """One device."""

    path: Path
    book: RemoteBook
    clock: VirtualClock
    dice: Random = field(default_factory=lambda: Random(1))
    policy: Policy = field(default_factory=Policy)
    wrap: Callable[[Replicas], Replicas] = lambda replicas: replicas
    disk: Connect = connect

    def __post_init__(self) -> None:
        self.ids = SeededIds(self.dice)
        self.news: list[object] = []
        self.open()
        if not self.replicas.account().kind:
            self.replicas.commit([PutAccount(Account(id="google:me", kind="google", name="me@example.com"))])

    def open(self) -> None:
        """Start: open the store, plug the engine in."""
        self.store = Store.open(
            self.path,
            region=REGION,
            clock=self.clock,
            ids=self.ids,
            send_news=self.news.append,
            inline=True,
            busy=100,
            connect=self.disk,
        )
        self.reader = self.store.reader()
        self.replicas = self.store.replicas("google:me", self.reader)
        self.engine = Engine(
            self.wrap(self.replicas),
            self.book,
            policy=lambda: self.policy,
            region=lambda: REGION,
            clock=self.clock,
            ids=self.ids,
            dice=self.dice,
            pause=self.clock.pass_,
        )

    def close(self) -> None:
        """Stop."""
        self.reader.close()
        self.store.close()

    def sync(self, *, full: bool = False) -> Report:
        return self.engine.round(full=full)

    # What the user does ------------------------------------------------------------------------------------------

    def add(self, card: Card, *, owner: Owner | None = None, origin: Origin = Origin.HAND) -> Contact:
        return self.store.writes.add(card, origin=origin, owner=owner or Me()).result()

    def edit(self, id: str, card: Card) -> Contact:
        held = self.get(id)
        return self.store.writes.save(replace(held, card=card), read_revision=held.revision).result()

    def delete(self, *ids: str) -> None:
        self.store.writes.delete(ids).result()

    def get(self, id: str) -> Contact:
        found = self.store.reads.get(id)
        assert found is not None
        return found

    def contacts(self) -> list[Contact]:
        rows = self.store.reads.page(EVERYBODY, 0, 100_000)
        return [self.get(row.id) for row in rows]
