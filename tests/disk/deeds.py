"""Random deeds of a user and a phone on a real store: what a power cut interrupts."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.card import Card
from ringdesk.domain.contact import ContactRow, Marks, Me, Origin, Unclaimed
from ringdesk.domain.numbering import parse
from ringdesk.store.store import Store
from tests.store.kit import ALL, REGION, card

NAMES: Final = ("Ana Gil", "Añá O'Connor", "山田 太郎", "Bo", "", "Zoë van der Berg")
PHONES: Final = ("600111222", "+34 600 111 223", "+44 20 7183 8750", "77", "")


class Deeds:
    """One user with one store, doing things by chance."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self._store, self._writes, self._chance = store, store.writes, chance
        self._calls = 0
        self._all: tuple[Callable[[], object], ...] = (
            self._add, self._add, self._save, self._save, self._note, self._unnote, self._call, self._call,
            self._draft, self._import, self._delete, self._undo, self._undo, self._pick, self._forget,
        )  # several to a line  # fmt: skip

    def some(self, count: int) -> None:
        """Do things, one after another."""
        for _ in range(count):
            self._chance.choice(self._all)()

    def _card(self) -> Card:
        chance = self._chance
        return card(
            chance.choice(NAMES),
            *chance.sample(PHONES, chance.randint(0, 2)),
            company=chance.choice(("", "Acme")),
            email=chance.choice(("", f"a{chance.randint(0, 9)}@mail.example")),
            note=chance.choice(("", "x" * chance.choice((10, 3000)))),
            groups=chance.choice(("", "Clients", "Clients work")),
        )

    def _one(self) -> ContactRow | None:
        rows = self._store.reads.page(ALL, 0, 100)
        return self._chance.choice(rows) if rows else None

    def _add(self) -> None:
        self._writes.add(self._card(), origin=Origin.HAND, owner=Me()).result()

    def _save(self) -> None:
        row = self._one()
        contact = row and self._store.reads.get(row.id)
        if contact:
            marks = Marks(vip=self._chance.random() < 0.5)
            changed = replace(contact, card=self._card(), marks=marks)
            self._writes.save(changed, read_revision=contact.revision).result()

    def _note(self) -> None:
        if row := self._one():
            self._writes.add_note(row.id, f"note {self._chance.random()}").result()

    def _unnote(self) -> None:
        row = self._one()
        if row and (note := self._store.reads.latest_note(row.id)):
            self._writes.delete_note(note.id).result()

    def _call(self) -> None:
        self._calls += 1
        phone = self._chance.choice(PHONES[:4])
        number = parse(phone, REGION)
        contact = self._writes.caller(number, phone, name="", owner=Unclaimed("Sales")).result()
        ringing = CallRecord(
            id=f"call {self._calls}",
            source="phone",
            direction=Direction.INCOMING,
            state=CallState.RINGING,
            over=False,
            number=number,
            contact=contact,
            started=1_700_000_000.0 + self._calls,
        )
        self._store.call_writes.log(ringing).result()
        ended = replace(ringing, state=CallState.MISSED, over=True, ended=ringing.started + 9)
        self._store.call_writes.log(ended).result()

    def _draft(self) -> None:
        self._store.call_writes.keep_draft(f"call {self._calls}", self._chance.choice(("", "wants invoice"))).result()

    def _import(self) -> None:
        cards = [(self._card(), None) for _ in range(self._chance.randint(1, 8))]
        self._writes.import_cards(cards, origin=Origin.FILE).result()

    def _delete(self) -> None:
        rows = self._store.reads.page(ALL, 0, 100)
        self._writes.delete([row.id for row in self._chance.sample(rows, min(len(rows), 4))]).result()

    def _undo(self) -> None:
        self._writes.undo().result()

    def _pick(self) -> None:
        if row := self._one():
            self._writes.pick(parse(PHONES[0], REGION), row.id).result()

    def _forget(self) -> None:
        self._store.call_writes.forget_before(1_700_000_000.0 + 3.0 * self._calls).result()
