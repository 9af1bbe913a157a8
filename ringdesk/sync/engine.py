"""One round with one account: settle what was unclear, pull, decide about what is gone, push, carry photos.

A round may break off anywhere. Whatever it has done is done and written down; the next one goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Final

from ringdesk.domain.contact import Contact
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
from ringdesk.domain.remote import RemoteBook, RemoteContact, RemoteGone
from ringdesk.domain.replica import Choice, Link, LinkState, Policy, Question
from ringdesk.domain.sockets import Clock, Ids
from ringdesk.domain.status import StoreError
from ringdesk.domain.syncing import SyncUndone
from ringdesk.sync.answers import answer, spared
from ringdesk.sync.context import MOST_LISTED, Context, Report, Tell, sliced
from ringdesk.sync.doubles import Doubles
from ringdesk.sync.incoming import absorbed_by, covers
from ringdesk.sync.photos import Photos
from ringdesk.sync.plan import Deed, Frame, Step, guarded, pictured, vanished
from ringdesk.sync.pulling import Pulling
from ringdesk.sync.pushing import Pushing
from ringdesk.sync.undo import Undo
from ringdesk.sync.view import Labels

log = logging.getLogger(__name__)

MOST_GONE: Final = 100_000


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
        self._pictured: dict[str, tuple[str, float]] = {}
        self._unhad: dict[str, None] = {}

    def round(self, *, full: bool = False) -> Report:
        """One round. Raises RemoteError where the account could not be asked, StoreError where nothing can be kept.

        Two programs over one store take turns: the other one gets StoreError LOCKED.
        """
        with self._replicas.alone():
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
        pulling = Pulling(context)
        self._labels(context)
        pulling.settle_outbox()
        pulled = pulling.pull(full=full)
        if not context.report.stopped:
            Doubles(context, pulling).settle()
            _Gone(context, pulling).decide()  # which may find what an unclear creation has been merged into
            pulling.settle_creates(pulled)
            Pushing(context, pulling).push()
            _Gone(context, pulling).decide()
            Photos(context, pulling).carry()
        self._finish(context.report)
        return context.report

    def refresh(self, contact: str) -> bool:
        """Read one contact anew, because it is opened or calling; gives whether it was there."""
        with self._replicas.alone():
            return self._refresh(contact)

    def _refresh(self, contact: str) -> bool:
        context = self._context()
        link = self._replicas.link(contact)
        if link is None or link.state is not LinkState.ACTIVE:
            return False
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
            pictured=self._pictured,
            unhad=self._unhad,
        )

    def _finish(self, report: Report) -> None:
        account = self._replicas.account()
        done = not report.stopped
        self._replicas.commit(
            [
                PutAccount(
                    replace(
                        account,
                        round=account.round + bool(report.counts),
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
        before = {one.remote: one for one in self._replicas.containers() if not one.system}
        now = tuple(context.reading.containers())
        current = {one.remote: one for one in now if not one.system}
        for remote, old in before.items():
            new = current.get(remote)
            if new is None and now and not context.policy.keep_removed:
                self._rename(old.name, "", {one.name for one in current.values()})
            elif new is not None and new.name != old.name:
                self._rename(old.name, new.name, {one.name for one in current.values()})
        context.labels = Labels(now)
        if {*now} != {*self._replicas.containers()}:
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


class _Gone:
    """Decides about contacts that are said to be deleted there: asks once more, keeps the guard, then acts."""

    def __init__(self, context: Context, pulling: Pulling) -> None:
        self._context = context
        self._replicas = context.replicas
        self._pulling = pulling

    def decide(self) -> None:
        """Decide about every link whose contact is said to be gone."""
        links = {link.remote: link for link in self._replicas.in_state(LinkState.GONE, MOST_GONE)}
        if links:
            self._decide(links)

    def _decide(self, links: Mapping[str, Link]) -> None:
        gone: list[str] = []
        for remotes in sliced([*links], self._context.capabilities.fetch_batch):
            for asked, item in zip(remotes, self._pulling.fetched(remotes), strict=True):
                if isinstance(item, RemoteGone):
                    gone.append(links[asked].contact)
                elif isinstance(item, RemoteContact):
                    self._pulling.take([item], sure=True)
        steps = [step for id in gone if (step := self._step(id)) is not None]
        deleting = [step for step in steps if step.deed is Deed.DELETE_HERE]
        account = self._replicas.account()
        shares = self._context.capabilities.shares
        if not shares and guarded(len(deleting), self._replicas.linked() + len(links), account.approved):
            report = self._context.report
            report.guard_here = report.waits(
                Deed.DELETE_HERE, deleting, lambda step: _name(self._replicas, step.contact)
            )
            gone = [step.contact for step in steps if step.deed is not Deed.DELETE_HERE]
        elif deleting and account.approved:
            self._replicas.commit([PutAccount(replace(account, approved=0))])
        for some in sliced(gone, MOST_AT_ONCE):
            self._context.committed(partial(self._effects, some))

    def _step(self, id: str) -> Step | None:
        link = self._replicas.link(id)
        if link is None or link.state is not LinkState.GONE:
            return None
        frame, local = self._context.frame(), self._replicas.contact(id)
        if local is not None and (into := self._merged_into(frame, link, local)) is not None:
            return absorbed_by(frame, into, link, local)
        return vanished(frame, link, local, doubtful=self._replicas.account().reset)

    def _merged_into(self, frame: Frame, link: Link, local: Contact) -> Contact | None:
        """The contact that has taken over all of this one's phones and e-mails, where they were merged there.

        Where nothing was edited here, only one that grew in this round counts: else the user is asked.
        """
        view = frame.view
        changed = view.differing(view.visible(local.card, shared=local.shared), link.base)
        edited = bool(changed | pictured(view, local, link))
        for one in self._replicas.like(link.base):
            other = self._replicas.link(one.id) if one.id != local.id else None
            alive = other is not None and other.state is LinkState.ACTIVE
            if alive and (edited or one.id in self._context.grown) and covers(one.card, link.base, view.region):
                return one
        return None

    def _effects(self, contacts: Sequence[str]) -> tuple[list[Effect], None]:
        effects: list[Effect] = []
        for id in contacts:
            step = self._step(id)
            if step is not None:
                self._context.report.note(step, _name(self._replicas, id))
                effects += step.effects
        return effects, None


def _name(replicas: Replicas, id: str) -> str:
    contact = replicas.contact(id)
    return "" if contact is None else contact.card.display_name
