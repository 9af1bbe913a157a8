"""The global key moves into the newest pop whatever locks are on, and Esc goes back to exactly the earlier window."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from ringdesk.desk.hotkey import hotkey
from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import Action
from ringdesk.ui.desktop.x11_keys import KeyGrab, KeyServer
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.pop_window import PopTaps, PopWindow
from ringdesk.ui.theme import Theme
from tests.desktop.typing_window import Robot, wait_until
from tests.ui.pop_views import a_call, a_view

pytestmark = pytest.mark.desktop
KEY = "ctrl+alt+j"


@pytest.fixture
def grab(qapp: QApplication) -> Iterator[KeyGrab]:
    server = KeyServer.open()
    assert server is not None
    made = KeyGrab(server)
    yield made
    made.close()


@pytest.fixture
def acts() -> list[Action]:
    return []


@pytest.fixture
def screen(qapp: QApplication, acts: list[Action], grab: KeyGrab) -> Iterator[PopScreen]:
    made = PopScreen(Theme(qapp), now=time.time, photo=lambda _: None)
    made.taps = PopTaps(lambda _, action, __: acts.append(action), lambda *_: None, lambda *_: None, lambda: None)
    grab.pressed.connect(made.enter)
    assert grab.take(hotkey("Ctrl+Alt+J"))
    made.warm()
    yield made
    made.show(Stack((), 0))
    for window in made._windows:
        window.deleteLater()
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_key_moves_in_tab_and_enter_work_and_esc_goes_back(
    robot: Robot, screen: PopScreen, acts: list[Action]
) -> None:
    had = robot.active()
    screen.show(Stack((a_view(a_call("1")), a_view(a_call("2"))), 0))
    newest = screen.windows[-1]
    assert wait_until(lambda: on_screen(newest), 5)
    robot.key(KEY)
    assert wait_until(newest.isActiveWindow, 5), "the key did not move into the newest pop"
    assert wait_until(lambda: newest.focusWidget() is newest.buttons["OPEN"], 5)
    assert wait_until(lambda: robot.active() == int(newest.winId()), 5)
    robot.key("Tab")
    assert wait_until(newest.buttons["NOTE"].hasFocus, 5)
    robot.key("Tab")
    assert wait_until(newest.buttons["COPY"].hasFocus, 5)
    robot.key("space")
    assert wait_until(lambda: acts == [Action.COPY], 5), acts
    robot.key("shift+Tab")
    assert wait_until(newest.buttons["NOTE"].hasFocus, 5)
    robot.key("Return")
    assert wait_until(lambda: acts[1:] == [Action.NOTE], 5), acts
    robot.type("late").wait(10)
    assert wait_until(lambda: newest.box.text == "late", 5)
    robot.key("Escape")
    assert wait_until(lambda: robot.active() == had, 5), "Esc did not give the keyboard back"
    robot.type("on").wait(10)
    assert wait_until(lambda: robot.arrived == "on", 5), robot.arrived
    robot.key(KEY)
    assert wait_until(lambda: robot.active() == int(newest.winId()), 5)
    assert wait_until(lambda: newest.isActiveWindow() and newest.box.hasFocus(), 5)
    robot.key("Escape")
    assert wait_until(lambda: robot.active() == had, 5)


def on_screen(window: PopWindow) -> bool:
    """The server shows it; before that no window manager can activate it."""
    told = subprocess.run(["xwininfo", "-id", str(int(window.winId()))], capture_output=True, text=True, check=False)
    return "IsViewable" in told.stdout


def test_in_and_out_again_as_fast_as_one_can_never_leaves_the_keyboard_in_the_pop(
    robot: Robot, screen: PopScreen
) -> None:
    """News of the keyboard lost comes after it was lent again; that once ended the new loan, and Esc did nothing."""
    had = robot.active()
    screen.show(Stack((a_view(a_call("1")),), 0))
    [pop] = screen.windows
    assert wait_until(lambda: on_screen(pop), 5)
    for turn in range(20):
        robot.key(KEY)
        assert wait_until(lambda: pop.isActiveWindow() and robot.active() == int(pop.winId()), 5), turn
        robot.key("Escape")
        assert wait_until(lambda: robot.active() == had, 5), turn


@pytest.mark.parametrize("lock", ["Caps_Lock", "Num_Lock"])
def test_it_works_with_locks_on(robot: Robot, screen: PopScreen, grab: KeyGrab, lock: str) -> None:
    pressed: list[bool] = []
    grab.pressed.connect(lambda: pressed.append(True))
    robot.key(lock)
    try:
        robot.key(KEY)
        assert wait_until(lambda: bool(pressed), 5)
    finally:
        robot.key(lock)


def test_a_key_that_another_program_has_is_told_and_free_again_after_it(grab: KeyGrab) -> None:
    server = KeyServer.open()
    assert server is not None
    other = KeyGrab(server)
    assert other.take(hotkey("Ctrl+Alt+K"))
    assert not grab.take(hotkey("Ctrl+Alt+K"))
    other.close()
    assert wait_until(lambda: grab.take(hotkey("Ctrl+Alt+K")), 5)


def test_an_earlier_key_is_given_up(robot: Robot, grab: KeyGrab) -> None:
    pressed: list[bool] = []
    grab.pressed.connect(lambda: pressed.append(True))
    assert grab.take(hotkey("Ctrl+Alt+K"))
    assert grab.take(hotkey("Ctrl+Alt+L"))
    robot.key("ctrl+alt+k")
    robot.key("ctrl+alt+l")
    assert wait_until(lambda: bool(pressed), 5)
    assert len(pressed) == 1


def test_it_survives_another_keyboard_layout(robot: Robot, screen: PopScreen, grab: KeyGrab) -> None:
    pressed: list[bool] = []
    grab.pressed.connect(lambda: pressed.append(True))
    before = subprocess.run(["xdotool", "key", "F9"], check=True)  # any key: xdotool itself remaps one now and then
    assert before.returncode == 0
    subprocess.run(["xdotool", "type", "é"], check=True)  # a letter the layout lacks: the mapping changes for it
    assert pressed == []
    robot.key(KEY)
    assert wait_until(lambda: len(pressed) == 1, 5)
