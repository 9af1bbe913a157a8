"""Requests, counted by the practice Google through the whole stack: engine, provider, store. Never one too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from random import Random

import pytest

from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.contact import Origin
from ringdesk.domain.remote import RemoteError
from ringdesk.domain.sockets import Show
from ringdesk.providers.google import people
from ringdesk.sandbox.google import Fault, Kind, Request
from tests.sync.desk import Desk, VirtualClock
from tests.sync.google_account import GoogleAccount

ROUND = 300.0


class Counted:
    """A desk on a Google account that behaves, or fails as a test wants it."""

    def __init__(self, folder: Path) -> None:
        self.clock = VirtualClock()
        self.account = GoogleAccount(self.clock, Random(1), plain=True)
        self.google = self.account.google
        self.desk = Desk(
            folder / "a.db",
            self.account.book(0, lambda *_: None, lambda: None),
            self.clock,
        )

    def round(self) -> Counter[str]:
        """A round; the requests it took, without those for tokens."""
        self.clock.pass_(ROUND)
        before = len(self.google.log.entries)
        self.desk.sync()
        return self.google.log.methods(before)

    def there(self, count: int) -> None:
        for number in range(count):
            self.account.hand.add(card(number))

    def here(self, count: int) -> None:
        self.desk.store.writes.import_cards(((card(n), None) for n in range(count)), origin=Origin.FILE).result()


def card(number: int) -> Card:
    return Card(name=Name(given=f"Name {number}"), phones=(PhoneEntry(f"+3491{number:07}", "work"),))


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[Counted]:
    made = Counted(tmp_path)
    yield made
    made.desk.close()


LARGE = pytest.param(25_000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])


@pytest.mark.parametrize("count", [1, 1000, 1001, LARGE])
def test_a_first_pull_is_one_request_a_thousand_and_one(counted: Counted, count: int) -> None:
    counted.there(count)
    asked = counted.round()
    assert asked == {"people.connections.list": ceil(count / 1000), "contactGroups.list": 1}
    assert counted.desk.replicas.linked() == count


@pytest.mark.parametrize("count", [200, 401, LARGE])
def test_creations_are_one_request_two_hundred(counted: Counted, count: int) -> None:
    counted.here(count)
    asked = counted.round()
    assert asked["people.batchCreateContacts"] + asked["people.createContact"] == ceil(count / 200)
    assert asked.total() == ceil(count / 200) + 2


def test_updates_are_one_request_two_hundred_of_each_mask(counted: Counted) -> None:
    counted.here(330)
    counted.round()
    rows = counted.desk.store.reads.page(Show(), 0, 330)
    for number, row in enumerate(rows):
        held = counted.desk.get(row.id)
        changed = {"note": "new"} if number < 210 else {"phones": (*held.card.phones, PhoneEntry("+34600000000"))}
        counted.desk.edit(row.id, replace(held.card, **changed))
    asked = counted.round()
    assert asked["people.batchUpdateContacts"] == 2 + 1
    assert asked.total() == 3 + 2


def test_an_idle_round_is_two_requests(counted: Counted) -> None:
    counted.there(30)
    counted.here(20)
    counted.round()
    counted.round()
    for _ in range(3):
        assert counted.round() == {"people.connections.list": 1, "contactGroups.list": 1}


def test_a_twentieth_of_all_batches_failing_costs_no_more_than_a_tenth(counted: Counted) -> None:
    """503, 429 and lost answers on every twentieth creation, until all is there."""
    counted.here(8000)
    kinds = [Fault(Kind.ERROR_BEFORE, 429), Fault(Kind.CUT_AFTER), Fault(Kind.ERROR_BEFORE, 503)]
    creations = 0

    def plan(number: int, request: Request) -> Fault | None:
        nonlocal creations
        if "reateContacts" not in request.path:
            return None
        creations += 1
        return kinds.pop(0) if creations % 20 == 10 and kinds else None

    counted.google.plan = plan
    sent: Counter[str] = Counter()
    for _ in range(8):
        before = len(counted.google.log.entries)
        with suppress(RemoteError):  # the next round goes on
            counted.round()
        sent += counted.google.log.methods(before)
        if counted.desk.replicas.linked() == 8000:
            break
    assert counted.desk.replicas.linked() == 8000
    assert len(counted.account.hand.all()) == 8000
    writes = sent["people.batchCreateContacts"] + sent["people.createContact"]
    assert writes <= ceil(8000 / 200) * 1.1


TWENTIETH = 20
LOST = (Fault(Kind.ERROR_BEFORE, 503), Fault(Kind.CUT_AFTER), Fault(Kind.ERROR_BEFORE, 429))


class Hard:
    """A Google that fails one request in twenty, by turns with 503, with 429, and with an answer that gets lost."""

    def __init__(self) -> None:
        self.asked = 0
        self.failed: Counter[str] = Counter()

    def plan(self, number: int, request: Request) -> Fault | None:
        del number
        if not request.path.startswith("/v1/"):
            return None
        self.asked += 1
        if self.asked % TWENTIETH != TWENTIETH // 2:
            return None
        fault = LOST[self.failed.total() % len(LOST)]
        self.failed["lost" if fault.kind is Kind.CUT_AFTER else "refused"] += 1
        return fault


@dataclass
class Took:
    """What it took until all was done."""

    sent: Counter[str]
    failed: Counter[str]
    rounds: int


def until(counted: Counted, done: Callable[[], bool]) -> Took:
    """Rounds, five minutes apart as ever, while a twentieth of all requests fails, until all is done."""
    hard = Hard()
    counted.google.plan = hard.plan
    sent: Counter[str] = Counter()
    for rounds in range(1, 7):
        before = len(counted.google.log.entries)
        counted.clock.pass_(ROUND)
        with suppress(RemoteError):  # the next round goes on
            counted.desk.sync()
        sent += counted.google.log.methods(before)
        if done():
            return Took(sent, hard.failed, rounds)
    raise AssertionError(f"not done after {sent}")


def test_pages_that_fail_cost_one_request_each(counted: Counted) -> None:
    """A first pull of 60 pages in one round: what failed is asked for again, and nothing else is."""
    counted.account.small_pages(20)
    counted.desk.renewed(counted.account.book(0, lambda *_: None, lambda: None))
    counted.there(1200)
    took = until(counted, lambda: counted.desk.replicas.linked() == 1200)
    least = 60 + 1
    assert took.rounds == 1
    assert took.failed == {"refused": 2, "lost": 1}
    assert took.sent == {"people.connections.list": 60 + 3, "contactGroups.list": 1}
    assert took.sent.total() <= least * 1.1


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of ten, so that many requests need few contacts."""
    able = replace(people.CAPABILITIES, create_batch=10, update_batch=10, delete_batch=10)
    monkeypatch.setattr(people, "CAPABILITIES", able)


def cost(took: Took, writes: int, method: str) -> None:
    """Refused ones are sent once more, lost ones are looked up and not sent again; each round asks for two things."""
    least = writes + 2 * took.rounds
    assert took.failed.total() >= 4
    assert took.sent[method] == writes + took.failed["refused"]
    assert took.sent.total() <= least * 1.1


@pytest.mark.usefixtures("small_batches")
def test_writes_that_fail_cost_one_request_each_and_lost_answers_none(counted: Counted) -> None:
    counted.here(800)
    cost(until(counted, lambda: counted.desk.replicas.linked() == 800), 80, "people.batchCreateContacts")
    assert len(counted.account.hand.all()) == 800
    for row in counted.desk.store.reads.page(Show(), 0, 800):
        counted.desk.edit(row.id, replace(counted.desk.get(row.id).card, note="new"))

    def noted() -> bool:
        return all(one.card.note == "new" for one in counted.account.hand.all())

    cost(until(counted, noted), 80, "people.batchUpdateContacts")
