"""Engines broken on purpose, each in the way that has broken others; tests and simulator must catch every one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.effects import Ask, DropEntry, Effect, Logged, PutLink, RemoveContact, Settle, Touch
from ringdesk.domain.remote import RemoteContact, Result, Unclear
from ringdesk.domain.replica import Choice, Entry, Intent, Link, LinkState, Question
from ringdesk.domain.sockets import Ids
from ringdesk.sync import answers, engine, plan, pulling, pushing
from ringdesk.sync import incoming as incoming_module
from ringdesk.sync.context import Context
from ringdesk.sync.deletions import Deletions
from ringdesk.sync.incoming import Known
from ringdesk.sync.merge import first_bases
from ringdesk.sync.photos import Photos
from ringdesk.sync.plan import Edited, Frame, Step
from ringdesk.sync.pulling import Pulling
from ringdesk.sync.pushing import Pushing
from ringdesk.sync.view import View
from tests.sync.desk import InnerLock

Mutant = Callable[[], AbstractContextManager[None]]
MUTANTS: dict[str, Mutant] = {}


def mutant(make: Callable[[], Iterator[None]]) -> Mutant:
    """Add it to the table under its own name."""
    made = contextmanager(make)
    MUTANTS[make.__name__.replace("_", "-")] = made
    return made


def _reconciling(change: Callable[[Frame, Link, Contact, RemoteContact, Card], tuple[Link, Contact]]) -> Any:
    right = plan.reconcile

    def wrong(
        frame: Frame, link: Link, local: Contact, item: RemoteContact, card: Card, edited: Edited, *, own: bool = False
    ) -> Step:
        link, local = change(frame, link, local, item, card)
        return right(frame, link, local, item, card, edited, own=own)

    return wrong


@contextmanager
def _everywhere(wrong: Any) -> Iterator[None]:
    with patch.object(incoming_module, "reconcile", wrong), patch.object(pushing, "reconcile", wrong):
        yield


@mutant
def no_base() -> Iterator[None]:
    """Compares two sides without what they agreed on: a removal is undone by the other side."""

    def change(frame: Frame, link: Link, local: Contact, item: RemoteContact, card: Card) -> tuple[Link, Contact]:
        view = frame.view
        base, there = first_bases(view.visible(local.card), view.visible(card), view.region)
        return replace(link, base=base, there=there), local

    with _everywhere(_reconciling(change)):
        yield


@mutant
def server_wins() -> Iterator[None]:
    """Takes whatever the account has, over any edit made here."""

    def change(frame: Frame, link: Link, local: Contact, item: RemoteContact, card: Card) -> tuple[Link, Contact]:
        here = frame.view.visible(local.card)
        return replace(link, base=here), local

    with _everywhere(_reconciling(change)):
        yield


@mutant
def no_marker() -> Iterator[None]:
    """Does not look for its own id on what the account reports."""
    with patch.object(pulling, "our_id", lambda text: ""):
        yield


@mutant
def trusts_etag() -> Iterator[None]:
    """Believes that a new etag is a new content, and that what it was told last is the newest."""

    def change(frame: Frame, link: Link, local: Contact, item: RemoteContact, card: Card) -> tuple[Link, Contact]:
        if link.etag and item.etag != link.etag:
            return replace(link, base=frame.view.visible(local.card), there=Card()), local
        return link, local

    with _everywhere(_reconciling(change)), patch.object(incoming_module, "_old_news", lambda *_: False):
        yield


@mutant
def trusts_partial_listing() -> Iterator[None]:
    """Deletes here whatever a listing does not have, without asking."""

    def absent(self: Pulling, seen: set[str]) -> None:
        after = ""
        while remotes := self._replicas.active(after, 100):
            for link in self._replicas.links([remote for remote in remotes if remote not in seen]).values():
                local = self._replicas.contact(link.contact)
                effects: list[Effect] = [PutLink(replace(link, state=LinkState.DELETED))]
                if local is not None:
                    effects.append(RemoveContact(local.id, local.revision))
                self._replicas.commit(effects)
            after = remotes[-1]

    with patch.object(Pulling, "_absent", absent), patch.object(Pulling, "_whole", lambda *_: True):
        yield


@mutant
def repeats_creates() -> Iterator[None]:
    """Sends a creation again when nobody knows whether it happened."""
    right = Pushing._settled

    def wrong(self: Pushing, step: Step, entry: Entry, result: Result) -> None:
        if isinstance(result, Unclear) and entry.intent is Intent.CREATE:
            self._replicas.commit([DropEntry(entry.id), Touch(entry.contact)])
            self._again.add(step.contact)
        else:
            right(self, step, entry, result)

    with patch.object(Pushing, "_settled", wrong):
        yield


@mutant
def forgets_edits() -> Iterator[None]:
    """Takes what is here now for what was sent: an edit made during the request never goes out."""
    right = Pushing._acknowledged

    def wrong(self: Pushing, step: Step, entry: Entry, item: RemoteContact, logged: Logged) -> list[Effect]:
        local = self._replicas.contact(step.contact)
        if local is not None:
            entry = replace(entry, base=self._context.frame().view.visible(local.card))
        return right(self, step, entry, item, logged)

    with patch.object(Pushing, "_acknowledged", wrong):
        yield


@mutant
def no_lock() -> Iterator[None]:
    """Does not ask whether another program is in a round over the same store."""

    @contextmanager
    def held(self: InnerLock) -> Iterator[None]:
        yield

    with patch.object(InnerLock, "held", held):
        yield


@mutant
def keeps_doubles() -> Iterator[None]:
    """Takes a second contact there with marks of ours for one of its own, as if nobody had made it twice."""

    def wrong(frame: Frame, item: RemoteContact, card: Card, known: Known, edited: Edited, ids: Ids) -> Step | None:
        return (
            None
            if known.marked_link and known.marked_link.state is LinkState.ACTIVE
            else right(frame, item, card, known, edited, ids)
        )

    right = incoming_module._marked
    with patch.object(incoming_module, "_marked", wrong):
        yield


@mutant
def deletes_unseen() -> Iterator[None]:
    """Deletes there without a look at what the contact has become: the account's own trash is no excuse for that."""
    with patch.object(Deletions, "_unchanged", lambda self, steps: [*steps]):
        yield


@mutant
def forgets_left_out() -> Iterator[None]:
    """Forgets what was agreed on in the fields that are left out: synced again, an old value is news."""
    right = plan.linked

    def wrong(link: Link, item: RemoteContact, base: Card, there: Card, view: View, *, own: bool = False) -> Link:
        made = right(link, item, base, there, view, own=own)
        empty = {name: getattr(Card(), name) for name in view.left_out}
        return replace(made, base=replace(made.base, **empty), there=made.there and replace(made.there, **empty))

    with patch.object(plan, "linked", wrong), patch.object(incoming_module, "linked", wrong):
        yield


@mutant
def forgets_losers() -> Iterator[None]:
    """Keeps no value that lost a clash."""

    def overruled(self: Photos, link: Link, local: Contact, item: RemoteContact) -> Link:
        return replace(link, photo_ref=item.photo)

    with patch.object(plan, "_told", lambda *_: []), patch.object(Photos, "_overruled", overruled):
        yield


@mutant
def pictures_win() -> Iterator[None]:
    """Lets every new picture of the account win, whatever the policy says and whichever is the later."""
    with patch.object(Photos, "_ours", lambda *_: False):
        yield


@mutant
def forgets_answers() -> Iterator[None]:
    """Asks no more about what the user has answered, and does nothing of it."""

    def wrong(context: Context, question: Question, choice: Choice) -> None:
        settled = Settle(question.contact, frozenset({question.kind}), question.field, question.remote)
        context.replicas.commit([settled, Touch(question.contact)])

    with patch.object(engine, "answer", wrong):
        yield


@mutant
def asks_again() -> Iterator[None]:
    """Does what the user says, and asks the same once more."""
    right = answers.answer

    def wrong(context: Context, question: Question, choice: Choice) -> None:
        right(context, question, choice)
        context.replicas.commit([Ask(question)])

    with patch.object(engine, "answer", wrong):
        yield
