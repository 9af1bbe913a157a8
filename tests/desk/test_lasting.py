"""Writes that are tried again while the store's trouble may pass."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from ringdesk.desk.lasting import FIRST_WAIT, LONGEST_WAIT, Lasting
from ringdesk.domain.status import StoreError, StoreTrouble
from tests.fakes import FakeTime

T = TypeVar("T")


@dataclass
class Store:
    """Takes what is written, unless something is wrong with it; failures nobody wants to hear of become news."""

    time: FakeTime = field(default_factory=FakeTime)
    trouble: StoreTrouble | None = None
    tries: int = 0
    kept: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    news: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lasting = Lasting(self.deliver, self.time)

    def write(self, what: str, text: str) -> None:
        self.lasting.write(what, lambda: self._try(text), self.kept.append, lambda: self.given_up.append(text))

    def _try(self, text: str) -> Future[str]:
        self.tries += 1
        future: Future[str] = Future()
        if self.trouble is None:
            future.set_result(text)
        else:
            future.set_exception(StoreError(self.trouble))
        return future

    def deliver(
        self, future: Future[T], done: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        error = future.exception()
        if error is None:
            done(future.result())
        else:
            assert isinstance(error, Exception)
            (failed or self.news.append)(error)


@pytest.fixture
def store() -> Store:
    return Store()


def test_what_can_be_written_is_written_once(store: Store) -> None:
    store.write("call", "ringing")
    store.time.pass_(LONGEST_WAIT)
    assert (store.kept, store.tries, store.time.waiting) == (["ringing"], 1, 0)


@pytest.mark.parametrize("trouble", [StoreTrouble.LOCKED, StoreTrouble.FULL, StoreTrouble.READ_ONLY])
def test_a_trouble_that_passes_is_told_once_and_outlasted(store: Store, trouble: StoreTrouble) -> None:
    store.trouble = trouble
    store.write("call", "ringing")
    store.time.pass_(FIRST_WAIT * 4)
    assert len(store.news) == 1
    assert store.tries == 3
    store.trouble = None
    store.time.pass_(LONGEST_WAIT)
    assert (store.kept, store.time.waiting) == (["ringing"], 0)
    assert store.given_up == []


def test_of_one_call_only_the_newest_state_is_written_later(store: Store) -> None:
    store.trouble = StoreTrouble.LOCKED
    store.write("call", "ringing")
    store.write("call", "ended")
    store.write("another", "ringing")
    store.trouble = None
    store.time.pass_(LONGEST_WAIT)
    assert sorted(store.kept) == ["ended", "ringing"]


def test_a_newer_state_that_was_written_is_not_overwritten_by_an_older_one(store: Store) -> None:
    store.trouble = StoreTrouble.LOCKED
    store.write("call", "ringing")
    store.trouble = None
    store.write("call", "ended")
    store.time.pass_(LONGEST_WAIT)
    assert store.kept == ["ended"]


@pytest.mark.parametrize("trouble", [StoreTrouble.CORRUPT, StoreTrouble.STOPPED, StoreTrouble.NEWER])
def test_a_trouble_that_does_not_pass_is_not_tried_again(store: Store, trouble: StoreTrouble) -> None:
    store.trouble = trouble
    store.write("call", "ringing")
    store.time.pass_(LONGEST_WAIT * 3)
    assert (store.tries, store.time.waiting, len(store.news)) == (1, 0, 1)
    assert store.given_up == ["ringing"]
