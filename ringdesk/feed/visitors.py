"""The connections that are open: never more than a few, and one that says nothing makes room for one that comes."""

from __future__ import annotations

import asyncio
from typing import Final

CONNECTIONS_MOST: Final = 16


class Visitors:
    """The tasks that each talk to one connection.

    Whoever has shown a token stays. Of the others the oldest is sent away when there is no room, so that idle
    connections cannot keep a producer out: it needs its place for a millisecond, they need theirs for ever.
    """

    def __init__(self, most: int = CONNECTIONS_MOST) -> None:
        self._most = most
        self._trusted: dict[asyncio.Task[None], bool] = {}

    def __len__(self) -> int:
        return len(self._trusted)

    def enter(self, visitor: asyncio.Task[None]) -> bool:
        """Let one in; False where everybody inside has shown a token."""
        if len(self._trusted) >= self._most:
            idle = next((task for task, trusted in self._trusted.items() if not trusted), None)
            if idle is None:
                return False
            del self._trusted[idle]
            idle.cancel()
        self._trusted[visitor] = False
        return True

    def trust(self, visitor: asyncio.Task[None]) -> None:
        """This one has shown a token."""
        if visitor in self._trusted:
            self._trusted[visitor] = True

    def leave(self, visitor: asyncio.Task[None]) -> None:
        """This one is gone."""
        self._trusted.pop(visitor, None)

    async def send_home(self) -> None:
        """End all of them."""
        tasks = list(self._trusted)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
