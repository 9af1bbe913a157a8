"""Lists of a sync: the models keep Qt's promises, and 25,000 rows cost nothing before they are in sight."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QAbstractItemModel, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ringdesk.ui.connect_labels import LabelPicker, LabelRow, LabelsModel
from ringdesk.ui.connect_lists import DeedLists, sorted_deeds
from ringdesk.ui.connect_rows import RowLine, RowList, RowsModel
from ringdesk.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

MANY = tuple(("added here", f"c{n}", f"Person {n:05d}") for n in range(25_000))
LABELS = (LabelRow("g1", "Clients", 12), LabelRow("g2", "R&D"), LabelRow("g3", "Family", 3))


def lacks(picker: LabelPicker) -> bool:
    """Asked anew: mypy is not to believe that it stays the same between two looks."""
    return picker.lacks


def watch(model: QAbstractItemModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_the_models_keep_qts_promises(theme: Theme) -> None:
    rows = RowsModel(lambda row: RowLine(row[2], "more"))
    labels = LabelsModel()
    testers = watch(rows), watch(labels)
    for some in ((), MANY[:100], ()):
        rows.show(some)
    labels.show(LABELS, frozenset({"g1", "g9"}), "gone")
    assert labels.setData(labels.index(1), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    labels.show((), frozenset())
    assert all(testers)


def test_25000_rows_are_shown_and_paged_without_delay(theme: Theme, qtbot: QtBot) -> None:
    asked: list[object] = []

    def line(row: tuple[str, str, str]) -> RowLine:
        asked.append(row)
        return RowLine(row[2])

    view = RowList(theme, "many", "Many", line)
    qtbot.addWidget(view)
    view.resize(400, 500)
    view.show()
    QApplication.processEvents()
    start = time.perf_counter()
    view.show_rows(MANY)
    QApplication.processEvents()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End)
    QApplication.processEvents()
    took = time.perf_counter() - start
    assert view.currentIndex().row() == len(MANY) - 1
    assert len(set(asked)) < 200, "only rows in sight are worked out"
    assert took < 0.25
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.currentIndex().row() == 0


def test_deeds_stand_in_the_order_one_wants_to_know_them() -> None:
    counts = {"added here": 2, "deleted there": 5, "asked about": 1}
    lines = (("added here", "a", "A"), ("deleted there", "b", "B"))
    made = sorted_deeds(counts, lines)
    assert [(one.deed, one.count, len(one.lines)) for one in made] == [
        ("deleted there", 5, 1),
        ("asked about", 1, 0),
        ("added here", 2, 1),
    ]


def test_the_lists_are_worked_by_keyboard_and_say_what_they_are(theme: Theme, qtbot: QtBot) -> None:
    lists = DeedLists(theme, "lists")
    qtbot.addWidget(lists)
    lists.show()
    assert lists.empty
    lists.show_lines({"added here": 3, "changed there": 1}, (("added here", "a", "Anna"), ("changed there", "b", "Bo")))
    assert [lists.deeds.item(n).text() for n in range(2)] == ["Add here  (3)", "Change in Google  (1)"]
    assert lists.more.text() == "and 2 more"
    QTest.keyClick(lists.deeds, Qt.Key.Key_Down)
    assert lists.contacts.accessibleName() == "Change in Google"
    assert lists.contacts.model().index(0, 0).data() == "Bo"
    found = QAccessible.queryAccessibleInterface(lists.contacts)
    assert found.text(QAccessible.Text.Name) == "Change in Google"


def test_labels_are_chosen_by_keyboard(theme: Theme, qtbot: QtBot) -> None:
    picker = LabelPicker(theme, "labels")
    qtbot.addWidget(picker)
    picker.show_labels(LABELS, frozenset(), 123)
    picker.show()
    assert picker.everything.text() == "&All contacts (123)"
    assert picker.chosen == frozenset()
    picker.some.setFocus()
    QTest.keyClick(picker.some, Qt.Key.Key_Space)
    assert lacks(picker) is True
    picker.list.setCurrentIndex(picker.model.index(0))
    QTest.keyClick(picker.list, Qt.Key.Key_Space)
    QTest.keyClick(picker.list, Qt.Key.Key_Down)
    QTest.keyClick(picker.list, Qt.Key.Key_Return)
    assert picker.chosen == {"g1", "g2"}
    assert lacks(picker) is False
    spoken = picker.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Clients, 12 contacts"


def test_a_click_on_a_label_ticks_it_beside_the_box_too(theme: Theme, qtbot: QtBot) -> None:
    picker = LabelPicker(theme, "labels")
    qtbot.addWidget(picker)
    picker.show_labels(LABELS, frozenset({"g2"}), 123)
    picker.resize(400, 400)
    picker.show()
    for place in range(2):
        row = picker.list.visualRect(picker.model.index(place))
        QTest.mouseClick(picker.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert picker.chosen == {"g1"}
    for place in range(2):
        row = picker.list.visualRect(picker.model.index(place))
        QTest.mouseClick(picker.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row.x() + 18, row.center().y()))
    assert picker.chosen == {"g2"}, "a click on the box counts once"


def test_a_chosen_label_that_is_gone_stays_chosen_until_it_is_unticked(theme: Theme, qtbot: QtBot) -> None:
    picker = LabelPicker(theme, "labels")
    qtbot.addWidget(picker)
    picker.show_labels(LABELS, frozenset({"g9"}))
    assert picker.some.isChecked()
    assert picker.chosen == {"g9"}, "else everything would come here at once"
    assert picker.model.index(3).data() == "A label that is no longer in Google"


def test_without_labels_it_says_what_to_do(theme: Theme, qtbot: QtBot) -> None:
    picker = LabelPicker(theme, "labels")
    qtbot.addWidget(picker)
    picker.show_labels((), frozenset())
    assert not picker.some.isEnabled()
    assert "Make one in Google Contacts" in picker.none.text()
