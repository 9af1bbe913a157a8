"""The engine of one account with all its surroundings, as its worker wants it. On the worker's thread only.

The book is opened with the first order that needs it, and anew after the permission has died or the provider said that
nothing goes: by then the user may have connected again, or chosen another client file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from random import Random
from typing import TypeVar

from ringdesk.app.account_kinds import OpenBook
from ringdesk.domain.effects import PutAccount
from ringdesk.domain.outcome import outcome_text, undone_text
from ringdesk.domain.remote import SignInDead, Stop
from ringdesk.domain.replica import Choice, Policy, Question
from ringdesk.domain.sockets import Clock, Ids, Show
from ringdesk.domain.syncing import AccountChanged, AccountNews, Phase, RoundDone, Surveyed, SyncUndone
from ringdesk.domain.team_kept import Rights
from ringdesk.store.store import Store
from ringdesk.sync.context import Report
from ringdesk.sync.engine import Engine
from ringdesk.sync.rehearsal import rehearse
from ringdesk.sync.worker import Worker

T = TypeVar("T")


class AccountRounds:
    """`sync.worker.Rounds` over the store and a book. `tell` hears of what was kept."""

    def __init__(
        self,
        worker: Worker,
        store: Store,
        account: str,
        open_book: Callable[[], OpenBook],
        *,
        tell: Callable[[AccountNews], None],
        policy: Callable[[], Policy],
        rights: Callable[[], Rights],
        region: Callable[[], str],
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._worker, self._open_book, self._tell = worker, open_book, tell
        self._chosen, self._rights = policy, rights
        self._region, self._clock, self._ids = region, clock, ids
        self._account = account
        self._reader = store.reader()
        self._replicas = store.replicas(account, self._reader)
        self._opened: tuple[OpenBook, Engine] | None = None

    def round(self, *, full: bool = False) -> Report:
        """One round."""
        report = self._with(lambda _, engine: engine.round(full=full))
        report.questions = self._replicas.asked()
        return report

    def refresh(self, contact: str) -> bool:
        """Read one contact anew."""
        if self._replicas.link(contact) is None:
            return False
        return self._with(lambda _, engine: engine.refresh(contact))

    def answer(self, question: Question, choice: Choice) -> None:
        """What the user decided."""
        self._with(lambda _, engine: engine.answer(question, choice))
        self._tell(AccountChanged(self._account))

    def look_again(self) -> None:
        """The policy has changed: look at every contact."""
        self._with(lambda _, engine: engine.look_again())

    def approve(self, deletions: int, kept: Collection[str]) -> None:
        """The user allows so many deletions, once, and wants these contacts kept."""
        self._with(lambda _, engine: engine.approve(deletions, kept))

    def survey(self) -> Surveyed:
        """Count what the account holds, and what is mine here."""
        worker = self._worker
        held = self._with(
            lambda opened, _: opened.held(
                lambda done, total: worker.progress(Phase.COUNTING, done, total), worker.stopped
            )
        )
        mine = self._reader.contacts.count(Show())
        return Surveyed(self._account, tuple(held.labels), held.contacts, held.with_phones, mine)

    def rehearse(self, policy: Policy) -> Report:
        """What the next round would do by this policy."""
        return self._with(
            lambda opened, _: rehearse(
                self._replicas,
                opened.book,
                policy=self._allowed(policy),
                region=self._region(),
                clock=self._clock,
                ids=self._ids,
                stopped=self._worker.stopped,
                tell=self._worker.progress,
            )
        )

    def undo(self) -> SyncUndone:
        """Take the last sync back."""
        return self._with(lambda _, engine: engine.undo())

    def told(self, news: AccountNews) -> None:
        """Keep what a round did, for after the next start, then tell it."""
        match news:
            case RoundDone(stopped=False):
                self._keep(lambda before: outcome_text(news, before))
            case SyncUndone():
                self._keep(undone_text)
        self._tell(news)

    def _keep(self, outcome: Callable[[str], str]) -> None:
        account = self._replicas.account()
        self._replicas.commit([PutAccount(replace(account, outcome=outcome(account.outcome)))])

    def close(self) -> None:
        """Give connections back."""
        self._drop()
        self._reader.close()

    def _allowed(self, policy: Policy) -> Policy:
        """The policy within what the team allows: with view-only rights an account only takes."""
        return replace(policy, view_only=policy.view_only or self._rights().view_only)

    def _policy(self) -> Policy:
        return self._allowed(self._chosen())

    def _with(self, do: Callable[[OpenBook, Engine], T]) -> T:
        """Do it, unless the team lets this desk have no such account: then nothing is even asked. Raises Stop."""
        if not self._rights().google:
            self._drop()
            raise Stop("team")
        if self._opened is None:
            opened = self._open_book()
            self._opened = opened, self._engine(opened)
        try:
            return do(*self._opened)
        except (SignInDead, Stop):
            self._drop()
            raise

    def _drop(self) -> None:
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    def _engine(self, opened: OpenBook) -> Engine:
        return Engine(
            self._replicas,
            opened.book,
            policy=self._policy,
            region=self._region,
            clock=self._clock,
            ids=self._ids,
            dice=Random(),
            pause=self._worker.pause,
            stopped=self._worker.stopped,
            tell=self._worker.progress,
        )
