"""The review lists: removed in Google, maybe the same, changed on both sides, not taken, deletions that wait."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ringdesk.domain.card import Card, Email, Name, Organization, PhoneEntry
from ringdesk.domain.contact import Contact
from ringdesk.domain.replica import Choice, Question, Review
from ringdesk.domain.syncing import AccountChanged, Phase, RoundDone, SyncProgress, SyncRunning
from ringdesk.ui.review_window import MOST, ReviewDialog
from ringdesk.ui.theme import Theme
from tests.ui.account_fixtures import ID, Google, connected

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

MARTIN = Card(
    name=Name(given="Martin", family="Green"),
    phones=(PhoneEntry("+44 20 7946 0123", "work"), PhoneEntry("+44 7700 900123", "mobile")),
    organizations=(Organization(name="Green Doors"),),
)
OTHER = Card(
    name=Name(given="M.", family="Green"),
    phones=(PhoneEntry("020 7946 0123", "work"),),
    emails=(Email("office@green.example", "work"),),
)


@pytest.fixture
def google() -> Google:
    made = connected()
    made.ports.contacts["m"] = Contact(id="m", card=MARTIN)
    return made


def opened(theme: Theme, google: Google, qtbot: QtBot) -> ReviewDialog:
    dialog = ReviewDialog(theme, google.account, "GB")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    google.desk.listen(dialog.refresh)
    qtbot.addWidget(dialog)
    dialog.show()
    QApplication.processEvents()
    return dialog


def texts(dialog: ReviewDialog) -> list[str]:
    return [label.text() for label in dialog.card.findChildren(QLabel) if label.isVisible() and label.text()]


def press(dialog: ReviewDialog, choice: Choice) -> None:
    button = dialog.card.buttons[choice.name]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def test_a_contact_removed_in_google_is_decided_on(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.asks(Question(Review.REMOVED, "m", "r"))
    dialog = opened(theme, google, qtbot)
    assert dialog.chips[Review.REMOVED].text() == "Removed in Google (1)"
    assert "Martin Green" in texts(dialog)
    assert [*dialog.card.buttons] == ["DELETE", "KEEP", "CREATE"]
    press(dialog, Choice.KEEP)
    assert google.ports.orders == [("answer", ID, Question(Review.REMOVED, "m", "r"), Choice.KEEP)]
    assert not dialog.list.isVisible(), "nothing is left to decide"
    assert dialog.close_button.hasFocus()


def test_two_that_may_be_one_stand_side_by_side(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.asks(Question(Review.DOUBTFUL, "m", "r", theirs=OTHER))
    dialog = opened(theme, google, qtbot)
    told = texts(dialog)
    assert {"Here", "In Google", "M. Green", "office@green.example"} <= set(told)
    assert told.count("020 7946 0123") == 2
    spoken = [label.accessibleName() for label in dialog.card.findChildren(QLabel)]
    assert spoken.count("020 7946 0123, on both sides") == 2
    press(dialog, Choice.SAME)
    assert google.ports.orders[0][-1] is Choice.SAME


def test_a_clash_shows_both_values_and_either_may_stand(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.asks(Question(Review.CLASH, "m", "r", "phones", theirs=OTHER))
    dialog = opened(theme, google, qtbot)
    assert {"+44 20 7946 0123", "+44 7700 900123", "020 7946 0123"} <= set(texts(dialog))
    assert "“Phone numbers” was changed here and in Google" in dialog.card.text.text()
    press(dialog, Choice.THEIRS)
    assert google.ports.orders[0][-1] is Choice.THEIRS


def test_what_google_does_not_take_can_be_edited(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.asks(Question(Review.INVALID, "m", "r", "birthday", "year 0"))
    dialog = opened(theme, google, qtbot)
    edited: list[Contact] = []
    dialog.edit_asked.connect(edited.append)
    assert "(year 0)" in dialog.card.text.text()
    dialog.card.edit_asked.emit()
    assert [one.id for one in edited] == ["m"]


def test_later_goes_to_the_next_one(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.asks(Question(Review.REMOVED, "m", "r"), Question(Review.REMOVED, "n", "s"))
    dialog = opened(theme, google, qtbot)
    dialog.card.later.emit()
    assert dialog.list.currentIndex().row() == 1
    dialog.card.later.emit()
    assert dialog.list.currentIndex().row() == 0
    assert google.ports.orders == []


def test_what_was_answered_does_not_come_back_while_the_worker_is_busy(
    theme: Theme, google: Google, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Question(Review.REMOVED, "m", "r"), Question(Review.REMOVED, "n", "s")
    google.asks(first, second)
    monkeypatch.setattr(google.ports, "answer", lambda *order: google.ports.orders.append(order))
    dialog = opened(theme, google, qtbot)
    press(dialog, Choice.KEEP)
    google.say(AccountChanged(ID))
    assert [one.question for one in dialog.list.rows.rows] == [second]
    assert dialog.chips[Review.REMOVED].text() == "Removed in Google (1)"


def test_many_questions_are_read_some_at_a_time(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.asks(*(Question(Review.REMOVED, f"c{n}", f"r{n}") for n in range(5000)))
    dialog = opened(theme, google, qtbot)
    assert dialog.list.rows.rowCount() == MOST
    press(dialog, Choice.KEEP)
    assert dialog.list.rows.rowCount() == MOST, "the next one has come up"


def test_a_sync_that_goes_on_reads_nothing_anew(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.asks(Question(Review.REMOVED, "m", "r"))
    dialog = opened(theme, google, qtbot)
    google.desk.listen(dialog.changed)
    before = dialog.list.rows.rows
    google.say(SyncRunning(ID), *(SyncProgress(ID, Phase.READING, n, 100) for n in range(20)))
    assert dialog.list.rows.rows is before
    google.asks(Question(Review.REMOVED, "n", "s"))
    assert dialog.list.rows.rowCount() == 2


def waiting(here: int = 12, there: int = 2, more: int = 0) -> RoundDone:
    """A round whose deletions wait; `more` of those here are not listed."""
    lines = (
        *(("deleted here", f"h{n}", f"Person {n}") for n in range(here)),
        *(("deleted there", f"t{n}", f"Client {n}") for n in range(there)),
    )
    return RoundDone(account=ID, at=1.0, counts={}, guard_here=here + more, guard_there=there, guarded=lines)


def test_deletions_that_wait_are_listed_by_name_on_either_side(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.say(waiting())
    page = opened(theme, google, qtbot).deletions
    assert page.headline.text() == "14 deletions wait for your word"
    assert [one.name for one in page.here.model.labels] == [f"Person {n}" for n in range(12)]
    assert [one.name for one in page.there.model.labels] == ["Client 0", "Client 1"]
    assert not page.go.isDefault(), "a key pressed too often must not delete"
    page.go.click()
    assert google.ports.orders == [("approve", ID, 14, frozenset())]


def test_what_is_unticked_is_kept(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.say(waiting())
    dialog = opened(theme, google, qtbot)
    page = dialog.deletions
    QTest.keyClick(page.here.list, Qt.Key.Key_Space)
    assert page.go.text() == "&Delete 13, keep 1"
    google.say(SyncRunning(ID), waiting())
    assert page.kept == {"h0"}, "another round that ends meanwhile takes nothing back"
    page.go.click()
    assert google.ports.orders == [("approve", ID, 13, frozenset({"h0"}))]
    assert not dialog.waiting.isVisible(), "what was decided is not asked again before the next round"


def test_all_may_be_kept(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.say(waiting(here=0, there=11))
    page = opened(theme, google, qtbot).deletions
    assert not page.here.isVisible()
    page.none.click()
    assert page.go.text() == "&Keep all 11"
    page.every.click()
    assert page.go.text() == "&Delete all 11"
    page.none.click()
    page.go.click()
    assert google.ports.orders == [("approve", ID, 0, frozenset(f"t{n}" for n in range(11)))]


def test_deletions_that_are_too_many_to_list_are_told(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.say(waiting(more=400))
    page = opened(theme, google, qtbot).deletions
    assert page.here.more.text() == "and 400 more, deleted with those that are ticked"
    assert page.go.text() == "&Delete all 414"


def test_questions_stand_beside_the_deletions(theme: Theme, google: Google, qtbot: QtBot) -> None:
    google.asks(Question(Review.REMOVED, "m", "r"))
    google.say(waiting())
    dialog = opened(theme, google, qtbot)
    assert dialog.deletions.isVisible()
    dialog.chips[Review.REMOVED].click()
    assert dialog.card.isVisible()
    dialog.waiting.click()
    assert dialog.deletions.isVisible()


@pytest.mark.parametrize("kind", list(Review))
def test_an_empty_list_says_what_would_be_in_it(theme: Theme, google: Google, qtbot: QtBot, kind: Review) -> None:
    dialog = opened(theme, google, qtbot)
    dialog.turn(kind)
    told = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert "Nothing to decide" in told
    assert any("listed here" in text for text in told)
