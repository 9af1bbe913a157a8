"""A pop never takes the keyboard by itself, and gives it back when it was asked to take it."""

from __future__ import annotations

import random
import string
import subprocess
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import Action
from ringdesk.domain.status import Health
from ringdesk.ui.desktop.checks import findings_of, look
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.pop_window import PopTaps, PopWindow
from ringdesk.ui.theme import Theme
from tests.desktop.typing_window import Robot, wait_until
from tests.ui.pop_views import a_call, a_view, all_views

pytestmark = pytest.mark.desktop

LETTERS = "".join(random.Random(7).choices(string.ascii_lowercase, k=400))


@pytest.fixture
def acts() -> list[Action]:
    return []


@pytest.fixture
def screen(qapp: QApplication, acts: list[Action]) -> Iterator[PopScreen]:
    made = PopScreen(Theme(qapp), now=time.time, photo=lambda _: None)
    made.taps = PopTaps(
        lambda _id, action, _argument: acts.append(action), lambda _id, _on: None, lambda _i, _t, _w: None, lambda: None
    )
    made.warm()
    yield made
    made.show(Stack((), 0))
    for window in made._windows:
        window.deleteLater()
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def pop_six(screen: PopScreen, robot: Robot, typist: subprocess.Popen[bytes], acts: list[Action]) -> None:
    """Six calls ring one after another while somebody types, and a button of one of them is clicked."""
    for n in range(6):
        first = max(0, n - 2)
        screen.show(Stack(tuple(a_view(a_call(str(k))) for k in range(first, n + 1)), 0))
        wait_until(lambda: False, 0.8)
        if n == 3:
            robot.click(screen.windows[0].buttons["COPY"])
            assert wait_until(lambda: acts == [Action.COPY], 5), "the click did not arrive"
            robot.away()
    assert typist.poll() is None, "the pops must come while letters are typed"


def test_400_of_400_letters_reach_the_other_window(robot: Robot, screen: PopScreen, acts: list[Action]) -> None:
    had = robot.active()
    typist = robot.type(LETTERS)
    pop_six(screen, robot, typist, acts)
    assert wait_until(lambda: typist.poll() is not None, 60)
    wait_until(lambda: len(robot.arrived) >= len(LETTERS), 3)
    assert robot.arrived == LETTERS
    assert robot.active() == had
    assert acts == [Action.COPY]


def test_the_control_with_an_ordinary_window_loses_letters(robot: Robot) -> None:
    typist = robot.type(LETTERS[:120])
    wait_until(lambda: len(robot.arrived) > 10)
    thief = QLabel("An ordinary window")
    thief.setWindowFlags(Qt.WindowType.Window)
    thief.resize(380, 132)
    thief.show()
    assert wait_until(lambda: typist.poll() is not None, 60)
    wait_until(lambda: False, 0.5)
    lost = 120 - len(robot.arrived)
    thief.close()
    thief.deleteLater()
    assert lost > 20, "this desktop would not notice a pop that steals the keyboard"


def test_a_note_takes_the_keyboard_and_esc_gives_it_back(robot: Robot, screen: PopScreen) -> None:
    had = robot.active()
    screen.show(Stack((a_view(),), 0))
    [window] = screen.windows
    wait_until(lambda: False, 0.5)
    robot.click(window.buttons["NOTE"])
    assert wait_until(lambda: writes(window, robot)), "the note did not get the keyboard"
    typist = robot.type("back on friday", 15)
    assert wait_until(lambda: window.box.text == "back on friday"), window.box.text
    typist.wait(10)
    robot.key("Escape")
    assert wait_until(lambda: robot.active() == had), "Esc did not give the keyboard back"
    typist = robot.type("and on", 15)
    assert wait_until(lambda: robot.arrived == "and on"), robot.arrived
    typist.wait(10)
    assert window.box.text == "back on friday"
    assert refuses(window)


def test_a_pop_that_goes_while_a_note_is_typed_gives_the_keyboard_back(robot: Robot, screen: PopScreen) -> None:
    had = robot.active()
    screen.show(Stack((all_views()["note"],), 0))
    [window] = screen.windows
    wait_until(lambda: False, 0.5)
    robot.click(window.box)
    assert wait_until(lambda: writes(window, robot))
    screen.show(Stack((), 0))
    assert wait_until(lambda: robot.active() == had)


def test_another_window_that_is_clicked_has_the_keyboard_for_good(robot: Robot, screen: PopScreen) -> None:
    screen.show(Stack((a_view(),), 0))
    [window] = screen.windows
    wait_until(lambda: False, 0.5)
    robot.click(window.buttons["NOTE"])
    assert wait_until(lambda: writes(window, robot))
    subprocess.run(["xdotool", "search", "--name", "^typing$", "windowactivate"], check=True)
    assert wait_until(lambda: not window.isActiveWindow())
    assert wait_until(lambda: refuses(window))
    screen.show(Stack((a_view(), a_view(a_call("2"))), 0))
    wait_until(lambda: False, 0.5)
    assert not any(pop.isActiveWindow() for pop in screen.windows)


def test_a_second_call_leaves_the_keyboard_in_the_note(robot: Robot, screen: PopScreen) -> None:
    screen.show(Stack((a_view(),), 0))
    [window] = screen.windows
    wait_until(lambda: False, 0.5)
    robot.click(window.buttons["NOTE"])
    assert wait_until(lambda: writes(window, robot))
    typist = robot.type("abcdefghijklmnopqrstuvwxyz", 25)
    for n in range(2, 4):
        screen.show(Stack(tuple(a_view(a_call(str(k))) for k in range(1, n + 1)), 0))
        wait_until(lambda: False, 0.2)
    assert wait_until(lambda: window.box.text == "abcdefghijklmnopqrstuvwxyz"), window.box.text
    typist.wait(10)


def test_the_doctor_tries_a_pop_and_finds_the_keyboard_safe(robot: Robot) -> None:
    seen = look()
    assert (seen.platform, seen.manager, seen.stolen) == ("xcb", "Openbox", False)
    assert [f.health for f in findings_of(seen)][:2] == [Health.GOOD, Health.GOOD]


def writes(window: PopWindow, robot: Robot) -> bool:
    """True once the note has the keyboard: for Qt, and for the window manager, which may still be at it."""
    return window.isActiveWindow() and window.box.hasFocus() and robot.active() == int(window.winId())


def refuses(window: QWidget) -> bool:
    """True while the native window says that it wants no keyboard."""
    handle = window.windowHandle()
    return bool(handle.flags() & Qt.WindowType.WindowDoesNotAcceptFocus)
