"""The collector works seldom while accounts are synced, and as before once the last of them is done."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from ringdesk.domain.uncollected import A_PAGE, seldom_collected, uncollected


@pytest.fixture(autouse=True)
def usual() -> Iterator[tuple[int, int, int]]:
    before = gc.get_threshold()
    gc.set_threshold(800, 11, 12)
    yield (800, 11, 12)
    gc.set_threshold(*before)


def test_two_accounts_at_once_leave_it_as_it_was(usual: tuple[int, int, int]) -> None:
    first, second = seldom_collected(), seldom_collected()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold() == (A_PAGE, 11, 12)
    second.__exit__(None, None, None)
    assert gc.get_threshold() == usual


def test_a_page_that_was_read_is_not_looked_through(usual: tuple[int, int, int]) -> None:
    looks: list[str] = []

    def look(phase: str, info: dict[str, int]) -> None:
        looks.append(phase)

    gc.collect()
    gc.callbacks.append(look)
    try:
        with seldom_collected():
            with uncollected():
                page = [[number] for number in range(A_PAGE // 2)]
            kept = [[number] for number in range(1000)]
            assert not looks
            del page, kept
        with pytest.raises(KeyError), seldom_collected():
            raise KeyError
    finally:
        gc.callbacks.remove(look)
    assert gc.get_threshold() == usual
