"""History in the details pane, and the window of the last changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ringdesk.domain.card import Name
from ringdesk.domain.contact import Batch, BatchKind, Contact
from ringdesk.ui.contacts_changes import ChangesDialog
from ringdesk.ui.contacts_history import batch_text, undone_text
from ringdesk.ui.main_window import MainWindow
from ringdesk.ui.widgets_button import Button
from tests.ui.desk_fixtures import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def buttons(widget: QWidget, begin: str) -> list[Button]:
    found = [b for b in widget.findChildren(Button) if b.objectName().startswith(begin) and b.isVisibleTo(widget)]
    return sorted(found, key=lambda button: button.mapTo(widget, button.rect().topLeft()).y())


@pytest.fixture
def anna(office: Office) -> Contact:
    """Anna, who became Anne."""
    made = office.person("Anna", "Berg", "020 7946 0018")
    card = replace(made.card, name=Name(given="Anne", family="Berg"))
    office.book.save(replace(made, card=card), read_revision=1).result()
    return made


@pytest.fixture
def window(office: Office, anna: Contact, qtbot: QtBot) -> MainWindow:
    return office.open()


def changes(window: MainWindow) -> ChangesDialog:
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    window.show_changes()
    assert window._changes_dialog is not None
    return window._changes_dialog


def test_an_old_value_is_restored_by_its_button(
    office: Office, window: MainWindow, anna: Contact, qtbot: QtBot
) -> None:
    window.pane.open(anna.id)
    history = window.pane.details.history
    assert "Name: Anna Berg became Anne Berg" in texts(history)
    [restore] = buttons(history, "restore_")
    assert restore.accessibleName() == "Restore Name: Anna Berg"
    restore.setFocus()
    QTest.keyClick(restore, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: office.book.contacts[anna.id].card.name.given == "Anna")
    qtbot.waitUntil(lambda: "You, by undo" in texts(history))
    assert window.pane.undo_bar.text == "Name restored"


def test_any_change_is_taken_back_from_the_list(
    office: Office, window: MainWindow, anna: Contact, qtbot: QtBot
) -> None:
    office.contacts.tick(anna.id, True)
    dialog = changes(window)
    qtbot.waitUntil(lambda: len(buttons(dialog, "undo_")) == 2)
    older = buttons(dialog, "undo_")[1]
    assert older.accessibleName().startswith("Undo: Changed Anne Berg: Name, ")
    older.setFocus()
    QTest.keyClick(older, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Taken back (1 contact)" in texts(dialog))
    assert office.book.contacts[anna.id].card.name.given == "Anna"
    assert office.book.contacts[anna.id].shared, "the later change of another field stays"
    assert dialog.focusWidget() in buttons(dialog, "undo_"), "the keyboard goes on from there"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert window._changes_dialog is None


def test_what_could_not_be_taken_back_is_told(office: Office, window: MainWindow, anna: Contact, qtbot: QtBot) -> None:
    stored = office.book.contacts[anna.id]
    office.book.save(replace(stored, card=replace(stored.card, name=Name(given="Mar"))), read_revision=stored.revision)
    dialog = changes(window)
    buttons(dialog, "undo_")[-1].click()
    qtbot.waitUntil(lambda: "Kept, because changed again since: Name." in texts(dialog))


def test_the_list_says_when_it_is_empty(office: Office, qtbot: QtBot) -> None:
    dialog = changes(office.open())
    assert "Nothing was changed yet" in texts(dialog)


@pytest.mark.parametrize(
    ("kind", "count", "name", "fields", "text"),
    [
        (BatchKind.ADDED, 1, "Anna", (), "Added Anna"),
        (BatchKind.CHANGED, 1, "Anna", ("phones", "vip"), "Changed Anna: Phone numbers, VIP"),
        (BatchKind.DELETED, 3, "Anna", (), "Deleted 3 contacts"),
        (BatchKind.IMPORTED, 300, "", (), "Imported 300 contacts"),
        (BatchKind.IMPORTED, 0, "", (), "Imported contacts"),
        (BatchKind.NOTED, 1, "", (), "Note on a contact"),
        (BatchKind.CHANGED, 1, "<b>\u202ex", (), "Changed <b>x"),
    ],
)
def test_an_action_in_words(kind: BatchKind, count: int, name: str, fields: tuple[str, ...], text: str) -> None:
    made = Batch(
        id="1", at=0.0, by="me", source="hand", kind=kind, count=count, contact="a", name=name, fields=fields
    )  # several to a line  # fmt: skip
    assert batch_text(made) == text


def test_what_stays_is_in_words() -> None:
    assert undone_text(2, ()) == "Taken back (2 contacts)"
    assert undone_text(0, ("name", "phones")) == "Kept, because changed again since: Name, Phone numbers."
    assert undone_text(1, ("contact",)).startswith("Taken back (1 contact). Contacts changed since then")
