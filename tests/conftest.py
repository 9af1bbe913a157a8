"""What holds for every test."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine is no fault of an example; and a run of the checks must be the same run twice.
settings.register_profile(
    "office", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("office")


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    """No test leaves the garbage collector off: the later ones would fill the memory."""
    yield
    collecting = gc.isenabled()
    gc.enable()
    assert collecting


LONG = (
    "test_simulation.py",
    "test_power_cut.py",
    "test_requests.py",
    "test_kill.py",
    "test_team_google.py",
    "test_team.py",
)
"""Modules that take a minute or more: begun first, so that no process is left with one of them at the end."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long modules first. Tests marked `soak` run only where -m names them, as `test.sh --soak` does."""
    items.sort(key=lambda item: item.path.name not in LONG)
    if "soak" in config.option.markexpr:
        return
    for item in items:
        if item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.skip(reason="runs long: -m soak"))
