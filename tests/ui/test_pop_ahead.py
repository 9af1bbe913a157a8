"""A pop's card is painted while the desktop brings its window up, and what is then put there is what belongs there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import PopView
from ringdesk.ui import pop_window
from ringdesk.ui.pop_button import Dress
from ringdesk.ui.pop_card import Pictures, paint_card
from ringdesk.ui.pop_layout import Plan
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.pop_window import PopWindow
from ringdesk.ui.theme import Scheme, Theme
from tests.ui.pop_fixtures import Desk, desk, screen
from tests.ui.pop_views import a_call, a_view, all_views

__all__ = ["desk", "screen"]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def come_up(screen: PopScreen, view: PopView) -> PopWindow:
    """A pop that has come up and was not painted yet."""
    screen.show(Stack((view,), 0))
    return screen.windows[0]


def picture(window: PopWindow) -> QImage:
    return window.grab().toImage()


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The timer of every card that is painted."""
    painted: list[str] = []

    def paint(painter: QPainter, plan: Plan, dirty: QRect, pictures: Pictures, timer: str, dress: Dress) -> None:
        painted.append(timer)
        paint_card(painter, plan, dirty, pictures, timer, dress)

    monkeypatch.setattr(pop_window, "paint_card", paint)
    return painted


@pytest.fixture
def photos(screen: PopScreen) -> None:
    """Every digest is that of a blue square."""
    square = QPixmap(64, 64)
    square.fill(QColor("blue"))
    screen._dress.pictures._photo = lambda _: square


@pytest.mark.parametrize("name", list(all_views()))
def test_the_card_put_on_the_window_is_the_card_painted_on_it(screen: PopScreen, cards: list[str], name: str) -> None:
    screen.warm()
    cards.clear()
    window = come_up(screen, all_views()[name])
    ahead = picture(window)
    assert len(cards) == 1  # before the window was painted; the window took it as it was
    assert picture(window) == ahead
    assert len(cards) == 2


def test_what_changed_before_the_paint_is_what_is_painted(screen: PopScreen, desk: Desk) -> None:
    ringing = a_view(a_call())
    changed = replace(ringing, headline="Somebody else", company="")
    come_up(screen, ringing)
    screen.show(Stack((changed,), 0))
    seen = picture(screen.windows[0])
    assert seen == picture(screen.windows[0])
    screen.show(Stack((), 0))
    assert picture(come_up(screen, changed)) == seen


def test_a_second_that_passed_before_the_paint_is_told(screen: PopScreen, desk: Desk, cards: list[str]) -> None:
    window = come_up(screen, a_view(a_call()))
    desk.now += 1
    window.tick()
    picture(window)
    assert cards[-1] == "0:08"


def test_other_colours_before_the_paint_are_taken(screen: PopScreen, theme: Theme) -> None:
    window = come_up(screen, a_view(a_call()))
    theme.choose(Scheme.DARK)
    try:
        seen = picture(window)
        assert seen == picture(window)
    finally:
        theme.choose(None)  # one theme serves all tests of a process


def test_a_photo_that_came_before_the_paint_is_seen_at_once(screen: PopScreen, photos: None) -> None:
    views = [replace(a_view(a_call(str(n))), photo=f"photo {n}") for n in range(2)]
    screen.show(Stack(tuple(views), 0))
    first, second = screen.windows
    picture(first)
    screen._after_paint()  # loads the photos of both
    seen = picture(second)
    assert seen == picture(second)
    screen.show(Stack((), 0))


def test_two_pops_with_the_same_photo_both_show_it(
    screen: PopScreen, photos: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is loaded once: the second pop heard that there was nothing new, and kept its initials."""
    letters: dict[PopWindow, list[str]] = {}
    painted = PopWindow._paint_card

    def paint(window: PopWindow, painter: QPainter, view: PopView, made: Plan, dirty: QRect) -> None:
        if dirty.contains(made.avatar):
            letters.setdefault(window, []).append(window._pictures(view, made).letters)
        painted(window, painter, view, made, dirty)

    monkeypatch.setattr(PopWindow, "_paint_card", paint)
    screen.show(Stack(tuple(replace(a_view(a_call(str(n))), photo="one photo") for n in range(2)), 0))
    for _ in range(3):
        screen._after_paint()
        QApplication.processEvents()
    assert [letters[window][-1] for window in screen.windows] == ["", ""]
    letters.clear()
    screen._after_paint()
    QApplication.processEvents()
    assert letters == {}, "what shows its photo is not painted again"
    screen.show(Stack((), 0))


def test_only_a_pop_that_comes_up_is_painted_ahead(screen: PopScreen, cards: list[str]) -> None:
    view = a_view(a_call())
    window = come_up(screen, view)
    picture(window)
    cards.clear()
    screen.show(Stack((replace(view, note="rang before"),), 0))
    assert cards == []
