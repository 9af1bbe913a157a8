"""Which ids in an account stand for a contact: reports tell some, our marks of others on it tell more.

They are hearsay. What lies there under such an id is itself: it was taken out again of what it had been merged into.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ringdesk.domain.effects import Effect, PutLink, Told
from ringdesk.domain.remote import RemoteContact, RemoteItem
from ringdesk.domain.replica import Link, LinkState
from ringdesk.sync.context import Context
from ringdesk.sync.plan import Deed, Step, said_gone

_NOBODY: Final = frozenset({LinkState.DELETED, LinkState.IGNORED, LinkState.DOUBLE})


def standing(
    context: Context,
    item: RemoteItem,
    step: Step,
    link: Link | None,
    told: Mapping[str, str],
    our_id: Callable[[str], str],
) -> list[Effect]:
    """What is to be remembered of a report beside what follows from it. `link` is that of its id, `told` is hearsay."""
    if not isinstance(item, RemoteContact) or step.deed in (Deed.CHECK, Deed.ASK):
        return []
    if step.deed is Deed.NOTHING and (link is None or link.state in _NOBODY):
        return []
    effects: list[Effect] = []
    if told.get(item.remote, step.contact) != step.contact:
        effects.append(Told(step.contact, (item.remote,)))
    if item.former:
        effects.append(Told(step.contact, item.former))
    for mark in (item.id, *item.also):
        if mark != step.contact and our_id(mark):
            effects += _merged(context, item, step.contact, context.replicas.link(mark))
    return effects


def _merged(context: Context, item: RemoteContact, into: str, link: Link | None) -> list[Effect]:
    """Our mark of another contact came with that one, which is asked about; once, as the mark stays for ever."""
    if link is None or link.state not in (LinkState.ACTIVE, LinkState.GONE):
        return []
    if link.remote in (item.remote, *item.former) or context.replicas.told([link.remote]):
        return []
    return [Told(into, (link.remote,), anew=False), PutLink(said_gone(link, context.clock.now()))]
