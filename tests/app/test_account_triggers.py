"""What makes accounts sync: which events give which orders, and which give none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest

from ringdesk.app.account_seat import Seat
from ringdesk.app.account_triggers import LOOK_EVERY, REFRESH_AGAIN, STAYS, Triggers
from ringdesk.app.clockwork import Outside
from ringdesk.domain.orders import Order, Refresh, SyncSoon, Wake
from ringdesk.domain.replica import Account
from tests.fakes import CountingIds, FakeSecrets, FakeTime, NoBrowser, deliver


@dataclass
class Chair:
    """What triggers see of a seat."""

    account: Account = field(default_factory=lambda: Account(id="google:42"))
    by_hand: bool = False
    orders: list[Order] = field(default_factory=list)

    def order(self, order: Order) -> None:
        self.orders.append(order)


@dataclass
class Bench:
    time: FakeTime = field(default_factory=FakeTime)
    chair: Chair = field(default_factory=Chair)
    touched: bool = True

    def __post_init__(self) -> None:
        outside = Outside(self.time, CountingIds(), self.time, deliver, lambda news: None, FakeSecrets(), NoBrowser())
        self.triggers = Triggers(lambda: [cast(Seat, self.chair)], lambda account: self.touched, outside)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_save_syncs_soon_where_there_is_something_to_send(bench: Bench) -> None:
    bench.triggers.contacts_changed()
    bench.touched = False
    bench.triggers.contacts_changed()
    assert bench.chair.orders == [SyncSoon()]


def test_only_by_hand_means_by_hand(bench: Bench) -> None:
    bench.chair.by_hand = True
    bench.triggers.contacts_changed()
    bench.triggers.opened("c1")
    assert bench.chair.orders == []


def test_a_contact_is_read_anew_when_the_user_stays_with_it_and_not_twice(bench: Bench) -> None:
    for contact in ("c1", "c2", "c3"):
        bench.triggers.looked_at(contact)
        bench.time.pass_(STAYS / 2)
    bench.time.pass_(STAYS)
    bench.triggers.opened("c3")
    assert bench.chair.orders == [Refresh("c3")]
    bench.time.pass_(REFRESH_AGAIN)
    bench.triggers.opened("c3")
    assert bench.chair.orders == [Refresh("c3")] * 2


def test_after_a_sleep_whatever_waited_is_tried_again(bench: Bench) -> None:
    bench.triggers.watch_sleep()
    bench.time.pass_(10 * LOOK_EVERY)
    assert bench.chair.orders == []
    bench.time.time += 3600.0  # the timers of a sleeping computer stand still
    bench.time.pass_(LOOK_EVERY)
    assert bench.chair.orders == [Wake()]
