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

from ringdesk.providers.team.link import Connection, connect
from ringdesk.providers.team.listen import HOPELESS, LONGEST_WAIT, Deaf, Listener, Listening, State, next_wait
from ringdesk.providers.team.trouble import TeamError, TeamTrouble
from tests.postgres import PASSWORD, Team
from tests.providers.team.aid import seat, share

pytestmark = pytest.mark.postgres

Wakes = queue.Queue[float]


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


def test_a_share_wakes_a_coworker(team: Team, listener: Callable[..., tuple[Wakes, queue.Queue[State]]]) -> None:
    wakes, told = listener()
    assert told.get(timeout=5) == Listening()
    wakes.get(timeout=5)
    share(seat(team, "alice"))
    wakes.get(timeout=5)


def test_lost_notifications_are_made_up_for_by_polling(
    listener: Callable[..., tuple[Wakes, queue.Queue[State]]],
) -> None:
    wakes, _ = listener(poll=0.2)
    times = [wakes.get(timeout=5) for _ in range(4)]
    assert min(after - before for before, after in itertools.pairwise(times)) > 0.1


def test_a_flood_of_notifications_is_gathered(
    team: Team, listener: Callable[..., tuple[Wakes, queue.Queue[State]]]
) -> None:
    wakes, _ = listener()
    wakes.get(timeout=5)
    raw, until = team.connect("carol"), time.monotonic() + 1
    while time.monotonic() < until:
        raw.execute("notify ringdesk")
    assert 2 <= wakes.qsize() <= 12


def test_a_broken_line_is_told_mended_and_followed_by_a_look(
    team: Team, listener: Callable[..., tuple[Wakes, queue.Queue[State]]]
) -> None:
    wakes, told = listener()
    assert told.get(timeout=5) == Listening()
    wakes.get(timeout=5)
    team.setup.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'bob'")
    assert told.get(timeout=5) == Deaf(TeamTrouble.UNREACHABLE, 0.5)
    assert told.get(timeout=5) == Listening()
    wakes.get(timeout=5)


def test_a_refused_login_is_told_and_not_hurried(listener: Callable[..., tuple[Wakes, queue.Queue[State]]]) -> None:
    def refused() -> Connection:
        raise TeamError(TeamTrouble.LOGIN, "no")

    _, told = listener(refused)
    assert told.get(timeout=5) == Deaf(TeamTrouble.LOGIN, LONGEST_WAIT / 2)


def test_stopping_waits_for_nothing(team: Team) -> None:
    listening = threading.Event()
    one = Listener(
        lambda: connect(team.cluster.local(team.name), "bob", PASSWORD), lambda: None, lambda _: listening.set()
    )
    one.start()
    assert listening.wait(5)
    began = time.monotonic()
    one.stop()
    assert time.monotonic() - began < 1


@given(st.integers(0, 10_000), st.sampled_from(TeamTrouble), st.floats(0, 1))
def test_waits_grow_to_a_minute_and_are_spread(attempt: int, trouble: TeamTrouble, chance: float) -> None:
    wait = next_wait(attempt, trouble, chance)
    assert 0.5 <= wait <= LONGEST_WAIT
    if trouble in HOPELESS:
        assert wait >= LONGEST_WAIT / 2
