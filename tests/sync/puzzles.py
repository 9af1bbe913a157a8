"""What people do that makes the engine ask: else its questions would hardly ever be there to be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from ringdesk.domain.card import Card, Email, Name, PhoneEntry
from ringdesk.domain.contact import Contact
from tests.sync.desk import Desk
from tests.sync.world import People, There, on_both_sides, tokens_of

_MOST = 4


class Puzzles:
    """A few of them, on a desk and in the account, by dice of their own."""

    def __init__(self, dice: Random, people: People, desks: Sequence[Desk]) -> None:
        self._dice = dice
        self._people = people
        self._desks = desks

    def set(self) -> None:
        """Some of each, about contacts that are the same on both sides, and about new ones."""
        for _ in range(self._dice.randrange(1, _MOST)):
            number = self._dice.randrange(len(self._desks))
            kind = self._dice.choice((self._delete, self._merge, self._merge, self._clash))
            known = [*on_both_sides(self._desks[number], self._people.hand, self._desks)]
            if self._dice.random() < 0.25 or not known:
                self._twin(number)
            else:
                local, _, there = self._dice.choice(known)
                kind(number, local, there)

    def _delete(self, number: int, local: Contact, there: There) -> None:
        """Deleted in the account."""
        self._people.ledger.deleted_there(there.card)
        self._people.hand.delete(there.remote)

    def _merge(self, number: int, local: Contact, there: There) -> None:
        """Edited on a desk; in the account it loses a phone, and becomes a part of another one."""
        self._phoned(number, local)
        left = {phone.value for phone in there.card.phones[1:]} | {email.value for email in there.card.emails}
        if left & tokens_of(local.card):  # else nobody could tell
            self._edit(there, replace(there.card, phones=there.card.phones[1:]))
        all_ = {one.remote: one for one in self._people.hand.all()}
        gone = all_.pop(there.remote)
        if all_:
            self._people.merge(all_[self._dice.choice(sorted(all_))], gone)

    def _clash(self, number: int, local: Contact, there: There) -> None:
        """The same field edited on both sides: of one value, or of a list of which one thing is disputed."""
        note = self._dice.random() < 0.5
        here, over = (
            self._disputed(card, where, note=note)
            for card, where in ((self._desks[number].seen(local.card), f"desk {number}"), (there.card, "account"))
        )
        self._save(number, local, here)
        self._edit(there, over)

    def _disputed(self, card: Card, where: str, *, note: bool) -> Card:
        if note:
            return replace(card, note=self._people.token("note", where))
        first = [replace(phone, label=f"label {where}") for phone in card.phones[:1]]
        more = [PhoneEntry(self._people.token("phone", where), "other")] if self._dice.random() < 0.5 else []
        return replace(card, phones=(*first, *card.phones[1:], *more))

    def _twin(self, number: int) -> None:
        """New on both sides, with one phone and two names: maybe one contact, maybe two."""
        where = f"desk {number}"
        card = self._people.card(where)
        self._desks[number].add(self._desks[number].unseen(card))
        name = Name(given=self._people.token("name", "account"))
        mail = Email(self._people.token("email", "account"), "work")
        self._people.hand.add(replace(card, name=name, emails=(mail,), custom=(), photo="", groups=()))

    # What they do it with ----------------------------------------------------------------------------------------

    def _phoned(self, number: int, local: Contact) -> None:
        before = self._desks[number].seen(local.card)
        phone = PhoneEntry(self._people.token("phone", f"desk {number}"), "other")
        self._save(number, local, replace(before, phones=(*before.phones, phone)))

    def _save(self, number: int, local: Contact, card: Card) -> None:
        desk = self._desks[number]
        self._people.ledger.replaced(desk.seen(local.card), card)
        desk.edit(local.id, desk.unseen(card, local.card))

    def _edit(self, there: There, card: Card) -> None:
        self._people.ledger.edited_there(there.card, card)
        self._people.hand.edit(there.remote, card)
