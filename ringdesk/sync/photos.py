"""Carries pictures, behind everything else and a few a round: they go one by one and count most against quotas."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact
from ringdesk.domain.effects import Effect, Logged, Lost, PutLink, SaveContact
from ringdesk.domain.remote import Gone, Invalid, NoPicture, Ok, Refused, RemoteContact, RemoteGone, RemoteItem, Retry
from ringdesk.domain.replica import Clash, Link
from ringdesk.domain.syncing import Phase
from ringdesk.sync.context import Context, sliced
from ringdesk.sync.items import asked_as
from ringdesk.sync.merge import Side
from ringdesk.sync.plan import PHOTO_HERE, PHOTO_THERE, Deed, Step, said_gone, winners
from ringdesk.sync.pulling import Pulling

PHOTO: Final = "photo"
_PHOTO: Final = frozenset({PHOTO})
A_ROUND: Final = 40
"""Pictures carried in one round, so that edits never wait long behind them."""
LOOKS: Final = 4
"""So often a contact there is read for one picture that goes there; after that it stays due."""


class Photos:
    """The photo lane of a round."""

    def __init__(self, context: Context, pulling: Pulling) -> None:
        self._context = context
        self._replicas = context.replicas
        self._pulling = pulling

    def carry(self) -> None:
        """Carry some of the pictures that are due."""
        if not self._context.capabilities.photos:
            return
        links = self._due()
        sent = [remote for remote, link in links.items() if self._goes_out(link)]
        carried = 0
        for remotes in sliced([one for one in links if one not in sent], self._context.capabilities.fetch_batch):
            for asked, item in zip(remotes, self._pulling.fetched(remotes), strict=True):
                self._tried(links[asked], item)
            carried += len(remotes)
            self._context.tell(Phase.PHOTOS, carried, len(links))
        for remote in sent:
            self._tried(links[remote], None)
            carried += 1
            self._context.tell(Phase.PHOTOS, carried, len(links))

    def _goes_out(self, link: Link) -> bool:
        local = self._replicas.contact(link.contact)
        return local is not None and self._changed_here(link, local)

    def _changed_here(self, link: Link, local: Contact) -> bool:
        return self._context.frame().view.outward and local.card.photo != link.photo

    def _due(self) -> dict[str, Link]:
        """Links whose turn it is; pictures that could not be had are tried again behind the others."""
        unhad = self._context.unhad
        due = {link.remote: link for link in self._replicas.photos_due(A_ROUND + len(unhad))}
        first = [remote for remote in due if remote not in unhad]
        self._context.report.more = len(first) >= A_ROUND
        turns = [*first, *(remote for remote in unhad if remote in due)][:A_ROUND]
        return {remote: due[remote] for remote in turns}

    def _tried(self, link: Link, item: RemoteItem | None) -> None:
        """Carry a picture; one that cannot be had there keeps no other from being carried.

        `item`: the contact there as it was read along with others, a while ago. No etag guards a picture there, so the
        contact is read by itself before one is sent; if the picture is another one by then, all is decided anew.
        """
        self._context.unhad.pop(link.remote, None)
        for tries in range(1, LOOKS + 1):
            if self._context.stopped():
                return
            just_now = item is None
            seen = self._pulling.fetched([link.remote])[0] if item is None else item
            local, item = self._replicas.contact(link.contact), None
            if not isinstance(seen, RemoteContact) or seen.remote != link.remote:
                self._not_there(link, seen)
                return
            if local is None:
                return
            try:
                undecided = self._one(link, local, seen, just_now=just_now)
            except NoPicture as error:
                self._not_had(link, local, seen, gone=error.gone)
                return
            except Retry as error:
                self._context.reading.wait(error, tries, LOOKS)
                continue
            if undecided is None:
                return
            link = undecided

    def _not_there(self, link: Link, item: RemoteItem) -> None:
        """The contact is gone there, or has another id by now, or was merged into another one: no report may tell."""
        if isinstance(item, RemoteGone):
            self._replicas.commit([PutLink(said_gone(link, self._context.clock.now()))])
        elif isinstance(item, RemoteContact):
            self._pulling.take([item], sure=True)

    def _not_had(self, link: Link, local: Contact, item: RemoteContact, *, gone: bool) -> None:
        if gone:
            self._never(link, local, item)
        else:
            self._context.unhad[link.remote] = None
            self._context.report.put_off += 1

    def _never(self, link: Link, local: Contact, item: RemoteContact) -> None:
        """Theirs never comes: ours goes there if it wins, else each side keeps its own until one gets another."""
        ours = self._changed_here(link, local) and self._ours(link, local, item)
        agreed = link.photo if ours else local.card.photo
        self._replicas.commit([PutLink(replace(link, photo=agreed, photo_ref=item.photo, photo_due=ours))])

    def _one(self, link: Link, local: Contact, item: RemoteContact, *, just_now: bool) -> Link | None:
        """Carry it one way or the other; gives the link where the contact there has to be read again before."""
        here = self._changed_here(link, local)
        there = self._context.frame().view.inward and item.photo != link.photo_ref
        if here and there:
            return self._clash(link, local, item)
        if here and not just_now:
            return link
        if here:
            self._out(link, local, item)
        elif there:
            self._in(link, local, item, self._fetched(item))
        else:
            self._replicas.commit([PutLink(replace(link, photo_due=False))])
        return None

    def _ours(self, link: Link, local: Contact, item: RemoteContact) -> bool:
        """Both sides have another picture than the one they agreed on: whether the one here wins. Nobody is asked."""
        clash = self._context.policy.clash
        policy = Clash.RECENT if clash is Clash.ASK else clash
        updated = link.changed_there(item.etag, item.updated)
        wins = winners(policy, _PHOTO, lambda field: self._replicas.edited(local.id, field), updated)
        return wins[PHOTO] is Side.HERE

    def _clash(self, link: Link, local: Contact, item: RemoteContact) -> Link | None:
        """Both sides changed it: theirs wins, unless it is the agreed one at another address, or ours is to win."""
        if self._ours(link, local, item):
            return self._overruled(link, local, item)
        digest = self._fetched(item)
        if digest == link.photo:
            return replace(link, photo_ref=item.photo)
        self._in(link, local, item, digest)
        return None

    def _overruled(self, link: Link, local: Contact, item: RemoteContact) -> Link:
        """Before the picture there is replaced, it goes into the history here; gives the link that says so.

        From then on it is what the two agreed on, and the one here has come since: whichever is here when ours can be
        sent goes there, be it the one of before.
        """
        digest = self._fetched(item)
        known = replace(link, photo=digest, photo_ref=item.photo)
        if item.photo:
            lost = Lost(local.id, PHOTO, Card(photo=digest), Card(photo=local.card.photo))
            self._replicas.commit([lost, PutLink(known)])
        return known

    def _fetched(self, item: RemoteContact) -> str:
        return self._replicas.put_photo(self._context.book.photo(item.photo)) if item.photo else ""

    def _in(self, link: Link, local: Contact, item: RemoteContact, digest: str) -> None:
        if self._context.committed(partial(self._brought, link, local.card.photo, item, digest)):
            self._context.report.note(Step(Deed.UPDATE_HERE, local.id, fields=_PHOTO), "")

    def _brought(self, link: Link, before: str, item: RemoteContact, digest: str) -> tuple[list[Effect], bool]:
        """Theirs for the contact as it is now; it stays due where it got another one here while theirs was fetched."""
        local = self._replicas.contact(link.contact)
        if local is None or local.card.photo != before:
            return [], False
        done = PutLink(replace(link, photo=digest, photo_ref=item.photo, photo_due=False))
        if digest == before:
            return [done], False
        changed = replace(local, card=replace(local.card, photo=digest))
        return [SaveContact(changed, clean=False), done, self._logged(local, item, PHOTO_HERE)], True

    def _logged(self, local: Contact, item: RemoteContact, deed: str) -> Logged:
        return Logged(self._context.frame().round, local.id, item.remote, local.card, None, deed)

    def _out(self, link: Link, local: Contact, item: RemoteContact) -> None:
        data = self._replicas.photo(local.card.photo) if local.card.photo else None
        match self._context.book.put_photo(link.remote, item.etag, data):
            case Ok(RemoteContact() as stored):
                done = replace(link, photo=local.card.photo, photo_ref=stored.photo, photo_due=False)
                put = PutLink(replace(done, written=self._context.clock.now()))
                self._replicas.commit([put, self._logged(local, item, PHOTO_THERE)])
                self._context.report.note(Step(Deed.UPDATE_THERE, local.id, fields=_PHOTO), "")
                now = asked_as(stored, link.remote)
                self._pulling.take([now], sure=True)  # no etag guards a picture: somebody may have edited the rest
            case Gone():  # or under another id by now: it is asked about, and the picture stays due
                self._replicas.commit([PutLink(said_gone(link, self._context.clock.now()))])
            case Invalid() | Refused():
                self._replicas.commit([PutLink(replace(link, photo=local.card.photo, photo_due=False))])
            case _:
                return  # unclear, or not now: the picture stays due
