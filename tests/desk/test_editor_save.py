"""Saving an edit whole, and meeting somebody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringdesk.desk.editor import Fault, Form, Wrong, form_of
from ringdesk.desk.editor_save import Clashed, Editing, Faulty, NotSaved, Outcome, Saved, Vanished
from ringdesk.domain.card import Card, Email, Name
from ringdesk.domain.contact import Contact, Coworker, Me, Unclaimed
from ringdesk.domain.status import StoreTrouble
from tests.fakes import CountingIds, FakeTime, deliver
from tests.memory_book import MemoryBook, person

ANNA = Card(name=Name(given="Anna"), note="old")


@pytest.fixture
def book() -> MemoryBook:
    return MemoryBook(FakeTime(), CountingIds())


def save(editing: Editing, form: Form, photo: bytes | None = None) -> Outcome:
    outcomes: list[Outcome] = []
    editing.save(form, photo, outcomes.append)
    assert len(outcomes) == 1
    assert not editing.busy
    return outcomes[0]


def edit(book: MemoryBook, contact: Contact | None = None) -> Editing:
    return Editing(book, book, deliver, contact)


def test_a_new_contact_is_mine(book: MemoryBook) -> None:
    outcome = save(edit(book), Form(name=Name(given="Anna"), shared=True))
    assert isinstance(outcome, Saved)
    assert (outcome.contact.card.name.given, outcome.contact.owner, outcome.contact.shared) == ("Anna", Me(), True)


def test_faults_keep_everything_unsaved(book: MemoryBook) -> None:
    form = Form(name=Name(given="Anna"), emails=(Email("x"),))
    assert save(edit(book), form, b"photo") == Faulty((Fault("emails", 0, Wrong.NO_AT),))
    assert book.saves == 0
    assert not book._photos


def test_photo_is_kept_before_the_card_that_names_it(book: MemoryBook) -> None:
    outcome = save(edit(book), Form(name=Name(given="Anna")), b"photo")
    assert isinstance(outcome, Saved)
    assert book.photo(outcome.contact.card.photo) == b"photo"


def test_store_trouble_is_told(book: MemoryBook) -> None:
    contact = person(book, ANNA)
    book.trouble = StoreTrouble.FULL
    form = replace(form_of(ANNA), note="new")
    assert save(edit(book, contact), form) == NotSaved(StoreTrouble.FULL)


def test_edits_of_different_fields_are_joined(book: MemoryBook) -> None:
    contact = person(book, ANNA)
    editing = edit(book, contact)
    book.save(replace(contact, card=replace(ANNA, note="theirs")), read_revision=contact.revision)
    outcome = save(editing, replace(form_of(ANNA), name=Name(given="Anne")))
    assert isinstance(outcome, Saved)
    assert outcome.joined
    assert outcome.contact.card == Card(name=Name(given="Anne"), note="theirs")


def test_edits_of_one_field_are_asked_about_and_mine_can_stand(book: MemoryBook) -> None:
    contact = person(book, ANNA)
    editing = edit(book, contact)
    theirs = replace(ANNA, name=Name(given="Hanna"), note="theirs")
    book.save(replace(contact, card=theirs), read_revision=contact.revision)
    form = replace(form_of(ANNA), name=Name(given="Anne"))
    outcome = save(editing, form)
    assert isinstance(outcome, Clashed)
    assert outcome.fields == ("name",)
    assert book.contacts[contact.id].card == theirs, "nothing was saved"
    editing.overwrite(outcome.theirs)
    again = save(editing, form)
    assert isinstance(again, Saved)
    assert again.contact.card == Card(name=Name(given="Anne"), note="theirs")


def test_what_was_deleted_meanwhile_can_be_kept_as_new(book: MemoryBook) -> None:
    contact = person(book, ANNA)
    editing = edit(book, contact)
    book.delete([contact.id])
    form = replace(form_of(ANNA), note="typed for an hour")
    assert save(editing, form) == Vanished()
    editing.keep_as_new()
    outcome = save(editing, form)
    assert isinstance(outcome, Saved)
    assert outcome.contact.card.note == "typed for an hour"


def test_first_edit_claims_an_unclaimed_contact(book: MemoryBook) -> None:
    contact = person(book, ANNA, owner=Unclaimed("Sales"))
    outcome = save(edit(book, contact), replace(form_of(ANNA), note="mine now"))
    assert isinstance(outcome, Saved)
    assert outcome.contact.owner == Me()


def test_a_coworkers_contact_keeps_its_owner_and_its_share(book: MemoryBook) -> None:
    contact = person(book, ANNA, owner=Coworker("rita"), shared=True)
    editing = edit(book, contact)
    assert not editing.may_share
    outcome = save(editing, replace(form_of(ANNA), note="better", shared=False))
    assert isinstance(outcome, Saved)
    assert (outcome.contact.owner, outcome.contact.shared) == (Coworker("rita"), True)
