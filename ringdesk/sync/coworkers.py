"""Coworkers' contacts: kept as the directory has them, with the user's edits on top until these were sent.

The engine syncs what is mine. `Mine` is the directory as the engine sees it: what is not mine is taken out of every
page on its way and kept in the coworkers' book first, so that no cursor ever stands for something that was not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Coworker, Me, Origin, Owner
from ringdesk.domain.effects import MOST_AT_ONCE
from ringdesk.domain.remote import (
    Capabilities,
    Conflict,
    Container,
    Delete,
    Gone,
    Invalid,
    Ok,
    Op,
    Page,
    Refused,
    RemoteBook,
    RemoteContact,
    RemoteGone,
    RemoteItem,
    Result,
    Update,
)
from ringdesk.domain.sockets import Ids
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.domain.team import CoworkerStore, EditRefused, Kept
from ringdesk.sync.context import STALE_TRIES, sliced
from ringdesk.sync.failure import CONFLICT_TRIES
from ringdesk.sync.merge import Rules, differing, merge

Name = Callable[[str], str]
"""A coworker's name, by login."""


class Mine:
    """The directory's book without what is not mine."""

    def __init__(self, book: RemoteBook, coworkers: Coworkers) -> None:
        self._book = book
        self._coworkers = coworkers

    @property
    def capabilities(self) -> Capabilities:
        """What the directory can do."""
        return self._book.capabilities

    @property
    def form(self) -> str:
        """A cursor is of no use to a coworkers' book that was made anew."""
        return f"{self._book.form} {self._coworkers.identity}"

    def pull(self, cursor: str | None) -> Iterator[Page]:
        """What changed of mine; what changed of others is kept before it goes on."""
        listed: set[str] = set()
        for page in self._book.pull(cursor):
            mine = self._coworkers.sort_out(page.items)
            if page.full:
                listed |= {item.remote for item in page.items}
                if page.complete:
                    self._coworkers.keep_only(listed)
            yield replace(page, items=mine)

    def push(self, ops: Sequence[Op]) -> Sequence[Result]:
        """Carry operations on mine out."""
        return self._book.push(ops)

    def fetch(self, remotes: Sequence[str]) -> Sequence[RemoteItem]:
        """The current form of mine; what belongs to somebody else by now is gone from here."""
        found = self._book.fetch(remotes)
        mine = {item.remote for item in self._coworkers.sort_out(found) if isinstance(item, RemoteContact)}
        return [
            RemoteGone(asked) if isinstance(item, RemoteContact) and item.remote not in mine else item
            for asked, item in zip(remotes, found, strict=True)
        ]

    def photo(self, reference: str) -> bytes:
        """A picture's bytes."""
        return self._book.photo(reference)

    def put_photo(self, remote: str, etag: str, data: bytes | None) -> Result:
        """Give a contact a picture."""
        return self._book.put_photo(remote, etag, data)

    def containers(self) -> Sequence[Container]:
        """All containers."""
        return self._book.containers()

    def create_container(self, name: str) -> Container:
        """Make a container."""
        return self._book.create_container(name)

    def rename_container(self, remote: str, name: str) -> Container:
        """Rename a container."""
        return self._book.rename_container(remote, name)

    def on_wake(self, wake: Callable[[], None] | None) -> None:
        """Call when there may be something to pull."""
        self._book.on_wake(wake)

    def close(self) -> None:
        """Hang up."""
        self._book.close()


@dataclass(frozen=True, slots=True)
class _Sent:
    """An edit on its way."""

    kept: Kept
    op: Update


NOT_THEIRS: Final = ("owner", "private", "unclaimed", "taken")
"""Refusals that mean the contact is not what it was when it was edited: the next look tells what it is."""


class Coworkers:
    """Keeps the coworkers' book; belongs to the thread of the team's worker."""

    def __init__(
        self, store: CoworkerStore, *, ids: Ids, region: Callable[[], str], tell: Callable[[EditRefused], None]
    ) -> None:
        self._store = store
        self._ids = ids
        self._region = region
        self._tell = tell
        self._name: Name = lambda login: login

    @property
    def identity(self) -> str:
        """Another one where the book was made anew."""
        return self._store.identity

    def go_by(self, names: Mapping[str, str]) -> None:
        """Coworkers are called so from now on."""
        self._name = lambda login: names.get(login, login)
        self._store.name_owners(names)

    # In ------------------------------------------------------------------------------------------------------------

    def sort_out(self, items: Iterable[RemoteItem]) -> tuple[RemoteItem, ...]:
        """Keep what is not mine; gives the rest, and every tombstone, because nobody knows whose it was."""
        every = list(items)
        theirs = [one for one in every if isinstance(one, RemoteContact) and not isinstance(one.owner, Me)]
        leaving = {*self._store.leaving()}  # deleted here: it comes back only where the directory will not delete it
        for some in sliced([one for one in theirs if one.remote not in leaving], MOST_AT_ONCE):
            self._stored(lambda some=some: self._taken(some))  # type: ignore[misc]  # bound to this slice
        not_theirs = {one.remote for one in every} - {one.remote for one in theirs}
        self._store.erase([*self._store.kept(not_theirs)])
        kept = {id(one) for one in theirs}
        return tuple(one for one in every if id(one) not in kept)

    def keep_only(self, listed: set[str]) -> None:
        """Everything was listed: forget the rest."""
        self._store.erase([id for id in self._store.ids() if id not in listed])

    def _taken(self, items: Sequence[RemoteContact]) -> list[Kept]:
        known = self._store.kept([item.remote for item in items])
        found = [self._form(item, known.get(item.remote)) for item in items]
        return [form for form in found if form is not None]

    def _form(self, item: RemoteContact, before: Kept | None) -> Kept | None:
        """How an item is to be kept; None where it is already."""
        owner = self._owner(item.owner)
        shared = bool(item.shared)
        if before is None:
            contact = Contact(id=item.remote, card=item.card, owner=owner, shared=shared, origin=Origin.TEAM)
            return Kept(contact=contact, base=item.card, etag=item.etag, raw=item.raw)
        if (before.etag, before.contact.owner, before.contact.shared) == (item.etag, owner, shared):
            return None
        here = self._merged(before, item.card) if before.edited else item.card
        contact = replace(before.contact, card=here, owner=owner, shared=shared)
        return Kept(
            contact=contact, base=item.card, etag=item.etag, raw=item.raw, edited=bool(self._mask(here, item.card))
        )

    def _merged(self, before: Kept, there: Card) -> Card:
        """My edit on top of what it has become there, field by field; where both changed a field, mine is sent."""
        rules = Rules(region=self._region())
        return merge(before.base, before.contact.card, before.base, there, rules).here

    def _owner(self, owner: Owner | None) -> Owner:
        if isinstance(owner, Coworker):
            return Coworker(owner.login, self._name(owner.login))
        return owner or Me()

    # Out -----------------------------------------------------------------------------------------------------------

    def delete(self, book: RemoteBook) -> None:
        """Delete callers there that were deleted here; one that somebody has claimed meanwhile comes back as it is."""
        for some in sliced(list(self._store.leaving()), book.capabilities.delete_batch):
            ops = [Delete(op=self._ids.new(), remote=id, etag="") for id in some]
            for id, result in zip(some, book.push(ops), strict=True):
                match result:
                    case Ok() | Gone():
                        self._store.left(id)
                    case Refused():
                        self._stays(book, id)
                    case _:
                        pass  # unclear, or to be tried later: it waits for the next round

    def _stays(self, book: RemoteBook, id: str) -> None:
        self._store.left(id)
        self.sort_out(book.fetch([id]))
        kept = self._store.kept([id]).get(id)
        self._tell(EditRefused(id, "" if kept is None else kept.contact.card.display_name, "claimed"))

    def push(self, book: RemoteBook) -> int:
        """Send my edits of coworkers' contacts; gives how many were taken."""
        taken = 0
        waiting = list(self._store.edited())
        for _ in range(CONFLICT_TRIES):
            again: list[str] = []
            for some in sliced(waiting, book.capabilities.update_batch):
                sent = [one for id, kept in self._store.kept(some).items() if (one := self._op(id, kept)) is not None]
                for one, result in zip(sent, book.push([one.op for one in sent]) if sent else (), strict=True):
                    taken += isinstance(result, Ok)
                    again += [one.op.remote] * self._settle(one, result)
            waiting = again
        return taken

    def _op(self, id: str, kept: Kept) -> _Sent | None:
        mask = self._mask(kept.contact.card, kept.base)
        if not mask:
            self._stored(lambda: self._as_is(id))
            return None
        op = Update(op=self._ids.new(), remote=id, etag=kept.etag, card=kept.contact.card, mask=mask, raw=kept.raw)
        return _Sent(kept, op)

    def _settle(self, sent: _Sent, result: Result) -> bool:
        """What follows from an answer; True where the edit is to be sent again at once."""
        id = sent.op.remote
        match result:
            case Ok(item):
                lies = item if item is not None else RemoteContact(remote=id, etag="", card=sent.op.card)
                self._stored(lambda: self._acknowledged(id, sent, lies))
            case Conflict(item):
                self._stored(lambda: self._taken([item]))
                return True
            case Gone():
                self._store.erase([id])
                self._tell(EditRefused(id, sent.kept.contact.card.display_name, "gone"))
            case Refused(why):
                self._given_up(sent, why)
            case Invalid(field):
                self._given_up(sent, f"invalid {field}")
            case _:
                pass  # unclear, or to be tried later: it waits for the next round
        return False

    def _acknowledged(self, id: str, sent: _Sent, item: RemoteContact) -> list[Kept]:
        now = self._store.kept([id]).get(id)
        if now is None:
            return []
        edited = now.contact.card != sent.kept.contact.card and bool(self._mask(now.contact.card, item.card))
        return [replace(now, base=item.card, etag=item.etag, raw=item.raw, edited=edited)]

    def _as_is(self, id: str) -> list[Kept]:
        now = self._store.kept([id]).get(id)
        return [] if now is None else [replace(now, edited=bool(self._mask(now.contact.card, now.base)))]

    def _given_up(self, sent: _Sent, why: str) -> None:
        """It is not allowed: the contact is as its owner has it."""

        def back() -> list[Kept]:
            now = self._store.kept([sent.op.remote]).get(sent.op.remote)
            if now is None:
                return []
            return [replace(now, contact=replace(now.contact, card=now.base), edited=False)]

        self._stored(back)
        self._tell(EditRefused(sent.op.remote, sent.kept.contact.card.display_name, why))

    def _mask(self, card: Card, base: Card) -> frozenset[str]:
        return differing(card, base, self._region()) - {"photo"}

    def _stored(self, make: Callable[[], list[Kept]]) -> None:
        """Work out what to keep and keep it; again where the user has saved one of them meanwhile."""
        for _ in range(STALE_TRIES):
            try:
                self._store.put(make())
            except StoreError as error:
                if error.trouble is not StoreTrouble.STALE:
                    raise
            else:
                return
        raise StoreError(StoreTrouble.STALE, "contacts change faster than they can be kept")
