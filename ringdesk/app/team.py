"""The team in the running program: coworkers' contacts beside mine, a worker that syncs, and news of both.

Nothing of it is imported, opened or started on a desk that is in no team; that is told by one file (`Places.team`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from ringdesk.app.clockwork import Outside
from ringdesk.app.places import Places
from ringdesk.desk.team import TeamDesk
from ringdesk.domain.call import Call
from ringdesk.domain.orders import Order, PolicyChanged, SyncNow, SyncSoon, Wake
from ringdesk.domain.phone import E164
from ringdesk.domain.team import CoworkerCall, RingAnswered, Roster, ring_key
from ringdesk.domain.team_kept import FREE, Rights, TeamKept, rights_of, team_kept, team_kept_text
from ringdesk.store.store import Store

if TYPE_CHECKING:
    from ringdesk.store.joined import Joined
    from ringdesk.sync.worker import Rounds, Worker

log = logging.getLogger(__name__)

TEAM: Final = "team"
SOON: Final = 0.005
"""Seconds between a save and its round: a tick is to be seen at once."""
CLOCKS_APART: Final = 60.0
"""Seconds by which the server's clock may be behind this computer's."""
END: Final = 2.0
"""Seconds a worker has to end; what it was asking is found out with the next round."""


class Team:
    """The team of this desk. Belongs to the main thread."""

    def __init__(
        self,
        store: Store,
        outside: Outside,
        here: Places,
        region: Callable[[], str],
        allow: Callable[[Rights], None],
    ) -> None:
        """`allow` is told what the team lets this desk do with its own accounts."""
        self._store, self._outside, self._here, self._region = store, outside, here, region
        self._allow = allow
        self._kept = TeamKept()
        self._joined: Joined | None = None
        self._worker: Worker | None = None
        self._answered: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self._rings: list[RingAnswered] = []
        self._left = False
        self.desk = TeamDesk(self._order, store.call_writes)
        """How the team stands, for the windows."""

    @property
    def joined(self) -> bool:
        """Whether this desk is in a team."""
        return self._worker is not None

    @property
    def leaving(self) -> bool:
        """Whether this desk is on its way out of the team, or out."""
        return self._left

    def start(self) -> None:
        """Open the coworkers' book and begin to sync, where this desk is in a team."""
        if self._worker is None and not self._left and self._here.team.exists():
            self._begin()

    def come_back(self) -> None:
        """This desk has joined again, after it went out and not all could be erased."""
        self._left = False
        self.start()

    def _begin(self) -> None:
        from random import Random

        from ringdesk.store.joined import Joined
        from ringdesk.sync.worker import SteadyClock, Worker

        outside, clock = self._outside, SteadyClock()
        self._joined = joined = Joined(
            self._store, self._here.shared, region=self._region(), clock=clock, ids=outside.ids, send_news=outside.send
        )

        def rounds(worker: Worker) -> Rounds:
            from ringdesk.app.team_rounds import LateRounds, TeamLink  # on the worker's thread: the driver is heavy

            link = TeamLink(
                joined, self._here, outside.secrets, clock=clock, ids=outside.ids, region=self._region,
                send=outside.send, chosen=lambda: self.desk.chosen, answered=self._answered,
            )  # several to a line  # fmt: skip
            return LateRounds(link, worker)

        account = self._store.accounts.get(TEAM)
        self._kept = TeamKept() if account is None else team_kept(account.settings)
        self._allow(self._kept.rights)
        self.desk.begin(joined.shared, self._kept)
        self._worker = Worker(TEAM, rounds, outside.send, interval=lambda: None, dice=Random(), clock=clock, soon=SOON)
        self._worker.start()
        self._worker.order(SyncNow())

    def contacts_changed(self) -> None:
        """Contacts were saved: what has something for the team goes soon. Coworkers' come here in this way too."""
        self._order_soon()

    def calls_changed(self) -> None:
        """Calls were written: coworkers may have to hear of one."""
        self._order_soon()

    def _order_soon(self) -> None:
        """A round, where one has anything to bring: what a round has just brought here is no reason for another."""
        if self._joined is not None and self._joined.due():
            self._order(SyncSoon())

    def woke(self) -> None:
        """The computer woke up, or the network is back."""
        self._order(Wake())

    def look(self) -> None:
        """Try again at once."""
        self._order(SyncNow())

    def choose(self, chosen: frozenset[str]) -> None:
        """Show these fields of shared contacts besides the usual ones from now on."""
        if chosen != self._kept.chosen:
            self._keep(replace(self._kept, chosen=chosen))
            self.desk.choose(chosen)
            self._order(PolicyChanged())
            self._order(SyncNow())

    def met(self, roster: Roster) -> None:
        """The directory tells the team as it is now."""
        rights = rights_of(roster.me)
        if rights != self._kept.rights:
            self._keep(replace(self._kept, rights=rights))
            self._allow(rights)

    def _keep(self, kept: TeamKept) -> None:
        self._kept = kept
        account = self._store.accounts.get(TEAM)
        name = "" if account is None else account.name
        self._outside.deliver(self._store.accounts.describe(TEAM, name, team_kept_text(kept)), lambda _: None)

    def spoke(self, contact: str | None) -> CoworkerCall | None:
        """The newest call a coworker had with a contact."""
        return self.desk.spoke(contact)

    def coworker_at(self, extension: str) -> str:
        """The name of the coworker behind an extension."""
        return self.desk.coworker_at(extension)

    def answered_by_coworker(self, news: RingAnswered, rings: Sequence[tuple[Call, str, E164]]) -> Sequence[Call]:
        """The calls here that a coworker has answered; news that comes again says nothing new."""
        roster = self.desk.view.roster
        if roster is None or news in self._rings:
            return ()
        self._rings = [*self._rings[-50:], news]
        return [
            call
            for call, department, number in rings
            if ring_key(roster.ring_salt, department, number) == news.ring and news.at > call.started - CLOCKS_APART
        ]

    def answered(self, department: str, number: str) -> None:
        """I answered a department's ring: coworkers may know."""
        if self._worker is not None:
            self._answered.put((department, number))
            self._order(SyncSoon())

    def _order(self, order: Order) -> None:
        if self._worker is not None:
            self._worker.order(order)

    async def stop(self) -> None:
        """Stop the worker; takes two seconds at most. The book is closed by `close`."""
        worker = self._worker
        if worker is None:
            return
        worker.stop()
        ended = await asyncio.get_running_loop().run_in_executor(None, lambda: worker.join(END))
        if not ended:
            log.warning("the team's worker still waits for an answer")

    async def leave(self) -> None:
        """Stop, and read my own book alone from now on; the files are the caller's to delete."""
        self._left = True  # whatever is saved meanwhile: nothing begins anew while the files are being erased
        await self.stop()
        joined, self._joined, self._worker = self._joined, None, None
        if joined is not None:
            joined.part()
            await asyncio.get_running_loop().run_in_executor(None, joined.close)
        self.desk.end()
        self._allow(FREE)

    def close(self) -> None:
        """Close the coworkers' book. Blocks: call it off the loop."""
        if self._joined is not None:
            self._joined.close()
