from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest

from ringdesk.sandbox.google import Google, PracticeServer, Switches, VirtualClock
from tests.sandbox.google.app import App
from tests.sandbox.google.judge import Judge

EMAIL = "robin@example.com"

MakeGoogle = Callable[..., Google]


@pytest.fixture
def make_google() -> MakeGoogle:
    """Makes a practice Google whose every answer is judged."""

    def make(switches: Switches | None = None, *, people: int = 0, seed: int = 7, workspace: bool = False) -> Google:
        google = Google(switches or Switches(quotas=False), VirtualClock(), Random(seed))
        google.observers.append(Judge())
        google.add_account(EMAIL, "Robin Hart", people=people, workspace=workspace)
        return google

    return make


@pytest.fixture
def google(make_google: MakeGoogle) -> Google:
    return make_google()


@pytest.fixture
def clock(google: Google) -> VirtualClock:
    assert isinstance(google.world.clock, VirtualClock)
    return google.world.clock


@pytest.fixture
def app(google: Google) -> App:
    return App(google, EMAIL)


@pytest.fixture
def server(google: Google) -> Iterator[PracticeServer]:
    with PracticeServer(google) as serving:
        yield serving
