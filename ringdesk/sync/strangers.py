"""Who of some reported contacts is a stranger here: nearly all of a first pull, and then little is to be decided."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Origin
from ringdesk.domain.effects import Arrive, Effect, Replicas
from ringdesk.domain.remote import RemoteContact, RemoteItem
from ringdesk.domain.replica import Link, LinkState
from ringdesk.domain.rightofway import WINDOW
from ringdesk.sync.context import Context
from ringdesk.sync.plan import Deed, Frame, Step, born

_COMES: Final = frozenset({Deed.ADD_HERE, Deed.LINK, Deed.ASK})
"""What is done with a contact there that had none here."""


@dataclass(frozen=True, slots=True)
class Faces:
    """Some reported contacts, as far as one question for all of them tells."""

    cards: Mapping[str, Card] = field(default_factory=dict)
    """Their cards with their groups, by id there."""
    new: Mapping[str, str] = field(default_factory=dict)
    """Those of whom nothing at all is known here, and like whom there is nobody; with our own id on them, or none."""
    free: bool = True
    """Whether a contact here may be one of them."""


class Heard:
    """What was ever heard of an account's contacts, by their ids there, and by our own ids on them.

    `blank`: nothing until now; then whoever comes is new as long as it was not among those that came since.
    """

    def __init__(self, replicas: Replicas, *, blank: bool = False) -> None:
        self._replicas = replicas
        self._come: set[str] | None = set() if blank else None
        self._newest: tuple[float | None] | None = None
        self.only_strangers = blank
        """Whether every link of the account is that of one which was reported in this pull, and was a stranger."""

    def known(self, marks: Sequence[str], arrived: set[str]) -> frozenset[str]:
        """Of our own ids on reported contacts those that a contact here has, or a link. `arrived`: in this round."""
        if not self.only_strangers:
            return self._replicas.known(marks)
        return self._replicas.known(marks, linked=False) | arrived.intersection(marks)

    def late(self, context: Context, item: RemoteContact, step: Step) -> bool:
        """Whether one that would come here is told of late: others were heard of that were changed there since.

        It may be one of those, as it was before it got another id; no report need ever tell this id again.
        """
        if step.deed not in _COMES or item.updated is None or not context.capabilities.settles:
            return False
        if self._newest is None:
            self._newest = (self._replicas.newest(),)
        [newest] = self._newest
        return newest is not None and item.updated <= newest

    def of(self, items: Iterable[RemoteItem]) -> tuple[Mapping[str, Link], Mapping[str, str], Mapping[str, str]]:
        """Of reported contacts the links, who lay there under one of their ids before, and for whom that stands."""
        remotes: set[str] = set()
        for item in items:
            remotes.add(item.remote)
            if isinstance(item, RemoteContact) and (item.former or item.was):
                remotes.update(item.former, item.was)
        if self._come is not None:
            new = self._come.isdisjoint(remotes)
            self._come |= remotes
            if new:
                return {}, {}, {}
        asked = sorted(remotes)
        return self._replicas.links(asked), self._replicas.heirs(asked), self._replicas.told(asked)


def faces(
    context: Context,
    items: Sequence[RemoteItem],
    links: Mapping[str, Link],
    formers: Collection[str],
    waiting: Collection[str],
    heard: Heard,
    our_id: Callable[[str], str],
) -> Faces:
    """Look at reported contacts. `formers`: former ids there that are known here; `waiting`: those in the outbox."""
    contacts = [item for item in items if isinstance(item, RemoteContact)]
    cards = {item.remote: context.labels.on(item) for item in contacts}
    strangers = [item for item in contacts if _strange(links.get(item.remote))] if links else contacts
    if not strangers:
        return Faces(cards, {}, free=False)
    if context.replicas.any_free([cards[item.remote] for item in strangers]):
        return Faces(cards)
    marks = {
        item.remote: our_id(item.id) if item.id else ""
        for item in strangers
        if item.whole and not (item.former or item.was or item.also or item.remote in links or item.remote in formers)
    }
    known = heard.known([mark for mark in marks.values() if mark], context.grown)
    new = {remote: mark for remote, mark in marks.items() if mark not in known and mark not in waiting}
    return Faces(cards, new, free=False)


def _strange(link: Link | None) -> bool:
    return link is None or link.state is LinkState.DELETED


def arriving(context: Context, frame: Frame, items: Sequence[RemoteItem], faces: Faces) -> list[Effect] | None:
    """What `incoming.stranger` says of all of them, as one effect; None where they are not all strangers.

    Our own id on two of them says that one of them is none.
    """
    marks = [mark for mark in faces.new.values() if mark]
    if len(faces.new) < len(items) or len(set(marks)) < len(marks):
        return None
    view = frame.view
    come = [item for item in items if isinstance(item, RemoteContact) and (view.takes_all or view.comes_in(item))]
    if not come:
        return []
    ids = [faces.new[item.remote] or context.ids.new() for item in come]
    shared: set[str] = set()
    if view.hears_of_sharing:
        pairs = zip(ids, come, strict=True)
        shared = {id for id, item in pairs if view.shared_there(item, faces.cards[item.remote])}
    shown: list[Card] = []
    for id, item in zip(ids, come, strict=True):
        WINDOW.ask()
        shown.append(view.visible(faces.cards[item.remote], shared=id in shared))
    links = [born(view, *one) for one in zip(ids, come, shown, strict=True)]
    WINDOW.ask()
    context.report.add(Deed.ADD_HERE, [*zip(ids, [item.card for item in come], strict=True)])
    context.grown.update(ids)
    team = view.capabilities.shares
    origin = Origin.TEAM if team else Origin.ACCOUNT
    return [Arrive(tuple(links), frozenset(shared), origin, not team, frame.round, Deed.ADD_HERE.value)]
