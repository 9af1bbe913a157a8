"""The past of contacts without Qt."""

from __future__ import annotations

from dataclasses import replace

from ringdesk.desk.contacts import ContactsPresenter, Details
from ringdesk.desk.contacts_history import Failed, RecentChanges, restorable, saves
from ringdesk.desk.contacts_told import Restored, Told, Troubled
from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.contact import Contact, Coworker, Marks, Skipped, Undone
from ringdesk.domain.status import StoreTrouble
from tests.desk.test_contacts import Desk
from tests.memory_book import person


def save(desk: Desk, contact: Contact, **change: object) -> Contact:
    now = desk.book.contacts[contact.id]
    wanted: Contact = replace(now, **change)  # type: ignore[arg-type]  # given by name, checked when run
    return desk.book.save(wanted, read_revision=now.revision).result()


def details(presenter: ContactsPresenter) -> Details:
    found = presenter.details()
    assert found is not None
    return found


def changed(desk: Desk) -> Contact:
    """Anna became Anne with a number and a star; she is selected."""
    anna = desk.add("Anna")
    desk.start()
    save(desk, anna, card=Card(name=Name(given="Anne"), phones=(PhoneEntry("204"),)), marks=Marks(vip=True))
    desk.presenter.select(anna.id)
    return anna


def test_history_is_grouped_by_save() -> None:
    desk = Desk()
    anna = changed(desk)
    save(desk, anna, shared=True)
    groups = saves(details(desk.presenter).history)
    assert [{change.field for change in group.changes} for group in groups] == [{"shared"}, {"name", "phones", "vip"}]
    assert [group.source for group in groups] == ["hand", "hand"]


def test_only_what_was_there_and_is_no_longer_can_be_restored() -> None:
    desk = Desk()
    changed(desk)
    shown = details(desk.presenter)
    assert {change.field for change in shown.history if restorable(change, shown)} == {"name", "vip"}


def test_what_the_user_may_not_change_cannot_be_restored() -> None:
    desk = Desk()
    theirs = person(desk.book, Card(name=Name(given="Anna")), owner=Coworker("rita"), shared=True)
    desk.start()
    save(desk, theirs, card=Card(name=Name(given="Anne")), shared=False)
    desk.presenter.select(theirs.id)
    shown = details(desk.presenter)
    assert [change.field for change in shown.history if restorable(change, shown)] == ["name"]


def test_restore_sets_one_field_back_and_undo_takes_it_back() -> None:
    desk = Desk()
    anna = changed(desk)
    name = next(change for change in details(desk.presenter).history if change.field == "name")
    desk.presenter.restore(name)
    assert desk.book.contacts[anna.id].card == Card(name=Name(given="Anna"), phones=(PhoneEntry("204"),))
    assert desk.pane.told == [Restored("name")]
    desk.presenter.undo()
    assert desk.book.contacts[anna.id].card.name.given == "Anne"


def test_restore_of_a_contact_that_is_gone_is_told() -> None:
    desk = Desk()
    anna = changed(desk)
    name = details(desk.presenter).history[-1]
    desk.book.delete([anna.id])
    desk.presenter.restore(name)
    assert desk.pane.told[-1:] == list[Told]([Troubled(StoreTrouble.GONE)])


def test_an_older_change_is_taken_back_and_what_stays_is_told() -> None:
    desk = Desk()
    anna = changed(desk)
    save(desk, anna, card=replace(desk.book.contacts[anna.id].card, name=Name(given="Mar")))
    recent, shown, told = RecentChanges(desk.presenter), list[int](), list[Undone | Failed]()
    recent.attach(lambda: shown.append(len(recent.rows)), told.append)
    recent.undo(recent.rows[1])
    assert told == [Undone((anna.id,), (Skipped(anna.id, "name"),))]
    assert shown == [2, 3]
    assert [row.undone for row in recent.rows] == [False, False, True]
    assert desk.book.contacts[anna.id].card == Card(name=Name(given="Mar"))
    assert not desk.book.contacts[anna.id].marks.vip


def test_trouble_is_told() -> None:
    desk = Desk()
    changed(desk)
    recent, told = RecentChanges(desk.presenter), list[Undone | Failed]()
    recent.attach(lambda: None, told.append)
    desk.book.trouble = StoreTrouble.FULL
    recent.undo(recent.rows[0])
    assert told == [Failed(StoreTrouble.FULL)]
