"""The contacts pane by keyboard and mouse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.card import Card, Name
from ringdesk.domain.contact import Coworker
from ringdesk.domain.news import ContactsChanged
from ringdesk.domain.numbering import parse
from ringdesk.domain.rightofway import WINDOW, Cause
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.ui.contacts_delegate import share_place
from ringdesk.ui.contacts_news import MOMENT_MS, STREAM_MS
from ringdesk.ui.main_window import MainWindow
from ringdesk.ui.widgets_ask import Ask
from tests.memory_book import person
from tests.ui.desk_fixtures import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def question(window: MainWindow) -> Ask:
    [found] = [ask for ask in window.findChildren(Ask) if ask.isVisible()]
    return found


@pytest.fixture
def window(office: Office, qtbot: QtBot) -> MainWindow:
    for name in ("Anna", "Bert", "Clara", "David"):
        office.person(name, "Berg", f"020 7946 00{len(name)}{ord(name[0])}", "Acme")
    return office.open()


def row_of(window: MainWindow, name: str) -> int:
    rows = window.pane.side.list.rows
    return next(n for n in range(rows.rowCount()) if str(rows.index(n, 0).data()).startswith(name))


def test_arrows_show_the_contact(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    view = window.pane.side.list
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert "Bert Berg" in texts(window.pane.details)
    assert office.contacts.selected == "id-2"


def test_a_letter_goes_before_other_threads_until_the_list_is_painted(office: Office, window: MainWindow) -> None:
    WINDOW.give(Cause.LIST)
    window.pane.side.search.setText("c")
    assert WINDOW.taken
    window.pane.side.list.viewport().repaint()
    assert not WINDOW.taken


def test_a_reading_that_fails_leaves_no_changes_to_the_next_one(
    office: Office, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(news: ContactsChanged, upto: int) -> None:
        raise StoreError(StoreTrouble.CORRUPT, "a page", "")

    seen: list[frozenset[str]] = []
    with monkeypatch.context() as patched:
        patched.setattr(office.contacts, "contacts_changed", broken)
        with pytest.raises(StoreError):
            window.pane._read_anew(frozenset({"id-2"}))
    monkeypatch.setattr(window.pane.side.list, "changed", seen.append)
    window.pane.list_changed(0)
    assert seen == [frozenset()]


def test_typing_in_the_list_searches(window: MainWindow, qtbot: QtBot) -> None:
    view, search = window.pane.side.list, window.pane.side.search
    QTest.keyClicks(view, "c")
    QTest.keyClicks(search, "lara")
    assert search.text() == "clara"
    assert view.rows.rowCount() == 1
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert "Clara Berg" in texts(window.pane.details)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert search.text() == ""
    assert view.rows.rowCount() == 4


def test_the_selection_stays_when_the_search_ends(window: MainWindow, qtbot: QtBot) -> None:
    view, search = window.pane.side.list, window.pane.side.search
    QTest.keyClicks(search, "clara")
    QTest.keyClick(search, Qt.Key.Key_Down)
    search.clear()
    assert view.currentIndex().row() == row_of(window, "Clara")


def test_enter_opens_the_editor(window: MainWindow, qtbot: QtBot) -> None:
    view = window.pane.side.list
    view.selectRow(1)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert window.editors._open[0].windowTitle() == "Edit Bert Berg"


def test_delete_asks_and_undo_brings_back(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    view = window.pane.side.list
    view.selectRow(1)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    asked = question(window)
    assert "Delete Bert Berg?" in texts(asked)
    assert "Calls stay in the list. You can undo this." in texts(asked)
    assert asked.no.isDefault()
    asked.yes.click()
    bar = window.pane.undo_bar
    qtbot.waitUntil(lambda: view.rows.rowCount() == 3)
    assert bar.text == "Deleted Bert Berg"
    assert "Clara Berg" in texts(window.pane.details), "the next one is shown"
    bar._undo.click()
    qtbot.waitUntil(lambda: view.rows.rowCount() == 4)
    assert "Bert Berg" in texts(window.pane.details)


def test_enter_in_the_question_means_no(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    window.pane.side.list.selectRow(1)
    window.pane.ask_delete()
    asked = question(window)
    QTest.keyClick(asked, Qt.Key.Key_Return)
    assert len(office.book.contacts) == 4
    assert not asked.isVisible()


def test_notes_are_counted_in_the_question(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    window.pane.side.list.selectRow(0)
    for text in ("one", "two", "three"):
        office.contacts.add_note(text, lambda: None, lambda: None)
    window.pane.ask_delete()
    assert "The contact and its 3 notes are deleted." in texts(question(window))


def test_copy_number(office: Office, window: MainWindow) -> None:
    window.pane.side.list.selectRow(0)
    window.pane.copy_number()
    assert QGuiApplication.clipboard().text() == office.book.contacts["id-1"].card.phones[0].value


def test_space_and_a_click_on_the_mark_share(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    view = window.pane.side.list
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: office.book.contacts["id-1"].shared)
    qtbot.waitUntil(window.pane.details.share.isChecked)
    mark = share_place(view.visualRect(view.rows.index(1, 0))).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, mark)
    qtbot.waitUntil(lambda: office.book.contacts["id-2"].shared)


def test_the_box_in_the_details_shares_and_says_where_it_is_kept(
    office: Office, window: MainWindow, qtbot: QtBot
) -> None:
    window.pane.side.list.selectRow(0)
    window.pane.details.share.click()
    qtbot.waitUntil(lambda: "Kept here until you join a team." in texts(window.pane.details))
    assert office.book.contacts["id-1"].shared


def test_what_may_not_be_done_is_absent(office: Office, window: MainWindow) -> None:
    theirs = person(office.book, office.book.contacts["id-1"].card, owner=Coworker("rita", "Rita Marsh"))
    window.pane.open(theirs.id)
    QApplication.processEvents()
    details = window.pane.details
    assert details.share.isHidden()
    assert details.header.delete.isHidden()
    assert "Shared by Rita Marsh" in texts(details)


def test_a_change_from_elsewhere_keeps_place_and_selection(office: Office, qtbot: QtBot) -> None:
    people = [office.person(f"Name {n:03}") for n in range(300)]
    window = office.open()
    view = window.pane.side.list
    view.selectRow(150)
    top = view.rows.index(view.rowAt(0), 0).data()
    offset = view.rowViewportPosition(view.rowAt(0))
    office.book.delete([p.id for p in people[:7]])
    qtbot.waitUntil(lambda: view.rows.rowCount() == 293)
    assert view.rows.index(view.rowAt(0), 0).data() == top
    assert view.rowViewportPosition(view.rowAt(0)) == offset
    assert view.currentIndex().row() == 143
    assert office.contacts.selected == people[150].id


@pytest.mark.parametrize(("name", "soon"), [("Clara", True), ("Zoe 99", False)])
def test_a_contact_in_sight_is_read_sooner_in_a_stream(
    office: Office, window: MainWindow, qtbot: QtBot, name: str, soon: bool
) -> None:
    for number in range(100):
        office.person(f"Zoe {number:02}", "Zander")
    window.pane.contacts_changed(ContactsChanged(frozenset()))
    qtbot.waitUntil(lambda: office.contacts.rows.count == 104 and not window.pane._news._timer.isActive())
    window.pane.side.list.viewport().repaint()
    someone = office.contacts.rows.row(row_of(window, name))
    assert someone is not None
    window.pane.contacts_changed(ContactsChanged(frozenset({someone.id}), more=True))
    assert (window.pane._news._timer.remainingTime() <= MOMENT_MS) is soon


def test_nothing_is_read_after_the_window_has_closed(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    """The store closes then, sooner than a stream is read again."""
    window.pane.contacts_changed(ContactsChanged(frozenset()))
    qtbot.waitUntil(lambda: not window.pane._news._timer.isActive())
    window.hide()  # in the tray
    office.person("Emma", "Berg")
    window.pane.contacts_changed(ContactsChanged(frozenset()))
    window.allow_close()
    window.close()
    qtbot.wait(STREAM_MS + 50)
    assert office.contacts.rows.count == 4


def test_a_note_being_typed_survives_changes_and_other_contacts(
    office: Office, window: MainWindow, qtbot: QtBot
) -> None:
    view, notes = window.pane.side.list, window.pane.details.notes
    view.selectRow(0)
    notes.box.setPlainText("half a sent")
    office.contacts.vip(True)
    qtbot.waitUntil(lambda: "VIP" in texts(window.pane.details.header))
    assert notes.box.toPlainText() == "half a sent"
    view.selectRow(1)
    assert notes.box.toPlainText() == ""
    view.selectRow(0)
    assert notes.box.toPlainText() == "half a sent"


def test_a_note_is_kept_by_ctrl_enter(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    window.pane.side.list.selectRow(0)
    notes = window.pane.details.notes
    notes.box.setPlainText("call back")
    QTest.keyClick(notes.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: notes.box.toPlainText() == "")
    qtbot.waitUntil(lambda: "call back" in texts(window.pane.details))


def test_a_note_that_is_not_kept_stays_and_says_why(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    window.pane.side.list.selectRow(0)
    notes = window.pane.details.notes
    notes.box.setPlainText("call back")
    office.book.trouble = StoreTrouble.FULL
    notes.add.click()
    qtbot.waitUntil(lambda: "disk is full" in window.pane.undo_bar.text)
    assert notes.box.toPlainText() == "call back"
    assert notes.box.isEnabled()


def test_empty_states_say_what_to_do_next(office: Office, qtbot: QtBot) -> None:
    window = office.open()
    assert "Who will be calling?" in texts(window.pane)
    office.book.add(Card(), origin=person(office.book, Card()).origin, owner=office.book.contacts["id-1"].owner)
    office.person("Anna")
    office.contacts.open("id-3")
    window.pane.side.search.setText("zebra & co")
    assert "No contact matches “zebra & co”" in texts(window.pane)
    button = window.pane.side._add_searched
    assert button.text() == "Add “zebra && co” as a contact"
    button.click()
    assert window.editors._open[0].form.value().name.given == "zebra"


def test_calls_missed_are_bold_and_open_their_contact(office: Office, qtbot: QtBot) -> None:
    anna = office.person("Anna", "Berg", "020 7946 0018")
    office.calls.records.append(
        CallRecord(
            id="c", source="s", direction=Direction.INCOMING, state=CallState.MISSED, over=True, contact=anna.id,
            contact_name="Anna Berg", number=parse("020 7946 0018", "GB"), seen=False, started=office.time.now() - 60,
        )
    )  # several to a line  # fmt: skip
    window = office.open()
    window.show_calls()
    calls = window.pane.calls
    assert calls.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Anna Berg, Missed, 1 min ago"
    calls.list.selectRow(0)
    QTest.keyClick(calls.list, Qt.Key.Key_Return)
    assert office.contacts.selected == anna.id
    assert window.pane.tabs.currentIndex() == 0
    QApplication.processEvents()


def test_a_caller_is_called_as_the_contact_is_now_and_a_call_can_be_kept_private(office: Office, qtbot: QtBot) -> None:
    anna = office.person("Anna", "Berg", "020 7946 0018")
    record = CallRecord(
        id="c", source="s", direction=Direction.INCOMING, state=CallState.MISSED, over=True, contact=anna.id,
        number=parse("020 7946 0018", "GB"), started=office.time.now() - 60,
    )  # several to a line  # fmt: skip
    office.calls.records.append(record)
    window = office.open()
    window.show_calls()
    calls = window.pane.calls
    assert calls.model.index(0, 0).data() == "Anna Berg", "the call was written without a name"
    office.book.save(
        replace(anna, card=replace(anna.card, name=Name(given="Anna", family="Moss"))), read_revision=1
    ).result()
    qtbot.waitUntil(lambda: calls.model.index(0, 0).data() == "Anna Moss")
    asked: list[tuple[str, bool]] = []
    calls.private_asked.connect(lambda one, on: asked.append((one.id, on)))
    for private, text in ((False, "Keep this call private"), (True, "Let coworkers see this call")):
        [action] = calls.menu(replace(record, private=private)).actions()
        assert action.text() == text
        action.trigger()
    assert asked == [("c", True), ("c", False)]


def test_the_first_arrow_in_the_search_leads_to_the_best_hit(window: MainWindow) -> None:
    side = window.pane.side
    side.list.selectRow(row_of(window, "Clara"))
    QTest.keyClicks(side.search, "berg")
    QApplication.processEvents()
    QTest.keyClick(side.search, Qt.Key.Key_Down)
    assert side.list.currentIndex().row() == 0
    assert side.list.chosen_count == 1
    QTest.keyClick(side.list, Qt.Key.Key_Down)
    assert side.list.currentIndex().row() == 1


def test_a_list_that_gets_the_keyboard_shows_the_row_that_keys_act_on(window: MainWindow) -> None:
    side = window.pane.side
    side.list.selectionModel().clear()
    side.search.setFocus()
    side.list.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    assert side.list.currentIndex().isValid()
    assert side.list.selectionModel().isSelected(side.list.currentIndex())
