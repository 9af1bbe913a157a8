"""The tray: state, badge, menu, and life without a tray."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from ringdesk.ui import tray as module
from ringdesk.ui.tray import Tray
from ringdesk.ui.tray_look import TrayState, TrayView

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "No such signal")


@pytest.fixture
def tray(qapp: QApplication) -> Iterator[Tray]:
    made = Tray()
    made.finish()
    yield made
    made.hide()
    made.menu.deleteLater()
    made.deleteLater()


def look(icon: QIcon) -> bytes:
    return bytes(icon.pixmap(48, 48).toImage().constBits())


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        (TrayView(), TrayState.IDLE),
        (TrayView(missed=4), TrayState.IDLE),
        (TrayView(trouble=True), TrayState.TROUBLE),
        (TrayView(trouble=True, quiet=True), TrayState.QUIET),
        (TrayView(system_quiet=True), TrayState.QUIET),
        (TrayView(callers=("Jane",), trouble=True, quiet=True), TrayState.RINGING),
    ],
)
def test_the_most_urgent_state_is_shown(view: TrayView, wanted: TrayState) -> None:
    assert view.state is wanted


def test_every_state_and_badge_has_an_icon_of_its_own(tray: Tray) -> None:
    views = [TrayView(), TrayView(callers=("Jane",)), TrayView(trouble=True), TrayView(quiet=True)]
    views += [TrayView(missed=1), TrayView(missed=2), TrayView(missed=10)]
    assert len({look(tray.icon(view)) for view in views}) == len(views)
    assert look(tray.icon(TrayView(missed=10))) == look(tray.icon(TrayView(missed=99)))


def test_the_menu_says_how_many_calls_were_missed(tray: Tray) -> None:
    missed = next(action for action in tray.menu.actions() if action.objectName() == "tray_missed")
    assert not missed.isEnabled()
    tray.set_missed(3)
    assert (missed.text(), missed.isEnabled()) == ("Missed calls (3)", True)


def test_the_menu_asks_for_what_was_clicked(tray: Tray, qtbot: QtBot) -> None:
    tray.set_missed(1)
    actions = {action.objectName(): action for action in tray.menu.actions()}
    for name, signal in (
        ("tray_open", tray.open_asked),
        ("tray_missed", tray.calls_asked),
        ("tray_settings", tray.settings_asked),
        ("tray_quit", tray.quit_asked),
    ):
        with qtbot.waitSignal(signal):
            actions[name].trigger()


def test_do_not_disturb_is_a_tick(tray: Tray, qtbot: QtBot) -> None:
    quiet = next(action for action in tray.menu.actions() if action.objectName() == "tray_do_not_disturb")
    with qtbot.waitSignal(tray.quiet_asked) as asked:
        quiet.trigger()
    assert asked.args == [True]
    assert tray.view.quiet
    tray.set_quiet(False)
    assert not quiet.isChecked()


def test_the_tip_holds_no_markup(tray: Tray) -> None:
    tray.tell(TrayView(callers=("Incoming call, <b>Jane</b> & Co",), missed=2, trouble=True))
    caller = "Incoming call, &lt;b&gt;Jane&lt;/b&gt; &amp; Co"
    assert tray.tip.splitlines() == ["RingDesk", caller, "Missed calls: 2", "A phone does not answer"]


def test_the_tip_names_nobody_while_the_screen_is_locked(tray: Tray) -> None:
    tray.set_ringing(["Incoming call, Jane Doe"])
    assert "Jane" in tray.tip
    tray.set_hushed(True)
    assert tray.tip.splitlines() == ["RingDesk", "A call is ringing"]
    tray.set_hushed(False)
    assert "Jane" in tray.tip


def test_the_mouse_on_the_icon_is_told(tray: Tray, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tray.glanced):
        QApplication.sendEvent(tray._icon, QEvent(QEvent.Type.ToolTip))


def test_a_tray_that_comes_late_is_found(tray: Tray, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOKS", 3)
    tray._timer.setInterval(1)
    there = [False]
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: there[0]))
    told: list[bool] = []
    tray.availability_changed.connect(told.append)
    tray.show()
    assert told == []
    there[0] = True
    qtbot.waitUntil(lambda: told == [True])
    assert tray.available
    assert not tray._timer.isActive()


def test_trouble_with_saving_is_seen_on_the_icon_and_said_in_the_tip(tray: Tray) -> None:
    tray.set_unsaved(True)
    told = tray.view.state, "trouble saving" in tray.tip
    tray.set_unsaved(False)
    assert (told, tray.view.state, tray.tip) == ((TrayState.TROUBLE, True), TrayState.IDLE, "RingDesk")


def test_looking_for_a_tray_ends(tray: Tray, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    tray._timer.setInterval(1)
    tray.show()
    qtbot.waitUntil(lambda: not tray._timer.isActive())
    assert not tray.available


def test_a_click_on_the_icon_is_told(tray: Tray, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tray.clicked):
        tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
