"""What a pop asks the X server on its way: nothing that can be done without, or be waited for before it is needed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from ringdesk.desk.pops import Stack
from ringdesk.ui.desktop.x11 import X11
from ringdesk.ui.desktop.x11_waits import drawn
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.theme import Theme
from tests.desktop.typing_window import wait_until
from tests.ui.pop_fixtures import desk, screen
from tests.ui.pop_views import a_call, a_view

pytestmark = pytest.mark.desktop
__all__ = ["desk", "screen"]

PROPERTY_CHANGE = 1 << 22


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


def is_watched(window: QWidget) -> bool:
    server = X11.of_qt()
    assert server is not None
    return bool(server.told_of(int(window.winId())) & PROPERTY_CHANGE)


def on_screen(window: QWidget) -> QImage:
    return window.screen().grabWindow(int(window.winId())).toImage()


def shown_whole(window: QWidget) -> QImage:
    """The window after all of the picture that is kept for it was sent to the screen again."""
    window.backingStore().flush(QRegion(window.rect()), window.windowHandle())
    drawn(window)
    return on_screen(window)


def spoil(window: QWidget) -> None:
    whole = QRegion(window.rect())
    window.backingStore().beginPaint(whole)
    painter = QPainter(window.backingStore().paintDevice())
    painter.fillRect(window.rect(), Qt.GlobalColor.red)
    painter.end()
    window.backingStore().endPaint()


def test_qt_is_not_told_of_a_pops_properties_neither_after_it_had_the_keyboard(screen: PopScreen) -> None:
    screen.warm()
    assert [is_watched(window) for window in screen._windows] == [False] * 3
    screen.show(Stack((a_view(a_call("1")),), 0))
    [window] = screen.windows
    assert wait_until(lambda: window.windowHandle().isExposed(), 5)
    window.take_keyboard()
    assert wait_until(window.isActiveWindow, 5)
    assert is_watched(window)  # Qt has set a flag, and with it what it is told of
    window.give_keyboard_back()
    assert wait_until(lambda: not is_watched(window), 5)


def test_other_windows_are_watched_as_ever(qapp: QApplication) -> None:
    other = QWidget()
    other.winId()
    assert is_watched(other)


def test_a_window_that_was_never_painted_has_nothing_to_wait_for(screen: PopScreen) -> None:
    other = QWidget()
    drawn(other)
    other.show()
    drawn(other)
    assert wait_until(lambda: other.windowHandle().isExposed(), 5)
    drawn(other)
    other.hide()
    drawn(other)


def test_what_is_on_a_pop_stays_on_it(screen: PopScreen) -> None:
    """Waiting paints nothing and clears nothing."""
    screen.show(Stack((a_view(a_call("1")),), 0))
    [window] = screen.windows
    assert wait_until(lambda: window.windowHandle().isExposed(), 5)
    before = on_screen(window)
    drawn(window)
    assert shown_whole(window) == before
    spoil(window)  # the control: what is done to the picture kept for a window is seen here
    assert shown_whole(window) != before
