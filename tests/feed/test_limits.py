from __future__ import annotations

from ringdesk.domain.call import Answered, CallKey, Direction, Ended, Fact, Rang
from ringdesk.feed.backoff import Backoff
from ringdesk.feed.limits import BURST, PER_SECOND, PRODUCERS_MOST, Backlog, Rates


def ring(n: int) -> Rang:
    return Rang(key=CallKey("s", str(n)), direction=Direction.INCOMING, number="1")


def end(n: int) -> Ended:
    return Ended(key=CallKey("s", str(n)))


def test_a_burst_and_then_a_steady_rate() -> None:
    rates = Rates()
    assert [rates.allows(1, 0.0) for _ in range(60)].count(True) == BURST
    assert [rates.allows(1, 1.0) for _ in range(60)].count(True) == PER_SECOND


def test_one_producer_does_not_pay_for_another() -> None:
    rates = Rates()
    for _ in range(60):
        rates.allows(1, 0.0)
    assert rates.allows(2, 0.0)


def test_a_clock_that_steps_back_gives_nothing_away() -> None:
    rates = Rates()
    assert [rates.allows(1, 100.0 - n) for n in range(60)].count(True) == BURST


def test_producers_are_forgotten() -> None:
    rates = Rates()
    for producer in range(1000):
        rates.allows(producer, 0.0)
    assert len(rates._buckets) == PRODUCERS_MOST


def test_when_full_the_oldest_ring_goes_first() -> None:
    backlog = Backlog(3)
    for fact in (end(1), ring(2), ring(3), end(4)):
        backlog.put(fact)
    assert backlog.some(9) == [end(1), ring(3), end(4)]
    assert backlog.dropped == 1


def test_an_end_is_never_dropped() -> None:
    backlog = Backlog(3)
    facts: list[Fact] = [Answered(key=CallKey("s", "1")), end(2), end(3), end(4), end(5)]
    for fact in facts:
        backlog.put(fact)
    assert backlog.some(9) == facts[1:]


def test_facts_come_in_order_and_in_slices() -> None:
    backlog = Backlog()
    for n in range(5):
        backlog.put(ring(n))
    assert backlog.some(2) == [ring(0), ring(1)]
    assert len(backlog) == 3


def test_waiting_doubles_up_to_the_most_and_begins_again() -> None:
    backoff = Backoff(lambda: 1.0, first=1.0, most=5.0)
    assert [backoff.wait() for _ in range(4)] == [1.0, 2.0, 4.0, 5.0]
    backoff.reset()
    assert backoff.wait() == 1.0
    backoff.long()
    assert backoff.wait() == 5.0


def test_waiting_is_never_less_than_half() -> None:
    assert Backoff(lambda: 0.0, first=1.0).wait() == 0.5
