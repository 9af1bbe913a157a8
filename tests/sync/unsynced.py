"""After everything is quiet: a desk leaves one field out, one side changes it, and once it is synced again that shows.

What both agreed on before the field was left out tells which side has changed it since. An engine that forgets it takes
the old value for news, and nothing is lost by that: the old one only comes back, or wins over the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from ringdesk.domain.card import Card, PhoneEntry
from ringdesk.domain.contact import Contact
from ringdesk.sync.merge import differing
from tests.sync.desk import REGION, Desk
from tests.sync.world import HandSide, People, There, on_both_sides, tokens_of

FIELDS = ("emails", "note", "phones")
"""Those that people take out of the field map, and put back."""


def left_out(dice: Random, people: People, desks: Sequence[Desk]) -> Unsynced | None:
    """A field of a contact that is one on both sides, where there is one."""
    number = dice.randrange(len(desks))
    found = [*_agreed(desks[number], people.hand, desks)]
    return Unsynced(dice, people, desks[number], number, *dice.choice(found)) if found else None


class Unsynced:
    """One field of one contact, which `number` leaves out."""

    def __init__(
        self, dice: Random, people: People, desk: Desk, number: int, local: Contact, there: There, field: str
    ) -> None:
        self.number = number
        self.field = field
        self._dice, self._people, self._desk, self._local, self._there = dice, people, desk, local, there
        self._old = tokens_of(Card(**{field: getattr(local.card, field)}))
        self._new = set[str]()

    def change(self) -> None:
        """One of the two sides gets another value, or none, and half the time the other one another name."""
        here = self._dice.random() < 0.5
        self._change(self.field, here=here)
        if self._dice.random() < 0.5:
            self._change("name", here=not here)

    def _change(self, field: str, *, here: bool) -> None:
        if here:
            self._here(field)
        else:
            self._over_there(field)

    def _here(self, field: str) -> None:
        held = self._desk.get(self._local.id)
        before = self._desk.seen(held.card)
        card = self._changed(before, field, f"desk {self.number}")
        self._people.ledger.replaced(before, card)
        self._desk.edit(held.id, self._desk.unseen(card, held.card))

    def _over_there(self, field: str) -> None:
        before = next(one.card for one in self._people.hand.all() if one.remote == self._there.remote)
        card = self._changed(before, field, "account")
        self._people.ledger.replaced(before, card)
        self._people.hand.edit(self._there.remote, card)

    def _changed(self, card: Card, field: str, where: str) -> Card:
        if field == "name":
            return replace(card, name=replace(card.name, given=self._people.token("name", where)))
        if field == "phones" and self._dice.random() < 0.5:
            card = replace(card, phones=(PhoneEntry(self._people.token("phone", where), "other"),))
        elif field == "note" and self._dice.random() < 0.5:
            card = replace(card, note=self._people.token("note", where))
        else:
            card = replace(card, **{field: getattr(Card(), field)})
        self._new = tokens_of(Card(**{field: getattr(card, field)}))
        return card

    def faults(self) -> list[str]:
        """What is wrong when the field is synced again and all is quiet."""
        shown = [one.card for one in self._people.hand.all() if one.remote == self._there.remote]
        shown += [one.card for one in self._desk.contacts() if one.id == self._local.id]
        values = [tokens_of(Card(**{self.field: getattr(card, self.field)})) for card in shown]
        told = f"{self._local.card.display_name} shows {[sorted(value) for value in values]} as {self.field}"
        return [f"{told}: {sorted(self._new)} came after {sorted(self._old)}"] if values != [self._new] * 2 else []


def _agreed(desk: Desk, hand: HandSide, desks: Sequence[Desk]) -> Iterator[tuple[Contact, There, str]]:
    """Contacts of the desk's user that are the same on both sides, with each field that says something."""
    for contact, link, one in on_both_sides(desk, hand, desks):
        if not differing(one.card, contact.card, REGION) and not differing(link.lies_there, link.base, REGION):
            yield from ((contact, one, field) for field in FIELDS if getattr(contact.card, field))
