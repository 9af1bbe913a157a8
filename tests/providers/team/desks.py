"""Whole desks without windows: a store, the coworkers' book beside it, the engine, a real directory."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.contact import Contact, ContactRow, Me, Origin
from ringdesk.domain.effects import PutAccount
from ringdesk.domain.replica import Account, GoneThere, Policy
from ringdesk.domain.sockets import Show
from ringdesk.domain.team import SHOWN, TeamNews
from ringdesk.providers.team.book import TeamBook
from ringdesk.providers.team.directory import Directory
from ringdesk.store.database import Connection
from ringdesk.store.joined import Joined
from ringdesk.store.store import Store
from ringdesk.sync.context import Report
from ringdesk.sync.coworkers import Coworkers, Mine
from ringdesk.sync.engine import Engine
from ringdesk.sync.team import TeamRounds
from tests.postgres import PASSWORD, Team
from tests.sync.desk import VirtualClock

REGION = "ES"
ALL = Show(anonymous=None)


class RealIds:
    """Ids as the program makes them."""

    def new(self) -> str:
        return str(uuid.uuid4())


@dataclass
class TeamDesk:
    """One coworker's RingDesk in a folder; `chosen` is what they show besides the usual."""

    team: Team
    login: str
    folder: Path
    clock: VirtualClock = field(default_factory=VirtualClock)
    chosen: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.news: list[object] = []
        self.told: list[TeamNews] = []
        self.folder.mkdir(parents=True, exist_ok=True)
        self.open()
        self.team.closing(self.close)

    def open(self) -> None:
        ids = RealIds()
        world = {"region": REGION, "clock": self.clock, "ids": ids, "send_news": self.news.append, "inline": True}
        self.store = Store.open(self.folder / "ringdesk.db", **world)  # type: ignore[arg-type]  # checked when run
        self.joined = Joined(self.store, self.folder / "shared.db", **world)  # type: ignore[arg-type]  # as above
        self.reads, self.writes = self.store.reads, self.store.writes
        self.sides = self.joined.worker()
        self.sides.replicas.commit([PutAccount(Account(id="team", kind="team", name="Team"))])
        self.directory = Directory(self.team.cluster.local(self.team.name), self.login, PASSWORD)
        self.book = TeamBook(self.directory, region=lambda: REGION, chosen=lambda: self.chosen)
        coworkers = Coworkers(self.sides.coworkers, ids=ids, region=lambda: REGION, tell=self.told.append)
        engine = Engine(
            self.sides.replicas,
            Mine(self.book, coworkers),
            policy=lambda: Policy(fields=frozenset(SHOWN) | self.chosen, gone_there=GoneThere.KEEP),
            region=lambda: REGION,
            clock=self.clock,
            ids=ids,
            dice=Random(1),
            pause=lambda _: None,
        )
        self.rounds = TeamRounds(
            engine,
            self.book,
            self.book,
            coworkers,
            self.sides.coworkers,
            self.sides.waits,
            clock=self.clock,
            ids=ids,
            region=lambda: REGION,
            tell=self.told.append,
        )

    def close(self) -> None:
        self.book.close()
        self.sides.close()
        self.joined.close()
        self.store.close()

    def sync(self) -> Report:
        """A round."""
        self.clock.pass_(5.0)
        return self.rounds.round()

    def add(self, given: str, *phones: str, shared: bool = False, **more: object) -> Contact:
        """A contact of mine."""
        entries = tuple(PhoneEntry(phone, "mobile") for phone in phones)
        card = Card(name=Name(given=given), phones=entries, **more)  # type: ignore[arg-type]  # checked when run
        return self.writes.add(card, origin=Origin.HAND, owner=Me(), shared=shared).result()

    def change(self, id: str, how: Callable[[Contact], Contact]) -> Contact:
        """Save a contact changed."""
        contact = self.get(id)
        return self.writes.save(how(contact), read_revision=contact.revision).result()

    def get(self, id: str) -> Contact:
        """A contact that is there."""
        found = self.reads.get(id)
        assert found is not None
        return found

    def rows(self, show: Show = ALL) -> list[ContactRow]:
        """The whole list."""
        return [*self.reads.page(show, 0, 1000)]

    def names(self, show: Show = ALL) -> list[str]:
        """The names in the list."""
        return [row.name for row in self.rows(show)]

    def bytes_on_disk(self) -> bytes:
        """Everything in the folder."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())

    def packed_on_disk(self) -> list[bytes]:
        """The coworkers' contacts as their file holds them: packed, no word of theirs would be found in there."""
        book = Connection(self.folder / "shared.db", write=False)
        try:
            return [bytes(document) for (document,) in book.rows("SELECT document FROM contact")]
        finally:
            book.close()
