"""Where pops stand: in their corner, above each other, off panels and bars, and when a screen is taken away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from ringdesk.ui.desktop.screens import Area, Corner, PopPlace, Situation
from ringdesk.ui.pop_screen import PopScreen
from tests.ui.pop_fixtures import desk, numbered, screen, shown
from tests.ui.pop_views import a_call, a_view

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
__all__ = ["desk", "screen"]


def test_windows_stand_above_each_other_in_the_corner(screen: PopScreen) -> None:
    windows = shown(screen, *numbered(3))
    area = screen.screens.now().areas[0].rect
    bottoms = [window.geometry().bottom() for window in windows]
    assert bottoms == sorted(bottoms, reverse=True)
    assert bottoms[0] == area[1] + area[3] - 16 - 1
    assert {window.geometry().right() for window in windows} == {area[0] + area[2] - 16 - 1}


def test_another_corner_moves_the_pops(screen: PopScreen) -> None:
    [window] = shown(screen, *numbered(1))
    screen.place = PopPlace(Corner.TOP_LEFT)
    area = screen.screens.now().areas[0].rect
    assert (window.x(), window.y()) == (area[0] + 16, area[1] + 16)


def test_pops_move_when_their_screen_is_taken_away(screen: PopScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = Area("L", (0, 30, 1280, 770)), Area("R", (1280, 0, 1920, 1080))
    situation = Situation((left, right))
    monkeypatch.setattr(screen.screens, "now", lambda: situation)
    screen.place = PopPlace(Corner.TOP_RIGHT, "R")
    pops = shown(screen, *numbered(2))
    assert all(QRect(*right.rect).contains(pop.geometry()) for pop in pops)
    situation = Situation((left,))
    screen.screens.changed.emit()
    assert all(QRect(*left.rect).contains(pop.geometry()) for pop in pops)
    assert pops[0].geometry().top() == 30 + 16
    situation = Situation((left, right))
    screen.screens.changed.emit()
    assert all(QRect(*right.rect).contains(pop.geometry()) for pop in pops)


def test_pops_stay_off_the_windows_bar_and_do_not_move_while_they_are_up(screen: PopScreen) -> None:
    area = QApplication.primaryScreen().availableGeometry()
    bar = QRect(area.left(), area.bottom() - 60, area.width(), 48)
    screen.bar = lambda: bar
    [window] = shown(screen, a_view(a_call("1")))
    assert not window.geometry().intersects(bar)
    before = window.geometry()
    screen.bar = lambda: None
    assert shown(screen, a_view(a_call("1")))[0].geometry() == before
    shown(screen)
    assert shown(screen, a_view(a_call("1")))[0].geometry().bottom() > before.bottom()


def test_pops_with_large_text_stay_off_the_bar_with_their_note_box_too(
    screen: PopScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen._dress.fonts, "scale", 1.5)
    area = QApplication.primaryScreen().availableGeometry()
    bar = QRect(area.left(), area.bottom() - 290, area.width(), 48)
    screen.bar = lambda: bar
    [window] = shown(screen, a_view(a_call("1")))
    assert window.geometry().bottom() < bar.top()
    screen._dropped(area.bottomRight())
    assert window.geometry().bottom() < bar.top()


def test_pops_close_up_when_one_goes(screen: PopScreen) -> None:
    first, second, _ = shown(screen, *numbered(3))
    place = first.geometry()
    shown(screen, *numbered(3)[1:])
    assert second.geometry() == place
    assert not first.isVisible()
