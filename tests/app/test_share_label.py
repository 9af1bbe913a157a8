"""A share label named later shares its members and takes nobody out of it; without one, connecting shares nobody."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.app.accounts import Accounts
from ringdesk.app.clockwork import Outside, RandomIds, SystemClock
from ringdesk.app.google import GoogleKind
from ringdesk.domain.account import Choices, Kept, Standing, kept_text
from ringdesk.domain.card import Card, Name
from ringdesk.domain.contact import Contact
from ringdesk.domain.news import News
from ringdesk.domain.replica import Account, Direction, Policy
from ringdesk.domain.sockets import Show
from ringdesk.domain.syncing import RoundDone
from ringdesk.store.store import Store
from tests.app.test_account_seat import MemoryKind
from tests.fakes import FakeSecrets, FakeTime, NoBrowser, deliver
from tests.sync.memory_remote import Held

PATIENCE = 60.0
ME = "memory:me"


class Desk:
    """One account in memory, with two members of a label there and somebody outside, synced once."""

    def __init__(self, folder: Path, policy: Policy) -> None:
        self.news: queue.Queue[News] = queue.Queue()
        clock, self.kind = SystemClock(), MemoryKind()
        self.kind.faults.clear()
        server = self.kind.server
        self.label = server.label("Clients")
        inside = frozenset({self.label})
        self.there = {
            name: server.add(Card(name=Name(given=name)), containers=box)
            for name, box in (("Ana", inside), ("Eva", inside), ("Luis", frozenset[str]()))
        }
        self.store = Store.open(folder / "ringdesk.db", region="ES", clock=clock, ids=RandomIds(), send_news=_nobody)
        kept = Kept(Choices(policy, None), standing=Standing.CONNECTED)
        self.store.accounts.keep(Account(id=ME, kind="memory", name="me", settings=kept_text(kept))).result()
        outside = Outside(clock, RandomIds(), FakeTime(), deliver, self.news.put, FakeSecrets(), NoBrowser())
        google = GoogleKind(folder / "c.json", folder / "d.json", outside.secrets, outside.browser)
        self.accounts = Accounts(self.store, outside, lambda: "ES", google, (self.kind,))
        self.round()

    def round(self) -> None:
        """A round, until it is done."""
        self.accounts.sync_now(ME)
        self.wait(lambda news: isinstance(news, RoundDone))

    def wait(self, until: Callable[[News], bool]) -> None:
        while not until(self.news.get(timeout=PATIENCE)):
            continue

    def here(self, name: str) -> Contact:
        rows = self.store.reads.page(Show(), 0, 10)
        found = self.store.reads.get(next(row.id for row in rows if row.name == name))
        assert found is not None
        return found

    def shared(self) -> list[str]:
        return [name for name in self.there if self.here(name).shared]

    def labelled(self) -> list[str]:
        return [name for name, held in self.there.items() if self._in(held)]

    def _in(self, held: Held) -> bool:
        return self.label in held.containers

    def close(self) -> None:
        asyncio.run(self.accounts.stop())
        self.store.close()


def _nobody(news: News) -> None:
    """What the store tells is not asked for here."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, Policy())
    yield made
    made.close()


def test_a_share_label_named_later_shares_its_members_and_takes_nobody_out_of_it(desk: Desk) -> None:
    assert desk.shared() == [], "nothing is shared until it is asked for"
    luis = desk.here("Luis")
    desk.store.writes.save(replace(luis, shared=True), read_revision=luis.revision).result()
    desk.accounts.keep_choices(ME, Choices(Policy(share_label="Clients"), None))
    desk.round()
    desk.round()
    assert desk.shared() == ["Ana", "Eva", "Luis"]
    assert desk.labelled() == ["Ana", "Eva", "Luis"], "who is shared is in the label"


def test_a_label_named_at_set_up_shares_its_members_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Policy(share_label="Clients"))
    assert desk.shared() == desk.labelled() == ["Ana", "Eva"]
    ana = desk.here("Ana")
    desk.store.writes.share([ana.id], False).result()
    desk.round()
    assert desk.labelled() == ["Eva"], "unticked is out of the label"
    desk.close()


def test_what_is_chosen_when_no_worker_hears_of_it_is_looked_at_all_the_same(desk: Desk) -> None:
    """As after a kill between the two: the next start goes by what is kept, and no order tells it to look."""
    asyncio.run(desk.accounts.stop())
    assert not desk.store.accounts.touched(ME)
    desk.accounts.keep_choices(ME, Choices(Policy(direction=Direction.FROM), None))
    desk.store.writes.share([], True).result()  # is behind it
    assert desk.store.accounts.touched(ME)
