"""The server of an address book in memory: what it holds and tells, and the faults that a test switches on.

Faults are decided by `Faults.next`, which the simulator draws from its seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from random import Random

from ringdesk.domain.card import Card
from ringdesk.domain.remote import (
    Container,
    Create,
    RemoteContact,
)
from ringdesk.domain.sockets import Clock


class Fault(Enum):
    """What can go wrong with a request."""

    CUT_BEFORE = "cut before commit"
    CUT_AFTER = "cut after commit"
    BUSY = "503"
    QUOTA = "429"
    QUOTA_ONE = "429 for one of a batch"
    EXPIRED = "cursor expired"
    REORDER = "reordered page"
    DUPLICATE = "duplicated items"
    TRUNCATED = "truncated listing"
    SPURIOUS = "spurious conflict"
    PHANTOM = "phantom etag"
    STALE = "old form in a delta"


READING = (Fault.CUT_BEFORE, Fault.BUSY, Fault.QUOTA, Fault.EXPIRED, Fault.REORDER, Fault.DUPLICATE, Fault.TRUNCATED,
           Fault.PHANTOM, Fault.STALE)  # several to a line  # fmt: skip
WRITING = (Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.BUSY, Fault.QUOTA, Fault.QUOTA_ONE, Fault.SPURIOUS, Fault.PHANTOM)


@dataclass
class Faults:
    """Draws faults; none with `rate` 0."""

    dice: Random
    rate: float = 0.0
    kinds: tuple[Fault, ...] = tuple(Fault)
    injected: Counter[str] = field(default_factory=Counter)

    def next(self, possible: Sequence[Fault]) -> Fault | None:
        if not self.rate or self.dice.random() >= self.rate:
            return None
        able = [fault for fault in possible if fault in self.kinds]
        return self.dice.choice(able) if able else None

    def did(self, fault: Fault) -> None:
        """Count a fault that really happened."""
        self.injected[fault.value] += 1


@dataclass
class Held:
    """A contact on the server."""

    remote: str
    card: Card
    version: int
    updated: float
    containers: frozenset[str]
    id: str = ""
    unknown: bytes = b""
    photo: str = ""
    former: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    old: RemoteContact | None = None
    """The form before the last change, for old news."""


@dataclass
class Happened:
    """One line of the server's log."""

    version: int
    at: float
    remote: str


class Server:
    """The account itself: what all devices share, and what its user changes by hand."""

    def __init__(self, clock: Clock, *, delay: Callable[[], float] = lambda: 0.0) -> None:
        self.clock = clock
        self.delay = delay
        self.held: dict[str, Held] = {}
        self.trash: dict[str, Held] = {}
        self.log: list[Happened] = []
        self.labels: dict[str, Container] = {"all": Container("all", "My contacts", system=True)}
        self.photos: dict[str, bytes] = {}
        self.version = 0
        self.made = 0
        self.mutations = 0
        self.requests: Counter[str] = Counter()
        self.creates: list[Create] = []
        self.creators: list[tuple[int, float]] = []
        """Which desk asked for each of them, and when."""

    def touch(self, remote: str, *, own: bool = False) -> None:
        """Something of a contact changed; it shows in pulls now or later."""
        self.version += 1
        self.log.append(Happened(self.version, self.clock.now() + self.delay(), remote))

    def add(self, card: Card, *, id: str = "", containers: frozenset[str] = frozenset(), unknown: bytes = b"x") -> Held:
        """A new contact."""
        self.made += 1
        remote = f"people/c{self.made}"
        kept = frozenset({"all"}) | containers
        held = Held(remote, replace(card, groups=(), photo=""), 1, self.clock.now(), kept, id, unknown)
        self.held[remote] = held
        self.touch(remote)
        return held

    def edit(self, remote: str, card: Card | None = None, *, containers: frozenset[str] | None = None) -> None:
        """Change a contact."""
        held = self.held[remote]
        held.old = self.form(held)
        if card is not None:
            held.card = replace(card, groups=(), photo="")
        if containers is not None:
            held.containers = containers | {"all"}
        held.version += 1
        held.updated = self.clock.now()
        self.touch(remote)

    def phantom(self, remote: str) -> None:
        """A new etag with nothing changed."""
        held = self.held[remote]
        held.version += 1
        self.touch(remote)

    def delete(self, remote: str) -> None:
        """Delete a contact."""
        self.trash[remote] = self.held.pop(remote)
        self.touch(remote)

    def restore(self, remote: str) -> None:
        """Take a contact out of the trash."""
        held = self.trash.pop(remote)
        held.version += 1
        self.held[remote] = held
        self.touch(remote)

    def merge(self, into: str, gone: str, card: Card) -> None:
        """Two contacts become one, as a person does it by hand."""
        self.edit(into, card, containers=self.held[into].containers | self.held[gone].containers)
        self.held[into].former += (gone,)
        self.trash[gone] = self.held.pop(gone)
        self.touch(gone)

    def rename(self, remote: str) -> str:
        """A contact gets another id, as linking it with a profile does."""
        held = self.held.pop(remote)
        self.made += 1
        held.remote = f"people/c{self.made}"
        held.former += (remote,)
        held.old = None
        held.version += 1
        self.held[held.remote] = held
        self.touch(held.remote)
        return held.remote

    def label(self, name: str) -> str:
        """The container of a name, made where it is not there."""
        for one in self.labels.values():
            if one.name == name:
                return one.remote
        remote = f"contactGroups/{len(self.labels)}"
        self.labels[remote] = Container(remote, name)
        return remote

    def form(self, held: Held) -> RemoteContact:
        """A contact as an answer shows it."""
        return RemoteContact(
            remote=held.remote,
            etag=f"e{held.version}",
            card=held.card,
            raw=held.unknown,
            containers=held.containers,
            former=held.former,
            id=held.id,
            also=held.also,
            was=held.was,
            updated=held.updated,
            photo=held.photo,
        )
