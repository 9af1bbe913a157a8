"""One round with one account: settle what was unclear, pull, decide about what is gone, push, carry photos.

A round may break off anywhere. Whatever it has done is done and written down; the next one goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from random import Random

from ringdesk.domain.effects import (
    MOST_AT_ONCE,
    Effect,
    PutAccount,
    PutContainers,
    PutLink,
    Replicas,
    SaveContact,
    TouchAll,
)
from ringdesk.domain.remote import RemoteBook, RemoteContact
from ringdesk.domain.replica import Choice, LinkState, Policy, Question
from ringdesk.domain.sockets import Clock, Ids
from ringdesk.domain.status import StoreError
from ringdesk.domain.syncing import SyncUndone
from ringdesk.domain.uncollected import seldom_collected
from ringdesk.sync.answers import answer, spared
from ringdesk.sync.context import MOST_LISTED, Context, Report, Tell, Waiting, sliced
from ringdesk.sync.creations import Creations
from ringdesk.sync.doubles import Doubles
from ringdesk.sync.doubts import Doubts
from ringdesk.sync.missing import Missing
from ringdesk.sync.photos import Photos
from ringdesk.sync.pulling import Pulling
from ringdesk.sync.pushing import Pushing
from ringdesk.sync.undo import Undo
from ringdesk.sync.view import Labels

log = logging.getLogger(__name__)


class Engine:
    """Syncs one account; belongs to the thread of its worker. Everything it needs of the world is passed in."""

    def __init__(
        self,
        replicas: Replicas,
        book: RemoteBook,
        *,
        policy: Callable[[], Policy],
        region: Callable[[], str],
        clock: Clock,
        ids: Ids,
        dice: Random,
        pause: Callable[[float], None],
        stopped: Callable[[], bool] = lambda: False,
        tell: Tell = lambda phase, done, total: None,
        most: int = MOST_LISTED,
    ) -> None:
        """`most`: lines that a report lists."""
        self._replicas = replicas
        self._book = book
        self._policy = policy
        self._region = region
        self._clock = clock
        self._ids = ids
        self._dice = dice
        self._pause = pause
        self._stopped = stopped
        self._tell = tell
        self._most = most
        self._since = clock.now()
        self._waiting = set[Waiting]()
        self._unhad: dict[str, None] = {}

    def round(self, *, full: bool = False) -> Report:
        """One round. Raises RemoteError where the account could not be asked, StoreError where nothing can be kept.

        Two programs over one store take turns: the other one gets StoreError LOCKED.
        """
        with self._replicas.alone(), seldom_collected():
            try:
                report = self._round(full=full)
            except BaseException:
                self._rest_anyhow()
                raise
            self._replicas.rest()
            return report

    def _rest_anyhow(self) -> None:
        """The round has failed already, and why is what has to be told."""
        try:
            self._replicas.rest()
        except StoreError as error:
            log.warning("memory was not given back after a round: %s", error.trouble.value)

    def _round(self, *, full: bool) -> Report:
        context = self._context()
        context.resumes = self._replicas.logged(self._replicas.account().round + 1)
        pulling = Pulling(context)
        missing = Missing(context, pulling)
        self._labels(context)
        pulling.settle_outbox()
        pulled = pulling.pull(full=full)
        if not context.report.stopped:
            Doubts(context, pulling).settle(pulled)
            Doubles(context, pulling).settle()
            missing.decide()  # which may find what an unclear creation has been merged into
            Creations(context, pulling).settle(pulled)
            Pushing(context, pulling).push()
            missing.decide()
            Photos(context, pulling).carry()
        self._finish(context)
        return context.report

    def refresh(self, contact: str) -> bool:
        """Read one contact anew, because it is opened or calling; gives whether it was there."""
        with self._replicas.alone():
            return self._refresh(contact)

    def _refresh(self, contact: str) -> bool:
        context = self._context()
        link = self._replicas.link(contact)
        if link is None or link.state is not LinkState.ACTIVE or self._replicas.account().form != context.form:
            return False  # or the fields that are synced have changed: then a round comes first
        self._known_labels(context)
        pulling = Pulling(context)
        items = pulling.fetched([link.remote])
        pulling.take(items, sure=True)
        return isinstance(items[0], RemoteContact)

    def answer(self, question: Question, choice: Choice) -> None:
        """What the user decided; what follows for the account goes with the next round."""
        context = self._context()
        self._known_labels(context)
        with self._replicas.alone():
            answer(context, question, choice)

    def look_again(self) -> None:
        """The policy has changed: look at every contact with the next round."""
        self._replicas.commit([TouchAll()])

    def approve(self, deletions: int, kept: Collection[str] = ()) -> None:
        """The user allows so many deletions, once, and wants these contacts kept on the side where they still are."""
        for some in sliced(sorted(kept), MOST_AT_ONCE):
            self._replicas.commit([effect for id in some for effect in spared(self._replicas, id)])
        self._replicas.commit([PutAccount(replace(self._replicas.account(), approved=deletions))])

    def undo(self) -> SyncUndone:
        """Take the last round that changed something back; what that sends goes with the next one."""
        context = self._context()
        context.labels = Labels(tuple(self._replicas.containers()))
        return Undo(context).run(self._replicas.account().id)

    def close(self) -> None:
        """Hang up."""
        self._book.close()

    def _context(self) -> Context:
        return Context(
            replicas=self._replicas,
            book=self._book,
            policy=self._policy(),
            region=self._region(),
            clock=self._clock,
            ids=self._ids,
            dice=self._dice,
            pause=self._pause,
            stopped=self._stopped,
            tell=self._tell,
            report=Report(most=self._most),
            since=self._since,
            waiting=self._waiting,
            unhad=self._unhad,
        )

    def _finish(self, context: Context) -> None:
        """Write down that it is over; where it was stopped, the next one goes on with it."""
        account, report = self._replicas.account(), context.report
        done = not report.stopped
        self._replicas.commit(
            [
                PutAccount(
                    replace(
                        account,
                        round=account.round + bool(done and (report.counts or context.resumes)),
                        synced_at=self._clock.now() if done else account.synced_at,
                        reset=account.reset and (not done or report.distrusted),
                    )
                )
            ]
        )

    # Labels ------------------------------------------------------------------------------------------------------

    def _known_labels(self, context: Context) -> None:
        """The containers as they were when last read."""
        if context.capabilities.groups:
            context.labels = Labels(tuple(self._replicas.containers()))

    def _labels(self, context: Context) -> None:
        """Read the containers; one that got another name there gets it here."""
        if not context.capabilities.groups:
            return
        kept = self._replicas.containers()
        before = {one.remote: one for one in kept if not one.system}
        now = tuple(context.reading.containers())
        current = {one.remote: one for one in now if not one.system}
        for remote, old in before.items():
            new = current.get(remote)
            if new is None and now and not context.policy.keep_removed:
                self._rename(old.name, "", {one.name for one in current.values()})
            elif new is not None and new.name != old.name:
                self._rename(old.name, new.name, {one.name for one in current.values()})
        context.labels = Labels(now)
        if {*now} != {*kept}:
            self._replicas.commit([PutContainers(now)])

    def _rename(self, old: str, new: str, taken: set[str]) -> None:
        """Give a group its new name on every linked contact, here and in the base, so that it is no edit of anybody."""
        if old in taken:
            return
        after = ""
        while members := self._replicas.members(old, after, MOST_AT_ONCE):
            effects: list[Effect] = []
            for contact in members:
                link = self._replicas.link(contact.id)
                if link is None or old not in link.base.groups:
                    continue
                card = replace(contact.card, groups=_renamed(contact.card.groups, old, new))
                base = replace(link.base, groups=_renamed(link.base.groups, old, new))
                there = link.there and replace(link.there, groups=_renamed(link.there.groups, old, new))
                effects += [SaveContact(replace(contact, card=card), clean=False)]
                effects += [PutLink(replace(link, base=base, there=there))]
            self._replicas.commit(effects)
            after = members[-1].id


def _renamed(groups: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups if (name := new if group == old else group)))
