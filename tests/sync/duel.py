"""After everything is quiet: one contact gets another picture on both sides, and the policy says which of them stays.

Who wins a clash shows nowhere else: the loser lies in the history, where nothing counts as lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from ringdesk.domain.card import PhoneEntry
from ringdesk.domain.contact import Contact
from ringdesk.domain.replica import Clash
from tests.sync.desk import Desk, DeskClock
from tests.sync.pictures import WORD
from tests.sync.world import HandSide, People, There, on_both_sides

PAUSE = 700.0
"""Between the two edits."""


def begun(dice: Random, people: People, desks: Sequence[Desk]) -> Duel | None:
    """A duel of which all is known, where there can be one: on a desk whose clock is right."""
    right = [
        number for number, desk in enumerate(desks) if not (isinstance(desk.clock, DeskClock) and desk.clock.wrong)
    ]
    number = dice.choice(right) if right else 0
    pairs = [*_agreed(desks[number], people.hand, desks)] if right else []
    return Duel(dice, people, desks[number], f"desk {number}", *dice.choice(pairs)) if pairs else None


class Duel:
    """Two new pictures of one contact."""

    def __init__(self, dice: Random, people: People, desk: Desk, name: str, local: Contact, there: There) -> None:
        """Both sides get one, one after the other."""
        self._dice, self._people, self._desk, self._local, self._there = dice, people, desk, local, there
        mine, theirs = (people.token(WORD, where) for where in (name, "account"))
        last = dice.choice((mine, theirs))
        for picture in (theirs, mine) if last == mine else (mine, theirs):
            if picture == mine:
                self._here(mine, name)
            else:
                self._over_there(theirs)
            people.clock.pass_(PAUSE)
        self._stays = {Clash.MINE: mine, Clash.THEIRS: theirs}.get(desk.policy.clash, last)
        self._goes = theirs if self._stays == mine else mine

    def _here(self, picture: str, name: str) -> None:
        """The desk's user chooses one, and half the time adds a phone, which is sent before any picture is."""
        before = self._desk.seen(self._local.card)
        card = replace(before, photo=picture)
        if self._dice.random() < 0.5:
            card = replace(card, phones=(*card.phones, PhoneEntry(self._people.token("phone", name), "other")))
        self._people.ledger.replaced(before, card)
        self._desk.edit(self._local.id, self._desk.unseen(card, self._local.card))

    def _over_there(self, picture: str) -> None:
        card = replace(self._there.card, photo=picture)
        self._people.ledger.replaced(self._there.card, card)
        self._people.hand.edit(self._there.remote, card)

    def faults(self) -> list[str]:
        """What is wrong when all is quiet again."""
        shown = {one.card.photo for one in self._people.hand.all() if one.remote == self._there.remote}
        shown |= {self._desk.seen(one.card).photo for one in self._desk.contacts() if one.id == self._local.id}
        name = self._local.card.display_name
        return [f"{name} shows {sorted(shown)}: {self._stays} wins over {self._goes}"] if shown != {self._stays} else []


def _agreed(desk: Desk, hand: HandSide, desks: Sequence[Desk]) -> Iterator[tuple[Contact, There]]:
    """Contacts of the desk's user that have one picture on both sides, or none."""
    for contact, link, one in on_both_sides(desk, hand, desks):
        if one.card.photo == desk.seen(contact.card).photo and contact.card.photo == link.photo:
            yield contact, one
