"""Sees what the program does to single contacts, where that excuses what is not there at the end.

There are five excuses, each for a token or for a field of one contact:

* Google guards neither a deletion nor a picture by an etag: what somebody enters in the account after the program's
  last look at a contact and before the deletion lies in the trash only, a picture that comes just before ours nowhere;
  so does all of a contact which the one that is deleted has just been merged into, where an old id stands for that one;
* a desk that left fields out of its map deletes a contact without knowing what others entered in those fields;
* and makes one again without the phones or e-mails of another that had been merged into it meanwhile;
* a desk that synced one way, and an undo, take contacts out here that stay there; so does whoever deletes one that
  an undo, or a round of one direction that was killed, left with more there than here;
* a desk that synced only to the account overrules names, notes and pictures there, which it never reads, and deletes
  them with their contact; and what it read then, or what an undo kept apart on purpose, stays different until somebody
  edits it, also where the contact was deleted there meanwhile and is brought back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ringdesk.domain.card import Card
from ringdesk.domain.replica import Direction, LinkState, Policy
from ringdesk.sync.merge import differing
from tests.sync.desk import REGION, Desk
from tests.sync.pictures import WORD
from tests.sync.world import SINGLE, HandSide, There, tokens_of

_AGREES = frozenset({LinkState.ACTIVE, LinkState.GONE, LinkState.KEPT})
"""A contact with such a link comes back to what was agreed on, as far as it is not there now."""


@dataclass
class _Asked:
    """A request that is about to change contacts: what they were, what was entered just before."""

    desk: int
    contacts: Mapping[str, There]
    just_now: frozenset[str]
    hidden: frozenset[str]
    overrules: bool


class Witness:
    """Looks at the account before and after each change that the program asks for."""

    def __init__(self, hand: HandSide, changed: Callable[[int, Card, Card], None] = lambda desk, before, after: None):
        """`changed` hears of every contact that a desk has changed in the account, as it was and as it is."""
        self._hand = hand
        self._changed = changed
        self._asked: _Asked | None = None
        self._apart: dict[int, dict[str, frozenset[str]]] = {}
        self._left: dict[int, set[str]] = {}
        self._turned: set[tuple[int, Direction]] = set()
        self._ignored: dict[int, frozenset[str]] = {}
        self._one_way: dict[int, set[str]] = {}
        self._maps: dict[int, list[tuple[float, frozenset[str]]]] = {}
        self.unseen: dict[str, str] = {}
        """Tokens that a deletion of the program could not know, and the contact it deleted."""
        self.outvoted: set[str] = set()
        """Names, notes and pictures of the account that a desk overruled which did not, or could not, read them."""

    def turned(self, number: int, desk: Desk) -> None:
        """A desk syncs in another direction from now on."""
        self._turned.add((number, desk.policy.direction))
        self._ignored[number] = _ignored(desk)

    def mapped(self, number: int, at: float, fields: frozenset[str]) -> None:
        """A desk syncs these fields from now on."""
        self._maps.setdefault(number, []).append((at, Policy().fields - fields))

    def left_out(self, number: int, since: float, until: float) -> frozenset[str]:
        """The fields that a desk left out at some time between the two."""
        maps = self._maps.get(number, [])
        begun = [left for at, left in maps if at <= since][-1:]
        return frozenset().union(*begun, *(left for at, left in maps if since < at <= until))

    def asked(self, number: int, named: frozenset[str], just_now: frozenset[str], hidden: frozenset[str]) -> None:
        """A desk asks to change these contacts. `hidden`: fields it leaves out."""
        if named:
            contacts = {one.remote: one for one in self._hand.all() if one.remote in named}
            overrules = (number, Direction.TO) in self._turned
            self._asked = _Asked(number, contacts, just_now, hidden, overrules)

    def look(self) -> None:
        """The request is over: what has it done?"""
        asked, self._asked = self._asked, None
        if asked is None:
            return
        now = {one.remote: one for one in self._hand.all()}
        for remote, before in asked.contacts.items():
            after = now.get(remote)
            if after is None:
                hidden = tokens_of(Card(**{name: getattr(before.card, name) for name in asked.hidden}))
                unread = {token for token in tokens_of(before.card) if asked.overrules and token.startswith(SINGLE)}
                self.unseen |= dict.fromkeys((tokens_of(before.card) & asked.just_now) | hidden | unread, remote)
                continue
            self._changed(asked.desk, before.card, after.card)
            gone = tokens_of(before.card) - tokens_of(after.card)
            pictures = {token for token in gone & asked.just_now if token.startswith(WORD)}
            overruled = {token for token in gone if token.startswith(SINGLE)} if asked.overrules else set()
            self.outvoted |= pictures | overruled

    def keeps_apart(self, number: int, desk: Desk) -> None:
        """What the desk, which just synced one way or took a sync back, has agreed to let differ from the account."""
        there = {one.remote: one for one in self._hand.all()}
        for contact in desk.contacts():
            link = desk.replicas.link(contact.id)
            if link is None or link.state not in _AGREES:
                continue
            fields = differing(link.base, link.lies_there, REGION)
            one = there.get(link.remote) if link.state is LinkState.ACTIVE else None
            if one is not None and one.card.photo != desk.seen(contact.card).photo:
                fields |= {WORD}
            if fields:
                kept = self._apart.setdefault(number, {})
                kept[contact.id] = kept.get(contact.id, frozenset()) | fields

    def picture_apart(self, number: int, contact: str) -> None:
        """A desk keeps another picture than the account, on purpose."""
        kept = self._apart.setdefault(number, {})
        kept[contact] = kept.get(contact, frozenset()) | {WORD}

    def took_out(self, number: int, contacts: Iterable[str]) -> None:
        """An undo at a desk took these out."""
        self._left.setdefault(number, set()).update(contacts)

    def synced_one_way(self, number: int, desk: Desk) -> None:
        """A desk has had a round in one direction: what it left there since it turned.

        One that was killed may have read that there is more on it there, and leave it for that in a later round.
        """
        left = _ignored(desk) - self._ignored.get(number, frozenset())
        self._one_way.setdefault(number, set()).update(left, _more_there(desk))

    def left_there(self, number: int, deleted: frozenset[str]) -> frozenset[str]:
        """The contacts that may be gone here and stay there; `deleted`: by the desk's user."""
        by_user = deleted & (self.kept_apart(number).keys() | self._one_way.get(number, set()))
        return by_user | self._left.get(number, set())

    def kept_apart(self, number: int) -> Mapping[str, frozenset[str]]:
        """The fields that may differ, by contact."""
        return self._apart.get(number, {})


def _ignored(desk: Desk) -> frozenset[str]:
    """The contacts that do not come to a desk."""
    return frozenset(link.contact for link in desk.replicas.in_state(LinkState.IGNORED, 1000))


def _more_there(desk: Desk) -> Iterator[str]:
    """The contacts deleted at a desk that have more there by what it has read."""
    for contact in desk.replicas.touched("", 1000):
        link = desk.replicas.link(contact)
        if link is None or link.there is None or desk.replicas.contact(contact) is not None:
            continue
        if link.state is LinkState.ACTIVE:
            yield contact
