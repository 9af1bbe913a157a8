"""A seat: its worker comes back after a fault, and what was kept of a round that could not be told is not lost."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path

from ringdesk.app.account_kinds import Consent, Held, NoConsent, Told, Wish
from ringdesk.app.account_seat import Seat
from ringdesk.app.clockwork import Outside, RandomIds, SystemClock
from ringdesk.domain.account import Kept, Standing
from ringdesk.domain.card import Card, Name
from ringdesk.domain.news import News
from ringdesk.domain.orders import SyncNow, Wake
from ringdesk.domain.remote import RemoteBook
from ringdesk.domain.replica import Account
from ringdesk.domain.signing import Ending
from ringdesk.domain.sockets import Clock, Show
from ringdesk.domain.syncing import RoundDone, SyncHalted
from ringdesk.domain.team_kept import FREE, Rights
from ringdesk.store.store import Store
from tests.fakes import FakeSecrets, FakeTime, NoBrowser, deliver
from tests.sync.desk import VirtualClock
from tests.sync.memory_remote import MemoryBook, Server

PATIENCE = 60.0
ACCOUNT = Account(id="memory:me", kind="memory", name="me")


class OpenMemory:
    """An account in memory that is open."""

    def __init__(self, book: RemoteBook) -> None:
        self.book = book

    def held(self, told: Told, stopped: Callable[[], bool]) -> Held:
        return Held((), 0, 0)

    def abort(self) -> None:
        return None

    def break_off(self) -> None:
        return None


class MemoryKind:
    """A kind of account that lies in memory, and whose book has a fault at first."""

    kind = "memory"

    def __init__(self) -> None:
        self.server = Server(VirtualClock())
        self.opened = 0
        self.faults: list[Exception] = [ZeroDivisionError("a fault of this program")]

    def open(self, account: Account, kept: Kept, clock: Clock) -> OpenMemory:
        if self.faults:
            raise self.faults.pop()
        self.opened += 1
        return OpenMemory(MemoryBook(self.server))

    def sign_in(self, wish: Wish) -> Consent | NoConsent:
        return NoConsent(Ending.REFUSED)

    def revoke(self, account: Account) -> bool:
        return True


def seated(
    folder: Path, kind: MemoryKind, rights: Callable[[], Rights] = lambda: FREE
) -> tuple[Seat, Store, queue.Queue[News]]:
    """A seat of a connected account over a store of its own, and the news it tells."""
    news: queue.Queue[News] = queue.Queue()
    clock = SystemClock()
    store = Store.open(folder / "ringdesk.db", region="GB", clock=clock, ids=RandomIds(), send_news=lambda _: None)
    store.accounts.keep(ACCOUNT).result()
    outside = Outside(clock, RandomIds(), FakeTime(), deliver, news.put, FakeSecrets(), NoBrowser())
    kept = Kept(standing=Standing.CONNECTED)
    return Seat(ACCOUNT, kept, kind, store, outside, lambda: "GB", rights), store, news


def test_after_a_fault_the_next_order_starts_another_worker(tmp_path: Path) -> None:
    seat, store, news = seated(tmp_path, MemoryKind())
    seat.start()
    while not isinstance(told := news.get(timeout=PATIENCE), SyncHalted):
        continue
    assert (told.code, told.detail) == ("fault", "ZeroDivisionError")
    assert seat._worker is not None
    assert seat._worker.join(PATIENCE)
    seat.order(SyncNow())
    while not isinstance(news.get(timeout=PATIENCE), RoundDone):
        continue
    assert seat.end()
    store.close()


def test_what_the_team_forbids_is_not_even_asked_for_and_goes_on_once_it_is_allowed(tmp_path: Path) -> None:
    kind, rights = MemoryKind(), [Rights(google=False)]
    kind.faults.clear()
    kind.server.add(Card(name=Name(given="Ana")))
    seat, store, news = seated(tmp_path, kind, lambda: rights[0])

    def ordered(what: type) -> News:
        seat.order(SyncNow())
        while not isinstance(told := news.get(timeout=PATIENCE), what):
            continue
        return told

    halted = ordered(SyncHalted)
    assert isinstance(halted, SyncHalted)
    assert halted.code == "team"
    assert kind.opened == 0, "no connection, no request"
    rights[0] = Rights(view_only=True)
    ordered(RoundDone)
    assert store.reads.count(Show()) == 0, "view-only rights bring nothing in"
    rights[0] = FREE
    seat.order(SyncNow(full=True))
    ordered(RoundDone)
    assert store.reads.count(Show()) == 1
    assert seat.end()
    store.close()


def test_after_its_end_no_order_starts_another_worker(tmp_path: Path) -> None:
    seat, store, _ = seated(tmp_path, MemoryKind())
    seat.start()
    before = seat._worker
    assert seat.end()
    seat.order(Wake())
    assert seat._worker is before
    assert before is not None
    assert not before.alive
    store.close()
