"""The team's window: joining, who is in it, what an administrator ticks, and what coworkers see."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from ringdesk.desk.team import shown_part
from ringdesk.domain.card import Card
from ringdesk.domain.contact import SHARED
from ringdesk.domain.document import from_document
from ringdesk.domain.sockets import Show
from ringdesk.domain.team import BY_CHOICE
from ringdesk.ui.team_seen import Seeing, SeenDialog
from ringdesk.ui.team_window import TeamWindow
from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_ask import Ask
from ringdesk.ui.widgets_button import Button
from tests.memory_book import person
from tests.ui.desk_fixtures import Office
from tests.ui.team_ports import BOB, MemoryTeam
from tests.ui.test_contacts_pane import texts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def opened(theme: Theme, qtbot: QtBot, team: MemoryTeam) -> TeamWindow:
    window = TeamWindow(theme, team)
    window.show()
    return window


def test_joining_wants_an_invitation_and_the_right_password(theme: Theme, qtbot: QtBot, office: Office) -> None:
    window = opened(theme, qtbot, MemoryTeam(joined=False))
    join = window.join
    assert not window.leave.isVisible()
    assert not window.seen.isVisible()
    join.use("no.txt")
    assert window.trouble.text() == "This is no invitation to a RingDesk team."
    join.password.setText("right")
    assert not join.go.isEnabled(), "not without an invitation"
    join.use("ada.invitation")
    assert join.invited.text() == "For Ada Moreno (ada), db.office.example"
    join.password.setText("wrong")
    join.go.click()
    assert window.trouble.text() == "The password is wrong, or was used already. Ask for a new one."
    join.password.setText("right")
    join.go.click()
    assert window.trouble.text() == ""
    assert window.people.isVisible()
    assert "Bob Li (12, 112)" in texts(window)
    assert "Dan Left" not in texts(window), "a leaver is no coworker"


def test_without_the_server_it_shows_the_team_as_last_heard_for_reading(theme: Theme, qtbot: QtBot) -> None:
    team = MemoryTeam(broken="unreachable")
    team.known = replace(team._people(), administrator=False)
    window = opened(theme, qtbot, team)
    assert "Bob Li (12, 112)" in texts(window)
    assert "Administrator" in texts(window)
    assert window.people.boxes == {}
    assert window.trouble.text().startswith("The team's server does not answer.")


def test_an_administrator_ticks_rights_and_departments(theme: Theme, qtbot: QtBot, office: Office) -> None:
    team = MemoryTeam()
    window = opened(theme, qtbot, team)
    window.people.boxes["bob", "view_only"].click()
    window.people.boxes["bob", "google"].click()
    assert (team.coworkers["bob"].view_only, team.coworkers["bob"].google) == (True, False)
    window.people.boxes["cleo", "Sales"].click()
    window.people.boxes["ada", "Sales"].click()
    assert team.departments["Sales"] == ("bob", "cleo")
    QApplication.processEvents()
    [name] = [one for one in window.findChildren(QLineEdit, "new_department") if one.isVisible()]
    name.setText(" Returns ")
    [add] = [one for one in window.findChildren(Button, "add_department") if one.isVisible()]
    add.click()
    assert team.departments["Returns"] == ()


def test_what_the_server_refuses_is_told_and_the_box_shows_what_is_so(
    theme: Theme, qtbot: QtBot, office: Office
) -> None:
    team = MemoryTeam()
    window = opened(theme, qtbot, team)
    team.broken = "not a coworker"
    window.people.boxes["bob", "view_only"].click()
    assert window.trouble.text() == "The team does not allow that to you."
    assert not window.people.boxes["bob", "view_only"].isChecked()


def test_who_is_no_administrator_reads_and_has_nothing_to_tick(theme: Theme, qtbot: QtBot, office: Office) -> None:
    window = opened(theme, qtbot, MemoryTeam(me=BOB))
    assert window.people.findChildren(QCheckBox) == []
    assert window.findChildren(QLineEdit, "new_department") == []
    said = texts(window)
    for part in ("Bob Li (12, 112) – you", "View only, No Google", "Administrator", "Sales"):
        assert part in said
    assert "Support" not in said, "not a department of his"


def test_leaving_is_asked_about(theme: Theme, qtbot: QtBot, office: Office) -> None:
    team = MemoryTeam()
    window = opened(theme, qtbot, team)
    window.leave.click()
    [question] = window.findChildren(Ask)
    before = team.joined
    question.yes.click()
    assert (before, team.joined) == (True, False)
    assert window.result() == QDialog.DialogCode.Accepted


def dialog(office: Office, chosen: list[frozenset[str]]) -> SeenDialog:
    def seen(id: str) -> Card | None:
        contact = office.book.get(id)
        return None if contact is None or not contact.shared else shown_part(contact.card, chosen[-1])

    def shared() -> list:  # type: ignore[type-arg]  # rows of the book
        return [row for row in office.book.page(Show(anonymous=None), 0, 100) if row.flags & SHARED]

    made = SeenDialog(office.theme, "GB", Seeing(seen, shared, lambda: chosen[-1], chosen.append))
    made.show()
    return made


def test_what_coworkers_see_is_listed_and_more_is_seen_only_by_choice(office: Office, qtbot: QtBot) -> None:
    full = {"name": {"given": "Maria"}, "note": "owes me a walrus", "birthday": [1975, 3, 3], "nicknames": ["Mari"]}
    maria = person(office.book, from_document(full))
    anna = office.person("Anna", "Berg", "020 7946 0018")
    office.person("Private", "Person", "020 7946 0111")
    for one in (maria, anna):
        office.contacts.tick(one.id, True)
    chosen = [frozenset[str]()]
    made = dialog(office, chosen)
    made.show_contact(maria.id)
    assert [made.all.item(n).text() for n in range(made.all.count())] == ["Anna Berg", "Maria"]
    assert made.count.text() == "You share 2 contacts"
    assert (made.name.text(), "walrus" in texts(made)) == ("Maria", False)
    assert set(made.boxes) == set(BY_CHOICE)
    made.boxes["note"].click()
    assert chosen[-1] == {"note"}
    qtbot.waitUntil(lambda: "owes me a walrus" in texts(made))
    made.boxes["note"].click()
    made.boxes["birthday"].click()
    assert chosen[-1] == {"birthday"}
    assert "walrus" not in texts(made)
    qtbot.waitUntil(lambda: "3 March 1975" in texts(made))


def test_who_shares_nothing_is_told_how(office: Office, qtbot: QtBot) -> None:
    made = dialog(office, [frozenset()])
    made.show_contact("")
    assert "You share nothing" in texts(made)
