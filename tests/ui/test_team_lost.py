"""A claim that was lost is offered as a private copy: kept, or thrown away and brought back."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ringdesk.domain.team import ClaimLost
from ringdesk.ui.team_lost import LostClaims
from ringdesk.ui.team_words import told
from tests.ui.desk_fixtures import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def bar(office: Office, qtbot: QtBot) -> LostClaims:
    made = LostClaims(office.theme)
    qtbot.addWidget(made)
    return made


def test_one_after_the_other_is_asked_about(bar: LostClaims) -> None:
    thrown: list[ClaimLost] = []
    opened: list[str] = []
    bar.thrown.connect(thrown.append)
    bar.opened.connect(opened.append)
    first, second = ClaimLost("Ann", "Alice", "id-1"), ClaimLost("Ben", "Bob", "id-2")
    bar.ask(first)
    bar.ask(second)
    assert bar.isVisible()
    assert bar.text.text() == (
        "Alice claimed Ann first. What you typed is kept as a private contact that nobody else sees."
    )
    bar.keep.click()
    assert "Bob claimed Ben first" in bar.text.text()
    bar.throw.click()
    assert (opened, thrown) == (["id-1"], [second])
    assert not bar.isVisible()


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (ClaimLost("Ann", "", "1", "gone"), "Ann was deleted from the team meanwhile."),
        (ClaimLost("", "", "1", "view only"), "The team did not give you this caller (view only)."),
    ],
)
def test_what_nobody_was_first_at_is_told_as_it_is(office: Office, lost: ClaimLost, said: str) -> None:
    assert told(lost).startswith(said)


def test_a_copy_that_is_thrown_away_can_be_brought_back(office: Office, qtbot: QtBot) -> None:
    copy = office.person("Ann", "Berg", "020 7946 0018")
    window = office.open()
    window.pane.throw_away(copy.id, "Ann Berg")
    qtbot.waitUntil(lambda: window.pane.undo_bar.text == "Deleted Ann Berg")
    assert office.book.get(copy.id) is None
    window.pane.undo_bar._undo.click()
    qtbot.waitUntil(lambda: office.book.get(copy.id) is not None)
