"""What the feed's tests share: waiting in asyncio, and a source that runs while a block lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from ringdesk.domain.call import CallState, Fact, SourceChanged
from ringdesk.domain.line import Lines
from ringdesk.domain.sockets import CallSource
from ringdesk.feed.tracker import Tracker
from tests.fakes import CountingIds

T = TypeVar("T")
F = TypeVar("F", bound=Fact)
SECONDS = 10.0


async def soon(look: Callable[[], T | None]) -> T:
    """Look until there is something; TimeoutError after ten seconds."""
    async with asyncio.timeout(SECONDS):
        while (found := look()) is None:  # noqa: ASYNC110  # what is looked at may be a process or a file
            await asyncio.sleep(0.005)
        return found


async def until(true: Callable[[], bool]) -> None:
    """Look until it is true."""
    await soon(lambda: true() or None)


class Heard:
    """Everything a source said."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.news: list[SourceChanged] = []

    async def fact(self, kind: type[F], nth: int = 1) -> F:
        """The nth fact of a kind, waited for."""

        def look() -> F | None:
            found = [fact for fact in self.facts if isinstance(fact, kind)]
            return found[nth - 1] if len(found) >= nth else None

        return await soon(look)

    async def change(self, **wanted: object) -> SourceChanged:
        """A change of the source with these fields, waited for."""

        def fits(news: SourceChanged) -> bool:
            return all(getattr(news, name) == value for name, value in wanted.items())

        return await soon(lambda: next((news for news in self.news if fits(news)), None))

    def states(self) -> list[CallState]:
        """The states that the tracker makes of the facts."""
        tracker = Tracker(Lines(), CountingIds())
        return [change.call.state for fact in self.facts for change in tracker.take(fact, 0.0)]


@asynccontextmanager
async def running(source: CallSource) -> AsyncIterator[Heard]:
    """Run a source; its task has ended when the block has."""
    heard = Heard()
    task = asyncio.create_task(source.run(heard.facts.append, heard.news.append))
    try:
        yield heard
    finally:
        task.cancel()
        (outcome,) = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(outcome, asyncio.CancelledError), outcome
