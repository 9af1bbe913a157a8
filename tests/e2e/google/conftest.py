"""A practice Google that runs as a program of its own, and a fresh account there for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.providers.google.practice import Account, Practice, practising


@pytest.fixture(scope="module")
def running() -> Iterator[Practice]:
    with practising("--real-clock") as one:
        yield one


@pytest.fixture
def practice(running: Practice) -> Iterator[Practice]:
    running.reset()
    yield running
    running.reset()


@pytest.fixture
def account(practice: Practice) -> Account:
    return practice.account()
