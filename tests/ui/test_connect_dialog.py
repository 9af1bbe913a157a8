"""The connect window from the client file to the first sync, worked by keyboard, over a desk in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ringdesk.domain.remote import Death
from ringdesk.domain.replica import Direction, Policy
from ringdesk.domain.signing import ClientTrouble, Ending, Keeping
from ringdesk.domain.syncing import (
    ClientFileTaken,
    Phase,
    RoundDone,
    SignInFailed,
    SyncDead,
    SyncProgress,
    SyncWaiting,
)
from ringdesk.ui.connect_dialog import ConnectDialog
from ringdesk.ui.theme import Theme
from tests.account_ports import CLIENT, MemoryPorts
from tests.fakes import FakeTime
from tests.ui.account_fixtures import ASKED, ID, LABELS, SURVEY, WOULD, Google

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Opened:
    """A desk with its window."""

    def __init__(self, theme: Theme, google: Google) -> None:
        self.google, self.time = google, FakeTime()
        self.dialog = ConnectDialog(theme, google.desk, self.time)
        google.desk.listen(self.dialog.refresh)
        self.dialog.show()
        QApplication.processEvents()

    def end(self) -> None:
        """Close the window, where it has not closed itself."""
        self.google.desk.listen(lambda: None)
        if isValid(self.dialog):
            self.dialog.close()

    def press(self, name: str) -> None:
        """Press a button of the page in front with Space."""
        button = self.dialog.findChild(QAbstractButton, name)
        assert isinstance(button, QAbstractButton), name
        assert button.isVisible(), name
        assert button.isEnabled(), name
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)

    def texts(self) -> str:
        return "\n".join(label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def opened(theme: Theme, qtbot: QtBot) -> Iterator[Opened]:
    made = Opened(theme, Google())
    yield made
    made.end()


@pytest.fixture
def fresh(theme: Theme, qtbot: QtBot) -> Iterator[Opened]:
    """Without a client file."""
    made = Opened(theme, Google(MemoryPorts(file=None, labels=LABELS)))
    yield made
    made.end()


def test_without_a_client_file_four_steps_say_how_to_get_one(fresh: Opened) -> None:
    assert not fresh.dialog.start.sign_in.isEnabled()
    told = fresh.texts()
    for step in ("make a project", "People API", "seven days", "Download JSON"):
        assert step in told
    links: list[object] = []
    fresh.dialog.link_asked.connect(links.append)
    fresh.press("connect_console")
    assert str(links[0]).startswith("https://console.cloud.google.com/")


def test_a_dropped_client_file_is_taken_and_what_is_wrong_with_it_told(fresh: Opened, tmp_path: Path) -> None:
    path = tmp_path / "client.json"
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    drop = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    fresh.dialog.start.dropEvent(drop)
    assert fresh.google.ports.orders == [("take_client_file", path)]
    fresh.google.say(ClientFileTaken(None, ClientTrouble.WEB))
    assert "Desktop app" in fresh.dialog.start.trouble.text
    fresh.google.client_taken()
    assert fresh.dialog.start.trouble.isHidden()
    assert fresh.dialog.start.sign_in.hasFocus(), "the next step is ready under the fingers"


def test_an_administrators_file_need_not_be_chosen(fresh: Opened) -> None:
    fresh.google.client_taken(replace(CLIENT, administrator=True, practice=True))
    assert "Put in place by your administrator." in fresh.texts()
    assert "practice Google" in fresh.texts()
    assert fresh.dialog.start.another.isHidden()


def test_the_whole_way_by_keyboard(opened: Opened) -> None:
    opened.press("connect_sign_in")
    opened.google.say(replace(ASKED, until=opened.time.now() + 283))
    assert "Your browser is asking you" in opened.texts()
    assert "Ends by itself in 4:43" in opened.texts()
    opened.press("connect_copy")
    assert QGuiApplication.clipboard().text() == ASKED.address
    opened.google.signed_in()
    assert "Counting your contacts" in opened.texts()
    opened.google.surveyed()
    setup = opened.dialog.setup
    QTest.keyClick(setup.picker.everything, Qt.Key.Key_Down)
    setup.picker.list.setCurrentIndex(setup.picker.model.index(0))
    QTest.keyClick(setup.picker.list, Qt.Key.Key_Space)
    assert setup.phones.text() == "Only contacts with a &phone number (118)"
    QTest.keyClick(setup.phones, Qt.Key.Key_Space)
    opened.press("connect_rehearse")
    opened.google.say(SyncProgress(ID, Phase.READING, 40, 137))
    assert "Reading your contacts in Google: 40 of 137" in opened.texts()
    assert (opened.dialog.progress.bar.value(), opened.dialog.progress.bar.maximum()) == (40, 137)
    opened.google.rehearsed()
    assert "Will add 120 here, add 3 in Google, change 5, delete 0" in opened.texts()
    opened.press("rehearsal_accept")
    assert not opened.dialog.isVisible(), "the rest is told in the bar"
    assert opened.google.orders == ["sign_in", "survey", "rehearse", "accept"]
    policy = opened.google.account.view.choices.policy
    clients = frozenset({"Clients"})
    assert policy == Policy(labels=frozenset({"g1"}), groups=clients, landing="g1", only_with_phones=True)


def test_nothing_is_shared_until_a_label_is_asked_for(opened: Opened) -> None:
    opened.google.signed_in()
    opened.google.surveyed()
    share = opened.dialog.setup.share
    assert not share.on.isChecked()
    assert opened.dialog.setup.choices.policy.share_label == ""
    QTest.keyClick(share.on, Qt.Key.Key_Space)
    assert opened.dialog.setup.choices.policy.share_label == "Clients"
    share.label.setEditText(" ")
    assert not opened.dialog.setup.go.isEnabled()
    assert opened.dialog.setup.hint.text() == "Name the label that is shared."


def test_what_cannot_be_done_yet_cannot_be_pressed(opened: Opened) -> None:
    opened.google.signed_in()
    assert not opened.dialog.setup.go.isEnabled()
    opened.google.surveyed()
    assert opened.dialog.setup.go.isEnabled()
    opened.dialog.setup.picker.some.setChecked(True)
    assert not opened.dialog.setup.go.isEnabled(), "no label is ticked"
    assert opened.dialog.setup.hint.text() == "Tick at least one label."


def test_with_a_label_only_its_group_goes_to_google_unless_all_are_asked_for(opened: Opened) -> None:
    opened.google.signed_in()
    opened.google.surveyed()
    setup = opened.dialog.setup
    assert setup.outward.isHidden()
    assert setup.choices.policy.groups == frozenset()
    setup.picker.some.setChecked(True)
    setup.picker.model.setData(setup.picker.model.index(0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert setup.outward.currentText() == "Only contacts in the group “Clients” here"
    assert setup.choices.policy.groups == {"Clients"}
    assert setup.landing.isHidden()
    assert setup.there.isHidden(), "how many have a name says nothing of the group"
    setup.outward.setCurrentIndex(1)
    assert setup.there.isVisible()
    assert setup.choices.policy.groups == frozenset()
    assert setup.landing.isVisible()
    assert setup.choices.policy.landing == "g1"


def test_only_from_google_offers_no_label_for_contacts_made_here(opened: Opened) -> None:
    opened.google.signed_in()
    opened.google.surveyed()
    opened.dialog.setup.direction.choose(Direction.FROM)
    assert opened.dialog.setup.landing.isHidden()
    assert opened.dialog.setup.choices.policy.direction is Direction.FROM


def test_practising_keeps_nothing_and_blames_no_keyring(theme: Theme) -> None:
    opened = Opened(theme, Google(MemoryPorts(labels=LABELS, file=replace(CLIENT, practice=True))))
    opened.google.signed_in(Keeping.SESSION)
    assert opened.dialog.setup.keyring.text == ""
    opened.end()


def test_enter_presses_the_button_that_has_the_focus(opened: Opened) -> None:
    opened.google.signed_in()
    opened.google.surveyed()
    opened.dialog.setup.go.setFocus()
    QTest.keyClick(opened.dialog.setup.go, Qt.Key.Key_Return)
    assert opened.google.orders[-1] == "rehearse"


def test_without_a_keyring_it_says_so(opened: Opened) -> None:
    opened.google.signed_in(Keeping.SESSION)
    assert "for this session only" in opened.dialog.setup.keyring.text


def test_going_back_keeps_what_was_chosen(opened: Opened) -> None:
    opened.google.signed_in()
    opened.google.surveyed()
    opened.dialog.setup.phones.setChecked(True)
    opened.press("connect_rehearse")
    opened.google.rehearsed()
    opened.press("rehearsal_back")
    assert opened.dialog.setup.isVisible()
    assert opened.dialog.setup.phones.isChecked()


@pytest.mark.parametrize("page", ["connect_setup_cancel", "rehearsal_cancel"])
def test_cancel_leaves_both_sides_as_they_were(opened: Opened, page: str) -> None:
    opened.google.signed_in()
    opened.google.surveyed()
    if page == "rehearsal_cancel":
        opened.press("connect_rehearse")
        opened.google.rehearsed()
    opened.press(page)
    assert "accept" not in opened.google.orders
    assert opened.google.orders[-1] == "disconnect"
    assert not opened.dialog.isVisible()


def test_closing_the_window_changes_nothing(opened: Opened) -> None:
    opened.press("connect_sign_in")
    opened.dialog.close()
    assert opened.google.orders == ["sign_in"], "the browser may still be answered"


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        (Ending.DENIED, "You did not allow access"),
        (Ending.TIMED_OUT, "Perhaps the page was closed"),
        (Ending.FEWER_SCOPES, "The box for contacts was not ticked"),
        (Ending.UNREACHABLE, "Google cannot be reached"),
    ],
)
def test_how_a_sign_in_ended_is_told_in_plain_words(opened: Opened, ending: Ending, told: str) -> None:
    opened.press("connect_sign_in")
    opened.google.say(SignInFailed("google", ending))
    assert told in opened.dialog.start.failed.text
    assert opened.dialog.start.sign_in.isEnabled(), "one can try again at once"


def test_without_a_browser_the_address_is_there_to_be_copied(opened: Opened) -> None:
    opened.press("connect_sign_in")
    opened.google.say(replace(ASKED, opened=False))
    assert "No browser could be opened" in opened.texts()
    assert opened.dialog.wait.address.text() == ASKED.address


def test_a_sign_in_is_called_off(opened: Opened) -> None:
    opened.press("connect_sign_in")
    opened.press("connect_cancel")
    assert opened.google.orders == ["sign_in", "cancel_sign_in"]
    opened.google.say(SignInFailed("google", Ending.CANCELLED))
    assert opened.dialog.start.failed.isHidden(), "who called it off need not be told"


def test_counting_that_fails_can_be_tried_again(opened: Opened) -> None:
    opened.google.signed_in()
    opened.google.say(SyncWaiting(ID, 1.0, "no net"))
    assert "does not answer" in opened.dialog.setup.trouble.text
    opened.press("connect_again")
    assert opened.google.orders == ["survey", "survey"]
    opened.google.say(SyncDead(ID, Death.SCOPE))
    assert "Tick the box for contacts" in opened.dialog.setup.trouble.text


def test_a_rehearsal_that_would_do_nothing_says_so(opened: Opened) -> None:
    opened.google.signed_in()
    opened.google.surveyed()
    opened.press("connect_rehearse")
    opened.google.rehearsed(RoundDone(account=ID, at=0.0, counts={}))
    assert "Both sides agree already" in opened.texts()
    assert opened.dialog.rehearsal.accept.hasFocus()


def test_deletions_that_would_wait_are_told_before_anything_happens(opened: Opened) -> None:
    opened.google.signed_in()
    opened.google.surveyed()
    opened.press("connect_rehearse")
    opened.google.rehearsed(replace(WOULD, guard_here=120, guarded=(("deleted here", "z", "Zoe Zander"),)))
    assert opened.dialog.rehearsal.guard.text == "120 deletions here wait for your word."
    lists = opened.dialog.rehearsal.lists
    assert lists.deeds.item(0).text() == "Delete here  (120)"
    assert [*lists.contacts.rows.rows] == [("deleted here", "z", "Zoe Zander")]


def test_every_control_has_a_name(opened: Opened) -> None:
    opened.google.signed_in(Keeping.SESSION)
    opened.google.surveyed()
    kinds = (QAbstractButton, QComboBox)
    nameless = [
        widget.objectName() or type(widget).__name__
        for widget in opened.dialog.findChildren(QWidget)
        if isinstance(widget, kinds) and not widget.accessibleName() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert nameless == []
    assert SURVEY.contacts == 1234
