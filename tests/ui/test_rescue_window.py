"""The window for damaged data: every state in words that fit, and only what can be done offered."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ringdesk.desk.rescue import Later, Looking, NoBackup, Offering, Refused, Restored, Restoring, Sound, State
from ringdesk.domain.status import StoreTrouble
from ringdesk.ui.rescue_window import RescueWindow
from ringdesk.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PATH = "/home/robin/.local/share/ringdesk/ringdesk.db"


def sound(later: Later | None = None) -> Sound:
    return Sound(1_790_000_000.0, 1204, 1, later)


STATES: list[tuple[State, bool, set[str], str]] = [
    (Looking(), False, {"quit"}, "Looking"),
    (
        Offering(sound(Later(3, 1, 12))),
        False,
        {"quit", "restore"},
        "missing then: 3 changes of contacts, 1 note, 12 calls.",
    ),
    (Offering(sound(Later(0, 0, 0))), False, {"quit", "restore"}, "nothing was saved after that moment"),
    (Offering(sound()), True, {"quit", "restore", "reading"}, "What was saved after that moment would be missing."),
    (NoBackup(), False, {"quit", "empty"}, "no backup that can be used. You can begin with no contacts"),
    (NoBackup(), True, {"quit", "reading"}, "no backup that can be used. The damaged file is kept"),
    (Restoring(), False, {"quit"}, "into place"),
    (Restored("/x"), True, {"quit"}, "in place"),
    (Refused(StoreTrouble.FULL, PATH), False, {"quit", "restore"}, "The disk is full"),
]


@pytest.mark.parametrize(("state", "running", "offered", "said"), STATES)
def test_every_state_is_said_whole_and_offers_what_can_be_done(
    theme: Theme, qtbot: QtBot, state: State, running: bool, offered: set[str], said: str
) -> None:
    window = RescueWindow(theme, PATH, running=running)
    qtbot.addWidget(window)
    window.show()
    window.show_state(state)
    QApplication.processEvents()
    assert said in window.text
    shown = {name for name in ("quit", "restore", "reading", "empty") if getattr(window, name).isVisible()}
    assert shown == offered
    assert window._text.height() >= window._text.heightForWidth(window._text.width())
    assert window.quit.isEnabled() != isinstance(state, Restoring | Restored)
    assert window.accessibleDescription() == window.text


@pytest.mark.parametrize("running", [True, False])
def test_closing_goes_on_reading_or_quits_but_never_while_it_restores(
    theme: Theme, qtbot: QtBot, running: bool
) -> None:
    window = RescueWindow(theme, PATH, running=running)
    asked: list[str] = []
    window.reading_asked.connect(lambda: asked.append("read"))
    window.quit_asked.connect(lambda: asked.append("quit"))
    window.show()
    window.close()
    assert asked == ["read" if running else "quit"]
    window.show_state(Restoring())
    window.close()
    assert len(asked) == 1
    window.hide()
    window.deleteLater()
