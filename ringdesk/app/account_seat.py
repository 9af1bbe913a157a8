"""The seat of one account in the running program: its worker, what the user chose of it, its open book."""

from __future__ import annotations

import logging
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Final

from ringdesk.app.account_kinds import AccountKind, OpenBook
from ringdesk.app.clockwork import Outside
from ringdesk.desk.holders import Holder
from ringdesk.domain.account import Kept, Standing
from ringdesk.domain.orders import Order
from ringdesk.domain.replica import Account, Direction
from ringdesk.domain.sockets import Clock
from ringdesk.domain.syncing import AccountNews
from ringdesk.domain.team_kept import Rights
from ringdesk.store.store import Store

if TYPE_CHECKING:
    from ringdesk.app.account_rounds import AccountRounds
    from ringdesk.sync.worker import Worker

log = logging.getLogger(__name__)

GIVE_UP_AFTER: Final = 1.5
"""Seconds that a request may take once the program ends; then its connection is cut."""
LAST_WORD: Final = 0.5


class Seat:
    """One account. Its methods are the main thread's, but for `end`.

    The worker reads `kept` too, which is never changed, only replaced by another one.
    """

    def __init__(
        self,
        account: Account,
        kept: Kept,
        kind: AccountKind,
        store: Store,
        outside: Outside,
        region: Callable[[], str],
        rights: Callable[[], Rights],
    ) -> None:
        """`rights`: what the team allows; asked on the worker's thread too."""
        self._rights = rights
        self.account, self.kept = account, kept
        self._kind, self._store, self._outside, self._region = kind, store, outside, region
        self._worker: Worker | None = None
        self._book: OpenBook | None = None
        self._ended = False
        self._clock: Clock = outside.clock

    @property
    def by_hand(self) -> bool:
        """Whether nothing is synced by itself."""
        return self.kept.choices.every is None

    @property
    def holder(self) -> Holder:
        """The account as one that has a contact."""
        policy = self.kept.choices.policy
        loses = policy.delete_there and policy.direction is not Direction.FROM
        return Holder(self.account.kind, self.account.name, loses)

    def start(self) -> None:
        """Start the worker, or another one after a fault; held until the set-up is over. None after the end."""
        if self._ended or (self._worker is not None and self._worker.alive):
            return
        from ringdesk.sync.worker import SteadyClock, Worker  # without an account nobody needs it

        self._clock = SteadyClock()
        rounds: list[AccountRounds] = []

        def make(worker: Worker) -> AccountRounds:
            rounds.append(self._rounds(worker))
            return rounds[0]

        def tell(news: AccountNews) -> None:
            (rounds[0].told if rounds else self._outside.send)(news)

        self._worker = Worker(self.account.id, make, tell, interval=self._interval, dice=Random(), clock=self._clock)
        self._worker.start(held=self.kept.standing is Standing.SETTING_UP)

    def order(self, order: Order) -> None:
        """Give the worker an order; it is started where it does not run."""
        self.start()
        if self._worker is not None and not self._ended:
            self._worker.order(order)

    def break_off(self) -> None:
        """Break off what is going on, a request that hangs included."""
        if self._worker is not None:
            self._worker.break_off()
        if self._book is not None:
            self._book.break_off()

    def end(self) -> bool:
        """Stop the worker and wait for it, two seconds at most; blocks. Gives whether it has ended.

        A request that takes longer is cut; what became of it is found out with the next round, by the outbox.
        """
        self._ended = True
        worker = self._worker
        if worker is None:
            return True
        worker.stop()
        if worker.join(GIVE_UP_AFTER):
            return True
        if self._book is not None:
            self._book.abort()
        ended = worker.join(LAST_WORD)
        if not ended:
            log.warning("the worker of an account still waits for an answer")
        return ended

    def _interval(self) -> float | None:
        every = self.kept.choices.every
        return None if every is None else every * 60.0

    def _rounds(self, worker: Worker) -> AccountRounds:
        """On the worker's thread: the engine, and with the first order the provider, are imported here."""
        from ringdesk.app.account_rounds import AccountRounds

        return AccountRounds(
            worker,
            self._store,
            self.account.id,
            self._open,
            tell=self._outside.send,
            policy=lambda: self.kept.choices.policy,
            rights=self._rights,
            region=self._region,
            clock=self._clock,
            ids=self._outside.ids,
        )

    def _open(self) -> OpenBook:
        self._book = self._kind.open(self.account, self.kept, self._clock)
        return self._book
