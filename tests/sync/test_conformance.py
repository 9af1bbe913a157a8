"""The provider in memory does what every provider must."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.sync.conformance import CHECKS, Bench
from tests.sync.desk import SeededIds, VirtualClock
from tests.sync.memory_remote import MemoryBook, Server


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("page", [2, 1000])
def test_memory(check: Callable[[Bench], None], page: int) -> None:
    clock = VirtualClock()
    server = Server(clock, delay=lambda: 300.0)
    check(
        Bench(
            MemoryBook(server, page=page),
            SeededIds(Random(1)),
            edit=server.edit,
            delete=server.delete,
            later=lambda: clock.pass_(600.0),
        )
    )
