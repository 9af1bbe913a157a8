"""The rooms behind the windows, plugged together: store, tracker, desk, pops, phones."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from ringdesk.app.accounts import Accounts
from ringdesk.app.clockwork import Outside
from ringdesk.app.google import GoogleKind
from ringdesk.app.phones import Phones
from ringdesk.app.places import Places
from ringdesk.app.rehearsing import rehearse
from ringdesk.app.steps import Steps
from ringdesk.desk.callers import Callers
from ringdesk.desk.calls import CallDesk, DeskChoices, NoTeam
from ringdesk.desk.leftovers import take_up_leftovers
from ringdesk.desk.popactions import PopActions, PopDoors
from ringdesk.desk.pops import Pops, PopTimes, Stack
from ringdesk.domain.call import Ability, Answered, Answerer, SourceChanged
from ringdesk.domain.line import Lines
from ringdesk.domain.rightofway import shorten_turns
from ringdesk.domain.sockets import CallSource, SourceRefused
from ringdesk.domain.team import RingAnswered, TeamMet, TeamNews
from ringdesk.domain.values import dataclass
from ringdesk.feed.sources.local import LocalSource
from ringdesk.feed.tracker import Tracker
from ringdesk.settings import Settings
from ringdesk.store.store import Store

if TYPE_CHECKING:
    from ringdesk.app.team import Team
    from ringdesk.feed.sources.http import HttpSource
    from ringdesk.store.keeper import Keeper

log = logging.getLogger(__name__)

LOCAL_FEED: Final = "local feed"
HTTP_FEED: Final = "HTTP feed"
TEAM_ACCOUNT: Final = "team"
DAY: Final = 86_400.0
AFTER_POP: Final = 0.05
CLEAN_AFTER: Final = 60.0
"""Seconds after the start before old calls are forgotten: never on the way to the first window."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Who hears what: the stack of pops, sources that change, a phone's refusals, floods, notices that were seen."""

    show: Callable[[Stack], None]
    source: Callable[[SourceChanged], None]
    refused: Callable[[Ability, SourceRefused], None]
    flooded: Callable[[str], None]


class Core:
    """One RingDesk without its windows. Built on the main thread, inside the running loop."""

    def __init__(
        self,
        settings: Settings,
        here: Places,
        outside: Outside,
        ears: Ears,
        doors: PopDoors,
        store: Store | None = None,
    ) -> None:
        """`store` is one that was opened already; the core closes it."""
        self.settings = settings
        self.system_quiet = False
        self._here, self._outside = here, outside
        self._lines = settings.table
        self._http: HttpSource | None = None
        self._keeper: Keeper | None = None
        self.store = store or Store.open(
            here.database, region=settings.region, clock=outside.clock, ids=outside.ids, send_news=outside.send
        )
        store, deliver = self.store, outside.deliver
        google = GoogleKind(here.google_client, here.common_google_client, outside.secrets, outside.browser)
        self.accounts = Accounts(store, outside, lambda: self.settings.region, google)
        self.team: Team | None = None
        self._ringing: frozenset[str] = frozenset()
        self.tracker = Tracker(self.lines, outside.ids)
        self.callers = Callers(store.reads, lambda: self.settings.region)
        show = partial(self._shown, ears.show)
        self.pops = Pops(outside.timers, self._times, show, lambda view: self.actions.left(view))
        self.phones = Phones(
            self.tracker,
            outside.clock,
            take=lambda changed: self.desk.take(changed),
            changed=ears.source,
            refused=ears.refused,
        )
        self.desk = CallDesk(
            callers=self.callers,
            pops=self.pops,
            calls=store.calls,
            log=store.call_writes,
            contacts=store.writes,
            deliver=deliver,
            clock=outside.clock,
            timers=outside.timers,
            choices=self._choices,
            abilities=self.phones.abilities,
            flooded=ears.flooded,
        )
        self.actions = PopActions(
            desk=self.desk,
            contacts=store.reads,
            writes=store.writes,
            log=store.call_writes,
            deliver=deliver,
            timers=outside.timers,
            doors=doors,
            send=outside.send,
            cleared=lambda call: deliver(store.call_writes.see([call]), lambda _: None),
        )

    def lines(self) -> Lines:
        """What numbers and queues mean now."""
        return self._lines

    def feed_address(self) -> str:
        """Where the HTTP feed listens now; empty where it does not."""
        return f"http://127.0.0.1:{self._http.port}" if self._http is not None and self._http.port else ""

    def start(self) -> None:
        """Take up what the last run left open, and listen to the phones."""
        shorten_turns()
        take_up_leftovers(
            calls=self.store.calls,
            known=self.store.reads,
            log=self.store.call_writes,
            contacts=self.store.writes,
            deliver=self._outside.deliver,
        )
        self.phones.plug(self._sources())
        self._outside.timers.call_later(CLEAN_AFTER, self._clean)
        self._keep()
        self.accounts.start()
        if self._here.team.exists():
            self.begin_team()

    def rehearse(self, steps: Steps) -> None:
        """Make what the first calls need, by steps: some numbers of the book ring on trial."""
        rehearse(steps, self.store.reads, self.desk.rehearse, self.settings.region)

    def apply(self, settings: Settings) -> None:
        """Go by other settings from now on."""
        before, self.settings, self._lines = self.settings, settings, settings.table
        if settings.region != before.region:
            self._outside.deliver(self.store.set_region(settings.region), lambda _: self.desk.refresh())
        if (settings.sources, settings.http_feed) != (before.sources, before.http_feed):
            self.phones.plug(self._sources())
        self.desk.refresh()

    def begin_team(self) -> Team:
        """This desk is in a team: coworkers' contacts beside mine, and a worker."""
        if self.team is None:
            from ringdesk.app.team import Team  # whoever works alone pays nothing for it

            self.team = Team(self.store, self._outside, self._here, lambda: self.settings.region, self.accounts.allow)
            self.desk.team = self.team
        self.team.start()
        self.desk.refresh()
        return self.team

    @property
    def outside(self) -> Outside:
        """What the rooms need of the world."""
        return self._outside

    async def forget_team(self) -> None:
        """The team was left: my own book alone from now on."""
        self.team = None
        self.desk.team = NoTeam()
        await asyncio.wrap_future(self.store.accounts.forget_all(TEAM_ACCOUNT))
        self.desk.refresh()

    def hear_team(self, news: TeamNews) -> None:
        """News of the team has come to the main thread."""
        if self.team is None:
            return
        self.team.desk.take(news)
        match news:
            case RingAnswered():
                for call in self.team.answered_by_coworker(news, self.desk.department_rings()):
                    self.phones.hear(Answered(key=call.keys[0], who=Answerer.ELSEWHERE, by=news.name))
            case TeamMet(roster):
                self.team.met(roster)
                self.desk.refresh()
            case _:
                pass

    async def stop(self) -> None:
        """Stop in order: no more calls, notes kept, no more syncing; the store is closed by `close`."""
        await self.phones.stop()
        self.pops.clear()
        await self.accounts.stop()
        if self.team is not None:
            await self.team.stop()

    def close(self) -> None:
        """Finish every write and close the store. Blocks: call it off the loop."""
        if self._keeper is not None:
            self._keeper.stop()
        if self.team is not None:
            self.team.close()
        self.store.close()

    def _shown(self, show: Callable[[Stack], None], stack: Stack) -> None:
        """Show the pops; after that, whoever is calling is read anew from the accounts."""
        show(stack)
        ringing = frozenset([view.contact for view in stack.pops if view.contact is not None])
        if self.accounts.any_connected:
            for contact in sorted(ringing - self._ringing):
                self._outside.timers.call_later(AFTER_POP, partial(self.accounts.triggers.opened, contact))
        self._ringing = ringing

    def _sources(self) -> list[CallSource]:
        feeds: list[CallSource] = [LocalSource(LOCAL_FEED, self._here.socket, self.lines, self._outside.clock)]
        self._http = self._http_source()
        if self._http is not None:
            feeds.append(self._http)
        softphones = [entry for entry in self.settings.sources if entry.enabled and entry.kind == "baresip"]
        if not softphones:
            return feeds
        from ringdesk.feed.sources.baresip import BaresipSource  # only who has a baresip pays for it

        chance = random.random
        return [*feeds, *(BaresipSource(entry.id, entry.host, entry.port, chance=chance) for entry in softphones)]

    def _http_source(self) -> HttpSource | None:
        chosen, here = self.settings.http_feed, self._here
        if not chosen.enabled:
            return None
        from ringdesk.feed.sources.http import HttpSource  # off for nearly everybody

        return HttpSource(HTTP_FEED, chosen.port, here.http_feed, here.tokens, self.lines, self._outside.clock)

    def _keep(self) -> None:
        from ringdesk.store.keeper import Keeper  # not before the pane is there

        outside = self._outside
        self._keeper = Keeper(self._here.database, send=outside.send, clock=outside.clock, timers=outside.timers)
        self.store.listen(self._keeper.troubled)
        self._keeper.start()

    def _clean(self) -> None:
        before = self._outside.clock.now() - self.settings.keep_calls * DAY
        self._outside.deliver(self.store.call_writes.forget_before(before), _forgot)
        self._outside.timers.call_later(DAY, self._clean)

    def _times(self) -> PopTimes:
        return PopTimes(self.settings.pop.strip_after, self.settings.pop.note_after)

    def _choices(self) -> DeskChoices:
        pop = self.settings.pop
        return DeskChoices(self.settings.region, pop.internal, pop.do_not_disturb or self.system_quiet, pop.vips_pass)


def _forgot(count: int) -> None:
    if count:
        log.info("%d old calls forgotten", count)
