"""What follows from a contact that the account reports. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.effects import (
    Absorb,
    Ask,
    DropEntry,
    DropLink,
    Effect,
    Logged,
    Lost,
    PutLink,
    SaveContact,
    Settle,
    Touch,
)
from ringdesk.domain.remote import RemoteContact
from ringdesk.domain.replica import Entry, Intent, Link, LinkState, Question, Review
from ringdesk.domain.sockets import Ids
from ringdesk.sync import match
from ringdesk.sync.merge import differing, first_bases, found_in, has_items, merge, own_part
from ringdesk.sync.plan import OWN_QUESTIONS, Deed, Edited, Frame, Step, added_here, linked, reconcile
from ringdesk.sync.view import View

_DEAD = frozenset({LinkState.DELETED, LinkState.KEPT, LinkState.REVIEW})
_ALIVE_AGAIN = frozenset({LinkState.GONE, LinkState.REVIEW, LinkState.KEPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known here about a reported contact.

    `link` and `local` by its id there; `former` by an id it had; `marked` by our own id on it, where `mark` is such an
    id, or by the deleted contact it was made again from, with that contact's link; `entry` is the open request about
    any of them; `alike` are contacts here that are not linked, or whose contact there was deleted; `links` are theirs.
    """

    link: Link | None = None
    local: Contact | None = None
    former: Link | None = None
    former_local: Contact | None = None
    mark: str = ""
    marked: Contact | None = None
    marked_link: Link | None = None
    entry: Entry | None = None
    alike: tuple[Contact, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    gone: bool = False
    """It lay there under this id before, and was deleted or got another one: it is back, or else this is old news."""
    anew: bool = False
    """Other fields are synced from now on, so that what lies there unchanged may be news all the same."""


def came_twice(known: Known, region: str) -> bool:
    """Whether one contact came under its old id and its new one: it got that between two pages of a listing.

    Where pages are counted off anew, another one has slipped past both of them then, and the total is the same.
    """
    link, former = known.link, known.former
    if link is None or former is None or link.contact == former.contact:
        return False
    linked_twice = link.state is LinkState.ACTIVE and former.state in (LinkState.ACTIVE, LinkState.GONE)
    return linked_twice and not differing(link.base, former.base, region)


def incoming(
    frame: Frame, item: RemoteContact, card: Card, known: Known, edited: Edited, ids: Ids, *, sure: bool
) -> Step:
    """Decide about a reported contact. `sure`: it was asked for by id just now, so that it cannot be old news."""
    link = known.link
    if not sure and (not item.whole or known.gone or (link is not None and _old_news(frame, item, link))):
        return Step(Deed.CHECK, link.contact if link is not None else "")
    if link is not None and link.state is not LinkState.DELETED:
        if known.former is not None and known.former.contact != link.contact:
            return _absorbed(frame, item, card, known, edited)
        return _linked(frame, link, item, card, known, edited)
    if known.entry is not None and known.entry.intent is Intent.CREATE and not _twice(known):
        return _arrived(frame, item, card, known, known.entry, edited)
    if known.former is not None and _moved(frame, known.former, item, card):
        moved = replace(known.former, remote=item.remote)
        step = _linked(frame, moved, item, card, replace(known, local=known.former_local), edited)
        answered = Settle(moved.contact, frozenset({Review.DOUBTFUL}), remote=item.remote)
        return replace(step, deed=Deed.RELINK, effects=(*step.effects, answered))
    return _marked(frame, item, card, known, edited, ids) or _fresh(frame, item, card, known, edited, ids)


def _moved(frame: Frame, former: Link, item: RemoteContact, card: Card) -> bool:
    """Whether this is the contact of a former id, under another one; one that is left there may have become more."""
    if former.state is LinkState.IGNORED:
        return not _edited_there(frame, former, item, card)
    return former.state is not LinkState.DELETED


def _old_news(frame: Frame, item: RemoteContact, link: Link) -> bool:
    """Whether this may be a form from before our own last write, or of a contact we know to be deleted there."""
    if link.state in _DEAD:
        return True
    if item.etag == link.etag or link.state is LinkState.DOUBLE:
        return False
    older = item.updated is not None and link.updated is not None and item.updated < link.updated
    return older or frame.now - link.written < frame.view.capabilities.settles


def _linked(frame: Frame, link: Link, item: RemoteContact, card: Card, known: Known, edited: Edited) -> Step:
    if link.state in (LinkState.IGNORED, LinkState.DOUBLE):  # one that has changed since is looked at before it counts
        changed = item.etag != link.etag and bool(link.etag)
        put = PutLink(replace(link, etag="") if changed else link)
        return Step(Deed.NOTHING, link.contact, (put,) if changed or known.link is None else ())
    effects: tuple[Effect, ...] = ()
    if link.state is LinkState.TAKEN_BACK and _edited_there(frame, link, item, card):
        link = replace(link, state=LinkState.ACTIVE)  # more than the sync made of it, so it stays
    if link.state in _ALIVE_AGAIN:
        link = replace(link, state=LinkState.ACTIVE)
        effects = (Settle(link.contact, frozenset({Review.REMOVED, Review.MERGED})),)
    if known.local is None:
        step = _gone_here(frame, link, item, card)
    elif _unchanged(link, item) and not effects and not known.anew:
        return Step(Deed.NOTHING, link.contact)
    else:
        step = reconcile(frame, _settled(frame, link, card, known.entry), known.local, item, card, edited)
    return replace(step, effects=(*effects, *step.effects))


def _edited_there(frame: Frame, link: Link, item: RemoteContact, card: Card) -> bool:
    there = frame.view.visible(card, shared=frame.view.shared_there(item, card))
    return bool(frame.view.differing(there, link.lies_there)) or _pictured_there(frame, link, item)


def _pictured_there(frame: Frame, link: Link, item: RemoteContact) -> bool:
    """Whether somebody has changed the picture there; another address under the old etag is none."""
    return frame.view.capabilities.photos and item.etag != link.etag and item.photo != link.photo_ref


def _unchanged(link: Link, item: RemoteContact) -> bool:
    return (link.etag, link.remote, link.raw, link.photo_ref) == (item.etag, item.remote, item.raw, item.photo)


def _settled(frame: Frame, link: Link, card: Card, entry: Entry | None) -> Link:
    """The link with what of an open request of ours is there already."""
    if entry is None or entry.intent is not Intent.UPDATE:
        return link
    region = frame.view.region
    base = own_part(link.base, entry.base, card, region)
    there = own_part(link.lies_there, entry.sent, card, region)
    return replace(link, base=base, there=there)


def _gone_here(frame: Frame, link: Link, item: RemoteContact, card: Card) -> Step:
    """Deleted here and not yet there: an edit made there since then brings it back."""
    view = frame.view
    there = view.visible(card, shared=view.policy.share_label in card.groups)
    if view.inward and (view.differing(there, link.lies_there) or _pictured_there(frame, link, item)):
        step = added_here(frame, link.contact, item, card)
        return replace(step, effects=(*step.effects, Settle(link.contact, OWN_QUESTIONS)))
    kept = linked(link, item, link.base, there, view)  # what may not come here is to be seen by `plan.outgoing`
    return Step(Deed.NOTHING, link.contact, (PutLink(kept), Touch(link.contact)))


def _absorbed(frame: Frame, item: RemoteContact, card: Card, known: Known, edited: Edited) -> Step:
    """Two linked contacts were merged there: they become one here, with what was edited here in either."""
    link, gone, local, other = known.link, known.former, known.local, known.former_local
    if link is None or gone is None:
        raise ValueError("nothing to absorb")
    dead = PutLink(replace(gone, state=LinkState.DELETED))
    if other is None:
        step = _linked(frame, link, item, card, known, edited)
        return replace(step, effects=(dead, *step.effects))
    if local is None:
        moved = replace(gone, remote=item.remote)
        step = _linked(frame, moved, item, card, replace(known, local=other), edited)
        return replace(step, deed=Deed.RELINK)
    wanted, lost = _with_picture(frame, with_edits(frame, local, gone, other), gone, other)
    step = reconcile(frame, link, wanted, item, card, edited)
    effects = step.effects
    if wanted != local and not any(isinstance(effect, SaveContact) for effect in effects):
        effects = (SaveContact(wanted, clean=False), *effects)
    merged = (*lost, dead, *_merged(frame, local, gone, other), Touch(local.id))
    return Step(Deed.RELINK, local.id, (*effects, *merged))


def _merged(frame: Frame, into: Contact, gone: Link, other: Contact) -> tuple[Effect, ...]:
    """The other one goes over into a contact. The log tells it of both: neither can be taken back without the other."""
    first = Logged(frame.round, other.id, gone.remote, other.card, None, Deed.RELINK.value)
    return first, replace(first, contact=into.id, here=into.card), Absorb(into.id, other.id)


def with_edits(frame: Frame, into: Contact, gone: Link, other: Contact) -> Contact:
    """A contact with the edits of another that it stands for from now on; the rest of that one it has already.

    Where nothing comes here, or not in a field, it has none of that: what it lacks comes along, and nothing takes the
    place of its own.
    """
    view = frame.view
    edits, mine = whole(view, other), whole(view, into)
    base = found_in(mine, gone.base, view.region)
    if view.inward:
        base = replace(gone.base, **{field: getattr(base, field) for field in view.left_out})
    if not differing(edits, base, view.region):
        return into
    rules = replace(view.rules(), inward=False, outward=True, held=frozenset())
    carried = merge(base, edits, mine, mine, rules).there
    return replace(joined(view, into, carried), linked=True)


def whole(view: View, contact: Contact) -> Card:
    """What is synced of a contact, and what was entered in the fields that are left out: it is nowhere else."""
    return _with_left_out(view, view.visible(contact.card, shared=contact.shared), contact.card)


def joined(view: View, contact: Contact, card: Card) -> Contact:
    """The contact with all of such a card."""
    made = view.joined(contact, card)
    return replace(made, card=_with_left_out(view, made.card, card))


def _with_left_out(view: View, card: Card, of: Card) -> Card:
    return replace(card, **{field: getattr(of, field) for field in view.left_out}) if view.left_out else card


def _with_picture(frame: Frame, into: Contact, gone: Link, other: Contact) -> tuple[Contact, tuple[Effect, ...]]:
    """The contact with the other's picture, if that was never sent; where both have one, it goes into the history."""
    photo = other.card.photo
    if not frame.view.capabilities.photos or not photo or photo in (gone.photo, into.card.photo):
        return into, ()
    if into.card.photo:
        return into, (Lost(into.id, "photo", Card(photo=photo), Card(photo=into.card.photo)),)
    return replace(into, card=replace(into.card, photo=photo)), ()


def absorbed_by(frame: Frame, into: Contact, gone: Link, other: Contact) -> Step:
    """A contact deleted there whose phones and e-mails another one has taken over: the two were merged."""
    wanted, lost = _with_picture(frame, with_edits(frame, into, gone, other), gone, other)
    saved = (SaveContact(wanted, clean=False),) if wanted != into else ()
    dead = PutLink(replace(gone, state=LinkState.DELETED))
    settled = Settle(other.id, OWN_QUESTIONS)
    merged = (*lost, dead, *_merged(frame, into, gone, other), settled, Touch(into.id))
    return Step(Deed.RELINK, into.id, (*saved, *merged))


def taken_over(frame: Frame, into: Contact, entry: Entry, local: Contact) -> tuple[Effect, ...]:
    """A contact that was created, and merged into another one before its creation was ever seen: they are one."""
    born = Link(contact=local.id, remote="", etag="", base=entry.base)
    wanted, lost = _with_picture(frame, with_edits(frame, into, born, local), born, local)
    saved = (SaveContact(wanted, clean=False),) if wanted != into else ()
    return (*saved, *lost, *_merged(frame, into, born, local), DropEntry(entry.id), Touch(into.id))


def swallows(frame: Frame, item: RemoteContact, card: Card, link: Link | None, entry: Entry) -> bool:
    """Whether a contact that is new or has changed there has all of a creation that nobody has answered.

    If the creation is in no listing later on, it has been made and merged into this one. What is here by then does not
    tell: somebody may have taken a part of it away again. Nor do times: the account's clock is not this desk's.
    """
    known = link is not None and link.state is not LinkState.DELETED
    if not item.whole or (link is not None and link.contact == entry.contact):
        return False
    if entry.contact == item.id:  # our mark on it: it came with what was merged, or else this is the creation itself
        return known
    if entry.contact in item.also:
        return True
    if link is not None and known and entry.remote not in item.former:
        there = frame.view.visible(card, shared=frame.view.shared_there(item, card))
        if item.etag == link.etag or not frame.view.differing(there, link.lies_there):
            return False
    return holds_all(card, entry.sent, frame.view.region)


def holds_all(one: Card, other: Card, region: str) -> bool:
    """Whether a card has every phone and e-mail of another, and every other item of its lists but the groups."""
    return has_items(one, other, region) and covers(one, other, region)


def covers(one: Card, other: Card, region: str) -> bool:
    """Whether a card has every phone and e-mail of another that has any."""
    phones, emails = match.numbers(other, region), match.addresses(other)
    mine = match.numbers(one, region), match.addresses(one)
    return bool(phones or emails) and phones <= mine[0] and emails <= mine[1]


def _marked(frame: Frame, item: RemoteContact, card: Card, known: Known, edited: Edited, ids: Ids) -> Step | None:
    """What our own marks on it say."""
    contact, link = known.marked, known.marked_link
    if contact is None:
        return None
    if link is None:
        return matched(frame, contact, item, card, edited)
    if link.state is LinkState.IGNORED:
        return Step(Deed.NOTHING, contact.id)
    if link.state is LinkState.ACTIVE:
        return _doubled(item, known, ids.new())
    if link.state in _ALIVE_AGAIN and link.remote in item.was:
        moved = _told_there(frame, replace(link, remote=item.remote), card)
        step = _linked(frame, moved, item, card, replace(known, local=contact), edited)
    else:
        step = matched(frame, contact, item, card, edited, was=link)
    return replace(step, deed=Deed.RELINK, effects=(DropLink(contact.id), *step.effects))


def _told_there(frame: Frame, link: Link, card: Card) -> Link:
    """The link without what one made again lacks: nobody removed that, whoever made it may have left the field out."""
    base, there = (found_in(card, one, frame.view.region) for one in (link.base, link.lies_there))
    there = replace(there, **{field: getattr(link.lies_there, field) for field in link.held})
    return replace(link, base=base, there=None if link.there is None else there)


def _twice(known: Known) -> bool:
    """Whether the contact here that it was made of has another one there."""
    return known.marked_link is not None and known.marked_link.state is LinkState.ACTIVE


def _doubled(item: RemoteContact, known: Known, id: str) -> Step:
    """A second one for a contact that has one there; `sync.doubles` settles it when both have been asked for."""
    second = PutLink(Link(contact=id, remote=item.remote, etag="", base=Card(), state=LinkState.DOUBLE))
    done = () if known.entry is None else (DropEntry(known.entry.id),)
    return Step(Deed.NOTHING, id, (second, *done))


def _arrived(frame: Frame, item: RemoteContact, card: Card, known: Known, entry: Entry, edited: Edited) -> Step:
    """A contact whose creation was unclear is there.

    One that had been there before may be another desk's doing: what it lacks of ours, nobody has removed.
    """
    link = Link(contact=entry.contact, remote=item.remote, etag="", base=entry.base, written=entry.at)
    if item.was and known.marked is not None:
        there = frame.view.visible(card, shared=frame.view.shared_there(item, card))
        base, was_there = first_bases(entry.base, there, frame.view.region)
        link = replace(link, base=base, there=was_there)
    if known.marked is None:
        step = _gone_here(frame, link, item, card)
    else:
        step = reconcile(frame, link, known.marked, item, card, edited)
    logged = Logged(frame.round, entry.contact, item.remote, None, None, Deed.ADD_THERE.value)
    settled = Settle(entry.contact, frozenset({Review.MERGED}))
    effects = (*step.effects, DropEntry(entry.id), settled, Touch(entry.contact), logged)
    return replace(step, deed=Deed.ADD_THERE, effects=effects)


def matched(
    frame: Frame,
    contact: Contact,
    item: RemoteContact,
    card: Card,
    edited: Edited,
    *,
    was: Link | None = None,
    guessed: bool = False,
) -> Step:
    """Link two that are one and were never compared. `was`: the link of the contact; `guessed`: by their likeness."""
    view = frame.view
    before = contact
    if view.capabilities.shares:
        contact = replace(contact, shared=view.shared_there(item, card))
    here = view.visible(contact.card, shared=contact.shared)
    there = view.visible(card, shared=view.policy.share_label in card.groups)
    was_here, was_there = first_bases(here, there, view.region)
    link = Link(contact=contact.id, remote=item.remote, etag="", base=was_here, there=was_there)
    if contact.card.photo and item.photo:
        if was is not None:  # it lay there under another id: what was agreed on then says who has another one since
            link = replace(link, photo=was.photo, photo_ref=was.photo_ref)
        elif guessed:  # neither is put over the other
            link = replace(link, photo=contact.card.photo, photo_ref=item.photo)
    step = reconcile(frame, link, contact, item, card, edited)
    settled = (
        Settle(contact.id, frozenset({Review.REMOVED, Review.MERGED})),
        Settle(contact.id, frozenset({Review.DOUBTFUL}), remote=item.remote),  # others: see `doubts`
    )
    saved = any(isinstance(effect, SaveContact) for effect in step.effects)
    ticked = (SaveContact(contact),) if contact != before and not saved else ()
    before_that = (Settle(contact.id, frozenset({Review.CLASH})),) if was is not None and was.held else ()
    return replace(step, deed=Deed.LINK, effects=(*before_that, *ticked, *step.effects, *settled))


def stranger(frame: Frame, item: RemoteContact, card: Card, mark: str, ids: Ids) -> Step:
    """What `incoming` says of a contact of which nothing is known here, and like which there is nobody."""
    return added_here(frame, mark or ids.new(), item, card) if frame.view.comes_in(item) else Step(Deed.NOTHING, "")


def _fresh(frame: Frame, item: RemoteContact, card: Card, known: Known, edited: Edited, ids: Ids) -> Step:
    found = match.find(card, known.alike, frame.view.region)
    wanted = frame.view.comes_in(item)
    match found:
        case match.Match(contact) if wanted or not frame.view.inward:
            return matched(frame, contact, item, card, edited, was=known.links.get(contact.id), guessed=True)
        case match.Doubt(contacts) if wanted or not frame.view.inward:
            asked = tuple(
                Ask(Question(Review.DOUBTFUL, one.id, item.remote, "", "", card, frame.now)) for one in contacts
            )
            return Step(Deed.ASK, contacts[0].id, asked)
        case _ if wanted:
            other = known.marked_link
            free = known.marked is None and (other is None or other.state in (LinkState.DELETED, LinkState.IGNORED))
            return stranger(frame, item, card, known.mark if free else "", ids)
        case _:
            return Step(Deed.NOTHING, "")
