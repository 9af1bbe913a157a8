"""The model of the contacts list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel

from ringdesk.desk.holders import Holder
from ringdesk.domain.contact import LINKED, ContactRow, Coworker
from ringdesk.domain.news import ContactsChanged
from ringdesk.domain.sockets import Show
from ringdesk.ui.contacts_header import chips
from ringdesk.ui.contacts_history import what_follows
from ringdesk.ui.contacts_model import ContactsModel
from ringdesk.ui.contacts_view import ContactsView
from tests.memory_book import person
from tests.ui.desk_fixtures import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def watch(model: ContactsModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_model_keeps_qts_promises_while_the_book_changes(office: Office) -> None:
    people = [office.person(f"Name {n:04}") for n in range(250)]
    office.contacts.rows.look("", Show())
    model = ContactsModel(office.contacts)
    keep = watch(model)
    office.book.delete([people[3].id, people[200].id])
    office.contacts.contacts_changed(ContactsChanged(frozenset()))
    model.changed()
    assert model.rowCount() == 248
    office.person("Another")
    office.contacts.contacts_changed(ContactsChanged(frozenset()))
    model.changed()
    office.contacts.search("name")
    model.replaced()
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
    assert model.rowCount() == 248
    assert keep.model() is model


def test_every_one_of_a_million_rows_is_reachable(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def page(show: Show, start: int, count: int) -> Sequence[ContactRow]:
        return [ContactRow(str(n), f"Name {n}", "", "", 0) for n in range(start, min(start + count, 1_000_000))]

    monkeypatch.setattr(office.book, "count", lambda show: 1_000_000)
    monkeypatch.setattr(office.book, "page", page)
    monkeypatch.setattr(office.book, "place", lambda id, show: int(id))
    office.contacts.rows.look("", Show())
    view = ContactsView(office.theme, office.contacts)
    view.resize(400, 600)
    view.replaced()
    view.show()
    for place in (0, 1, 99, 100, 567_890, 999_999):
        assert view.rows.index(place, 0).data() == f"Name {place}"
        view.scrollTo(view.rows.index(place, 0))
        assert view.visualRect(view.rows.index(place, 0)).intersects(view.viewport().rect())
    assert len(office.contacts.rows._pages) < 60


def test_a_tick_asks_the_presenter_and_the_row_follows_the_book(office: Office) -> None:
    anna = office.person("Anna")
    office.contacts.rows.look("", Show())
    model = ContactsModel(office.contacts)
    index = model.index(0, 0)
    assert model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    office.contacts.contacts_changed(ContactsChanged(frozenset({anna.id})))
    assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked


def test_a_coworkers_row_has_no_box(office: Office) -> None:
    anna = office.person("Anna")
    person(office.book, anna.card, owner=Coworker("rita"))
    office.contacts.rows.look("", Show())
    model = ContactsModel(office.contacts)
    boxes = [model.index(row, 0).data(Qt.ItemDataRole.CheckStateRole) for row in range(2)]
    assert sorted(box is None for box in boxes) == [False, True]


def test_screen_readers_hear_name_company_number_and_badges(office: Office) -> None:
    anna = office.person("Anna", "Berg", "020 7946 0018", "Acme")
    office.contacts.rows.look("", Show())
    office.contacts.select(anna.id)
    office.contacts.vip(True)
    office.contacts.rows.look("", Show())
    model = ContactsModel(office.contacts)
    text = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == "Anna Berg, Acme, 020 7946 0018, VIP"


def test_what_an_account_has_is_marked_while_one_is_connected(office: Office) -> None:
    made = office.person("Ana")
    office.book.save(replace(made, linked=True), read_revision=made.revision)
    office.contacts.rows.look("", Show())
    model = ContactsModel(office.contacts)

    def spoken() -> str:
        text: str = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
        return text

    office.contacts.accounts_changed(lambda _: [Holder("google", "robin@example.com", loses=True)], synced=True)
    assert spoken() == "Ana, in your Google account"
    assert model.marks & LINKED
    office.contacts.accounts_changed(lambda _: [], synced=False)
    assert spoken() == "Ana"
    assert not model.marks & LINKED


def test_the_details_say_which_account_has_it_and_a_deletion_what_becomes_of_it_there(office: Office) -> None:
    made = office.person("Ana")
    office.book.save(replace(made, linked=True), read_revision=made.revision)
    window = office.open()
    held = [Holder("google", "robin@example.com", loses=True), Holder("google", "old@example.com", loses=False)]
    window.accounts_changed(lambda _: held, synced=True)
    office.contacts.select(made.id)
    details = office.contacts.details()
    assert details is not None
    assert chips(details.contact, details.holders)[-2:] == [
        ("In Google: robin@example.com", "plain"),
        ("In Google: old@example.com", "plain"),
    ]
    farewell = office.contacts.farewell()
    assert farewell is not None
    assert "Google loses it too (robin@example.com). It stays in Google (old@example.com)." in what_follows(farewell)
    window.accounts_changed(lambda _: [], synced=False)
    shown = [label.text() for label in window.pane.findChildren(QLabel) if label.isVisible()]
    assert not any("In Google" in text for text in shown)
    farewell = office.contacts.farewell()
    assert farewell is not None
    assert "Google" not in what_follows(farewell)
