"""Google in the main window: the bar, the menu, what each of them opens and orders."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ringdesk.domain.remote import Death
from ringdesk.domain.replica import Question, Review
from ringdesk.domain.syncing import Phase, RoundDone, SyncDead, SyncHalted, SyncProgress, SyncRunning, SyncUndone
from ringdesk.ui.connect_front import GoogleFront
from ringdesk.ui.connect_status import Deed
from ringdesk.ui.main_window import MainWindow
from ringdesk.ui.theme import Theme
from ringdesk.ui.widgets_ask import Ask
from ringdesk.ui.widgets_button import Button
from tests.ui.account_fixtures import ID, Google, connected
from tests.ui.desk_fixtures import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@dataclass
class Stage:
    """A window with Google in it."""

    window: MainWindow
    google: Google
    front: GoogleFront
    asked: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        self.front.refresh()
        return self.front.bar.line.whole

    def dialog(self, name: str) -> QDialog:
        [found] = [one for one in self.window.findChildren(QDialog) if one.objectName() == name and one.isVisible()]
        return found

    def answer(self, *, yes: bool) -> str:
        """Answer the question that stands in front; gives its text."""
        [question] = [one for one in QApplication.topLevelWidgets() if isinstance(one, Ask) and one.isVisible()]
        text = question.accessibleDescription()
        (question.yes if yes else question.no).click()
        return text

    @property
    def menu(self) -> list[str]:
        self.front.refresh()
        return [one.text().replace("&", "") for one in self.front.menu.actions() if one.isVisible()]


@pytest.fixture
def stage(theme: Theme, office: Office, qtbot: QtBot) -> Stage:
    return staged(office, Google())


@pytest.fixture
def synced(theme: Theme, office: Office, qtbot: QtBot) -> Stage:
    return staged(office, connected(undoable=True))


def staged(office: Office, google: Google) -> Stage:
    window = office.open()
    asked: list[str] = []
    front = GoogleFront(
        office.theme, window, google.desk, office.time,
        region=lambda: "GB", settings=lambda: asked.append("settings"), link=asked.append,
    )  # several to a line  # fmt: skip
    QApplication.processEvents()
    return Stage(window, google, front, asked)


def test_connect_stands_at_the_bottom_right_with_its_mark(stage: Stage) -> None:
    button = stage.front.bar.main
    assert button.isVisible()
    assert (button.text().strip(), button.accessibleName()) == ("Connect", "Connect Google contacts")
    assert not button.icon().isNull()
    place = button.mapTo(stage.window, button.rect().center())
    assert place.x() > stage.window.width() * 0.8
    assert place.y() > stage.window.height() * 0.9


def test_connect_opens_its_window_by_keyboard_and_only_one(stage: Stage) -> None:
    QTest.keyClick(stage.front.bar.main, Qt.Key.Key_Space)
    first = stage.dialog("connect_dialog")
    QTest.keyClick(stage.front.bar.main, Qt.Key.Key_Space)
    assert stage.dialog("connect_dialog") is first
    first.close()
    QApplication.processEvents()
    QTest.keyClick(stage.front.bar.main, Qt.Key.Key_Space)
    assert stage.dialog("connect_dialog").isVisible()


def test_the_bar_follows_the_way_to_connected(stage: Stage) -> None:
    stage.front.act(Deed.CONNECT)
    stage.google.desk.connect()
    assert stage.line == "Waiting for your browser…"
    stage.google.signed_in()
    assert stage.line == "Signed in; nothing is synced yet"
    assert stage.front.bar.main.text().strip() == "Go on"


def test_a_running_sync_shows_how_far_it_is_and_can_be_called_off(synced: Stage, qtbot: QtBot) -> None:
    synced.google.say(SyncRunning(ID), SyncProgress(ID, Phase.READING, 1200, 25_000))
    qtbot.waitUntil(lambda: synced.front.bar.progress.isVisible())
    assert synced.line.startswith("Reading your contacts in Google: 1")
    assert synced.front.bar.progress.value() == 1200
    synced.front.bar.buttons[Deed.BREAK_OFF].click()
    assert synced.google.orders == ["break_off"]


def test_many_news_of_a_sync_are_gathered(synced: Stage, qtbot: QtBot) -> None:
    shown: list[int] = []
    synced.front.changed.connect(lambda: shown.append(1))
    for n in range(500):
        synced.google.say(SyncProgress(ID, Phase.READING, n, 25_000))
    qtbot.waitUntil(lambda: synced.front.bar.progress.value() == 499)
    assert len(shown) < 5


def test_sync_now_by_button_and_by_key(synced: Stage) -> None:
    synced.front.bar.buttons[Deed.SYNC].click()
    QTest.keyClick(synced.window, Qt.Key.Key_F5)
    assert synced.google.orders == ["sync_now", "sync_now"]


def test_a_dead_permission_says_why_and_reconnects(synced: Stage) -> None:
    synced.google.say(SyncDead(ID, Death.REVOKED, "unused"))
    assert synced.line == "RingDesk was not used for six months, so Google ended the permission."
    assert synced.front.bar.main.text().strip() == "Reconnect"
    synced.front.bar.main.click()
    assert synced.google.ports.orders == [("sign_in", "google", ID)]
    assert synced.dialog("connect_dialog").isVisible()


def test_a_halt_tells_what_to_do(synced: Stage) -> None:
    synced.google.say(SyncHalted(ID, "disabled", "x"))
    assert "Switch it on in Google's console" in synced.line


def test_questions_are_reviewed(synced: Stage) -> None:
    assert not any(text.startswith("Review") for text in synced.menu)
    synced.google.asks(Question(Review.REMOVED, "c1", "r1"), Question(Review.REMOVED, "c2", "r2"))
    assert "Review (2)…" in synced.menu
    synced.front.bar.buttons[Deed.REVIEW].click()
    assert synced.dialog("review").isVisible()


def test_undo_asks_once_and_says_what_it_cannot(synced: Stage) -> None:
    synced.front.act(Deed.UNDO)
    assert "What was changed again since then stays" in synced.answer(yes=False)
    assert synced.google.orders == []
    synced.front.act(Deed.UNDO)
    synced.answer(yes=True)
    assert synced.google.orders == ["undo"]
    synced.google.say(SyncUndone(ID, {"taken out here": 2}))
    assert synced.line == "The last sync was taken back: 2 taken out here again"


def test_disconnect_says_what_follows(synced: Stage) -> None:
    synced.front.act(Deed.DISCONNECT)
    text = synced.answer(yes=True)
    assert "All contacts stay" in text
    assert "no duplicates" in text
    assert synced.google.orders == ["disconnect"]
    synced.google.gone()
    assert synced.front.bar.main.text().strip() == "Connect"


def test_what_shows_an_account_closes_with_it(synced: Stage) -> None:
    synced.front.act(Deed.LAST)
    synced.front.show_review()
    dialogs = [synced.dialog("last_sync"), synced.dialog("review")]
    synced.google.gone()
    synced.front.refresh()
    assert not any(isValid(dialog) and dialog.isVisible() for dialog in dialogs)


def test_what_the_last_sync_did_is_listed(synced: Stage) -> None:
    lines = (("added here", "a", "Anna Berg"), ("added here", "b", "Bo Chen"))
    synced.google.say(RoundDone(account=ID, at=1.0, counts={"added here": 2}, lines=lines))
    synced.front.act(Deed.LAST)
    dialog = synced.dialog("last_sync")
    assert dialog.lists.contacts.model().rowCount() == 2  # type: ignore[attr-defined]  # the dialog's own part


def test_what_undo_takes_back_is_told_and_listed_though_later_rounds_had_nothing_to_do(synced: Stage) -> None:
    lines = (("added here", "a", "Anna Berg"), ("added here", "b", "Bo Chen"))
    synced.google.say(RoundDone(account=ID, at=1.0, counts={"added here": 2}, lines=lines))
    synced.google.say(RoundDone(account=ID, at=400.0, counts={}))
    synced.front.act(Deed.UNDO)
    assert "2 added here." in synced.answer(yes=False)
    synced.front.act(Deed.LAST)
    dialog = synced.dialog("last_sync")
    assert dialog.lists.contacts.model().rowCount() == 2  # type: ignore[attr-defined]  # the dialog's own part
    synced.google.say(SyncUndone(ID, {"taken out here": 2}))
    synced.front.refresh()
    assert dialog.lists.empty  # type: ignore[attr-defined]  # as above


def test_the_menu_holds_what_can_be_done_now(stage: Stage, synced: Stage) -> None:
    assert stage.menu == ["Connect…", "Settings for Google…"]
    assert synced.menu[0] == "robin@example.com"
    assert {"Sync now", "Undo the last sync…", "Disconnect…"} <= set(synced.menu)


def test_without_the_teams_leave_there_is_no_google_to_connect(stage: Stage, qtbot: QtBot) -> None:
    stage.google.desk.allow(False)
    assert not stage.front.bar.isVisible()
    assert not stage.front.menu.menuAction().isVisible()
    assert stage.menu == []
    stage.window.pane.details_changed()
    assert not any(one.isVisible() for one in stage.window.findChildren(Button, "welcome_google"))
    stage.front.act(Deed.CONNECT)
    assert not any(one.isVisible() for one in stage.window.findChildren(QDialog))
    stage.google.desk.allow(True)
    assert stage.front.bar.isVisible()


def test_an_account_the_team_forbids_can_only_be_disconnected(synced: Stage, qtbot: QtBot) -> None:
    synced.google.desk.allow(False)
    assert synced.line == "Your team does not let you sync with Google. Ask its administrator."
    assert synced.menu[-1] == "Disconnect…"
    assert not {"Sync now", "Undo the last sync…", "Settings for Google…", "Reconnect…"} & {*synced.menu}
