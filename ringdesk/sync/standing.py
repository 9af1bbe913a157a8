"""Which ids in an account stand for a contact: reports tell some, our marks of others and what has come onto it more.

They are hearsay. What lies there under such an id is itself: it was taken out again of what it had been merged into.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.effects import Effect, PutLink, Told
from ringdesk.domain.remote import RemoteContact, RemoteItem
from ringdesk.domain.replica import Link, LinkState
from ringdesk.sync.context import Context
from ringdesk.sync.incoming import covers
from ringdesk.sync.plan import Deed, Step, said_gone

_SIGNS: Final = frozenset({"phones", "emails"})
_NOBODY: Final = frozenset({LinkState.DELETED, LinkState.IGNORED, LinkState.DOUBLE})


def standing(
    context: Context,
    item: RemoteItem,
    step: Step,
    link: Link | None,
    told: Mapping[str, str],
    our_id: Callable[[str], str],
    *,
    card: Card | None,
) -> list[Effect]:
    """What is to be remembered of a report beside what follows from it. `link` is that of its id, `told` is hearsay.

    `card` is what lies there, where it may have got all of another one: where only what has changed there was listed,
    or where nothing comes here.
    """
    if not isinstance(item, RemoteContact) or step.deed is Deed.CHECK:
        return []
    if step.deed in (Deed.NOTHING, Deed.ASK) and (link is None or link.state in _NOBODY):
        return []  # nobody here, or the user is asked who; of a contact here the user is asked about a field only
    effects: list[Effect] = []
    if told.get(item.remote, step.contact) != step.contact:
        effects.append(Told(step.contact, (item.remote,)))
    if item.former:
        effects.append(Told(step.contact, item.former))
    for mark in (item.id, *item.also):
        if mark != step.contact and our_id(mark):
            effects += _merged(context, item, step.contact, context.replicas.link(mark))
    before = None if link is None or link.state is LinkState.DELETED else link.lies_there
    grows = step.deed is Deed.ADD_HERE or bool(step.fields & _SIGNS)
    if card is not None and (grows or _kept_there(context, step, before, card)):
        effects += _taken_in(context, item, card, step.contact, before)
    return effects


def _kept_there(context: Context, step: Step, before: Card | None, card: Card) -> bool:
    """Whether phones or e-mails have changed there and do not come here, where nothing grows by them.

    Of one that is found to be a contact here just now, all that this one lacks may have come onto it there.
    """
    if context.view.inward:
        return False
    if before is None:
        puts = [one.link for one in step.effects if isinstance(one, PutLink) and one.link.contact == step.contact]
        apart = [(link.base, link.there) for link in puts if link.there is not None]
        return any(context.view.differing(base, there) & _SIGNS for base, there in apart)
    return any(getattr(before, field) != getattr(card, field) for field in _SIGNS & context.view.fields)


def _taken_in(context: Context, item: RemoteContact, card: Card, into: str, before: Card | None) -> list[Effect]:
    """Contacts here all of whose phones and e-mails have come onto this one: what was merged may be told late.

    In the round that tells, nothing here has grown, and one that nobody edited would just go; another desk may hold an
    edit of it, and make it again. Where nothing comes here, nothing here ever grows. `before` is what lay there.
    """
    lay = before or Card()
    effects: list[Effect] = []
    for one in context.replicas.like(card):
        other = context.replicas.link(one.id) if one.id != into else None
        if other is None or covers(lay, other.base, context.region) or not covers(card, other.base, context.region):
            continue
        effects += _merged(context, item, into, other)
    return effects


def _merged(context: Context, item: RemoteContact, into: str, link: Link | None) -> list[Effect]:
    """Another contact seems to be a part of this one: it is asked about. Once, as a mark of ours stays for ever."""
    if link is None or link.state not in (LinkState.ACTIVE, LinkState.GONE):
        return []
    if link.remote in (item.remote, *item.former) or context.replicas.told([link.remote]):
        return []
    return [Told(into, (link.remote,), anew=False), PutLink(said_gone(link, context.clock.now()))]
