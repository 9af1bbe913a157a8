"""The store against a model of fifty lines, in any order of deeds."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from ringdesk.domain.card import Card
from ringdesk.domain.contact import Contact, Marks, Me, Origin, Unclaimed
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import Sameness, sameness
from ringdesk.domain.sockets import Show
from ringdesk.domain.words import tokens
from tests.store.kit import ALL, REGION, card, check_tables, open_store

WORDS = ["Ana", "Añá", "Anton", "O'Connor", "山田", "ß", "Gil Ruiz", ""]
PHONES = ["600111222", "+34 600 111 222", "0034600111223", "+44 20 7183 8750", "2071838750", "77", "1234567", ""]
CARDS = st.builds(
    lambda name, phones, company, email, note, groups: card(
        name, *phones, company=company, email=email, note=note, groups=groups
    ),
    st.builds(lambda one, two: f"{one} {two}".strip(), st.sampled_from(WORDS), st.sampled_from(WORDS)),
    st.lists(st.sampled_from(PHONES), max_size=2),
    st.sampled_from(["", "Acme Foods", "Ana SL"]),
    st.sampled_from(["", "ana@mail.example", "info@acme.example"]),
    st.sampled_from(["", "rings late"]),
    st.sampled_from(["", "Clients", "Clients work"]),
)
MARKS = st.builds(Marks, st.booleans(), st.booleans())


@dataclass
class Kept:
    """A contact of the model."""

    contact: Contact
    notes: dict[str, str] = field(default_factory=dict)

    def words(self) -> set[str]:
        kept = self.contact.card
        texts = [kept.name.full, *kept.nicknames, kept.note, *self.notes.values()]
        texts += [organization.name for organization in kept.organizations]
        found = {word for text in texts for word in tokens(text)}
        found |= {word for email in kept.emails for word in tokens(email.value)[:-1]}
        return found | ({"oconnor"} if "O'Connor" in kept.name.full else set())


class Deeds(RuleBasedStateMachine):
    """Adds, saves, deletes, notes, undoes; after each, every read agrees with the model."""

    contacts: Bundle[str] = Bundle("contacts")
    notes: Bundle[tuple[str, str]] = Bundle("notes")

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rd-machine-"))
        self.opened = open_store(self.folder / "ringdesk.db")
        self.writes, self.reads = self.opened.store.writes, self.opened.store.reads
        self.model: dict[str, Kept] = {}
        self.past: list[dict[str, Kept | None]] = []

    def teardown(self) -> None:
        self.opened.store.close()
        check_tables(self.folder / "ringdesk.db")
        shutil.rmtree(self.folder)

    def remember(self, id: str) -> None:
        kept = self.model.get(id)
        self.past.append({id: None if kept is None else Kept(kept.contact, dict(kept.notes))})

    @rule(target=contacts, card=CARDS, marks=MARKS, shared=st.booleans())
    def add(self, card: Card, marks: Marks, shared: bool) -> str:
        made = self.writes.add(card, origin=Origin.HAND, owner=Me(), marks=marks, shared=shared).result()
        self.remember(made.id)
        self.model[made.id] = Kept(made)
        return made.id

    @rule(target=contacts, phone=st.sampled_from(PHONES[:4]))
    def call(self, phone: str) -> str:
        number = parse(phone, REGION)
        known = {id for id, kept in self.model.items() if self.has(kept, phone, Sameness.EXACT)}
        id = self.writes.caller(number, phone, name="", owner=Unclaimed("Sales")).result()
        assert id in known or not known
        if id not in self.model:
            made = self.reads.get(id)
            assert made is not None
            self.model[id] = Kept(made)
        return id

    @rule(id=contacts, card=CARDS, marks=MARKS)
    def save(self, id: str, card: Card, marks: Marks) -> None:
        old = self.model.get(id)
        stored = self.reads.get(id)
        if old is None or stored is None:
            return
        saved = self.writes.save(replace(stored, card=card, marks=marks), read_revision=stored.revision).result()
        if saved != stored:
            self.remember(id)
        self.model[id] = Kept(saved, old.notes)

    @rule(id=consumes(contacts))
    def delete(self, id: str) -> None:
        if id in self.model:
            self.remember(id)
            del self.model[id]
            assert self.writes.delete([id]).result() == 1

    @rule(target=notes, id=contacts, text=st.sampled_from(["wants invoice", "Ana rang", "山田"]))
    def note(self, id: str, text: str) -> tuple[str, str]:
        if id not in self.model:
            return (id, "")
        self.remember(id)
        made = self.writes.add_note(id, text).result()
        self.model[id].notes[made.id] = text
        return (id, made.id)

    @rule(note=consumes(notes))
    def unnote(self, note: tuple[str, str]) -> None:
        id, which = note
        there = id in self.model and which in self.model[id].notes
        if there:
            self.remember(id)
            del self.model[id].notes[which]
        self.writes.delete_note(which).result()

    @rule()
    def undo(self) -> None:
        touched = self.writes.undo().result().ids
        back = self.past.pop() if self.past else {}
        assert set(touched) == set(back)
        for id, kept in back.items():
            if kept is None:
                del self.model[id]
            else:
                self.model[id] = kept

    @invariant()
    def contacts_agree(self) -> None:
        for id, kept in self.model.items():
            stored = self.reads.get(id)
            assert stored is not None
            wanted = kept.contact
            assert (stored.card, stored.owner, stored.marks) == (wanted.card, wanted.owner, wanted.marks)
            assert {note.id: note.text for note in self.reads.notes(id)} == kept.notes

    @invariant()
    def lists_agree(self) -> None:
        shows = [ALL, Show(), Show(anonymous=True), Show(vip=True), Show(group="Clients"), Show("Clients", True)]
        for show in shows:
            assert self.reads.place("nobody", show) is None
            wanted = {id for id, kept in self.model.items() if self.shown(kept.contact, show)}
            rows = self.reads.page(show, 0, 1000)
            assert {row.id for row in rows} == wanted
            assert len(rows) == len(wanted) == self.reads.count(show)
            assert [self.reads.place(row.id, show) for row in rows] == list(range(len(rows)))
            assert all(self.reads.place(id, show) is None for id in self.model.keys() - wanted)

    @invariant()
    def searches_agree(self) -> None:
        for text in ("a", "an", "con", "gil an", "acm", "invoice", "late", "mail", "山"):
            words = tokens(text)
            wanted = {
                id
                for id, kept in self.model.items()
                if all(any(word.startswith(part) for word in kept.words()) for part in words)
            }
            assert {row.id for row in self.reads.search(text, ALL, 0, 1000)} == wanted, text

    @invariant()
    def finds_agree(self) -> None:
        for phone in PHONES[:-1]:
            number = parse(phone, REGION)
            found = {one.contact for one in self.reads.find(number) if sameness(number, one.number) is not Sameness.NO}
            wanted = {
                id
                for id, kept in self.model.items()
                if self.has(kept, phone, Sameness.EXACT) or self.has(kept, phone, Sameness.MAYBE)
            }
            assert found == wanted, phone

    @staticmethod
    def shown(contact: Contact, show: Show) -> bool:
        return (
            (not show.group or show.group in contact.card.groups)
            and (not show.vip or contact.marks.vip)
            and (show.anonymous is None or show.anonymous == (not contact.known))
        )

    @staticmethod
    def has(kept: Kept, phone: str, how: Sameness) -> bool:
        number = parse(phone, REGION)
        return any(sameness(number, parse(entry.value, REGION)) is how for entry in kept.contact.card.phones)


Deeds.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestDeeds = Deeds.TestCase
