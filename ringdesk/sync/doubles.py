"""Contacts that are there twice, because two desks made one again: one stays with all that both have, the other goes.

Nobody tells which of the two is older, so the one whose id sorts first stays: every desk decides alike, and none
deletes what another one keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.effects import DropLink, Effect, Logged, Lost, PutLink, SaveContact, Settle, Touch
from ringdesk.domain.remote import NoPicture, RemoteContact, RemoteGone, RemoteItem, RemoteUnreadable
from ringdesk.domain.replica import Clash, Link, LinkState, Review
from ringdesk.sync.context import Context, sliced
from ringdesk.sync.incoming import matched
from ringdesk.sync.keys import SINGLES
from ringdesk.sync.merge import Rules, differing, found_in, merge
from ringdesk.sync.plan import Deed, Edited, Frame, Step, said_gone, winners
from ringdesk.sync.pulling import Pulling
from ringdesk.sync.view import View

MOST_DOUBLES: Final = 10_000


class Doubles:
    """Settles what the pull has found to be there twice; the deletion is sent with everything else."""

    def __init__(self, context: Context, pulling: Pulling) -> None:
        self._context = context
        self._replicas = context.replicas
        self._pulling = pulling

    def settle(self) -> None:
        """Make one of two, wherever both are there. Needs both directions and all fields of them; else they wait."""
        view = self._context.frame().view
        if not (view.inward and view.outward):
            return
        waiting = [one for one in self._replicas.in_state(LinkState.DOUBLE, MOST_DOUBLES) if not one.etag]
        for some in sliced(waiting, self._context.capabilities.fetch_batch):
            self._some(some)

    def _some(self, doubles: Sequence[Link]) -> None:
        pairs: list[tuple[Link, RemoteContact, Link]] = []
        items = self._pulling.fetched([double.remote for double in doubles])
        for double, item in zip(doubles, items, strict=True):
            stays = self._stays(item)
            if isinstance(item, RemoteContact) and stays is not None:
                pairs.append((double, item, stays))
            else:
                self._alone(double, item)
        if not pairs:
            return
        currents = self._pulling.fetched([stays.remote for _, _, stays in pairs])
        for (double, item, stays), current in zip(pairs, currents, strict=True):
            self._pair(double, item, stays, current)

    def _stays(self, item: RemoteItem) -> Link | None:
        """The link of the contact here that an item doubles."""
        if not isinstance(item, RemoteContact):
            return None
        kin = self._pulling.kin(item)
        link = None if kin is None else self._replicas.link(kin.id)
        return link if link is not None and link.state is LinkState.ACTIVE and link.remote != item.remote else None

    def _alone(self, double: Link, item: RemoteItem) -> None:
        """It doubles nothing any more: a contact like any other, or gone."""
        if isinstance(item, RemoteUnreadable):
            return
        freed = [PutLink(replace(double, state=LinkState.DELETED))]
        if isinstance(item, RemoteContact):
            self._pulling.take_freed(item, freed)
        else:
            self._replicas.commit(freed)

    def _pair(self, double: Link, item: RemoteContact, stays: Link, current: RemoteItem) -> None:
        match current:
            case RemoteGone():
                self._replicas.commit([PutLink(said_gone(stays, self._context.clock.now()))])
                self._alone(double, item)
            case RemoteContact(remote=remote) if remote == item.remote:  # the two have become one there
                self._alone(double, current)
            case RemoteContact():
                self._pulling.take([current], sure=True)
                picture = self._picture(max(item, current, key=lambda one: one.remote))
                if picture is not None:
                    self._context.committed(partial(self._merged, double, item, current, picture))
            case RemoteUnreadable():
                return

    def _picture(self, goes: RemoteContact) -> str | None:
        """The picture of the one that goes, by then kept here; None where it cannot be had now: then both wait."""
        if not (goes.photo and self._context.capabilities.photos):
            return ""
        try:
            return self._replicas.put_photo(self._context.reading.photo(goes.photo))
        except NoPicture as error:
            return "" if error.gone else None

    def _merged(
        self, double: Link, item: RemoteContact, current: RemoteContact, picture: str
    ) -> tuple[list[Effect], None]:
        """All that the other one has comes into the contact here; nothing of what differs is left for later."""
        link, local = self._stays(item), self._pulling.kin(item)
        if link is None or local is None:
            return [], None
        frame = self._decided()
        stays = link.remote < item.remote
        kept, goes = (self._context.labels.on(one) for one in ((current, item) if stays else (item, current)))
        if _hides(frame.view, kept, goes):
            return [], None
        edited = self._replicas.edited
        wanted, told = (local, []) if stays else _with_all(frame, local, link, edited)
        wanted, overruled = _with_picture(wanted, link, picture)
        step = matched(frame, wanted, item, self._context.labels.on(item), edited)
        if stays:
            rest = replace(double, etag=item.etag, raw=item.raw)
            effects = [*overruled, *_without_link(step)]
        else:
            rest = replace(double, remote=link.remote, etag=link.etag, raw=link.raw)
            effects = [DropLink(local.id), *told, *overruled, *step.effects]
        if wanted != local and not any(isinstance(effect, SaveContact) for effect in effects):
            effects = [SaveContact(wanted, clean=False), *effects]
        logged = Logged(frame.round, local.id, item.remote, None, None, Deed.RELINK.value)
        self._context.report.note(replace(step, deed=Deed.RELINK), local.card.display_name)
        return [*effects, logged, PutLink(rest), Touch(local.id), Touch(double.contact)], None

    def _decided(self) -> Frame:
        """As every frame, but that a clash is decided now: the other one is about to go."""
        frame = self._context.frame()
        policy = frame.view.policy
        if policy.clash is not Clash.ASK:
            return frame
        return replace(frame, view=replace(frame.view, policy=replace(policy, clash=Clash.RECENT)))


def _hides(view: View, kept: Card, goes: Card) -> bool:
    """Whether the one that goes has more in the fields that are left out: nothing here holds it, so the two wait."""
    both = merge(Card(), kept, Card(), goes, Rules(region=view.region))
    more = differing(both.here, kept, view.region) | (both.clashes & frozenset(SINGLES))
    return not more.isdisjoint(view.left_out)


def _with_all(frame: Frame, local: Contact, link: Link, edited: Edited) -> tuple[Contact, list[Effect]]:
    """The contact with what lies there and was not to come here: with that one it would go, and it is nowhere else.

    What the user was asked about is decided; of two values the other one is history.
    """
    view, there = frame.view, link.lies_there
    here = view.visible(local.card, shared=local.shared)
    asked = {field: getattr(link.base, field) for field in link.held}
    known = replace(found_in(link.base, there, view.region), **asked)
    wins = winners(view.policy.clash, link.held, lambda field: edited(local.id, field), link.updated)
    merged = merge(link.base, here, known, there, view.rules(), wins)
    ours = (view.differing(link.base, there) & frozenset(SINGLES)) | link.held
    lost = [field for field in sorted(ours & view.differing(merged.here, there)) if getattr(there, field)]
    told: list[Effect] = [Lost(local.id, field, there, merged.here) for field in lost]
    settled = [Settle(local.id, frozenset({Review.CLASH}))] if link.held else []
    return view.joined(local, merged.here), [*told, *settled]


def _with_picture(local: Contact, link: Link, picture: str) -> tuple[Contact, list[Effect]]:
    """The contact with the picture of the one that goes, unless it has one of its own: then that one is history."""
    ours = local.card.photo
    if not picture or picture in (ours, link.photo):
        return local, []
    if ours and ours != link.photo:
        return local, [Lost(local.id, "photo", Card(photo=picture), Card(photo=ours))]
    return replace(local, card=replace(local.card, photo=picture)), []


def _without_link(step: Step) -> list[Effect]:
    """What a match changes in the contact here; it stays linked as it is, and what came is sent there."""
    saved = [replace(one, clean=False) if isinstance(one, SaveContact) else one for one in step.effects]
    return [one for one in saved if isinstance(one, SaveContact | Lost | Logged)]
