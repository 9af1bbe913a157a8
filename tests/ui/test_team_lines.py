"""What is read of a team in the contacts pane: whose a row is, what a coworker wrote, filters that fit."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from ringdesk.domain.contact import ANONYMOUS, FOREIGN, UNCLAIMED, ContactRow
from ringdesk.domain.team import CoworkerCall
from ringdesk.ui.contacts_lines import LineList
from ringdesk.ui.contacts_model import row_lines
from ringdesk.ui.theme import S, Theme
from ringdesk.ui.widgets_button import Chip
from ringdesk.ui.widgets_frame import row
from tests.ui.test_contacts_pane import texts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

NOTE = "asked for the offer, with the prices of spring, and wants to be called back Tuesday\nafter ten; not by mobile"


def test_an_unclaimed_caller_says_so_instead_of_the_number_twice() -> None:
    caller = ContactRow(id="1", name="", company="", phone="+442079460777", flags=ANONYMOUS | UNCLAIMED)
    assert row_lines(caller, "GB") == ["020 7946 0777", "Unclaimed"]


def test_a_row_says_who_shares_it() -> None:
    theirs = ContactRow(
        id="1", name="Harriet Patel", company="Acme", phone="+442079460777", flags=FOREIGN, owner="Alice Moreno"
    )
    assert row_lines(theirs, "GB") == ["Harriet Patel", "Shared by Alice Moreno", "Acme", "020 7946 0777"]


def test_a_coworkers_note_is_read_whole(theme: Theme, qtbot: QtBot) -> None:
    lines = LineList(theme, "coworkers_calls")
    qtbot.addWidget(lines)
    call = CoworkerCall(
        id="c", contact="1", who="alice", name="Alice Moreno", direction="in", state="answered_here",
        started=1000.0, seconds=240, note=NOTE,
    )  # several to a line  # fmt: skip
    lines.show_spoken([call], 1000.0 + 20 * 60)
    lines.resize(360, 200)
    lines.show()
    told = texts(lines)
    assert "Alice Moreno spoke to them 20 min ago, 4 min" in told
    assert NOTE in told


@pytest.mark.parametrize("width", [308, 340, 368, 600])
@pytest.mark.parametrize("first", ["All", "Departments"])
def test_no_filter_is_cut_within_a_letter(theme: Theme, qtbot: QtBot, width: int, first: str) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    chips = [Chip(theme, text, text) for text in ("All", "VIP", "Unknown callers", "Group")]
    line = row(box, margins=(0, 0, 0, 0), gap=S)
    for chip in chips:
        line.addWidget(chip)
    line.addStretch(1)
    for chip in (chips[0], chips[3]):
        chip.setMenu(QMenu(box))
    box.resize(width, 60)
    box.show()
    chips[0].set_whole(first)
    box.resize(width + 1, 60)
    box.resize(width, 60)
    qtbot.waitUntil(lambda: chips[3].geometry().right() <= width)
    for chip in chips:
        edges = chip.sizeHint().width() - chip.fontMetrics().horizontalAdvance(chip._whole)
        assert chip.fontMetrics().horizontalAdvance(chip.text()) + edges <= chip.width() + 2, chip.text()
    assert (chips[1].text(), chips[3].text()) == ("VIP", "Group")
    if width == 600:
        assert [chip.text() for chip in chips] == [first, "VIP", "Unknown callers", "Group"]
