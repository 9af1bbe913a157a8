"""What the sources that are posted to have in common: their inbox, and that they take no commands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from ringdesk.domain.call import Ability, CallKey, Fact
from ringdesk.domain.sockets import SourceRefused
from ringdesk.feed.limits import Backlog, Rates
from ringdesk.feed.wire.local import Refused, Taken

SLICE: Final = 20
"""Facts told in one go, before the user interface gets its turn."""

TOO_FAST: Final = Refused("too_fast", "at most 20 events a second, 50 at once")


class Inbox:
    """Facts that producers have posted and nobody has been told yet."""

    def __init__(self) -> None:
        self._rates = Rates()
        self._backlog = Backlog()
        self._stirred = asyncio.Event()

    def allows(self, producer: int) -> bool:
        """Whether a producer may post one more event now; asking counts."""
        return self._rates.allows(producer, asyncio.get_running_loop().time())

    def put(self, outcome: Taken | Refused) -> Taken | Refused:
        """Keep the facts of an event that was taken; gives the outcome back."""
        if isinstance(outcome, Taken):
            for fact in outcome.facts:
                self._backlog.put(fact)
            self.stir()
        return outcome

    def stir(self) -> None:
        """Let `tell` go round once, though nothing was posted."""
        self._stirred.set()

    async def tell(self, take: Callable[[Fact], None], after: Callable[[], None] = lambda: None) -> None:
        """Tell what comes, until cancelled; `after` is called whenever all has been told."""
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            while facts := self._backlog.some(SLICE):
                for fact in facts:
                    take(fact)
                await asyncio.sleep(0)
            after()


class PostedSource:
    """A source that programs post events to; commands do not go out by it."""

    def __init__(self, id: str, what: str) -> None:
        self._id = id
        self._what = what
        self._inbox = Inbox()

    @property
    def id(self) -> str:
        """Its name in settings."""
        return self._id

    @property
    def abilities(self) -> frozenset[Ability]:
        """None: events come in, commands do not go out."""
        return frozenset()

    async def answer(self, key: CallKey) -> None:
        """Refused: whoever posts events takes no commands."""
        raise self._unable()

    async def decline(self, key: CallKey) -> None:
        """Refused, as `answer`."""
        raise self._unable()

    async def dial(self, number: str) -> None:
        """Refused, as `answer`."""
        raise self._unable()

    def _unable(self) -> SourceRefused:
        return SourceRefused("unable", f"the {self._what} takes no commands")
