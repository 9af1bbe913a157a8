"""Carries pictures, behind everything else and a few a round: they go one by one and count most against quotas."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ringdesk.domain.contact import Contact
from ringdesk.domain.effects import Logged, PutLink, SaveContact
from ringdesk.domain.remote import Gone, Invalid, Ok, Refused, RemoteContact
from ringdesk.domain.replica import Clash, Link
from ringdesk.domain.syncing import Phase
from ringdesk.sync.context import Context, sliced
from ringdesk.sync.plan import PHOTO_HERE, PHOTO_THERE, Deed, Step
from ringdesk.sync.pulling import Pulling

A_ROUND: Final = 40
"""Pictures carried in one round, so that edits never wait long behind them."""


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
        links = {link.remote: link for link in self._replicas.photos_due(A_ROUND)}
        self._context.report.more = len(links) == A_ROUND
        carried = 0
        for remotes in sliced([*links], self._context.capabilities.fetch_batch):
            for asked, item in zip(remotes, self._pulling.fetched(remotes), strict=True):
                local = self._replicas.contact(links[asked].contact)
                if isinstance(item, RemoteContact) and local is not None and not self._context.stopped():
                    self._one(links[asked], local, item)
            carried += len(remotes)
            self._context.tell(Phase.PHOTOS, carried, len(links))

    def _one(self, link: Link, local: Contact, item: RemoteContact) -> None:
        view = self._context.frame().view
        here = local.card.photo != link.photo
        there = item.photo != link.photo_ref
        if here and there and not link.photo and not link.photo_ref and item.photo:
            # two that were never compared: neither is put over the other
            both = replace(link, photo=local.card.photo, photo_ref=item.photo, photo_due=False)
            self._replicas.commit([PutLink(both)])
        elif here and view.outward and not (there and view.inward and self._context.policy.clash is Clash.THEIRS):
            self._out(link, local, item)
        elif there and view.inward:
            self._in(link, local, item)
        else:
            self._replicas.commit([PutLink(replace(link, photo_due=False))])

    def _in(self, link: Link, local: Contact, item: RemoteContact) -> None:
        digest = self._replicas.put_photo(self._context.book.photo(item.photo)) if item.photo else ""
        done = PutLink(replace(link, photo=digest, photo_ref=item.photo, photo_due=False))
        if digest == local.card.photo:
            self._replicas.commit([done])
            return
        changed = replace(local, card=replace(local.card, photo=digest))
        self._replicas.commit([SaveContact(changed, clean=False), done, self._logged(local, item, PHOTO_HERE)])
        self._context.report.note(Step(Deed.UPDATE_HERE, local.id, fields=frozenset({"photo"})), "")

    def _logged(self, local: Contact, item: RemoteContact, deed: str) -> Logged:
        return Logged(self._context.frame().round, local.id, item.remote, local.card, None, deed)

    def _out(self, link: Link, local: Contact, item: RemoteContact) -> None:
        data = self._replicas.photo(local.card.photo) if local.card.photo else None
        match self._context.book.put_photo(link.remote, item.etag, data):
            case Ok(RemoteContact() as stored):
                self._replicas.commit(
                    [
                        PutLink(
                            replace(
                                link,
                                etag=stored.etag,
                                updated=stored.updated,
                                raw=stored.raw or link.raw,
                                photo=local.card.photo,
                                photo_ref=stored.photo,
                                photo_due=False,
                                written=self._context.clock.now(),
                            )
                        ),
                        self._logged(local, item, PHOTO_THERE),
                    ]
                )
                self._context.report.note(Step(Deed.UPDATE_THERE, local.id, fields=frozenset({"photo"})), "")
            case Invalid() | Refused() | Gone():
                self._replicas.commit([PutLink(replace(link, photo=local.card.photo, photo_due=False))])
            case _:
                return  # unclear, or not now: the picture stays due
