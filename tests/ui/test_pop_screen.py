"""The pop windows: reused, kept out of the keyboard's way, telling what the user does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import Action, Phase
from ringdesk.domain.rightofway import WINDOW, Cause
from ringdesk.ui.desktop.screens import Corner, PopPlace
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.pop_window import PopWindow
from ringdesk.ui.theme import Scheme, Theme
from ringdesk.ui.widgets_text import PlainLabel
from tests.ui.pop_fixtures import Desk, desk, numbered, screen, shown
from tests.ui.pop_views import a_call, a_candidate, a_view, all_views, chooser, unknown

__all__ = ["desk", "screen"]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def visible(window: PopWindow) -> set[str]:
    return {key for key, button in window.buttons.items() if button.isVisible()}


def test_windows_are_made_once_and_used_again(screen: PopScreen) -> None:
    screen.warm()
    made = {id(window) for window in screen._windows}
    for n in range(10):
        shown(screen, *numbered(n % 4)[:3])
    assert {id(window) for window in screen._windows} == made
    assert len(made) == 3


def test_a_pop_refuses_the_keyboard(screen: PopScreen) -> None:
    [window] = shown(screen, all_views()["known"])
    assert window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_no_button_is_a_default_button(screen: PopScreen) -> None:
    [window] = shown(screen, all_views()["known"])
    assert not any(button.isDefault() or button.autoDefault() for button in window.findChildren(QPushButton))


@pytest.mark.parametrize("action", [a for a in Action if a not in (Action.PICK, Action.NOTE)])
def test_every_button_tells_its_action(action: Action, screen: PopScreen, desk: Desk) -> None:
    views = [v for v in all_views().values() if action in v.actions or (action is Action.FORGET_PICK and v.picked)]
    [window] = shown(screen, next(v for v in views if v.phase is not Phase.STRIP))
    window.buttons[action.name].click()
    assert desk.acts == [(window.view.id if window.view else "", action, "")]


def test_one_click_picks_from_the_chooser(screen: PopScreen, desk: Desk) -> None:
    view = chooser()
    [window] = shown(screen, view)
    window.buttons["pick1"].click()
    assert desk.acts == [(view.id, Action.PICK, view.choices[1].contact)]


def test_a_button_that_has_just_come_takes_no_click_meant_for_another(screen: PopScreen, desk: Desk) -> None:
    [window] = shown(screen, all_views()["known"])
    answer = window.buttons["ANSWER"]
    QTest.mouseClick(answer, Qt.MouseButton.LeftButton)
    assert desk.acts == []
    answer.calm_until = 0.0
    QTest.mouseClick(answer, Qt.MouseButton.LeftButton)
    assert desk.acts == [("1", Action.ANSWER, "")]


def test_buttons_follow_the_state(screen: PopScreen) -> None:
    [window] = shown(screen, all_views()["known"])
    assert visible(window) == {"ANSWER", "DECLINE", "OPEN", "NOTE", "COPY", "CLOSE", "why"}
    shown(screen, all_views()["talking"])
    assert visible(window) == {"OPEN", "NOTE", "COPY", "CLOSE", "why"}


def test_a_pop_has_no_button_of_the_call_before(screen: PopScreen) -> None:
    for before, after in (("known", "unknown"), ("unknown", "talking"), ("talking", "strip"), ("strip", "known")):
        for name in (before, after, after):
            [window] = shown(screen, replace(all_views()[name], id=f"{before} {after} {name}"))
            made = window._plan
            assert made is not None
            assert visible(window) == set(made.buttons)
            assert all(window.buttons[key].geometry() == at.rect for key, at in made.buttons.items())
            screen.show(Stack((), 0))


def test_every_visible_button_has_a_name(screen: PopScreen) -> None:
    for view in all_views().values():
        screen.show(Stack((), 0))
        [window] = shown(screen, view, more=2)
        names = [window.buttons[key].accessibleName() for key in visible(window)]
        assert all(names)
        assert len(set(names)) == len(names)
        assert all(window.buttons[key].objectName() for key in visible(window))


def test_screen_readers_can_read_the_whole_pop(screen: PopScreen, qtbot: QtBot) -> None:
    [window] = shown(screen, all_views()["known_note"])
    qtbot.waitUntil(lambda: bool(window.accessibleDescription()))
    assert window.accessibleName() == "Incoming call, Jane Doe, Acme Trading Ltd, Sales line"
    for part in ("Jane Doe", "020 7946 0123", "Last: yesterday", "Note: Asked", "Private"):
        assert part in window.accessibleDescription()


def test_a_call_is_announced_once(screen: PopScreen, qtbot: QtBot) -> None:
    told: list[str] = []
    screen.announced.connect(told.append)
    shown(screen, all_views()["known"])
    qtbot.waitUntil(lambda: bool(told))
    shown(screen, all_views()["talking"])
    shown(screen, all_views()["strip"])
    qtbot.wait(30)
    assert told == ["Incoming call, Jane Doe, Acme Trading Ltd, Sales line"]


def test_painted_is_told_for_a_new_pop(screen: PopScreen, qtbot: QtBot) -> None:
    screen.warm()
    with qtbot.waitSignal(screen.painted) as told:
        screen.show(Stack((all_views()["known"],), 0))
    assert told.args is not None
    assert told.args[0] == "1"


def test_a_pop_goes_before_other_threads_until_it_is_painted(screen: PopScreen, qtbot: QtBot) -> None:
    screen.warm()
    WINDOW.give(Cause.POP)
    with qtbot.waitSignal(screen.painted):
        screen.show(Stack((all_views()["known"],), 0))
        assert WINDOW.taken
    assert not WINDOW.taken


def test_a_list_that_is_painted_meanwhile_does_not_let_other_threads_go_on(screen: PopScreen, qtbot: QtBot) -> None:
    screen.warm()
    with qtbot.waitSignal(screen.painted):
        screen.show(Stack((all_views()["known"],), 0))
        WINDOW.take(Cause.LIST)
        WINDOW.give(Cause.LIST)
        assert WINDOW.taken
    assert not WINDOW.taken


def test_a_pop_that_goes_before_it_was_painted_keeps_no_thread_waiting(screen: PopScreen) -> None:
    screen.warm()
    screen.show(Stack((all_views()["known"],), 0))
    screen.show(Stack((), 0))
    assert not WINDOW.taken


def test_the_clock_runs_only_while_something_runs(screen: PopScreen) -> None:
    shown(screen, all_views()["known"])
    assert screen._timer.isActive()
    shown(screen, all_views()["missed"])
    assert not screen._timer.isActive()
    shown(screen, all_views()["strip"])
    assert screen._timer.isActive()
    shown(screen)
    assert not screen._timer.isActive()


def test_a_tick_changes_the_timer_only(screen: PopScreen, desk: Desk) -> None:
    [window] = shown(screen, all_views()["known"])
    assert window.timer_text == "0:07"
    desk.now += 1
    screen._tick()
    assert window.timer_text == "0:08"


def test_the_mouse_unfolds_a_strip_and_tells_the_desk(screen: PopScreen, desk: Desk) -> None:
    [window] = shown(screen, all_views()["strip"])
    low = window.height()
    point = QPointF(5, 5)
    QApplication.sendEvent(window, QEnterEvent(point, point, point))
    assert window.height() > low
    QApplication.sendEvent(window, QEvent(QEvent.Type.Leave))
    assert window.height() == low
    assert desk.hovers == [("1", True), ("1", False)]


def test_a_note_being_typed_survives_every_update(screen: PopScreen, desk: Desk) -> None:
    [window] = shown(screen, all_views()["known"])
    window.buttons["NOTE"].click()
    states = [all_views()[name] for name in ("talking", "held", "talking", "note")]
    text = "Wants the price list by Friday"
    for n, letter in enumerate(text):
        QTest.keyClicks(window.box, letter)
        shown(screen, replace(states[n % len(states)], draft=desk.writes[-1][1]))
        assert window.box.textCursor().position() == n + 1
    assert window.box.text == text
    assert desk.writes[-1][:2] == ("1", text)


def test_a_selection_in_the_note_survives_an_update(screen: PopScreen) -> None:
    [window] = shown(screen, all_views()["note"])
    QTest.keyClicks(window.box, "Ask again")
    window.box.selectAll()
    shown(screen, replace(all_views()["note"], note="another note", draft="Ask again"))
    assert window.box.textCursor().selectedText() == "Ask again"


def test_a_kept_note_is_there_again(screen: PopScreen) -> None:
    [window] = shown(screen, replace(all_views()["note"], draft="half a sen"))
    assert window.box.text == "half a sen"


def test_the_next_call_does_not_get_the_last_ones_note(screen: PopScreen) -> None:
    [window] = shown(screen, all_views()["note"])
    QTest.keyClicks(window.box, "secret")
    shown(screen)
    [again] = shown(screen, a_view(a_call("77"), phase=Phase.NOTE))
    assert again.box.text == ""


def test_esc_leaves_the_note(screen: PopScreen, desk: Desk) -> None:
    [window] = shown(screen, all_views()["known"])
    window.buttons["NOTE"].click()
    assert desk.writes[-1] == ("1", "", True)
    QTest.keyClick(window.box, Qt.Key.Key_Escape)
    assert desk.writes[-1] == ("1", "", False)
    assert not window.box.isVisible()


def test_more_pops_than_fit_are_counted_on_the_top_one(screen: PopScreen, desk: Desk) -> None:
    windows = shown(screen, *numbered(3), more=2)
    assert ["more" in visible(window) for window in windows] == [False, False, True]
    windows[2].buttons["more"].click()
    assert desk.more == 1


def test_why_this_name_unfolds_and_folds(screen: PopScreen) -> None:
    [window] = shown(screen, all_views()["known"])
    low = window.height()
    window.buttons["why"].click()
    assert window.height() > low
    window.buttons["why"].click()
    assert window.height() == low


HOSTILE = (
    '<img src="{marker}"><b>Bold</b>',
    "<a href='https://example.org'>x</a>",
    "\u202egnorw\u202c \u2066x\u2069",
    "a\u200b\u200c\ufeffb",
    "\x00\x1b[31m\n\n\tRed",
    "W" * 10_000,
    "&Ampersand && more",
    "\U0001f600" * 200,
    "ا" * 300,
    "Z\u0351\u034e" * 200,
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_only_text(hostile: str, screen: PopScreen, tmp_path_factory: pytest.TempPathFactory) -> None:
    marker = tmp_path_factory.mktemp("marker") / "marker.png"
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff00ff"))
    image.save(str(marker))
    text = hostile.replace("{marker}", str(marker))
    people = [a_candidate(f"c{n}", text, text, text) for n in range(3)]
    for view in (
        a_view(a_call(name=text), people[0], note=text),
        a_view(a_call(name=text), *people, note=text),
        unknown("1", name=text),
        replace(a_view(a_call(by=text), people[0]), phase=Phase.ELSEWHERE, owner=text),
    ):
        screen.show(Stack((), 0))
        [window] = shown(screen, view)
        assert window.width() <= 380
        assert window.height() < 400
        assert not has_color(window.grab().toImage(), QColor("#ff00ff"))


def has_color(image: QImage, color: QColor) -> bool:
    return any(
        image.pixelColor(QPoint(x, y)) == color for x in range(0, image.width(), 5) for y in range(image.height())
    )


def test_no_bare_label(screen: PopScreen) -> None:
    screen.warm()
    for window in screen._windows:
        assert all(isinstance(label, PlainLabel) for label in window.findChildren(QLabel))


def test_dark_colours_are_taken_at_once(screen: PopScreen, theme: Theme) -> None:
    [window] = shown(screen, all_views()["known"])
    try:
        theme.choose(Scheme.DARK)
        dark = window.grab().toImage().pixelColor(300, 34)
        theme.choose(Scheme.LIGHT)
        assert dark.lightness() < 80 < window.grab().toImage().pixelColor(300, 34).lightness()
    finally:
        theme.choose(None)


def test_the_sample_closes_by_itself_or_for_a_call(screen: PopScreen, desk: Desk) -> None:
    screen.sample(PopPlace(Corner.TOP_LEFT))
    [window] = screen.windows
    assert window.x() == 16
    window.buttons["CLOSE"].click()
    assert screen.windows == []
    screen.sample(PopPlace(Corner.TOP_LEFT))
    [called] = shown(screen, all_views()["known"])
    assert called.view is not None
    assert called.view.id == "1"
    assert called.x() > 16
    assert desk.acts == []


def test_a_locked_screen_shows_and_tells_no_name(screen: PopScreen) -> None:
    [window] = shown(screen, *numbered(1))
    window.describe()
    assert "Jane" in window.accessibleName()
    screen.locked = True
    assert not window.isVisible()
    assert not any(w.accessibleName() or w.accessibleDescription() for w in screen._windows)
    screen.show(Stack(tuple(numbered(2)), 0))
    assert not any(w.isVisible() for w in screen._windows)
    assert not screen.enter()
    screen.locked = False
    assert [w.view.id for w in screen.windows if w.view] == ["0", "1"]
    assert all(w.isVisible() for w in screen.windows)


def test_a_note_is_there_again_after_a_lock(screen: PopScreen, desk: Desk) -> None:
    [window] = shown(screen, all_views()["known"])
    window.take_keyboard()
    window.box.setPlainText("call back")
    screen.locked = True
    assert desk.writes[-1] == (all_views()["known"].id, "call back", False)
    shown(screen, replace(all_views()["known"], draft="call back"))
    screen.locked = False
    assert screen.windows[0].box.text == "call back"


@pytest.mark.parametrize("name", ["known", "unknown_control", "withheld", "chooser", "strip", "note", "missed"])
def test_the_global_key_lands_where_enter_harms_nothing(screen: PopScreen, name: str) -> None:
    [window] = shown(screen, all_views()[name])
    assert screen.enter()
    QApplication.processEvents()
    focus = window.focusWidget()
    assert focus is not None
    assert focus.isVisibleTo(window)
    assert focus.objectName() not in ("pop_answer", "pop_decline", "pop_block")
    window.give_keyboard_back()
