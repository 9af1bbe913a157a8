"""When to look again: heard, polled, after a broken line; and how long to wait in between."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.providers.team import listen
from ringdesk.providers.team.link import Connection, connect
from ringdesk.providers.team.listen import (
    GATHER,
    HOPELESS,
    LONGEST_GATHER,
    LONGEST_WAIT,
    PRESSED,
    Deaf,
    Listener,
    Listening,
    State,
    gathering,
    next_wait,
)
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from tests.postgres import PASSWORD, Team
from tests.providers.team.aid import seat, share

pytestmark = pytest.mark.postgres

Wakes = queue.Queue[float]
PATIENCE = 20.0
"""Seconds a loaded machine may take."""


@pytest.fixture
def listener(team: Team) -> Iterator[Callable[..., tuple[Wakes, queue.Queue[State]]]]:
    started: list[Listener] = []

    def start(
        open_line: Callable[[], Connection] | None = None, poll: float = 30.0
    ) -> tuple[Wakes, queue.Queue[State]]:
        wakes: Wakes = queue.Queue()
        told: queue.Queue[State] = queue.Queue()
        one = Listener(
            open_line or (lambda: connect(team.cluster.local(team.name), "bob", PASSWORD)),
            lambda: wakes.put(time.monotonic()),
            told.put,
            poll=poll,
            chance=lambda: 0.0,
        )
        started.append(one)
        one.start()
        return wakes, told

    yield start
    for one in started:
        one.stop()


def refused() -> Connection:
    raise TeamError(TeamTrouble.LOGIN, "no")


def test_a_share_wakes_a_coworker(team: Team, listener: Callable[..., tuple[Wakes, queue.Queue[State]]]) -> None:
    wakes, told = listener()
    assert told.get(timeout=PATIENCE) == Listening()
    wakes.get(timeout=PATIENCE)
    share(seat(team, "alice"))
    wakes.get(timeout=PATIENCE)


def test_lost_notifications_are_made_up_for_by_polling(
    listener: Callable[..., tuple[Wakes, queue.Queue[State]]],
) -> None:
    wakes, _ = listener(poll=0.2)
    times = [wakes.get(timeout=PATIENCE) for _ in range(4)]
    assert min(after - before for before, after in itertools.pairwise(times)) > 0.1


def test_a_flood_of_notifications_is_gathered(
    team: Team, listener: Callable[..., tuple[Wakes, queue.Queue[State]]]
) -> None:
    wakes, _ = listener()
    wakes.get(timeout=PATIENCE)
    raw, until = team.connect("carol"), time.monotonic() + 1
    while time.monotonic() < until:
        raw.execute("notify ringdesk")
    assert 2 <= wakes.qsize() <= 12


def test_a_broken_line_is_told_mended_and_followed_by_a_look(
    team: Team, listener: Callable[..., tuple[Wakes, queue.Queue[State]]]
) -> None:
    wakes, told = listener()
    assert told.get(timeout=PATIENCE) == Listening()
    wakes.get(timeout=PATIENCE)
    team.setup.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'bob'")
    assert told.get(timeout=PATIENCE) == Deaf(TeamTrouble.UNREACHABLE, 0.5)
    assert told.get(timeout=PATIENCE) == Listening()
    wakes.get(timeout=PATIENCE)


def test_a_refused_login_is_told_and_not_hurried(listener: Callable[..., tuple[Wakes, queue.Queue[State]]]) -> None:
    _, told = listener(refused)
    assert told.get(timeout=PATIENCE) == Deaf(TeamTrouble.LOGIN, LONGEST_WAIT / 2)


def test_a_directory_that_is_reached_again_is_heard_at_once(team: Team) -> None:
    lines: list[Callable[[], Connection]] = [lambda: connect(team.cluster.local(team.name), "bob", PASSWORD), refused]
    told: queue.Queue[State] = queue.Queue()
    one = Listener(lambda: lines.pop()(), lambda: None, told.put, chance=lambda: 0.0)
    one.start()
    try:
        assert told.get(timeout=PATIENCE) == Deaf(TeamTrouble.LOGIN, LONGEST_WAIT / 2)
        one.hurry()
        assert told.get(timeout=PATIENCE) == Listening()
    finally:
        one.stop()


def test_stopping_ends_a_wait_for_the_next_attempt() -> None:
    told: queue.Queue[State] = queue.Queue()
    one = Listener(refused, lambda: None, told.put, chance=lambda: 0.0)
    one.start()
    told.get(timeout=PATIENCE)
    began = time.monotonic()
    one.stop()
    assert time.monotonic() - began < PATIENCE


def test_stopping_waits_for_nothing(team: Team) -> None:
    listening = threading.Event()
    one = Listener(
        lambda: connect(team.cluster.local(team.name), "bob", PASSWORD), lambda: None, lambda _: listening.set()
    )
    one.start()
    assert listening.wait(PATIENCE)
    began = time.monotonic()
    one.stop()
    assert time.monotonic() - began < 1


@given(st.integers(0, 10_000), st.sampled_from(TeamTrouble), st.floats(0, 1))
def test_waits_grow_to_a_minute_and_are_spread(attempt: int, trouble: TeamTrouble, chance: float) -> None:
    wait = next_wait(attempt, trouble, chance)
    assert 0.5 <= wait <= LONGEST_WAIT
    if trouble in HOPELESS:
        assert wait >= LONGEST_WAIT / 2


def test_a_flood_that_does_not_end_wakes_less_often(
    team: Team, listener: Callable[..., tuple[Wakes, queue.Queue[State]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every wake-up is a round at every desk: whoever floods the channel must not have the whole office pull."""
    monkeypatch.setattr(listen, "PRESSED", 3)
    wakes, _ = listener()
    wakes.get(timeout=PATIENCE)
    raw, until = team.connect("carol"), time.monotonic() + 5
    while time.monotonic() < until:
        raw.execute("select count(pg_notify('ringdesk', repeat('x', 7000) || n)) from generate_series(1, 20) n")
    assert wakes.qsize() <= 25  # fifty without
    while not wakes.empty():
        wakes.get()
    share(seat(team, "alice"))
    wakes.get(timeout=PATIENCE)


def test_wake_ups_are_gathered_longer_only_in_a_flood() -> None:
    assert [gathering(pressed) for pressed in (0, PRESSED - 1)] == [GATHER, GATHER]
    waits = [gathering(PRESSED + more) for more in range(40)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (2 * GATHER, LONGEST_GATHER)
    assert waits[-1] <= 0.25  # the last of a hundred desks is to see a tick within half a second, in a rush too
