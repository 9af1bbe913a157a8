"""The right of way: who stands still, and for how long."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator

import pytest

from ringdesk.domain.rightofway import REST, Cause, RightOfWay

LONG = 30.0
"""Longer than any test waits: only a give ends it."""
SOON = 10.0


class Busy:
    """A thread that asks before each step; `steps` counts those it was let through."""

    def __init__(self, way: RightOfWay) -> None:
        self.steps = 0
        self._way, self._moved, self._stop = way, threading.Condition(), False
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        while not self._stop:
            self._way.ask()
            with self._moved:
                self.steps += 1
                self._moved.notify_all()

    def goes_on(self) -> bool:
        """Whether it does two more steps: one may have been let through before."""
        with self._moved:
            since = self.steps
            return self._moved.wait_for(lambda: self.steps > since + 1, SOON)

    def stands(self) -> bool:
        """Whether it does at most the one step that was let through before."""
        with self._moved:
            since = self.steps
            return not self._moved.wait_for(lambda: self.steps > since + 1, 0.2)

    def end(self) -> None:
        self._stop = True
        self._way.give(Cause.POP)
        self._thread.join(SOON)


@pytest.fixture
def way() -> RightOfWay:
    return RightOfWay(LONG)


@pytest.fixture
def busy(way: RightOfWay) -> Iterator[Busy]:
    one = Busy(way)
    yield one
    one.end()


def test_a_busy_thread_stands_still_until_it_is_given_back(way: RightOfWay, busy: Busy) -> None:
    assert busy.goes_on()
    way.take(Cause.POP)
    assert busy.stands()
    way.give(Cause.POP)
    assert busy.goes_on()


def test_what_is_never_given_back_is_taken_away() -> None:
    way = RightOfWay(0.01)
    busy = Busy(way)
    way.take(Cause.POP)
    assert busy.goes_on()
    assert not way.taken
    busy.end()


def test_who_has_it_does_not_wait_for_itself(way: RightOfWay) -> None:
    way.take(Cause.POP)
    way.ask()
    assert way.taken


def test_it_is_had_inside_and_given_back_afterwards(way: RightOfWay) -> None:
    with way.first():
        assert way.taken
    assert not way.taken


def test_it_stays_where_it_was_taken_before(way: RightOfWay) -> None:
    way.take(Cause.POP)
    with way.first():
        pass
    assert way.taken


def test_it_stays_where_it_was_taken_inside_until_it_is_given_back(way: RightOfWay) -> None:
    with way.first():
        way.take(Cause.POP)
    assert way.taken
    way.give(Cause.POP)
    with way.first():
        pass
    assert not way.taken


def test_what_a_list_gives_back_a_pop_still_has(way: RightOfWay, busy: Busy) -> None:
    way.take(Cause.POP)
    way.take(Cause.LIST)
    way.give(Cause.LIST)
    assert busy.stands()
    way.give(Cause.POP)
    assert busy.goes_on()


def test_what_is_given_back_inside_is_had_until_the_end(way: RightOfWay) -> None:
    with way.first():
        way.give(Cause.LIST)
        assert way.taken
    assert not way.taken


def test_it_is_given_back_where_something_fails_inside(way: RightOfWay) -> None:
    with pytest.raises(ValueError, match="inside"), way.first():
        raise ValueError("inside")
    assert not way.taken


def test_it_presses_when_it_is_taken(way: RightOfWay) -> None:
    way.take(Cause.POP)
    assert way.pressing


def test_it_presses_no_more_once_it_is_given_back(way: RightOfWay) -> None:
    way.take(Cause.POP)
    way.give(Cause.POP)
    assert not way.pressing


def test_what_is_never_given_back_does_not_press_for_ever() -> None:
    way = RightOfWay(0.01)
    way.take(Cause.LIST)
    time.sleep(0.02)
    assert way.taken
    assert not way.pressing


TURN_OF_PYTHON = 0.2
"""Seconds for which a thread may keep the interpreter here where it does not let anybody in by itself."""


def naps(way: RightOfWay, count: int = 5) -> float:
    """Seconds that so many short naps take beside a thread that asks and never waits."""
    stop = False

    def work() -> None:
        while not stop:
            way.ask()

    before, thread = sys.getswitchinterval(), threading.Thread(target=work)
    sys.setswitchinterval(TURN_OF_PYTHON)
    try:
        thread.start()
        began = time.monotonic()
        for _ in range(count):
            time.sleep(0.001)
        return time.monotonic() - began
    finally:
        stop = True
        sys.setswitchinterval(before)
        thread.join(SOON)


def test_a_busy_thread_lets_the_window_in_after_a_turn(way: RightOfWay) -> None:
    assert naps(way) > TURN_OF_PYTHON, "the control: it has to be asked for each time"
    way.own()
    assert naps(way) < TURN_OF_PYTHON


def test_the_window_itself_never_rests(way: RightOfWay, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("ringdesk.domain.rightofway.time.sleep", slept.append)
    way.own(turn=0.0)
    way.ask()
    assert slept == []
    other = threading.Thread(target=way.ask)
    other.start()
    other.join(SOON)
    assert slept == [REST]
