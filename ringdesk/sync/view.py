"""What of a contact takes part in syncing with an account: its mapped fields, as far as the account can hold them.

The rest of the card stays here untouched: `joined` puts the two together again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from operator import attrgetter
from typing import Any, Final

from ringdesk.domain.card import Card, Email, PhoneEntry
from ringdesk.domain.contact import Contact, Origin
from ringdesk.domain.ownership import Deed, refused
from ringdesk.domain.remote import Capabilities, Container, RemoteContact
from ringdesk.domain.replica import Direction, Policy
from ringdesk.sync.keys import LISTS, value_of
from ringdesk.sync.merge import FIELDS, Rules, differing


@dataclass(frozen=True)
class View:
    """How this account sees contacts. What follows from the choices is worked out once: a pull asks by the thousand."""

    policy: Policy
    capabilities: Capabilities
    region: str

    @cached_property
    def inward(self) -> bool:
        """Whether edits made there come here."""
        return self.capabilities.reads and self.policy.direction is not Direction.TO and not self.policy.view_only

    @cached_property
    def outward(self) -> bool:
        """Whether edits made here go there."""
        return self.capabilities.writes and (self.policy.direction is not Direction.FROM or self.policy.view_only)

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that are synced."""
        able = self.capabilities.fields | ({"groups"} if self.capabilities.groups else frozenset())
        return self.policy.fields & able & frozenset(FIELDS)

    @cached_property
    def left_out(self) -> frozenset[str]:
        """The fields that are not synced: what was last agreed of them is kept for the day they are synced again."""
        return frozenset(FIELDS) - self.fields

    def differing(self, one: Card, other: Card) -> frozenset[str]:
        """The synced fields in which two cards say different things."""
        return differing(one, other, self.region) & self.fields

    def rules(self, held: frozenset[str] = frozenset()) -> Rules:
        """The rules of every merge with this account."""
        return Rules(
            region=self.region,
            inward=self.inward,
            outward=self.outward,
            keep_removed=self.policy.keep_removed,
            held=held | self.left_out,
        )

    @cached_property
    def _usual(self) -> bool:
        """Whether all of a usual card is synced."""
        whole = self.fields >= _USUAL and self.capabilities.phone_slots is None
        return whole and not (self.policy.share_label and "groups" in self.fields)

    def visible(self, card: Card, *, shared: bool = False) -> Card:
        """The part of a card that is synced; with a share label, being shared is being in it.

        Of most cards that is all, and then it is the card itself.
        """
        if self._usual and not _more(card) and _all_says(card):
            return card
        made: dict[str, Any] = {}
        whole = True
        for field, value in zip(_NAMES, _PARTS(card), strict=True):
            if value and field in self.fields:
                made[field] = self._items(field, value) if field in LISTS else value
                whole = whole and made[field] is value
            elif value:
                whole = False
        label = self.policy.share_label
        if label and "groups" in self.fields:
            others = tuple(group for group in made.get("groups", ()) if group != label)
            made["groups"] = (*others, label) if shared else others
        elif whole:
            return card
        return Card(**made)

    def _items(self, field: str, items: tuple[Any, ...]) -> tuple[Any, ...]:
        """Those of a list that take part; the list itself where all do."""
        kept = [item for item in items if _says(field, item, self.region)]
        if field == "groups":
            kept = [*dict.fromkeys(kept)]
        elif field == "custom":
            kept = [item for item in kept if item.key not in self.policy.private_custom]
        elif field == "phones" and self.capabilities.phone_slots is not None:
            kept = self._slotted(kept)
        return items if len(kept) == len(items) else tuple(kept)

    def _slotted(self, phones: Sequence[PhoneEntry]) -> list[PhoneEntry]:
        slots = dict(self.capabilities.phone_slots or {})
        fitting: list[PhoneEntry] = []
        for phone in phones:
            slot = phone.label if phone.label in slots else ""
            if slots.get(slot, 0) > 0:
                slots[slot] -= 1
                fitting.append(phone)
        return fitting

    def joined(self, contact: Contact, merged: Card) -> Contact:
        """The contact with its synced part replaced."""
        card = contact.card
        before = self.visible(card, shared=contact.shared)
        changed: dict[str, Any] = {}
        for field in self.fields:
            old, new = getattr(before, field), getattr(merged, field)
            if old != new:
                changed[field] = (*new, *_besides(getattr(card, field), old)) if field in LISTS else new
        shared = contact.shared
        label = self.policy.share_label
        if label and "groups" in changed:
            shared = label in merged.groups
            changed["groups"] = tuple(dict.fromkeys(changed["groups"]))
        return replace(contact, card=replace(card, **changed), shared=shared) if changed else contact

    def shared_there(self, item: RemoteContact, card: Card) -> bool:
        """Whether a contact there is shared: a directory says so itself, elsewhere the share label does."""
        if self.capabilities.shares:
            return bool(item.shared)
        return bool(self.policy.share_label) and self.policy.share_label in card.groups

    def goes_out(self, contact: Contact) -> bool:
        """Whether a contact that the account does not have yet shall be made there."""
        if self.capabilities.shares:
            return self.outward and contact.shared and refused(contact, Deed.SHARE, administrator=False) is None
        caller = self.policy.unknown_callers and contact.origin is Origin.CALL and bool(contact.card.phones)
        mine = refused(replace(contact, linked=contact.linked or caller), Deed.SYNC, administrator=False) is None
        listed = not self.policy.groups or not self.policy.groups.isdisjoint(contact.card.groups)
        phoned = not self.policy.only_with_phones or bool(contact.card.phones)
        return self.outward and mine and listed and phoned and self.visible(contact.card) != Card()

    @cached_property
    def takes_all(self) -> bool:
        """Whether all contacts of the account shall be here."""
        return self.inward and not (self.policy.labels or self.policy.only_with_phones)

    @cached_property
    def hears_of_sharing(self) -> bool:
        """Whether any contact there can be shared."""
        return self.capabilities.shares or bool(self.policy.share_label)

    def comes_in(self, item: RemoteContact) -> bool:
        """Whether a contact of the account that is not here yet shall be made here."""
        labelled = not self.policy.labels or bool(self.policy.labels & item.containers)
        phoned = not self.policy.only_with_phones or bool(item.card.phones)
        return self.inward and labelled and phoned


_NAMES: Final = tuple(field.name for field in fields(Card))
_PARTS: Final = attrgetter(*_NAMES)


_USUAL: Final = frozenset({"name", "phones", "emails", "organizations", "note"})


def _more(card: Card) -> bool:
    """Whether a card has more than `_USUAL`."""
    few = card.nicknames or card.addresses or card.urls or card.birthday or card.relations
    return bool(few or card.custom or card.groups or card.photo)


def _all_says(card: Card) -> bool:
    """Whether each item of a card with no more than `_USUAL` says something, as far as it is plain."""
    reached: tuple[PhoneEntry | Email, ...] = (*card.phones, *card.emails)
    for item in reached:
        text = item.value
        if not (text.isascii() and text.isprintable() and text) or text.isspace():
            return False
    for firm in card.organizations:
        text = firm.name or firm.title or firm.department
        if not text.isascii() or not text.strip():
            return False
    return True


def _says(field: str, item: Any, region: str) -> bool:
    """Whether an item says anything, so that it can be told from others."""
    if isinstance(item, PhoneEntry | Email) and item.value.isascii() and item.value.isprintable():
        return not (item.value.isspace() or item.value == "")  # as `value_of` has it, without reading the number
    return value_of(field, item, region) != ""


def _besides(all_items: tuple[Any, ...], shown: tuple[Any, ...]) -> tuple[Any, ...]:
    """The items that are not among those shown; counted, because an item may be there twice."""
    left = Counter(shown)
    kept: list[Any] = []
    for item in all_items:
        if left[item]:
            left[item] -= 1
        else:
            kept.append(item)
    return tuple(kept)


class Labels:
    """Containers by name and by id. A card holds names; system containers never show on it.

    `inside`: the account has no containers, its cards hold the names themselves.
    """

    def __init__(self, containers: tuple[Container, ...], *, inside: bool = False) -> None:
        self.all = containers
        self.inside = inside
        self._names = {one.remote: one.name for one in containers if not one.system and one.name}
        self._ids = {name: remote for remote, name in self._names.items()}

    def on(self, item: RemoteContact) -> Card:
        """The item's card with its groups."""
        if self.inside:
            return replace(item.card, photo="")
        card = item.card
        names: tuple[str, ...] = ()
        if not self._names.keys().isdisjoint(item.containers):
            names = tuple(sorted([self._names[one] for one in item.containers if one in self._names]))
        return card if names == card.groups and not card.photo else replace(card, groups=names, photo="")

    def missing(self, card: Card) -> list[str]:
        """The card's groups for which there is no container yet."""
        return [] if self.inside else [group for group in card.groups if group not in self._ids]

    def sent(self, card: Card) -> Card:
        """The card as it is sent: without groups where containers hold them."""
        return card if self.inside else replace(card, groups=())

    def ids(self, card: Card) -> frozenset[str]:
        """The containers of the card's groups."""
        return frozenset(self._ids[group] for group in card.groups if group in self._ids)
