"""Contacts that may be another one there by now: it has got only some of their phones and e-mails, or just their name.

Somebody may have taken the others off before or after the two were merged. What has all of them is that one (`missing`,
`creations`); here the user is asked, and the contact here waits for the answer instead of being made there again.

Of one that was last read without its phones and e-mails nobody can tell whether they have come onto another one: there
all the rest of its lists counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.effects import Ask, Effect, PutEntry, Replicas, Settle, Touch
from ringdesk.domain.remote import RemoteContact, RemoteGone, RemoteItem
from ringdesk.domain.replica import Choice, Entry, Intent, Link, LinkState, Question, Review
from ringdesk.domain.words import fold
from ringdesk.sync import match
from ringdesk.sync.context import Came, Context
from ringdesk.sync.incoming import absorbed_by, covers, taken_over
from ringdesk.sync.keys import LISTS, label_of, value_of
from ringdesk.sync.merge import found_in
from ringdesk.sync.plan import Deed, Frame, Step, edits
from ringdesk.sync.resumed import asked_about

MERGED = frozenset({Review.MERGED})
_KINDS = (Review.MERGED, Review.DOUBTFUL)
_NOBODY = frozenset({LinkState.DELETED, LinkState.IGNORED})
"""How one there is linked that is no contact here."""
_COMES = frozenset({LinkState.ACTIVE}) | _NOBODY
_MOST = 1000
_REST: Final = sorted(LISTS - {"phones", "emails", "groups", "custom"})
Asking = Callable[[RemoteItem, Step], Sequence[Ask]]


@dataclass(frozen=True, slots=True)
class _Lost:
    """A contact that is gone, or whose creation nobody has answered: what it was, and what tells it."""

    was: Card
    signs: frozenset[str]
    rest: frozenset[str]
    """The other items of its lists, where no phone and no e-mail of it is known: together they tell it."""


def asking(
    context: Context,
    frame: Frame,
    items: Sequence[RemoteItem],
    links: Mapping[str, Link],
    creations: Sequence[Entry],
    cards: Mapping[str, Card],
) -> Asking:
    """What finds the questions that follow from one of the reported items; `creations`: those nobody has answered."""
    view = frame.view
    if view.capabilities.shares or not (view.inward and view.outward):
        return lambda item, step: ()
    gone = [*context.replicas.in_state(LinkState.GONE, _MOST)]
    gone += [links[one.remote] for one in items if isinstance(one, RemoteGone) and one.remote in links]
    lost = {link.contact: _lost(view.visible(link.base), view.region) for link in _untold(context.replicas, gone)}
    made = {entry.contact: _lost(view.visible(entry.sent), view.region) for entry in creations}
    lost |= made

    def asked(item: RemoteItem, step: Step) -> Sequence[Ask]:
        if not isinstance(item, RemoteContact) or not step.contact or step.deed is Deed.CHECK:
            return ()
        link = links.get(item.remote)
        if link is not None and (link.state not in _COMES or link.etag == item.etag):
            return ()
        ignored = link is not None and link.state is LinkState.IGNORED
        before = Card() if link is None or link.state is LinkState.DELETED else view.visible(link.lies_there)
        doubtful = ignored or (step.deed is Deed.ASK and (link is None or link.state is LinkState.DELETED))
        ids = frozenset((step.contact, item.id, *item.also))
        came = Came(ids, before, view.visible(cards[item.remote]), doubtful)
        if len(context.came) < _MOST and not ignored:
            context.came[item.remote] = came
        may_be = lost
        if ignored or step.deed is Deed.ASK:
            # about the others `missing` or `late` asks, about one that it has all of nobody need be asked
            may_be = {id: one for id, one in made.items() if not covers(came.now, one.was, view.region)}
        return _asked(frame, item.remote, came, may_be) if may_be else ()

    return asked


def late(context: Context, gone: Sequence[Link], all_came: Mapping[str, Came]) -> list[Effect]:
    """The same of those of which it was told after what they have come onto: on a later page, or not at all.

    Where that may be another contact here as well, it may as well be this one.
    """
    frame, replicas = context.frame(), context.replicas
    view = frame.view
    if not all_came or view.capabilities.shares or not (view.inward and view.outward):
        return []
    edited = [link for link in gone[:_MOST] if _edited(context, frame, link)]
    lost = {link.contact: _lost(view.visible(link.base), view.region) for link in _untold(replicas, edited)}
    if not lost:
        return []
    links = replicas.links([remote for remote, came in all_came.items() if came.doubtful])
    linked = {remote for remote, link in links.items() if link.state not in _NOBODY}
    before = {(one.contact, one.remote) for kind in _KINDS for one in replicas.questions(kind)}
    candidates = [(remote, came) for remote, came in all_came.items() if not came.doubtful or remote not in linked]
    found = [one for remote, came in candidates for one in _asked(frame, remote, came, lost)]
    return [one for one in found if (one.question.contact, one.question.remote) not in before]


def _untold(replicas: Replicas, gone: Sequence[Link]) -> list[Link]:
    """Those of which nobody has told what they are by now; an id that was told for another one may be itself again."""
    told = replicas.told([link.remote for link in gone]) if gone else {}
    return [link for link in gone if told.get(link.remote, link.contact) == link.contact]


def _edited(context: Context, frame: Frame, link: Link) -> bool:
    local = context.replicas.contact(link.contact)
    return local is not None and bool(edits(frame, link, local))


def _asked(frame: Frame, remote: str, came: Came, lost: Mapping[str, _Lost]) -> list[Ask]:
    """Those that this one may have become, as something of theirs has come onto it."""
    region = frame.view.region
    come = _signs(came.now, region) - _signs(came.before, region)
    bare = any(one.rest for one in lost.values())
    before, now = (_rest(card, region) if bare else frozenset[str]() for card in (came.before, came.now))
    kind = Review.DOUBTFUL if came.doubtful else Review.MERGED
    return [
        Ask(Question(kind, id, remote, "", "", came.now, frame.now))
        for id, one in lost.items()
        if id not in came.ids
        and (not come.isdisjoint(one.signs) or (one.rest <= now and not one.rest <= before))
        and (came.doubtful or not covers(came.now, one.was, region))
    ]


def _lost(was: Card, region: str) -> _Lost:
    bare = not match.signs(was, region)
    return _Lost(was, _signs(was, region), _rest(was, region) if bare else frozenset())


def _signs(card: Card, region: str) -> frozenset[str]:
    """What tells a contact: phones, e-mails, the whole name."""
    return match.signs(card, region) | ({f"name {fold(card.name.full)}"} if card.name.full else frozenset[str]())


def _rest(card: Card, region: str) -> frozenset[str]:
    """The other items of a card's lists but the groups; of a field of one's own also what it says."""
    told = frozenset(f"{field} {value_of(field, one, region)}" for field in _REST for one in getattr(card, field))
    return told | frozenset(f"custom {value_of('custom', one, region)} {label_of(one)}" for one in card.custom)


def beside(replicas: Replicas, contacts: Sequence[str], remote: str, card: Card, now: float) -> list[Ask]:
    """The same of those that were in doubt with another one that is said to be it: this may have become of them, too.

    One that never lay there was only like it, and is another one by what the user said.
    """
    links = ((id, replicas.link(id)) for id in contacts)
    entries = {entry.contact for entry in replicas.entries() if entry.intent is Intent.CREATE}
    lost = [id for id, link in links if id in entries or (link is not None and link.state is LinkState.GONE)]
    return [Ask(Question(Review.MERGED, id, remote, "", "", card, now)) for id in lost]


def whole(replicas: Replicas, remote: str) -> Contact | None:
    """The contact here that lies there under this id by now."""
    link = replicas.links([remote]).get(remote)
    if link is None:
        id = replicas.told([remote]).get(remote, "")
        link = replicas.link(id) if id else None
    return replicas.contact(link.contact) if link is not None and link.state is LinkState.ACTIVE else None


def stands_for(frame: Frame, replicas: Replicas, remote: str) -> Contact | None:
    """The contact here that lies there under this id, or stands for it by now; or lay there and is to be made again."""
    link = replicas.links([remote]).get(remote)
    id = link.contact if link is not None and link.state is not LinkState.DELETED else ""
    id = id or replicas.told([remote]).get(remote) or replicas.heirs([remote]).get(remote, "")
    one, link = (replicas.contact(id), replicas.link(id)) if id else (None, None)
    if one is None or (link is not None and link.state is LinkState.ACTIVE):
        return one
    return one if made_again(frame, replicas, one, link) else None


def made_again(frame: Frame, replicas: Replicas, one: Contact, link: Link | None) -> bool:
    """Whether a contact that is not there any more will be made there again."""
    if link is None:
        return bool(replicas.formers(one.id)) and frame.view.goes_out(one)
    return link.state is LinkState.GONE and frame.view.outward and bool(edits(frame, link, one))


def needless(replicas: Replicas) -> list[Effect]:
    """Settles what nobody need decide: the contact is gone here, or there after all, or the other one is not there."""
    effects: list[Effect] = []
    for asked in replicas.questions(Review.MERGED):
        link = replicas.link(asked.contact)
        waits = link is None or link.state is LinkState.GONE
        if not waits or replicas.contact(asked.contact) is None or whole(replicas, asked.remote) is None:
            effects += [Settle(asked.contact, MERGED, remote=asked.remote), Touch(asked.contact)]
    return effects


def decided(frame: Frame, replicas: Replicas, asked: Question, choice: Choice) -> list[Effect]:
    """What the user said: they are one, or two; one that is none of the other goes its way with the next round."""
    link, local = replicas.link(asked.contact), replicas.contact(asked.contact)
    into = whole(replicas, asked.remote)
    apart: list[Effect] = [Settle(asked.contact, MERGED, remote=asked.remote), Touch(asked.contact)]
    if local is None or into is None or into.id == local.id:
        return apart
    if choice is not Choice.SAME:
        return [*apart, *asked_about(frame, replicas, into.id)]
    one: list[Effect] = [Settle(asked.contact, MERGED)]
    entry = replicas.entry_of(local.id)
    if entry is not None and entry.intent is Intent.CREATE:  # found to be nowhere else, it goes over then
        return [*one, PutEntry(replace(entry, remote=asked.remote))]
    if link is None:
        view = frame.view
        base = found_in(view.visible(into.card), view.visible(local.card), view.region)
        return [*one, *taken_over(frame, into, Entry(id="", contact=local.id, intent=Intent.CREATE, base=base), local)]
    return [*one, *absorbed_by(frame, into, link, local).effects] if link.state is LinkState.GONE else apart
