from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.google.practice import Account, Practice, practising
from tests.soak import skip_unless_asked


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    skip_unless_asked(config, items, Path(__file__).parent)


@pytest.fixture(scope="module")
def running() -> Iterator[Practice]:
    with practising() as one:
        yield one


@pytest.fixture
def practice(running: Practice) -> Iterator[Practice]:
    yield running
    running.reset()


@pytest.fixture
def account(practice: Practice) -> Account:
    return practice.account()
