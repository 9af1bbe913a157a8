"""The whole program hears the desktop: a locked screen, Do Not Disturb, `ringdesk focus`, a click on the tray icon."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication

from ringdesk.app.places import places
from ringdesk.desk.popview import Action
from ringdesk.feed.client import post
from tests.bus import NOTIFICATIONS, Notifications, Service, private_bus
from tests.e2e.program import Program, play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "No such signal")
SAVER = "org.freedesktop.ScreenSaver"
CALLER = "+442079460777"


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Notifications]:
    with private_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        service = Service(address, NOTIFICATIONS, SAVER)
        made = Notifications()
        made.serve(service)
        service.answers[(SAVER, "GetActive")] = lambda _: ("b", (False,))
        service.start()
        yield made
        service.stop()


async def ring(program: Program, id: str = "1", event: str = "ringing") -> None:
    said = {"event": event, "id": id, "from": CALLER, "name": "H PATEL"}
    await asyncio.get_running_loop().run_in_executor(None, post, program.here.socket, said)


async def heard(program: Program) -> None:
    """The desktop was asked everything, and has answered."""
    around = program.front.around
    await program.until(lambda: around._session is not None and not around._session._waiting, "the bus has answered")


def lock(daemon: Notifications, on: bool) -> None:
    assert daemon.service is not None
    daemon.service.emit("/org/freedesktop/ScreenSaver", SAVER, "ActiveChanged", "b", on)


def names(program: Program) -> list[str]:
    """All that can be read or heard of a caller outside the main window."""
    told = [program.tray.tip]
    for window in program.front.screen._windows:
        told += [window.accessibleName(), window.accessibleDescription()]
        told += ["a pop is up"] if window.isVisible() else []
    return [text for text in told if "PATEL" in text or "777" in text or text == "a pop is up"]


def test_while_the_screen_is_locked_no_name_is_anywhere(
    qapp: QApplication, tmp_path: Path, daemon: Notifications
) -> None:
    async def story(program: Program) -> None:
        await heard(program)
        await ring(program)
        await program.until(lambda: "PATEL" in program.tray.tip and len(names(program)) > 2, "pop and tray name them")
        lock(daemon, True)
        await program.until(lambda: not names(program), "the lock takes every name away")
        assert "A call is ringing" in program.tray.tip
        await ring(program, "2")
        await asyncio.sleep(0.3)
        assert names(program) == []
        lock(daemon, False)
        await program.until(lambda: len(program.pops) == 2, "both pops are up again")

    play(qapp, tmp_path / "data", story)


def test_the_desktops_do_not_disturb_holds_pops_back(qapp: QApplication, tmp_path: Path, daemon: Notifications) -> None:
    async def story(program: Program) -> None:
        await heard(program)
        daemon.inhibit(True)
        await program.until(lambda: program.tray.view.system_quiet, "the desktop's wish is heard")
        await ring(program)
        await program.until(lambda: bool(program.front.core.store.calls.recent()), "the call is listed")
        assert program.pops == []
        daemon.inhibit(False)
        await program.until(lambda: not program.tray.view.system_quiet, "it is over")
        await ring(program, "2")
        await program.until(lambda: len(program.pops) == 1, "the next call pops")

    play(qapp, tmp_path / "data", story)


def test_a_click_or_the_mouse_on_the_tray_brings_a_closed_pop_back(
    qapp: QApplication, tmp_path: Path, daemon: Notifications
) -> None:
    async def story(program: Program) -> None:
        await ring(program)
        await program.until(lambda: len(program.pops) == 1, "the pop is up")
        view = program.pop.view
        assert view is not None
        program.front.core.actions.act(view.id, Action.CLOSE)
        assert program.pops == []
        program.tray.clicked.emit()
        assert len(program.pops) == 1
        program.front.core.actions.act(view.id, Action.CLOSE)
        QApplication.sendEvent(program.tray._icon, QEvent(QEvent.Type.ToolTip))  # the mouse rests on the icon
        assert len(program.pops) == 1
        program.front.core.actions.act(view.id, Action.CLOSE)
        program.front.started_again("focus")
        assert len(program.pops) == 1

    play(qapp, tmp_path / "data", story)


def test_the_window_comes_up_where_it_was_left(qapp: QApplication, tmp_path: Path, daemon: Notifications) -> None:
    async def move(program: Program) -> None:
        program.front.window.resize(868, 560)

    async def hide(program: Program) -> None:
        assert program.front.window.size() == QSize(868, 560)
        program.front.window.resize(868, 580)
        program.front.window.hide()  # into the tray, as whoever closes it

    async def look(program: Program) -> None:
        assert program.front.window.size() == QSize(868, 580)

    for story in (move, hide, look):
        play(qapp, tmp_path / "data", story)
    places(tmp_path / "data").window.write_text('["no", "place"]')

    async def start_anyway(program: Program) -> None:
        assert program.front.window.width() > 0

    play(qapp, tmp_path / "data", start_anyway)
