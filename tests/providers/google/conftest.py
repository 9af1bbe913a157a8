from __future__ import annotations

from collections.abc import Iterator

import pytest

from ringdesk.providers.google.people import GoogleBook
from tests.providers.google.practice import Account, Practice, practising


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


@pytest.fixture
def book(account: Account) -> GoogleBook:
    return account.book()
