"""The phones: every call source as a task of the loop, their facts through the tracker to the desk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Final

from ringdesk.domain.call import Ability, Call, CallChanged, Fact, SourceChanged, SourceLost, SourceState
from ringdesk.domain.rightofway import WINDOW
from ringdesk.domain.sockets import CallSource, Clock, SourceRefused
from ringdesk.feed.tracker import Tracker

log = logging.getLogger(__name__)

RESTART_SECONDS: Final = 5.0


class Phones:
    """Runs call sources. All methods belong to the loop's thread.

    `take` gets every change of a call, `changed` every change of a source, `refused` what a phone would not do.
    """

    def __init__(
        self,
        tracker: Tracker,
        clock: Clock,
        *,
        take: Callable[[CallChanged], None],
        changed: Callable[[SourceChanged], None],
        refused: Callable[[Ability, SourceRefused], None],
    ) -> None:
        self._tracker, self._clock = tracker, clock
        self._take, self._changed, self._refused = take, changed, refused
        self._sources: dict[str, CallSource] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._spoken_for: dict[str, set[str]] = {}
        self._commands: set[asyncio.Task[None]] = set()

    def plug(self, sources: Sequence[CallSource]) -> None:
        """Run these sources and no others; one that runs already under the same name is replaced."""
        for id in list(self._sources):
            self._unplug(id)
        for source in sources:
            self._sources[source.id] = source
            running = asyncio.get_running_loop().create_task(self._keep(source), name=f"phone {source.id}")
            self._tasks[source.id] = running

    def abilities(self, call: Call) -> frozenset[Ability]:
        """What the sources that see a call can do now."""
        sources = [self._sources.get(key.source) for key in call.keys]
        return frozenset().union(*(source.abilities for source in sources if source))

    def can_dial(self) -> bool:
        """True when some source can dial."""
        return any(Ability.DIAL in source.abilities for source in self._sources.values())

    def command(self, call: Call, ability: Ability) -> None:
        """Have a call answered or declined by a source that can."""
        for key in call.keys:
            source = self._sources.get(key.source)
            if source is not None and ability in source.abilities:
                order = source.answer(key) if ability is Ability.ANSWER else source.decline(key)
                self._order(ability, order)
                return
        self._refused(ability, SourceRefused("gone", ", ".join(key.source for key in call.keys)))

    def dial(self, number: str) -> None:
        """Call a number by the first source that can dial."""
        source = next((s for s in self._sources.values() if Ability.DIAL in s.abilities), None)
        if source is None:
            self._refused(Ability.DIAL, SourceRefused("no phone", ""))
        else:
            self._order(Ability.DIAL, source.dial(number))

    def hear(self, fact: Fact) -> None:
        """Take in what somebody else than a phone knows of a call: a coworker answered it."""
        self._fact(fact)

    async def stop(self) -> None:
        """Disconnect from every phone; no call ends by that."""
        tasks = [*self._tasks.values(), *self._commands]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()
        self._sources.clear()

    def _unplug(self, id: str) -> None:
        self._tasks.pop(id).cancel()
        del self._sources[id]
        self._lost(id)

    def _lost(self, id: str) -> None:
        """A source that speaks for several producers takes all of them along."""
        for source in sorted({id, *self._spoken_for.pop(id, ())}):
            self._fact(SourceLost(source=source))

    def _fact(self, fact: Fact) -> None:
        with WINDOW.first():
            for change in self._tracker.take(fact, self._clock.now()):
                self._take(change)

    def _told(self, id: str, fact: Fact) -> None:
        if not isinstance(fact, SourceLost) and fact.key.source != id:
            self._spoken_for.setdefault(id, set()).add(fact.key.source)
        self._fact(fact)

    async def _keep(self, source: CallSource) -> None:
        """Run a source for ever: a fault of ours in it is logged, shown and does not end it."""
        while True:
            try:
                await source.run(partial(self._told, source.id), self._changed)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # the top of a task: logged, shown, tried again
                log.exception("call source %s failed", source.id)
                self._lost(source.id)
                self._changed(SourceChanged(source.id, SourceState.WAITING, "fault", str(error)))
            await asyncio.sleep(RESTART_SECONDS)

    def _order(self, ability: Ability, order: Coroutine[Any, Any, None]) -> None:
        async def carry_out() -> None:
            try:
                await order
            except SourceRefused as refusal:
                self._refused(ability, refusal)

        task = asyncio.get_running_loop().create_task(carry_out(), name=f"phone {ability.value}")
        self._commands.add(task)
        task.add_done_callback(self._commands.discard)
