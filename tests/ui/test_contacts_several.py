"""Several contacts chosen in the list: one Clients box, a question with their number, one undo."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ringdesk.desk.team import TeamDesk
from ringdesk.domain.contact import ContactRow, Coworker
from ringdesk.domain.team import Person, Roster, TeamMet
from ringdesk.ui import contacts_chosen
from ringdesk.ui.contacts_several import SeveralPage
from ringdesk.ui.main_window import MainWindow
from ringdesk.ui.widgets_ask import Ask
from tests.ui.desk_fixtures import Office
from tests.ui.test_contacts_pane import question, row_of, texts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
FLAGS = QItemSelectionModel.SelectionFlag


@pytest.fixture
def window(office: Office, qtbot: QtBot) -> MainWindow:
    for name in ("Anna", "Bert", "Clara", "David"):
        office.person(name, "Berg", f"020 7946 00{len(name)}{ord(name[0])}", "Acme")
    theirs = office.person("Eve", "Berg")
    office.book.contacts[theirs.id] = replace(theirs, owner=Coworker("eve", "Eve Moss"), shared=True)
    return office.open()


def choose(window: MainWindow, qtbot: QtBot, *names: str) -> SeveralPage:
    view = window.pane.side.list
    view.selectionModel().clearSelection()
    for name in names:
        view.selectionModel().setCurrentIndex(view.rows.index(row_of(window, name), 0), FLAGS.Select | FLAGS.Rows)
    qtbot.waitUntil(lambda: window.pane.several.isVisible() and f"{len(names)} contacts" in texts(window.pane.several))
    return window.pane.several


def shared(office: Office) -> list[str]:
    mine = [one for one in office.book.contacts.values() if not isinstance(one.owner, Coworker)]
    return sorted(one.card.name.given for one in mine if one.shared)


def limited(office: Office, window: MainWindow) -> None:
    """The team gives this desk view-only rights."""
    me = Person(login="me", name="Me", view_only=True)
    team = TeamDesk(lambda order: None, office.call_writes())
    team.take(TeamMet(Roster(7, "s", "salt", me, (), (me,))))
    team.view = replace(team.view, joined=True)
    window.use_team(team)


def test_several_are_shared_after_a_question_and_taken_back_at_once(
    office: Office, window: MainWindow, qtbot: QtBot
) -> None:
    page = choose(window, qtbot, "Anna", "Clara", "Eve")
    assert "None of them is shared with coworkers. 1 is not yours and stays as it is." in texts(page)
    page.box.click()
    assert page.box.checkState() is Qt.CheckState.Unchecked, "nothing is shared before the answer"
    asked = question(window)
    assert "Share 2 contacts with coworkers?" in texts(asked)
    assert shared(office) == []
    asked.yes.click()
    qtbot.waitUntil(lambda: shared(office) == ["Anna", "Clara"])
    qtbot.waitUntil(lambda: page.box.checkState() is Qt.CheckState.Checked)
    assert "2 of them are shared with coworkers." in texts(page), "they stay chosen"
    qtbot.waitUntil(lambda: window.pane.undo_bar.text == "2 contacts are shared now")
    window.pane.undo_bar._undo.click()
    qtbot.waitUntil(lambda: shared(office) == [])


def test_where_some_are_shared_the_box_shares_the_others_and_then_takes_all_back(
    office: Office, window: MainWindow, qtbot: QtBot
) -> None:
    office.contacts.tick("id-1", True)
    page = choose(window, qtbot, "Anna", "Bert")
    qtbot.waitUntil(lambda: page.box.checkState() is Qt.CheckState.PartiallyChecked)
    page.box.click()
    assert "Share 1 contact with coworkers?" in texts(question(window))
    question(window).yes.click()
    qtbot.waitUntil(lambda: page.box.checkState() is Qt.CheckState.Checked)
    page.box.click()
    assert "Stop sharing 2 contacts?" in texts(question(window))
    question(window).yes.click()
    qtbot.waitUntil(lambda: window.pane.undo_bar.text == "2 contacts are private now")
    assert shared(office) == []


def test_ctrl_a_chooses_all_and_a_single_row_is_a_contact_again(
    office: Office, window: MainWindow, qtbot: QtBot
) -> None:
    view = window.pane.side.list
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.pane.several.isVisible())
    assert "5 contacts chosen" in texts(window.pane)
    QTest.keyClick(view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: window.pane.details.isVisible())
    assert "Bert Berg" in texts(window.pane.details)


def test_of_very_many_a_few_are_read_at_a_time(
    office: Office, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts_chosen, "SLICE", 2)
    view, choice = window.pane.side.list, window.pane.side.list.choice
    asked: list[int] = []
    turns: list[int] = []
    row, read = view.rows.contact_row, choice._read

    def one_row(place: int) -> ContactRow | None:
        asked.append(place)
        return row(place)

    def one_turn() -> None:
        asked.clear()
        read()
        turns.append(len(asked))

    monkeypatch.setattr(view.rows, "contact_row", one_row)
    monkeypatch.setattr(choice, "_read", one_turn)
    choice._turn.timeout.disconnect()
    choice._turn.timeout.connect(one_turn)
    view.selectAll()
    view.settle()
    assert turns == [2]
    assert "5 contacts chosen" in texts(window.pane.several)
    assert not window.pane.several.box.isVisible()
    assert not window.pane.can_share()[0]
    window.pane.share_chosen()
    assert not [one for one in window.findChildren(Ask) if one.isVisible()], "nobody knows yet what would be shared"
    qtbot.waitUntil(lambda: window.pane.several.box.isVisible())
    assert turns == [2, 2, 1]
    assert window.pane.several.now.count == 5
    view.selectRow(0)
    qtbot.waitUntil(lambda: window.pane.details.isVisible())


def test_a_search_leaves_one_chosen(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "Anna", "Bert")
    window.pane.side.search.setText("clara")
    qtbot.waitUntil(lambda: window.pane.details.isVisible())


def test_the_menu_shares_one_without_asking_and_several_with(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    action = window._share
    window.pane.side.list.selectRow(0)
    window._show_what_can_be_done()
    assert (action.text(), action.isEnabled()) == ("S&hare with coworkers", True)
    action.trigger()
    qtbot.waitUntil(lambda: window.pane.details.share.isChecked())
    choose(window, qtbot, "Anna", "Bert")
    action.trigger()
    assert "Share 1 contact with coworkers?" in texts(question(window))


def test_view_only_rights_leave_taking_back_alone(office: Office, window: MainWindow, qtbot: QtBot) -> None:
    office.contacts.tick("id-1", True)
    limited(office, window)
    page = choose(window, qtbot, "Bert", "Clara")
    assert not page.box.isVisible(), "what may not be done is absent"
    page = choose(window, qtbot, "Anna", "Bert", "Clara")
    page.box.click()
    assert "Stop sharing 1 contact?" in texts(question(window))


def test_with_view_only_rights_a_coworkers_contact_is_shown_and_not_edited(
    office: Office, window: MainWindow, qtbot: QtBot
) -> None:
    limited(office, window)
    window.pane.side.list.selectRow(row_of(window, "Eve"))
    window.pane.edit_selected()
    assert not window.editors.unsaved
    assert window.editors._open == []
    window.new_contact()
    assert not window.editors._open[0].form.share.isVisible(), "nothing new is shared"
    rows = window.pane.side.list.rows
    assert rows.index(row_of(window, "Bert"), 0).data(Qt.ItemDataRole.CheckStateRole) is None
