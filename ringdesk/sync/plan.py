"""What follows from a difference, as frozen steps. Pure: the engine carries steps out, a rehearsal only counts them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Origin
from ringdesk.domain.effects import (
    AddContact,
    Ask,
    DropLink,
    Effect,
    Logged,
    Lost,
    PutLink,
    RemoveContact,
    SaveContact,
    Settle,
    Touch,
    Untouch,
)
from ringdesk.domain.remote import RemoteContact
from ringdesk.domain.replica import Clash, GoneThere, Link, LinkState, Question, Review
from ringdesk.domain.values import dataclass, maker
from ringdesk.sync.merge import Merged, Side, differing, has_items, merge
from ringdesk.sync.view import View


class Deed(Enum):
    """What a step does, as it is counted and listed."""

    NOTHING = "nothing"
    CHECK = "asked again"
    LINK = "found on both sides"
    RELINK = "found under another id"
    ADD_HERE = "added here"
    UPDATE_HERE = "changed here"
    DELETE_HERE = "deleted here"
    REVIEW = "put up for review"
    KEEP_HERE = "kept here"
    ADD_THERE = "added there"
    UPDATE_THERE = "changed there"
    DELETE_THERE = "deleted there"
    KEEP_THERE = "kept there"
    WITHDRAW = "withdrawn"
    ASK = "asked about"
    PARK = "put off"


@dataclass(frozen=True, slots=True)
class Push:
    """What to ask of the account: `card` shall lie there, `base` is what was here, `mask` the fields that change."""

    base: Card
    card: Card
    mask: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """One decision about one contact: what is done here, and what is asked of the account."""

    deed: Deed
    contact: str
    effects: tuple[Effect, ...] = ()
    push: Push | None = None
    link: Link | None = None
    fields: frozenset[str] = frozenset()
    """The fields that change; for lists and history."""
    revision: int = 0
    """The revision of the contact here that this was decided on."""


PHOTO_HERE: Final = "picture here"
PHOTO_THERE: Final = "picture there"
"""What the log of a round calls a picture that was changed."""

Edited = Callable[[str, str], float]
"""When the user last changed a field of a contact here."""

OWN_QUESTIONS: Final = frozenset(Review) - {Review.DOUBTFUL}
"""Questions that are settled with their contact. A doubt is about another one there as well: see `doubts`."""

GUARD_LEAST: Final = 10
GUARD_SHARE: Final = 0.10


def guarded(deletions: int, linked: int, approved: int) -> bool:
    """Whether so many deletions need the user's word first."""
    return deletions > max(GUARD_LEAST, GUARD_SHARE * linked, approved)


def winners(
    policy: Clash, fields: frozenset[str], edited: Callable[[str], float], updated: float | None
) -> dict[str, Side]:
    """Who wins each clash."""
    match policy:
        case Clash.MINE:
            return dict.fromkeys(fields, Side.HERE)
        case Clash.THEIRS:
            return dict.fromkeys(fields, Side.THERE)
        case Clash.ASK:
            return dict.fromkeys(fields, Side.NEITHER)
        case Clash.RECENT:
            later = {field: updated is not None and updated > edited(field) for field in fields}
            return {field: Side.THERE if there else Side.HERE for field, there in later.items()}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a step needs besides the contact: the view, the time, the number of the round."""

    view: View
    now: float
    round: int
    since: float = 0.0
    """When this run of the program began."""


def reconcile(
    frame: Frame, link: Link, local: Contact, item: RemoteContact, card: Card, edited: Edited, *, own: bool = False
) -> Step:
    """Bring what lies there together with what is here.

    `card` is the item's card with its groups. `own`: it is the answer to our own write, so that what it lacks of ours
    is the account's limit and no removal by anybody.
    """
    view = frame.view
    there = view.visible(card, shared=view.policy.share_label in card.groups)
    here = view.visible(local.card, shared=local.shared)
    agreed = (link.held & view.fields) - differing(here, there, view.region)
    link = replace(link, held=link.held - agreed) if agreed else link
    rules = view.rules(link.held)
    if own:
        rules = replace(rules, keep_removed=True)
    merged = merge(link.base, here, link.lies_there, there, rules)
    wins: dict[str, Side] = {}
    if merged.clashes:
        wins = winners(view.policy.clash, merged.clashes, lambda field: edited(local.id, field), item.updated)
        merged = merge(link.base, here, link.lies_there, there, rules, wins)
    asked = frozenset(field for field, side in wins.items() if side is Side.NEITHER)
    held = replace(link, held=link.held | asked, photo_due=link.photo_due or bool(pictured(view, local, link)))
    kept = linked(held, item, merged.base, there, view, own=own)
    outdated = dict.fromkeys(link.held & differing(kept.lies_there, link.lies_there, view.region), Side.NEITHER)
    effects: list[Effect] = [Settle(local.id, frozenset({Review.CLASH}), field) for field in sorted(agreed)]
    effects += [*_saved(view, local, merged, there), *_told(frame, link, wins | outdated, merged, there)]
    fields = differing(merged.here, here, view.region)
    if fields:
        effects.append(Logged(frame.round, local.id, item.remote, local.card, None, Deed.UPDATE_HERE.value))
    acknowledged = local.revision + (1 if any(isinstance(effect, SaveContact) for effect in effects) else 0)
    effects.append(PutLink(replace(kept, acknowledged=acknowledged)))
    return Step(
        Deed.ASK if asked else Deed.UPDATE_HERE if fields else Deed.NOTHING, local.id, tuple(effects), fields=fields
    )


def pictured(view: View, local: Contact, link: Link) -> frozenset[str]:
    """The picture, where the contact here has another one than the two sides agreed on."""
    changed = view.capabilities.photos and local.card.photo != link.photo
    return frozenset({"photo"}) if changed else frozenset()


def linked(link: Link, item: RemoteContact, base: Card, there: Card, view: View, *, own: bool = False) -> Link:
    """The link as of this form of the contact there; `own`: our own write has made it so."""
    if view.left_out:
        there = replace(there, **{field: getattr(link.lies_there, field) for field in view.left_out})
    apart = there if differing(base, there, view.region) else None
    return replace(
        link,
        remote=item.remote,
        etag=item.etag,
        raw=item.raw,
        base=base,
        there=apart,
        updated=item.updated,
        photo_due=link.photo_due or (view.capabilities.photos and item.photo != link.photo_ref),
        others=link.others if own or item.etag == link.etag else None,
    )


def _saved(view: View, local: Contact, merged: Merged, there: Card) -> list[Effect]:
    # Being shared is no account of one's own: it makes nobody known, and nothing goes to Google for it.
    wanted = replace(view.joined(local, merged.here), linked=local.linked or not view.capabilities.shares)
    clean = not differing(merged.there, there, view.region)
    if wanted != local:
        return [SaveContact(wanted, clean)]
    return [] if clean else [Touch(local.id)]


def _told(frame: Frame, link: Link, wins: dict[str, Side], merged: Merged, there: Card) -> list[Effect]:
    told: list[Effect] = []
    for field, side in sorted(wins.items()):
        if side is Side.NEITHER:
            question = Question(Review.CLASH, link.contact, link.remote, field, "", there, frame.now)
            told += [Settle(link.contact, frozenset({Review.CLASH}), field), Ask(question)]  # maybe under a former id
        elif side is Side.HERE:
            told.append(Lost(link.contact, field, there, merged.here))
    return told


def added_here(frame: Frame, id: str, item: RemoteContact, card: Card) -> Step:
    """A contact of the account becomes one here."""
    view = frame.view
    shared = view.shared_there(item, card)
    there = view.visible(card, shared=shared)
    team = view.capabilities.shares
    origin = Origin.TEAM if team else Origin.ACCOUNT
    contact = Contact(id=id, card=there, shared=shared, origin=origin, linked=not team, revision=1)
    link = born(view, id, item, there)
    logged = Logged(frame.round, id, item.remote, None, None, Deed.ADD_HERE.value)  # what it was there, the link says
    effects = (AddContact(contact), PutLink(link), logged)
    return Step(Deed.ADD_HERE, id, effects, link=link)


_linked: Final = maker(Link)


def born(view: View, id: str, item: RemoteContact, there: Card) -> Link:
    """The link of a contact that is made here of what lies there."""
    return _linked(
        contact=id,
        remote=item.remote,
        etag=item.etag,
        raw=item.raw,
        base=there,
        updated=item.updated,
        acknowledged=1,
        photo_due=view.capabilities.photos and bool(item.photo),
    )


def said_gone(link: Link, now: float) -> Link:
    """The link of a contact that is said to be deleted there; whether it is, and what follows, is decided later."""
    return link if link.state is LinkState.GONE else replace(link, state=LinkState.GONE, written=now)


def edits(frame: Frame, link: Link, local: Contact) -> frozenset[str]:
    """The fields that were edited here since the two sides agreed."""
    view = frame.view
    return view.differing(view.visible(local.card, shared=local.shared), link.base) | pictured(view, local, link)


def undisputed(link: Link) -> Link:
    """The link without what is in dispute, about which nobody is asked any more: if it comes back, that shows anew."""
    if not link.held:
        return link
    agreed = {field: getattr(link.base, field) for field in link.held}
    return replace(link, held=frozenset(), there=replace(link.lies_there, **agreed))


def vanished(frame: Frame, link: Link, local: Contact | None, *, doubtful: bool) -> Step:
    """The contact is deleted there, and that is certain. `doubtful`: only a listing after a lost cursor told."""
    view, id = frame.view, link.contact
    settled = Settle(id, frozenset({Review.CLASH, Review.INVALID, Review.MERGED}))
    if local is None:
        return Step(Deed.NOTHING, id, (PutLink(replace(link, state=LinkState.DELETED)), settled))
    if view.capabilities.shares:  # withdrawn on another desk of mine, or given to somebody else: it stays here, private
        unticked = (SaveContact(replace(local, shared=False)),) if local.shared else ()
        return Step(Deed.KEEP_HERE, id, (*unticked, PutLink(replace(link, state=LinkState.DELETED)), settled))
    edited = edits(frame, link, local)
    if edited and view.outward:
        told = min(link.written, frame.now)
        if frame.now - max(told, frame.since) < view.capabilities.settles:
            # it may have been merged into another one, which would soon be told
            return Step(Deed.NOTHING, id, () if told == link.written else (PutLink(replace(link, written=told)),))
        return Step(Deed.NOTHING, id, (DropLink(id), settled, Touch(id)), fields=edited)
    wanted = view.policy.gone_there if view.inward else GoneThere.KEEP
    if wanted is GoneThere.KEEP:
        return Step(Deed.KEEP_HERE, id, (PutLink(replace(undisputed(link), state=LinkState.KEPT)), settled))
    # what was edited here and may not go out, or is in a field that is left out, is nowhere else
    only_here = edited | (differing(local.card, link.base, view.region) & view.left_out)
    if wanted is GoneThere.DELETE and not doubtful and not only_here:
        logged = Logged(frame.round, id, link.remote, local.card, None, Deed.DELETE_HERE.value)
        put = PutLink(replace(link, state=LinkState.DELETED))
        return Step(Deed.DELETE_HERE, id, (logged, RemoveContact(id, local.revision), put, settled))
    question = Question(Review.REMOVED, id, link.remote, at=frame.now)
    return Step(Deed.REVIEW, id, (PutLink(replace(undisputed(link), state=LinkState.REVIEW)), Ask(question), settled))


def outgoing(frame: Frame, id: str, local: Contact | None, link: Link | None) -> Step:
    """What of a contact here is to be sent."""
    if link is None or (link.state is LinkState.DELETED and local is not None):
        return _unlinked(frame, id, local)
    if local is None:
        return _deleted_here(frame, link)
    untouch = Untouch(id, local.revision)
    match link.state:
        case LinkState.ACTIVE:
            return _edited_here(frame, local, link)
        case LinkState.IGNORED:
            # brought back here: it may have changed there since, so it is read first
            return Step(Deed.LINK, id, (PutLink(replace(link, state=LinkState.GONE)), Touch(id)))
        case LinkState.TAKEN_BACK:
            return _taken_back(frame, local, link)
        case _:
            return Step(Deed.NOTHING, id, (untouch,))


def _taken_back(frame: Frame, local: Contact, link: Link) -> Step:
    """A sync that made it there was taken back: it goes there, unless it was edited here since, or nothing may go.

    Where it stays, it is asked about: that others have deleted it was no news as long as it was to go.
    """
    view, id = frame.view, local.id
    edited = view.differing(view.visible(local.card, shared=local.shared), link.base)
    if not view.outward or edited or _more_there(link, view):
        return Step(Deed.NOTHING, id, (PutLink(said_gone(link, frame.now)), Touch(id)))
    push = Push(link.base, Card(), frozenset())
    return Step(Deed.DELETE_THERE, id, push=push, link=link, revision=local.revision)


def after_deletion(link: Link, now: float) -> Link:
    """The link of a contact that is certainly deleted there."""
    kept = link.state is LinkState.TAKEN_BACK
    return replace(link, state=LinkState.KEPT if kept else LinkState.DELETED, written=now if kept else link.written)


def _unlinked(frame: Frame, id: str, local: Contact | None) -> Step:
    if local is None or not frame.view.goes_out(local):
        return Step(Deed.NOTHING, id, (Untouch(id, None if local is None else local.revision),))
    card = frame.view.visible(local.card, shared=local.shared)
    return Step(Deed.ADD_THERE, id, push=Push(card, card, frozenset()), revision=local.revision)


def _deleted_here(frame: Frame, link: Link) -> Step:
    id = link.contact
    untouch = Untouch(id, None)
    if link.state is LinkState.DOUBLE:  # whatever is chosen for one's own deletions: it is nobody's contact
        push = Push(link.base, Card(), frozenset()) if frame.view.outward and link.etag else None
        return Step(Deed.DELETE_THERE if push else Deed.NOTHING, id, () if push else (untouch,), push, link)
    if link.state not in (LinkState.ACTIVE, LinkState.TAKEN_BACK):
        settled = Settle(id, OWN_QUESTIONS)
        state = link.state if link.state in (LinkState.IGNORED, LinkState.GONE) else LinkState.DELETED
        return Step(Deed.NOTHING, id, (untouch, settled, PutLink(replace(link, state=state))))
    if not frame.view.outward or not frame.view.policy.delete_there or _more_there(link, frame.view):
        return Step(Deed.KEEP_THERE, id, (untouch, PutLink(replace(link, state=LinkState.IGNORED))))
    return Step(Deed.DELETE_THERE, id, push=Push(link.base, Card(), frozenset()), link=link)


def _more_there(link: Link, view: View) -> bool:
    """Whether others have put something on it there that is not here by agreement: it is not deleted with the rest.

    A name or a note of theirs is no such thing: ours stands in its place.
    """
    return link.there is not None and not has_items(link.base, link.there, view.region, each=True)


def _edited_here(frame: Frame, local: Contact, link: Link) -> Step:
    view = frame.view
    here = view.visible(local.card, shared=local.shared)
    merged = merge(link.base, here, link.lies_there, link.lies_there, view.rules(link.held))
    mask = (differing(merged.there, link.lies_there, view.region) & view.fields) - link.held
    if view.capabilities.shares and not local.shared:
        return Step(
            Deed.WITHDRAW, local.id, push=Push(link.base, Card(), frozenset()), link=link, revision=local.revision
        )
    photo = view.outward and not link.photo_due and pictured(view, local, link)
    agreed = _agreed(view, merged, link) - mask
    base = replace(link.base, **{field: getattr(here, field) for field in mask})
    base = replace(base, **{field: getattr(merged.base, field) for field in agreed})
    kept = replace(link, photo_due=True) if photo else link
    if agreed and not mask:
        apart = link.lies_there if differing(base, link.lies_there, view.region) else None
        kept = replace(kept, base=base, there=apart)
    effects: tuple[Effect, ...] = (PutLink(kept),) if kept is not link else ()
    if not mask:
        return Step(Deed.NOTHING, local.id, (*effects, Untouch(local.id, local.revision)))
    push = Push(base, merged.there, mask)
    return Step(Deed.UPDATE_THERE, local.id, effects, push, link, mask, local.revision)


def _agreed(view: View, merged: Merged, link: Link) -> frozenset[str]:
    """The fields that an undo or a one-way sync kept apart, where what is entered here lies there, too, by now.

    That may be some items of a list of which others stay apart.
    """
    return frozenset() if link.there is None else view.differing(merged.base, link.base)
