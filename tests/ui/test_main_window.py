"""The main window: its doors, its status, and a name for every control."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ringdesk.desk.importing import ImportResult, Preview, RefusedCard, Refusing, Unreadable
from ringdesk.domain.call import CallState, Direction
from ringdesk.domain.calllog import CallRecord
from ringdesk.domain.card import Card, PhoneEntry
from ringdesk.domain.dates import DayOrder
from ringdesk.domain.news import ContactsChanged, StoreTroubled
from ringdesk.domain.phone import E164
from ringdesk.domain.status import StoreTrouble
from ringdesk.ui.import_dialog import ImportDialog
from ringdesk.ui.theme import CONTROL
from ringdesk.ui.words import trouble
from tests.memory_book import person
from tests.ui.desk_fixtures import Office
from tests.ui.show import FULL

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView)


def controls(window: QWidget) -> list[QWidget]:
    """Every control of ours; not the parts Qt makes inside its own."""
    found = [w for kind in CONTROLS for w in window.findChildren(kind)]
    return [w for w in found if not _inner(w)]


def _inner(widget: QWidget) -> bool:
    if widget.metaObject().className() == "QComboBoxListView":
        return True
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, QComboBox | QLineEdit) or parent.objectName().startswith("qt_"):
            return True
        if parent.metaObject().className().startswith(("QTabBar", "QComboBoxPrivate")):
            return True
        parent = parent.parentWidget()
    return widget.objectName().startswith(("qt_", "ScrollLeft", "ScrollRight"))


@pytest.fixture
def windows(office: Office) -> list[QWidget]:
    contact = person(office.book, FULL)
    window = office.open()
    window.set_can_dial(True)
    window.pane.open(contact.id)
    office.contacts.add_note("note", lambda: None, lambda: None)
    QApplication.processEvents()
    editor = window.editors.open(contact, Card())
    window.import_file()
    return [window, editor, *window.findChildren(ImportDialog)]


def test_every_control_has_a_name_for_screen_readers_and_for_scripts(windows: list[QWidget]) -> None:
    nameless = [
        f"{w.metaObject().className()} {w.objectName()!r} {w.accessibleName()!r}"
        for window in windows
        for w in controls(window)
        if not w.objectName() or not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
    ]
    assert not nameless


def test_names_of_controls_are_unique_in_their_window(windows: list[QWidget]) -> None:
    for window in windows:
        names = [w.objectName() for w in controls(window) if w.window() is window]
        assert sorted(names) == sorted(set(names))


def test_no_control_is_lower_than_32_pixels(windows: list[QWidget]) -> None:
    low = [
        (w.objectName(), w.height())
        for window in windows
        for w in controls(window)
        if w.isVisible() and w.height() < CONTROL
    ]
    assert not low


def test_the_menu_reaches_the_app(office: Office) -> None:
    window = office.open()
    for name in ("settings", "quit"):
        action = window.findChild(QAction, f"action_{name}")
        assert isinstance(action, QAction)
        action.trigger()
    assert (office.asked.settings, office.asked.quit) == (1, 1)


def test_closing_only_asks_until_it_is_allowed(office: Office, qtbot: QtBot) -> None:
    window = office.open()
    with qtbot.waitSignal(window.close_asked):
        window.close()
    assert window.isVisible()
    window.allow_close()
    window.close()
    assert not window.isVisible()


def test_shortcuts_work_from_the_window(office: Office, qtbot: QtBot) -> None:
    office.person("Anna")
    window = office.open()
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.pane.side.search.hasFocus)
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(window.editors._open) == 1)


def test_trouble_of_a_write_nobody_waits_for_is_told(office: Office, qtbot: QtBot) -> None:
    window = office.open()
    office.post.send(StoreTroubled(StoreTrouble.FULL, ""))
    qtbot.waitUntil(lambda: "disk is full" in window.banner.text)


@pytest.mark.parametrize("what", list(StoreTrouble))
def test_every_trouble_of_the_store_is_said_in_the_window_and_says_what_to_do(
    office: Office, what: StoreTrouble
) -> None:
    window = office.open()
    window.set_status("Listening to Office phone")
    window.troubled(StoreTroubled(what, "", "/home/robin/.local/share/ringdesk/ringdesk.db"))
    small = what in (StoreTrouble.GONE, StoreTrouble.STALE, StoreTrouble.STOPPED)
    said = window._status.whole if small else window.banner.text
    assert said.startswith(trouble(what))
    assert small or (window.banner.isVisible() and window.banner.height() >= 40)
    if not small:
        assert window.banner._text.height() >= window.banner._text.heightForWidth(window.banner._text.width())
    assert small or window.banner.rescue.isVisible() == (what is StoreTrouble.CORRUPT)


def test_a_full_disk_is_told_until_something_is_saved_again(office: Office, qtbot: QtBot) -> None:
    window = office.open()
    window.troubled(StoreTroubled(StoreTrouble.FULL, ""))
    assert window.banner.isVisible()
    office.post.send(ContactsChanged(frozenset()))
    qtbot.waitUntil(lambda: not window.banner.isVisible())


def test_damage_stays_told_whatever_follows_from_it(office: Office) -> None:
    window = office.open()
    window.troubled(StoreTroubled(StoreTrouble.CORRUPT, ""))
    window.troubled(StoreTroubled(StoreTrouble.IO, ""))
    office.post.send(ContactsChanged(frozenset()))
    QApplication.processEvents()
    assert window.banner.isVisible()
    assert "damaged" in window.banner.text


def test_what_was_done_passes_and_the_state_stays(office: Office) -> None:
    window = office.open()
    window.set_status("Listening to Office phone")
    window.tell("Copied 204")
    assert window._status.whole == "Copied 204"
    window._told_long_enough()
    assert window._status.whole == "Listening to Office phone"


def test_import_shows_each_stage_and_names_what_was_refused(office: Office, qtbot: QtBot) -> None:
    window = office.open()
    window.import_file()
    [dialog] = window.findChildren(ImportDialog)
    dialog.choose_path("/x/book.vcf")
    assert office.asked.looked == ["/x/book.vcf"]
    office.imports.looked(Preview(path="/x/book.vcf", cards=2, with_phones=1))
    assert dialog.headline.text() == "2 contacts in this file"
    assert "not taken twice" in dialog.text.text()
    dialog.take.click()
    assert office.asked.started == [("/x/book.vcf", None)]
    office.imports.finished(ImportResult(taken=1, refused=(RefusedCard("card 2", Refusing.EMPTY),)))
    assert dialog.refused.item(0).text() == "card 2: there is nothing in it"
    assert not dialog.refused.horizontalScrollBar().isVisible()
    assert dialog.headline.text() == "1 contact imported"
    dialog.close()
    window.import_file()
    assert office.imports.stage.__class__.__name__ == "Choosing"


def test_the_keyboard_is_on_what_comes_next_in_an_import(office: Office) -> None:
    window = office.open()
    window.import_file()
    [dialog] = window.findChildren(ImportDialog)
    assert dialog.focusWidget() is dialog.choose
    dialog.choose_path("/x/book.vcf")
    office.imports.looked(Preview(path="/x/book.vcf", cards=2, with_phones=1))
    assert dialog.focusWidget() is dialog.take
    dialog.take.click()
    office.imports.finished(ImportResult(taken=2, refused=()))
    assert dialog.focusWidget() is dialog.shut


def test_what_a_refusal_has_said_is_not_said_again(office: Office) -> None:
    window = office.open()
    window.import_file()
    [dialog] = window.findChildren(ImportDialog)
    dialog.choose_path("/x/book.vcf")
    refused = (
        RefusedCard("card 1", Refusing.EMPTY, "nothing in this card that a contact can hold"),
        RefusedCard("card 2", Refusing.TRUNCATED, "the next card begins inside this one"),
    )
    office.imports.looked(Preview(path="/x/book.vcf", cards=1, with_phones=1, refused=refused))
    assert [dialog.refused.item(row).text() for row in range(2)] == [
        "card 1: there is nothing in it",
        "card 2: it breaks off in the middle (the next card begins inside this one)",
    ]


def test_a_file_that_cannot_be_read_says_what_to_do(office: Office) -> None:
    window = office.open()
    window.import_file()
    [dialog] = window.findChildren(ImportDialog)
    dialog.choose_path("/x/film.mp4")
    office.imports.failed("/x/film.mp4", Unreadable.UNKNOWN)
    assert "film.mp4 cannot be imported" in dialog.headline.text()
    assert "neither vCard nor CSV" in dialog.text.text()


def test_the_calls_tab_writes_numbers_as_the_home_country_of_now_does(office: Office) -> None:
    number = E164("442079460777", 2)
    office.calls.records.append(
        CallRecord(
            id="1",
            source="feed",
            direction=Direction.INCOMING,
            state=CallState.ENDED_UNKNOWN,
            over=True,
            number=number,
            started=office.time.now(),
        )
    )
    window = office.open()
    window.show_calls()
    model = window.pane.calls.model
    assert model.index(0, 0).data() == "020 7946 0777"
    office.region = "ES"
    assert model.index(0, 0).data() == "+44 20 7946 0777"


def test_the_calls_tab_writes_the_number_of_a_caller_nobody_named_as_people_write_it(office: Office) -> None:
    number = E164("442079460777", 2)
    contact = person(office.book, Card(phones=(PhoneEntry("+442079460777"),)))
    office.calls.records.append(
        CallRecord(
            id="1",
            source="feed",
            direction=Direction.INCOMING,
            state=CallState.MISSED,
            over=True,
            number=number,
            contact=contact.id,
            started=office.time.now(),
        )
    )
    window = office.open()
    window.show_calls()
    assert window.pane.calls.model.index(0, 0).data() == "020 7946 0777"


def test_dates_that_can_be_read_in_two_ways_are_asked_for_in_the_import(office: Office) -> None:
    window = office.open()
    window.import_file()
    [dialog] = window.findChildren(ImportDialog)
    dialog.choose_path("/x/book.csv")
    office.imports.looked(Preview(path="/x/book.csv", cards=2, with_phones=1, unclear=2, example="3/4/1980"))
    QApplication.processEvents()
    assert dialog.dates.isVisible()
    assert not dialog.take.isEnabled()
    assert [dialog.dates.itemText(n) for n in range(2)] == ["3/4/1980 is 3 April 1980", "3/4/1980 is 4 March 1980"]
    dialog.dates.setFocus()
    QTest.keyClick(dialog.dates, Qt.Key.Key_Down)
    assert dialog.take.isEnabled()
    dialog.take.click()
    assert office.asked.started == [("/x/book.csv", DayOrder.DAY_FIRST)]


def test_the_order_of_dates_is_chosen_by_the_arrows_and_taken_by_enter(office: Office) -> None:
    window = office.open()
    window.import_file()
    [dialog] = window.findChildren(ImportDialog)
    dialog.choose_path("/x/book.csv")
    office.imports.looked(Preview(path="/x/book.csv", cards=2, with_phones=1, unclear=2, example="3/4/1980"))
    QApplication.processEvents()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Down):
        assert dialog.focusWidget() is dialog.dates
        QTest.keyClick(dialog.focusWidget(), key)
    assert dialog.isVisible()
    assert office.asked.started == []
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert office.asked.started == [("/x/book.csv", DayOrder.MONTH_FIRST)]


def test_dates_that_others_make_clear_are_shown_and_not_asked_for(office: Office) -> None:
    window = office.open()
    window.import_file()
    [dialog] = window.findChildren(ImportDialog)
    dialog.choose_path("/x/book.csv")
    preview = Preview(
        path="/x/book.csv", cards=2, with_phones=1, unclear=1, example="3/4/1980", order=DayOrder.MONTH_FIRST
    )
    office.imports.looked(preview)
    assert dialog.take.isEnabled()
    assert dialog.dates.currentText() == "3/4/1980 is 4 March 1980"


def test_the_first_picture_waits_for_nobodys_details(office: Office, qtbot: QtBot) -> None:
    office.person("Ana", "Gil")
    window = office.begin(held=True)
    window.pane.side.list.selectRow(0)
    assert office.contacts.selected is not None
    assert "details" not in vars(window.pane)
    first, _ = window.finish()
    for step in first:
        step()
    qtbot.waitUntil(window.pane.details.isVisible)


def test_an_empty_book_is_welcomed_in_the_first_picture(office: Office) -> None:
    window = office.begin(held=True)
    welcome = window.findChild(QWidget, "welcome")
    assert welcome is not None
    assert welcome.isVisible()


def test_the_window_tells_of_its_first_picture_once(office: Office, qtbot: QtBot) -> None:
    window = office.begin()
    told: list[int] = []
    window.painted.connect(lambda: told.append(1))
    qtbot.waitUntil(lambda: told == [1])
    window.repaint()
    qtbot.wait(50)
    assert told == [1]
