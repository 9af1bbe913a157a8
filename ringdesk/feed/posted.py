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

PAUSE: Final = 0.02
"""Seconds after which the next event is told at once; what comes closer behind another waits for its turn."""

TOO_FAST: Final = Refused("too_fast", "at most 20 events a second, 50 at once")


class Inbox:
    """Facts that producers have posted and nobody has been told yet."""

    def __init__(self) -> None:
        self._rates = Rates()
        self._backlog = Backlog()
        self._stirred = asyncio.Event()
        self._take: Callable[[Fact], None] | None = None
        self._told_at = float("-inf")
        self._fault: Exception | None = None

    def allows(self, producer: int) -> bool:
        """Whether a producer may post one more event now; asking counts."""
        return self._rates.allows(producer, asyncio.get_running_loop().time())

    def put(self, outcome: Taken | Refused) -> Taken | Refused:
        """Tell the facts of an event that was taken, or keep them for `tell`; gives the outcome back."""
        if isinstance(outcome, Taken) and not self._told(outcome.facts):
            for fact in outcome.facts:
                self._backlog.put(fact)
            self.stir()
        return outcome

    def _told(self, facts: tuple[Fact, ...]) -> bool:
        """Tell at once what comes after a pause and has nothing before it; that spares a ring a turn of the loop."""
        if self._take is None or self._backlog:
            return False
        now = asyncio.get_running_loop().time()
        if now - self._told_at < PAUSE:
            return False
        self._told_at = now
        try:
            for fact in facts:
                self._take(fact)
        except Exception as error:  # noqa: BLE001  # raised again by `tell`: it is no fault of the producer that is being read
            self._fault = error
            self.stir()
        return True

    def stir(self) -> None:
        """Let `tell` go round once, though nothing was posted."""
        self._stirred.set()

    async def tell(self, take: Callable[[Fact], None], after: Callable[[], None] = lambda: None) -> None:
        """Tell what comes, until cancelled; `after` is called whenever all has been told."""
        self._take = take
        try:
            while True:
                await self._stirred.wait()
                self._stirred.clear()
                self._raise_fault()
                while facts := self._backlog.some(SLICE):
                    for fact in facts:
                        take(fact)
                    await asyncio.sleep(0)
                after()
        finally:
            self._take = None

    def _raise_fault(self) -> None:
        fault, self._fault = self._fault, None
        if fault is not None:
            raise fault


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
