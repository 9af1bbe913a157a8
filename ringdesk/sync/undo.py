"""Takes the last sync back, on both sides.

Each side gets back what the sync changed on it, as far as nobody has changed it since; what is left is told. A value
that came here goes back here, and the account keeps its own, as it was before the sync: the difference is noted in the
link, so that it does not travel again. A value that went there is put back as an ordinary edit of this side, which the
next round sends. A contact that was made goes where it was made and stays where it came from; one that was deleted
comes back. What was merged there, or may have been, stays as it is on both sides. Notes of the log go in the same
transaction as what they stand for, so that an undo that was killed goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Marks
from ringdesk.domain.effects import (
    BringBack,
    DropLink,
    Effect,
    Logged,
    PutAccount,
    PutLink,
    RemoveContact,
    SaveContact,
    Settle,
    Touch,
    Unlog,
)
from ringdesk.domain.replica import Intent, Link, LinkState
from ringdesk.domain.syncing import SyncUndone, Untaken
from ringdesk.sync.context import Context, sliced
from ringdesk.sync.incoming import holds_all
from ringdesk.sync.merge import differing
from ringdesk.sync.plan import OWN_QUESTIONS, PHOTO_HERE, PHOTO_THERE, Deed
from ringdesk.sync.view import View

CHANGED_BACK: Final = "changed back"
TAKEN_OUT: Final = "taken out here"
BROUGHT_BACK: Final = "brought back"
DELETED_THERE: Final = "deleted there"

_MORE: Final = frozenset({Deed.UPDATE_HERE.value, PHOTO_HERE})
"""What others have put on a contact there has come here with these."""
_THERE: Final = frozenset({LinkState.ACTIVE, LinkState.TAKEN_BACK, LinkState.GONE})
"""A contact here with such a link was there when it was last heard of."""

A_COMMIT: Final = 20
MOST_TOLD: Final = 1000


@dataclass(slots=True)
class _Undoing:
    """What comes of one contact: effects, what that counts as, what could not be done."""

    effects: list[Effect] = field(default_factory=list)
    deeds: set[str] = field(default_factory=set)
    skipped: dict[Untaken, None] = field(default_factory=dict)
    deletes: bool = False


class Undo:
    """Takes the last sync of one account back."""

    def __init__(self, context: Context) -> None:
        self._replicas = context.replicas
        self._context = context
        self._view: View = context.frame().view
        self._counts: Counter[str] = Counter()
        self._skipped: list[tuple[str, Untaken]] = []
        self._came: frozenset[str] = frozenset()
        """The contacts that the sync has brought here."""
        self._taking: frozenset[str] = frozenset()
        """The ids there of contacts that may have taken over a creation nobody has answered."""

    def run(self, account: str) -> SyncUndone:
        """Take it back. Raises StoreError."""
        by_contact: dict[str, list[Logged]] = {}
        for logged in reversed(self._replicas.log()):
            by_contact.setdefault(logged.contact, []).append(logged)
        creations = [entry for entry in self._replicas.entries() if entry.intent is Intent.CREATE]
        self._taking = frozenset(entry.remote for entry in creations)
        self._came = frozenset(
            id for id, logs in by_contact.items() if any(one.deed == Deed.ADD_HERE.value for one in logs)
        )
        for some in sliced([*by_contact], A_COMMIT):
            self._context.committed(partial(self._some, {id: by_contact[id] for id in some}))
        return SyncUndone(account, dict(self._counts), tuple(self._skipped[:MOST_TOLD]))

    def _some(self, logs: Mapping[str, Sequence[Logged]]) -> tuple[list[Effect], None]:
        undoings = {id: self._one(id, logged) for id, logged in logs.items()}
        effects = [effect for one in undoings.values() for effect in one.effects]
        allowed = sum(one.deletes for one in undoings.values())
        if allowed:
            account = self._replicas.account()
            effects.append(PutAccount(replace(account, approved=account.approved + allowed)))
        effects += [Unlog(id) for id in logs]
        self._tell(undoings, logs)
        return effects, None

    def _tell(self, undoings: Mapping[str, _Undoing], logs: Mapping[str, Sequence[Logged]]) -> None:
        for id, one in undoings.items():
            self._counts.update(one.deeds)
            self._skipped += [(self._name(id, logs[id]), why) for why in one.skipped]

    def _name(self, id: str, logs: Sequence[Logged]) -> str:
        local = self._replicas.contact(id)
        if local is not None:
            return local.card.display_name
        kept = [card for one in logs for card in (one.here, one.there) if card is not None]
        link = None if kept else self._replicas.link(id)
        return kept[0].display_name if kept else "" if link is None else link.base.display_name

    def _one(self, id: str, logs: Sequence[Logged]) -> _Undoing:
        local, link = self._replicas.contact(id), self._replicas.link(id)
        deeds = {one.deed for one in logs}
        if deeds == {Deed.ASK.value}:
            return _Undoing()
        if Deed.RELINK.value in deeds or (link is not None and link.remote in self._taking):
            return _left(Untaken.MERGED)
        if self._replicas.entry_of(id) is not None:
            return _left(Untaken.CHANGED)
        if Deed.ADD_HERE.value in deeds:
            return self._added_here(local, link)
        if Deed.ADD_THERE.value in deeds:
            return self._added_there(local, link) if _MORE.isdisjoint(deeds) else self._grown(logs, local, link)
        if Deed.DELETE_HERE.value in deeds:
            return self._deleted_here(id, local, link)
        if Deed.DELETE_THERE.value in deeds:
            return self._deleted_there(id, local, link)
        return self._changed(logs, local, link)

    # Made -------------------------------------------------------------------------------------------------------

    def _added_here(self, local: Contact | None, link: Link | None) -> _Undoing:
        if local is None or link is None:
            return _Undoing()
        if link.state is not LinkState.ACTIVE or self._edited(local, link):
            return _left(Untaken.CHANGED)
        if self._took_over(local.id, local.card) or (link.there is not None and self._took_over(local.id, link.there)):
            return _left(Untaken.MERGED)
        out = PutLink(replace(link, state=LinkState.IGNORED))
        settled = Settle(local.id, OWN_QUESTIONS)
        return _Undoing([RemoveContact(local.id, local.revision), out, settled], {TAKEN_OUT})

    def _added_there(self, local: Contact | None, link: Link | None) -> _Undoing:
        if link is None or link.state is not LinkState.ACTIVE:
            return _left(Untaken.GONE)
        if local is None or self._view.differing(self._shown(local), link.base) or self._picture_comes(local, link):
            return _left(Untaken.CHANGED)
        gone = PutLink(replace(link, state=LinkState.TAKEN_BACK))
        return _Undoing([gone, Touch(local.id)], {DELETED_THERE}, deletes=True)

    def _grown(self, logs: Sequence[Logged], local: Contact | None, link: Link | None) -> _Undoing:
        """It was found there with more than was sent, or has got more since: it stays, what came of that goes here."""
        undoing = self._changed(logs, local, link)
        undoing.skipped.setdefault(Untaken.CHANGED)
        return undoing

    def _took_over(self, id: str, card: Card, before: Card | None = None) -> bool:
        """Whether what came has all of another contact that was here before, which may have been merged into it there.

        Without it here, that one would be made there again beside it as soon as it is edited. `card`: as it is here,
        or as it lies there, which is more where nothing comes here; `before`: what of it was here before it came.
        """
        region = self._view.region
        for one in self._replicas.like(card):
            link = None if one.id == id else self._replicas.link(one.id)
            if link is None or link.state not in _THERE or self._goes(one, link):
                continue
            if holds_all(card, link.base, region) and (before is None or not holds_all(before, link.base, region)):
                return True
        return False

    def _goes(self, one: Contact, link: Link) -> bool:
        """Whether it has come with the sync, and is as it came."""
        return one.id in self._came and link.state is LinkState.ACTIVE and not self._edited(one, link)

    def _picture_comes(self, local: Contact, link: Link) -> bool:
        """Whether somebody put a picture there since that has not come here yet."""
        return self._view.capabilities.photos and link.photo_due and local.card.photo == link.photo

    def _edited(self, local: Contact, link: Link) -> bool:
        """Whether somebody has made it more than what came from the account."""
        unsynced = differing(local.card, link.base, self._view.region) & self._view.left_out
        differs = bool(self._view.differing(self._shown(local), link.base) | unsynced) or local.card.photo != link.photo
        return differs or local.marks != Marks() or self._replicas.noted(local.id)

    # Deleted ----------------------------------------------------------------------------------------------------

    def _deleted_here(self, id: str, local: Contact | None, link: Link | None) -> _Undoing:
        if local is not None:
            return _Undoing()
        kept = [] if link is None else [PutLink(replace(link, state=LinkState.KEPT))]
        return self._brought_back(id, kept)

    def _deleted_there(self, id: str, local: Contact | None, link: Link | None) -> _Undoing:
        if link is not None and link.state is LinkState.ACTIVE:
            return _Undoing()  # somebody has brought it back there already
        again: list[Effect] = [DropLink(id), Touch(id)]
        return self._brought_back(id, again) if local is None else _Undoing(again, {BROUGHT_BACK})

    def _brought_back(self, id: str, then: Sequence[Effect]) -> _Undoing:
        if not self._replicas.can_come_back(id):
            return _left(Untaken.GONE)
        return _Undoing([BringBack(id), *then], {BROUGHT_BACK})

    # Changed ----------------------------------------------------------------------------------------------------

    def _changed(self, logs: Sequence[Logged], local: Contact | None, link: Link | None) -> _Undoing:
        if local is None or link is None or link.state is not LinkState.ACTIVE:
            return _left(Untaken.GONE)
        here = next((one.here for one in logs if one.deed == Deed.UPDATE_HERE.value and one.here is not None), None)
        there = next((one.there for one in logs if one.deed == Deed.UPDATE_THERE.value and one.there is not None), None)
        if here is not None and self._took_over(local.id, link.lies_there, here):
            return _left(Untaken.MERGED)
        undoing = _Undoing()
        back_here, back_there = self._fields(local, link, here, there, undoing)
        if back_here or back_there:
            wanted = self._view.joined(local, replace(self._shown(local), **back_here, **back_there))
            apart = replace(link, base=replace(link.base, **back_here), there=link.lies_there) if back_here else link
            undoing.effects = [PutLink(apart), SaveContact(wanted, clean=False), Touch(local.id)]
            undoing.deeds = {CHANGED_BACK}
        self._photo(logs, local, link, undoing)
        return undoing

    def _fields(
        self, local: Contact, link: Link, here: Card | None, there: Card | None, undoing: _Undoing
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The values that go back here, and those that go back there by way of here."""
        view, shown = self._view, self._shown(local)
        was_here = None if here is None else self._shown(replace(local, card=here))
        changed_here = frozenset[str]() if was_here is None else differing(was_here, link.base, view.region)
        changed_there = frozenset[str]() if there is None else differing(there, link.lies_there, view.region)
        since = differing(shown, link.base, view.region)
        fields = view.fields - link.held
        for why, which in (
            (Untaken.CHANGED, (changed_here | changed_there) & since),
            (Untaken.MERGED, (changed_here & changed_there) - since),
        ):
            if which & fields:
                undoing.skipped[why] = None
        one_sided = ((changed_here ^ changed_there) - since) & fields
        back_here = {name: getattr(was_here, name) for name in sorted(one_sided & changed_here)}
        back_there = {name: getattr(there, name) for name in sorted(one_sided & changed_there)}
        return back_here, back_there

    def _photo(self, logs: Sequence[Logged], local: Contact, link: Link, undoing: _Undoing) -> None:
        """A picture that came here goes again; of one that was sent, the account's own before it was not kept."""
        if any(one.deed == PHOTO_THERE for one in logs):
            undoing.skipped[Untaken.PHOTO] = None
        came = next((one.here for one in logs if one.deed == PHOTO_HERE and one.here is not None), None)
        if came is None:
            return
        if local.card.photo != link.photo:
            undoing.skipped[Untaken.CHANGED] = None
            return
        saves = [one.contact for one in undoing.effects if isinstance(one, SaveContact)]
        links = [one.link for one in undoing.effects if isinstance(one, PutLink)]
        wanted, apart = (saves or [local])[0], (links or [link])[0]
        wanted = replace(wanted, card=replace(wanted.card, photo=came.photo))
        undoing.effects = [PutLink(replace(apart, photo=came.photo)), SaveContact(wanted, clean=False), Touch(local.id)]
        undoing.deeds = {CHANGED_BACK}

    def _shown(self, contact: Contact) -> Card:
        return self._view.visible(contact.card, shared=contact.shared)


def _left(why: Untaken) -> _Undoing:
    return _Undoing(skipped={why: None})
