"""What the user's answers do: to clashes, to contacts deleted there, to doubtful matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ringdesk.domain.card import Card
from ringdesk.domain.effects import (
    DropLink,
    Effect,
    Lost,
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
from ringdesk.sync.incoming import joined, matched, whole
from ringdesk.sync.keys import LISTS, keyed
from ringdesk.sync.merge import Merged, Side, differing, first_bases, merge
from ringdesk.sync.mergers import beside, decided
from ringdesk.sync.plan import OWN_QUESTIONS, Deed, Frame, Step, added_here, edits, undisputed
from ringdesk.sync.pulling import Pulling
from ringdesk.sync.resumed import asked_about
from ringdesk.sync.view import View


def answer(context: Context, question: Question, choice: Choice) -> None:
    """Carry an answer out. What it sends goes with the next round."""
    settled = Settle(question.contact, frozenset({question.kind}), question.field, question.remote)
    match question.kind:
        case Review.CLASH if not _stands(context, question):
            pass
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


def _stands(context: Context, question: Question) -> bool:
    """Whether it is still asked, and with what lies there by now: any other answer would be a choice unseen."""
    now = [one for one in context.replicas.questions(Review.CLASH, question.contact) if one.field == question.field]
    seen, region = question.theirs or Card(), context.region
    return any(question.field not in differing(seen, one.theirs or Card(), region) for one in now)


def _clash(context: Context, question: Question, choice: Choice) -> list[Effect]:
    link, local = context.replicas.link(question.contact), context.replicas.contact(question.contact)
    if link is None or local is None:
        return []
    name, view = question.field, context.frame().view
    shown = whole(view, local)
    base, here, there = (Card(**{name: getattr(one, name)}) for one in (link.base, shown, link.lies_there))
    taken = _taken(base, here, there, name, choice, view)
    agreed = replace(link.base, **{name: getattr(taken.base, name)})
    apart = link.lies_there if differing(agreed, link.lies_there, view.region) else None
    freed = replace(link, held=link.held - {name}, base=agreed, there=apart)
    wanted = joined(view, local, replace(shown, **{name: getattr(taken.here, name)}))
    saved = [SaveContact(wanted, clean=False)] if wanted != local else []
    lost = [Lost(local.id, name, there, taken.here)] if differing(there, taken.there, view.region) else []
    return [PutLink(freed), *saved, *lost, Touch(local.id)]


def _taken(base: Card, here: Card, there: Card, name: str, choice: Choice, view: View) -> Merged:
    """One field as the user wants it: of a list only what both sides have and differs goes by that.

    What one side alone has was added there, or taken off on the other one: nobody asked about that.
    """
    if name not in LISTS:
        wanted = here if choice is Choice.MINE else there
        return Merged(wanted, wanted, there, frozenset())
    was_here, was_there = (getattr(one, name) for one in first_bases(here, there, view.region))
    before, mine, theirs = keyed(name, [getattr(one, name) for one in (base, here, there)], view.region)
    alone = tuple(item for key, item in before.items() if not (key in mine and key in theirs))
    rules = replace(view.rules(), inward=True, outward=True, held=frozenset())
    wins = {name: Side.HERE if choice is Choice.MINE else Side.THERE}
    return merge(Card(**{name: was_here + alone}), here, Card(**{name: was_there + alone}), there, rules, wins)


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
            return [PutLink(replace(undisputed(link), state=LinkState.KEPT)), Settle(contact, OWN_QUESTIONS)]
        case Link(state=LinkState.TAKEN_BACK) if local is not None:  # asked about, as in `plan.outgoing`
            return [PutLink(replace(link, state=LinkState.GONE)), Touch(contact)]
        case Link(state=LinkState.ACTIVE | LinkState.TAKEN_BACK) if local is None:
            ignored = PutLink(replace(link, state=LinkState.IGNORED))
            return [ignored, Untouch(contact, None), Settle(contact, OWN_QUESTIONS)]
        case _:
            return []  # it is different by now


def _doubtful(context: Context, question: Question, choice: Choice) -> None:
    """Link the two, or make the other one a contact of its own; either way nobody is asked again about it.

    One that does not come here stays where it is.
    """
    every = [one for one in context.replicas.questions(Review.DOUBTFUL) if one.remote == question.remote]
    settled: list[Effect] = [
        effect
        for one in every
        for effect in (Settle(one.contact, frozenset({Review.DOUBTFUL}), remote=one.remote), Touch(one.contact))
    ]
    pulling = Pulling(context)
    [item] = pulling.fetched([question.remote])
    link = context.replicas.links([item.remote]).get(item.remote)
    taken = link is not None and link.state not in (LinkState.DELETED, LinkState.IGNORED)
    if not isinstance(item, RemoteContact) or taken:
        context.replicas.commit(settled)
        return
    frame, card = context.frame(), context.labels.on(item)
    alone = _gone(context, pulling, every) if choice is Choice.DIFFERENT else ()

    def make() -> tuple[list[Effect], None]:
        local = context.replicas.contact(question.contact)
        if choice is Choice.SAME and local is not None:
            was = context.replicas.link(local.id)
            step = matched(frame, local, item, card, context.replicas.edited, was=was)
            others = [one.contact for one in every if one.contact != local.id]
            asks = beside(context.replicas, others, item.remote, frame.view.visible(card), frame.now)
            step = replace(step, effects=(*step.effects, *asks))
        else:
            stays = link is not None and link.state is LinkState.IGNORED
            step = Step(Deed.NOTHING, "") if stays else added_here(frame, context.ids.new(), item, card)
            settled.extend(effect for one in alone for effect in _made_again(frame, context.replicas, one))
        return [*step.effects, *settled, *asked_about(frame, context.replicas, step.contact, step.effects)], None

    context.changes_form()
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
