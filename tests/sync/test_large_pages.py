"""A page of a pull is gone before the next one is waited for, and the collector rests while one is taken in.

While one is waited for, it works: that may take minutes.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ringdesk.domain.remote import Page, RemoteContact, RemoteItem
from ringdesk.sync.pulling import Pulling
from tests.sync.desk import Desk, VirtualClock
from tests.sync.kit import card
from tests.sync.memory_remote import MemoryBook, Server


class WatchedBook(MemoryBook):
    """Lists ten contacts a page, and looks whether those of earlier pages are still there."""

    def __init__(self, server: Server) -> None:
        super().__init__(server, page=10)
        self.seen: list[weakref.ref[frozenset[str]]] = []
        self.alive: list[int] = []
        self.collecting: list[bool] = []

    def pull(self, cursor: str | None) -> Iterator[Page]:
        for page in super().pull(cursor):
            self.alive.append(sum(one() is not None for one in self.seen))
            self.collecting.append(gc.isenabled())
            yield replace(page, items=tuple(self._watched(item) for item in page.items))

    def _watched(self, item: RemoteItem) -> RemoteItem:
        """The item with a part of its own by which its end can be seen."""
        assert isinstance(item, RemoteContact)
        part = frozenset([*item.containers])
        self.seen.append(weakref.ref(part))
        return replace(item, containers=part)


def test_a_page_is_let_go_before_the_next(tmp_path: Path) -> None:
    clock = VirtualClock()
    server = Server(clock)
    for number in range(30):
        server.add(card(f"N{number}", f"60011122{number}"))
    book = WatchedBook(server)
    desk = Desk(tmp_path / "a.db", book, clock)
    right, taking = Pulling.take, list[bool]()

    def take(pulling: Pulling, *items: Any, **more: Any) -> None:
        taking.append(gc.isenabled())
        right(pulling, *items, **more)

    with patch.object(Pulling, "take", take):
        desk.sync()
    assert len(desk.contacts()) == 30
    assert len(book.alive) > 1, "one page shows nothing"
    assert not any(book.alive)
    assert all(book.collecting)
    assert taking
    assert not any(taking)
    assert gc.isenabled()
    desk.close()
