"""After everything is quiet: one contact gets another picture on both sides, and the policy says which of them stays.

Who wins a clash shows nowhere else: the loser lies in the history, where nothing counts as lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from ringdesk.domain.card import PhoneEntry
from ringdesk.domain.contact import Contact, Me
from ringdesk.domain.replica import Clash, LinkState
from tests.sync.desk import Desk
from tests.sync.pictures import WORD
from tests.sync.world import HandSide, People, There

PAUSE = 700.0
"""Between the two edits."""


class Duel:
    """Two new pictures of one contact."""

    def __init__(self, dice: Random, people: People, hand: HandSide) -> None:
        self._dice = dice
        self._people = people
        self._hand = hand
        self._stays = ""
        self._goes = ""

    def begin(self, desk: Desk, name: str) -> bool:
        """Both sides of a contact that is agreed on get a picture; gives whether there is one."""
        pairs = [*self._agreed(desk)]
        if not pairs:
            return False
        self._desk = desk
        self._local, self._there = self._dice.choice(pairs)
        mine, theirs = (self._people.token(WORD, where) for where in (name, "account"))
        last = self._dice.choice((mine, theirs))
        for picture in (theirs, mine) if last == mine else (mine, theirs):
            if picture == mine:
                self._here(mine, name)
            else:
                self._over_there(theirs)
            self._people.clock.pass_(PAUSE)
        self._stays = {Clash.MINE: mine, Clash.THEIRS: theirs}.get(desk.policy.clash, last)
        self._goes = theirs if self._stays == mine else mine
        return True

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
        self._hand.edit(self._there.remote, card)

    def faults(self) -> Iterator[str]:
        """What is wrong when all is quiet again."""
        shown = {one.card.photo for one in self._hand.all() if one.remote == self._there.remote}
        shown |= {self._desk.seen(one.card).photo for one in self._desk.contacts() if one.id == self._local.id}
        if shown != {self._stays}:
            yield f"{self._local.card.display_name} shows {sorted(shown)}; {self._stays} wins over {self._goes}"

    def _agreed(self, desk: Desk) -> Iterator[tuple[Contact, There]]:
        """Contacts of the desk's user that have one picture on both sides, or none."""
        there = {one.remote: one for one in self._hand.all()}
        for contact in desk.contacts():
            link = desk.replicas.link(contact.id)
            if link is None or link.state is not LinkState.ACTIVE or not isinstance(contact.owner, Me):
                continue
            one = there.get(link.remote)
            if one is not None and one.card.photo == desk.seen(contact.card).photo and contact.card.photo == link.photo:
                yield contact, one
