"""What the user's answers do: to clashes, to contacts deleted there, to doubtful matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ringdesk.domain.card import Card
from ringdesk.domain.effects import (
    DropLink,
    Effect,
    PutLink,
    RemoveContact,
    Replicas,
    SaveContact,
    Settle,
    Touch,
    Unpark,
    Untouch,
)
from ringdesk.domain.remote import RemoteContact, RemoteGone
from ringdesk.domain.replica import Choice, Link, LinkState, Question, Review
from ringdesk.sync.context import Context, sliced
from ringdesk.sync.incoming import matched
from ringdesk.sync.merge import Side, first_bases, merge
from ringdesk.sync.mergers import decided
from ringdesk.sync.plan import OWN_QUESTIONS, Frame, added_here, edits
from ringdesk.sync.pulling import Pulling


def answer(context: Context, question: Question, choice: Choice) -> None:
    """Carry an answer out. What it sends goes with the next round."""
    settled = Settle(question.contact, frozenset({question.kind}), question.field, question.remote)
    match question.kind:
        case Review.CLASH:
            context.committed(lambda: ([*_clash(context, question, choice), settled], None))
        case Review.REMOVED:
            context.committed(lambda: ([*_removed(context, question, choice), settled], None))
        case Review.MERGED:
            context.committed(lambda: (decided(context.frame(), context.replicas, question, choice), None))
        case Review.DOUBTFUL:
            _doubtful(context, question, choice)
        case Review.INVALID | Review.REFUSED:
            context.replicas.commit([Unpark(question.contact), Touch(question.contact), settled])


def _clash(context: Context, question: Question, choice: Choice) -> list[Effect]:
    link, local = context.replicas.link(question.contact), context.replicas.contact(question.contact)
    if link is None or local is None:
        return []
    name, view = question.field, context.frame().view
    there = link.lies_there
    value = {name: getattr(there, name)}
    freed = replace(link, held=link.held - {name}, base=replace(link.base, **value))
    if choice is Choice.MINE:
        return [PutLink(freed), Touch(local.id)]
    here = view.visible(local.card, shared=local.shared)
    only = Card(**{name: getattr(here, name)})
    theirs = Card(**value)
    base, was_there = first_bases(only, theirs, view.region)
    wins = {name: Side.THERE}
    taken = merge(base, only, was_there, theirs, view.rules(), wins).here
    whole = theirs if name in ("name", "birthday", "note") else taken
    wanted = view.joined(local, replace(here, **{name: getattr(whole, name)}))
    return [PutLink(freed), *([SaveContact(wanted, clean=False)] if wanted != local else []), Touch(local.id)]


def _removed(context: Context, question: Question, choice: Choice) -> list[Effect]:
    link, local = context.replicas.link(question.contact), context.replicas.contact(question.contact)
    if link is None or local is None:
        return []
    match choice:
        case Choice.DELETE:
            return [RemoveContact(local.id, local.revision), PutLink(replace(link, state=LinkState.DELETED))]
        case Choice.CREATE:
            return [DropLink(local.id), Touch(local.id)]
        case _:
            return [PutLink(replace(link, state=LinkState.KEPT))]


def spared(replicas: Replicas, contact: str) -> list[Effect]:
    """A deletion that was to be carried out is not: the contact stays on the side where it still is."""
    link, local = replicas.link(contact), replicas.contact(contact)
    match link:
        case Link(state=LinkState.GONE) if local is not None:
            return [PutLink(replace(link, state=LinkState.KEPT)), Settle(contact, OWN_QUESTIONS)]
        case Link(state=LinkState.TAKEN_BACK) if local is not None:  # asked about, as in `plan.outgoing`
            return [PutLink(replace(link, state=LinkState.GONE)), Touch(contact)]
        case Link(state=LinkState.ACTIVE | LinkState.TAKEN_BACK) if local is None:
            ignored = PutLink(replace(link, state=LinkState.IGNORED))
            return [ignored, Untouch(contact, None), Settle(contact, OWN_QUESTIONS)]
        case _:
            return []  # it is different by now


def _doubtful(context: Context, question: Question, choice: Choice) -> None:
    """Link the two, or make the other one a contact of its own; either way nobody is asked again about it."""
    every = [one for one in context.replicas.questions(Review.DOUBTFUL) if one.remote == question.remote]
    settled: list[Effect] = [
        effect
        for one in every
        for effect in (Settle(one.contact, frozenset({Review.DOUBTFUL}), remote=one.remote), Touch(one.contact))
    ]
    pulling = Pulling(context)
    [item] = pulling.fetched([question.remote])
    if not isinstance(item, RemoteContact) or context.replicas.links([item.remote]):
        context.replicas.commit(settled)
        return
    frame, card = context.frame(), context.labels.on(item)
    alone = _gone(context, pulling, every) if choice is Choice.DIFFERENT else ()

    def make() -> tuple[list[Effect], None]:
        local = context.replicas.contact(question.contact)
        if choice is Choice.SAME and local is not None:
            step = matched(frame, local, item, card, context.replicas.edited)
        else:
            step = added_here(frame, context.ids.new(), item, card)
            settled.extend(effect for one in alone for effect in _made_again(frame, context.replicas, one))
        return [*step.effects, *settled], None

    context.committed(make)


def _gone(context: Context, pulling: Pulling, asked: Sequence[Question]) -> Sequence[str]:
    """Those asked about whose contact there is gone for certain."""
    links = [context.replicas.link(one.contact) for one in asked]
    gone = {link.remote: link.contact for link in links if link is not None and link.state is LinkState.GONE}
    certain: list[str] = []
    for some in sliced([*gone], context.capabilities.fetch_batch):
        found = zip(some, pulling.fetched(some), strict=True)
        certain += [gone[remote] for remote, item in found if isinstance(item, RemoteGone)]
    return certain


def _made_again(frame: Frame, replicas: Replicas, id: str) -> tuple[Effect, ...]:
    """A contact edited here and deleted there that is not the other one: else a round would take it for a part of that.

    One that was not edited is left to the round, as one of which the account says that it is gone.
    """
    link, local = replicas.link(id), replicas.contact(id)
    if link is None or local is None or link.state is not LinkState.GONE:
        return ()
    return (DropLink(id), Touch(id)) if frame.view.outward and edits(frame, link, local) else ()
