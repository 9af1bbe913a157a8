"""Sends what was changed here: intent into the outbox, request, result, each contact's answer the new base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.effects import (
    MOST_AT_ONCE,
    Ask,
    DropEntry,
    Effect,
    Logged,
    Park,
    PutContainers,
    PutEntry,
    PutLink,
    SaveContact,
    Touch,
    Unpark,
    Untouch,
)
from ringdesk.domain.remote import (
    Conflict,
    Create,
    Delete,
    Gone,
    Invalid,
    Ok,
    Op,
    Refused,
    RemoteContact,
    RemoteError,
    RemoteGone,
    Result,
    Retry,
    RetryAfter,
    Unclear,
    Update,
    Withdraw,
)
from ringdesk.domain.replica import Entry, Intent, Link, LinkState, Parked, Question, Review
from ringdesk.domain.syncing import Phase
from ringdesk.sync.context import Context, sliced
from ringdesk.sync.deletions import Deletions
from ringdesk.sync.failure import CONFLICT_TRIES, CONTACT_LONGEST, CONTACT_WAIT, FIRST_WAIT, backoff
from ringdesk.sync.merge import differing
from ringdesk.sync.plan import Deed, Push, Step, after_deletion, outgoing, reconcile
from ringdesk.sync.pulling import Pulling
from ringdesk.sync.unguarded import Unguarded
from ringdesk.sync.view import Labels

_INTENTS = {
    Deed.ADD_THERE: Intent.CREATE,
    Deed.UPDATE_THERE: Intent.UPDATE,
    Deed.DELETE_THERE: Intent.DELETE,
    Deed.WITHDRAW: Intent.WITHDRAW,
}
LONGEST_PUT_OFF: Final = 86_400.0
"""Nobody is put off longer; a time further ahead was written down before the computer's clock was set back."""
SEND_TRIES: Final = 3
MOST_FORMERS: Final = 20
"""So many former ids are told of a contact that is made again."""
Group = tuple[Deed, frozenset[str]]


class Pushing:
    """The outward half of a round."""

    def __init__(self, context: Context, pulling: Pulling) -> None:
        self._context = context
        self._replicas = context.replicas
        self._pulling = pulling
        self._groups: dict[Group, list[Step]] = {}
        self._again: set[str] = set()
        self._put_off: float | None = None
        self._makings = Unguarded(context, self._send, SEND_TRIES, self._not_back)
        self._deletions = Deletions(context, pulling, self._send, SEND_TRIES, lambda contact: self._again.add(contact))

    def push(self) -> None:
        """Send everything that was changed here; contacts that had changed there are merged and sent again."""
        self._pass(self._touched())
        for tries in range(1, CONFLICT_TRIES + 1):
            if not self._again or self._context.stopped():
                break
            again, self._again = sorted(self._again), set()
            if tries > 1:
                self._context.pause(backoff(tries - 1, self._context.dice, first=FIRST_WAIT))
            self._pass(again)
        self._replicas.commit([self._parked(id, None, CONTACT_WAIT) for id in sorted(self._again)])

    def _touched(self) -> list[str]:
        found: list[str] = []
        after = ""
        while some := self._replicas.touched(after, MOST_AT_ONCE * 10):
            found += some
            after = some[-1]
        return found

    def _pass(self, contacts: Sequence[str]) -> None:
        deletions: list[Step] = []
        looked_at = 0
        for some in sliced(contacts, MOST_AT_ONCE):
            for step in self._context.committed(partial(self._planned, some)):
                if step.deed is Deed.DELETE_THERE:
                    deletions.append(step)
                else:
                    self._add(step)
            looked_at += len(some)
            self._context.tell(Phase.SENDING, looked_at, len(contacts))
            if self._context.stopped():
                self._context.report.stopped = True
                return
        for group in [*self._groups]:
            self._flush(group)
        self._deletions.carry_out(deletions)

    def _planned(self, contacts: Sequence[str]) -> tuple[list[Effect], list[Step]]:
        frame = self._context.frame()
        effects: list[Effect] = []
        pushes: list[Step] = []
        for id in contacts:
            local = self._replicas.contact(id)
            if self._waits(id, None if local is None else local.revision, frame.now):
                continue
            step = outgoing(frame, id, local, self._replicas.link(id))
            if step.push is None:
                effects += step.effects
                self._context.report.note(step, "" if local is None else local.card.display_name)
            else:
                pushes.append(step)
        return effects, pushes

    def _waits(self, id: str, revision: int | None, now: float) -> bool:
        """Whether the contact has to wait: for an answer, for the user, for a time."""
        if self._replicas.entry_of(id) is not None or self._doubtful(id):
            return True
        parked = self._replicas.parked(id)
        if parked is None or (revision is not None and parked.revision < revision):
            return False
        waits = parked.until is None or now < parked.until <= now + LONGEST_PUT_OFF
        self._context.report.put_off += waits
        return waits

    def _doubtful(self, id: str) -> bool:
        """Whether the user has to say first which contact there it is; one that is linked need not wait for that."""
        link = self._replicas.link(id)
        there = link is not None and link.state is LinkState.ACTIVE
        return not there and any(self._replicas.questions(kind, id) for kind in (Review.DOUBTFUL, Review.MERGED))

    # Batches -----------------------------------------------------------------------------------------------------

    def _add(self, step: Step) -> None:
        able = self._context.capabilities
        mask = step.fields if able.one_mask_a_batch else frozenset[str]()
        group = (step.deed, mask)
        waiting = self._groups.setdefault(group, [])
        waiting.append(step)
        if len(waiting) >= self._batch(step.deed):
            self._flush(group)

    def _batch(self, deed: Deed) -> int:
        able = self._context.capabilities
        if deed is Deed.ADD_THERE:
            return able.create_batch
        return able.update_batch if deed is Deed.UPDATE_THERE else able.delete_batch

    def _flush(self, group: Group) -> None:
        steps = self._groups.pop(group, [])
        if group[0] is Deed.ADD_THERE:
            again = [step for step in steps if self._once_there(step.contact)]
            self._containers(again)  # before the look, so that nothing is between it and the creation
            self._makings.carry_out(again)
            steps = [step for step in steps if step not in again]
        if steps:
            self._send(steps)

    def _not_back(self, steps: Sequence[Step]) -> list[Step]:
        """Those that are to be made there; a listing may tell late that one deleted there was brought back."""
        asked = {remote: step.contact for step in steps for remote in self._once_there(step.contact)}
        asked = {one: step.contact for step in steps for one in self._replicas.told_of(step.contact)} | asked
        for some in sliced([*asked], self._context.capabilities.fetch_batch):
            back = [item for item in self._pulling.fetched(some) if isinstance(item, RemoteContact)]
            self._pulling.take(back, sure=True)
        links = {id: self._replicas.link(id) for id in {*asked.values()}}
        here = {id for id, link in links.items() if link is not None and link.state is not LinkState.DELETED}
        self._again |= here
        return [step for step in steps if step.contact not in here]

    def _once_there(self, contact: str) -> list[str]:
        """The ids that a contact had there."""
        link = self._replicas.link(contact)
        return [*self._replicas.formers(contact), *([] if link is None else [link.remote])]

    def _was(self, contact: str) -> list[str]:
        """The ids that tell other desks which contact is made again: those it had, then those that stand for it."""
        formers = self._replicas.formers(contact)
        return [*dict.fromkeys([*formers, *self._replicas.told_of(contact)])] if formers else []

    def _send(self, steps: Sequence[Step], tries: int = SEND_TRIES) -> None:
        """Intent, request, result; `tries` as often as it may be sent."""
        self._containers(steps)
        now = self._context.clock.now()
        entries = [self._entry(step, now) for step in steps]
        for some in sliced([*zip(steps, entries, strict=True)], MOST_AT_ONCE):
            self._replicas.commit([effect for step, entry in some for effect in (*step.effects, PutEntry(entry))])
        ops = [self._op(step, entry) for step, entry in zip(steps, entries, strict=True)]
        try:
            results = self._pushed(ops, tries)
        except RemoteError:
            self._replicas.commit([DropEntry(entry.id) for entry in entries])
            raise
        finally:
            self._pulling.gone.clear()  # by now somebody may have brought one back
        if len(results) != len(ops):
            results = [Unclear("the answer has another length")] * len(ops)
        answered = [*zip(steps, entries, results, strict=True)]
        self._context.learn(result.item for result in results if isinstance(result, Ok) and result.item is not None)
        for some_done in sliced([one for one in answered if isinstance(one[2], Ok)], MOST_AT_ONCE):
            self._context.committed(partial(self._done, some_done))
        for step, entry, result in answered:
            self._settled(step, entry, result)

    def _pushed(self, ops: Sequence[Op], most: int) -> Sequence[Result]:
        """The results; what was certainly not carried out is sent again a few times, where the wait is short."""
        for tries in range(1, most):
            try:
                return self._context.book.push(ops)
            except Retry as error:
                self._context.reading.wait(error, tries, most)
        return self._context.book.push(ops)

    def _entry(self, step: Step, now: float) -> Entry:
        push = step.push or Push(Card(), Card(), frozenset())
        return Entry(
            id=self._context.ids.new(),
            contact=step.contact,
            intent=_INTENTS[step.deed],
            remote="" if step.link is None else step.link.remote,
            base=push.base,
            sent=push.card,
            mask=push.mask,
            at=now,
        )

    def _op(self, step: Step, entry: Entry) -> Op:
        link, labels = step.link, self._context.labels
        if link is None:
            landing = frozenset({self._context.policy.landing} - {""})
            card = labels.sent(entry.sent)
            containers = labels.ids(entry.sent) | landing
            was = tuple(self._was(entry.contact)[:MOST_FORMERS])
            return Create(op=entry.id, id=entry.contact, card=card, containers=containers, was=was)
        if entry.intent is Intent.DELETE:
            return Delete(op=entry.id, remote=link.remote, etag=link.etag)
        if entry.intent is Intent.WITHDRAW:
            return Withdraw(op=entry.id, remote=link.remote, etag=link.etag)
        return Update(
            op=entry.id,
            remote=link.remote,
            etag=link.etag,
            card=labels.sent(entry.sent),
            mask=entry.mask,
            raw=link.raw,
            containers=labels.ids(entry.sent),
        )

    def _containers(self, steps: Sequence[Step]) -> None:
        """Make the containers that the contacts' groups need."""
        labels = self._context.labels
        wanted = {name for step in steps if step.push is not None for name in labels.missing(step.push.card)}
        if not wanted:
            return
        made = [self._context.book.create_container(name) for name in sorted(wanted)]
        every = {one.remote: one for one in (*labels.all, *made)}
        self._context.labels = Labels(tuple(every.values()))
        self._replicas.commit([PutContainers(self._context.labels.all)])

    # Results -----------------------------------------------------------------------------------------------------

    def _settled(self, step: Step, entry: Entry, result: Result) -> None:
        match result:
            case Ok():
                self._context.report.note(step, entry.sent.display_name or entry.base.display_name)
            case Conflict(item):
                self._pulling.settle(entry, item)
                self._again.add(step.contact)
            case Gone():
                self._pulling.settle(entry, RemoteGone(entry.remote))
            case Unclear():
                self._context.report.unclear += 1
            case RetryAfter(seconds):
                self._replicas.commit([DropEntry(entry.id), self._parked(step.contact, seconds, CONTACT_WAIT)])
            case Invalid(field, detail):
                self._context.report.invalid += 1
                self._refused(step, entry, Question(Review.INVALID, step.contact, entry.remote, field, detail))
            case Refused(reason, by):
                self._refused(step, entry, Question(Review.REFUSED, step.contact, entry.remote, by, reason))

    def _done(self, answered: Sequence[tuple[Step, Entry, Result]]) -> tuple[list[Effect], None]:
        """What follows from requests that were carried out."""
        effects: list[Effect] = []
        for step, entry, result in answered:
            item = result.item if isinstance(result, Ok) else None
            logged = Logged(self._context.frame().round, step.contact, entry.remote, None, entry.base, step.deed.value)
            if item is not None:
                effects += self._acknowledged(step, entry, item, logged)
            else:
                now = self._context.clock.now()
                deleted = [] if step.link is None else [PutLink(after_deletion(step.link, now))]
                effects += [*deleted, DropEntry(entry.id), Untouch(step.contact, None), logged]
        return effects, None

    def _acknowledged(self, step: Step, entry: Entry, item: RemoteContact, logged: Logged) -> list[Effect]:
        """The answer of a write is the new base."""
        frame = self._context.frame()
        link = self._replicas.link(step.contact)
        before = None if step.link is None else step.link.lies_there
        if link is None or step.link is None:
            link = Link(contact=step.contact, remote=item.remote, etag="", base=entry.base)
        comes = self._context.capabilities.photos and item.photo != link.photo_ref
        others = link.changed_there(link.etag, link.updated) if comes else None
        link = replace(
            link, base=entry.base, there=entry.sent, written=frame.now, state=LinkState.ACTIVE, others=others
        )
        local = self._replicas.contact(step.contact)
        ends: list[Effect] = [DropEntry(entry.id), Unpark(step.contact), replace(logged, there=before)]
        if local is None:  # deleted meanwhile: what others have put on it there never came here
            apart = entry.sent if differing(entry.base, entry.sent, frame.view.region) else None
            kept = replace(link, remote=item.remote, etag=item.etag, raw=item.raw, updated=item.updated, there=apart)
            return [PutLink(kept), *ends, Touch(step.contact)]
        card = self._context.labels.on(item)
        answer = reconcile(frame, link, local, item, card, self._replicas.edited, own=True)
        unsent = any(isinstance(e, Touch) or (isinstance(e, SaveContact) and not e.clean) for e in answer.effects)
        saved = any(isinstance(e, SaveContact) for e in answer.effects)
        if not unsent and not saved:
            ends.append(Untouch(local.id, local.revision))
        made = step.link is None  # then nothing was changed here but by the account's own spelling of it
        return [*(e for e in answer.effects if not made or not isinstance(e, Logged)), *ends]

    def _refused(self, step: Step, entry: Entry, question: Question) -> None:
        waits = Park(Parked(step.contact, step.revision, None))
        asked = Ask(replace(question, at=self._context.clock.now()))
        self._replicas.commit([DropEntry(entry.id), waits, asked, Untouch(step.contact, step.revision)])
        self._context.report.note(replace(step, deed=Deed.PARK))

    def _parked(self, id: str, seconds: float | None, first: float) -> Park:
        """Put a contact off, longer each time; the others go on."""
        before, local = self._replicas.parked(id), self._replicas.contact(id)
        tries = 1 if before is None else before.tries + 1
        wait = max(seconds or 0.0, backoff(tries, self._context.dice, first=first, longest=CONTACT_LONGEST))
        return Park(Parked(id, 0 if local is None else local.revision, self._context.clock.now() + wait, tries))
