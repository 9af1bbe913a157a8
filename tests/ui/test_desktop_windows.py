"""How large windows open, and where."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ringdesk.domain.card import Card
from ringdesk.ui.desktop.windows import FRAME, fit, fitting, over, stand, standing, stood
from ringdesk.ui.desktop.x11 import X11
from ringdesk.ui.pop_window import FLAGS
from tests.ui.desk_fixtures import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LAPTOP = QRect(0, 0, 1366, 728)
LEAST = QSize(560, 480)
LENT = FLAGS & ~Qt.WindowType.WindowDoesNotAcceptFocus
"""A pop that has the keyboard."""


def test_a_window_has_the_size_it_wants_where_there_is_room() -> None:
    assert fitting(QRect(0, 0, 1920, 1080), QSize(700, 800), LEAST) == QSize(700, 800)


def test_a_window_is_no_higher_than_the_screen_with_its_frame() -> None:
    assert fitting(LAPTOP, QSize(700, 800), LEAST) == QSize(700, 728 - FRAME.height())


def test_a_window_is_never_smaller_than_what_it_needs() -> None:
    assert fitting(QRect(0, 0, 400, 300), QSize(700, 800), LEAST) == LEAST


def test_a_window_opens_in_the_middle_of_the_one_it_was_asked_for_in() -> None:
    assert over(QRect(0, 0, 1920, 1080), QRect(400, 160, 1120, 760), QSize(700, 600)) == QPoint(601, 215)


@pytest.mark.parametrize("below", [QRect(-300, -300, 400, 300), QRect(1200, 600, 400, 300)])
def test_a_window_opens_inside_the_screen_wherever_the_other_one_is(below: QRect) -> None:
    size = QSize(700, 600)
    assert LAPTOP.contains(QRect(over(LAPTOP, below, size), size + FRAME))


def test_the_editors_buttons_are_on_the_screen(office: Office) -> None:
    editor = office.open().editors.open(None, Card())
    screen = editor.screen().availableGeometry().size()
    assert editor.height() + FRAME.height() <= screen.height()


def test_a_window_nobody_asked_for_in_another_is_placed_by_the_desktop(qapp: QApplication) -> None:
    window = QWidget()
    before = window.pos()
    fit(window, 300, 200)
    assert (window.pos(), window.size()) == (before, QSize(300, 200))
    window.deleteLater()


@pytest.mark.parametrize(("kind", "placed"), [(Qt.WindowType.Window, True), (LENT, False)])
def test_a_window_opens_over_the_one_with_the_keyboard_and_never_under_a_pop(
    qtbot: QtBot, kind: Qt.WindowType, placed: bool
) -> None:
    below, window = QWidget(None, kind), QWidget()
    for one in (below, window):
        qtbot.addWidget(one)
    below.setGeometry(300, 200, 400, 300)
    below.show()
    below.activateWindow()
    qtbot.waitUntil(below.isActiveWindow)
    before = window.pos()
    fit(window, 300, 200)
    assert window.size() == QSize(300, 200)
    assert (window.pos() != before) is placed


DESK = QRect(0, 0, 1920, 1040)
BESIDE = QRect(1920, 0, 1280, 984)


@pytest.mark.parametrize(
    ("screens", "kept", "wanted"),
    [
        ([DESK], QRect(100, 80, 900, 600), QRect(100, 80, 900, 600)),
        ([DESK, BESIDE], QRect(2000, 80, 900, 600), QRect(2000, 80, 900, 600)),
        ([DESK, BESIDE], QRect(1500, 80, 900, 600), QRect(1500, 80, 900, 600)),
        ([DESK], QRect(1500, 80, 900, 600), QRect(1004, 80, 900, 600)),
        ([LAPTOP], QRect(500, 200, 1120, 760), QRect(230, 0, 1120, 680)),
        ([DESK], QRect(2000, 80, 900, 600), None),
        ([DESK], QRect(100, -5000, 900, 600), None),
    ],
    ids=["as it was", "second screen", "on both", "half of it gone", "smaller screen", "screen gone", "far above"],
)
def test_a_window_stands_again_where_it_stood_and_never_out_of_sight(
    screens: list[QRect], kept: QRect, wanted: QRect | None
) -> None:
    assert standing(screens, kept, LEAST) == wanted


@pytest.mark.parametrize("maximized", [False, True])
def test_a_window_comes_up_as_it_was_left(qtbot: QtBot, maximized: bool) -> None:
    left, again = QWidget(), QWidget()
    for one in (left, again):
        qtbot.addWidget(one)
    left.resize(420, 310)
    left.move(40, 60)
    left.show()
    if maximized:
        left.showMaximized()
        qtbot.waitUntil(left.isMaximized)
    stand(again, stood(left))
    assert (again.size(), again.isMaximized()) == (QSize(420, 310), maximized)
    again.show()
    again.showNormal()
    qtbot.waitUntil(lambda: not again.isMaximized())
    qtbot.waitUntil(lambda: again.pos() == QPoint(40, 60) and again.size() == QSize(420, 310))


def test_a_window_that_stood_on_a_screen_that_is_gone_is_placed_by_the_desktop(qapp: QApplication) -> None:
    window = QWidget()
    before = window.pos()
    stand(window, (9000, 9000, 420, 310, False))
    assert (window.pos(), window.size()) == (before, QSize(420, 310))
    window.deleteLater()


def test_only_where_qt_speaks_to_an_x_server_its_connection_is_used(qapp: QApplication) -> None:
    assert (X11.of_qt() is None) is (QApplication.platformName() != "xcb")  # `offscreen` looks like one
