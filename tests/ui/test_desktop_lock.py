"""A locked screen and the desktop's Do Not Disturb, as other programs on a private bus tell of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ringdesk.desk.hotkey import Hotkey, Modifier, hotkey
from ringdesk.ui.desktop import lock as lock_module
from ringdesk.ui.desktop.bus import Bus
from ringdesk.ui.desktop.lock import ScreenLock
from ringdesk.ui.desktop.portal_keys import PortalKeys
from ringdesk.ui.desktop.quiet import SystemQuiet
from ringdesk.ui.desktop.quiet_gnome import is_gnome
from tests.bus import NOTIFICATIONS, Notifications, Service, private_bus

SAVER = "org.freedesktop.ScreenSaver"
LOGIN = "org.freedesktop.login1"
SESSION = "/org/freedesktop/login1/session/_31"
PROPERTIES = "org.freedesktop.DBus.Properties"


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with private_bus() as made:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", made)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", made)
        yield made


@pytest.fixture
def bus(qtbot: QtBot, address: str) -> Iterator[Bus]:
    made = Bus.session()
    assert made is not None
    yield made
    made.close()


@pytest.fixture
def saver(address: str) -> Iterator[Service]:
    made = Service(address, SAVER)
    made.active = False  # type: ignore[attr-defined]  # what this test's lock screen answers
    made.answers[(SAVER, "GetActive")] = lambda _: ("b", (made.active,))  # type: ignore[attr-defined]  # as above
    made.start()
    yield made
    made.stop()


@pytest.fixture
def login(address: str) -> Iterator[Service]:
    made = Service(address, LOGIN)
    made.answers[(f"{LOGIN}.Manager", "GetSessionByPID")] = lambda _: ("o", (SESSION,))
    made.answers[(PROPERTIES, "Get")] = lambda _: ("v", (("b", False),))
    made.start()
    yield made
    made.stop()


def told(lock: ScreenLock, on: bool) -> bool:
    return lock.locked is on


def settled(bus: Bus, qtbot: QtBot) -> None:
    """Everything that was asked so far has been answered."""
    qtbot.waitUntil(lambda: not bus._waiting)


def test_the_lock_screen_tells(bus: Bus, saver: Service, qtbot: QtBot) -> None:
    lock = ScreenLock(bus, None)
    settled(bus, qtbot)
    with qtbot.waitSignal(lock.changed) as told:
        saver.emit("/ScreenSaver", SAVER, "ActiveChanged", "b", True)
    assert (told.args, lock.locked) == ([True], True)
    with qtbot.waitSignal(lock.changed) as told:
        saver.emit("/ScreenSaver", SAVER, "ActiveChanged", "b", False)
    assert told.args == [False]


def test_a_screen_that_is_locked_at_the_start_is_known(bus: Bus, saver: Service, qtbot: QtBot) -> None:
    saver.active = True  # type: ignore[attr-defined]  # see the fixture
    lock = ScreenLock(bus, None)
    qtbot.waitUntil(lambda: lock.locked)


def test_a_lock_screen_that_ends_locks_nothing(bus: Bus, address: str, qtbot: QtBot) -> None:
    short = Service(address, SAVER)
    short.answers[(SAVER, "GetActive")] = lambda _: ("b", (True,))
    short.start()
    lock = ScreenLock(bus, None)
    qtbot.waitUntil(lambda: lock.locked)
    short.stop()
    qtbot.waitUntil(lambda: not lock.locked)


def test_the_login_session_tells(bus: Bus, login: Service, qtbot: QtBot) -> None:
    lock = ScreenLock(None, bus)
    qtbot.waitUntil(lambda: len(bus._rules) == 3)
    settled(bus, qtbot)
    for on in (True, False):
        changed = {"LockedHint": ("b", on)}
        login.emit(SESSION, PROPERTIES, "PropertiesChanged", "sa{sv}as", f"{LOGIN}.Session", changed, [])
        qtbot.waitUntil(partial(told, lock, on))


def test_a_wish_to_lock_that_nobody_follows_is_forgotten(
    bus: Bus, login: Service, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "BELIEVE_MS", 50)
    lock = ScreenLock(None, bus)
    qtbot.waitUntil(lambda: len(bus._rules) == 3)
    settled(bus, qtbot)
    login.emit(SESSION, f"{LOGIN}.Session", "Lock", "")
    qtbot.waitUntil(lambda: lock.locked)
    qtbot.waitUntil(lambda: not lock.locked)


def test_the_desktops_do_not_disturb_is_heard(bus: Bus, address: str, qtbot: QtBot) -> None:
    service = Service(address, NOTIFICATIONS)
    daemon = Notifications(inhibited=True)
    daemon.serve(service)
    service.start()
    quiet = SystemQuiet(bus)
    qtbot.waitUntil(lambda: quiet.quiet)
    daemon.inhibit(False)
    qtbot.waitUntil(lambda: not quiet.quiet)
    daemon.inhibit(True)
    qtbot.waitUntil(lambda: quiet.quiet)
    service.stop()
    qtbot.waitUntil(lambda: not quiet.quiet)


def test_xfces_do_not_disturb_is_heard(bus: Bus, address: str, qtbot: QtBot) -> None:
    name = "org.xfce.Xfconf"
    service = Service(address, name)
    service.answers[(name, "GetProperty")] = lambda _: ("v", (("b", False),))
    service.start()
    quiet = SystemQuiet(bus)
    settled(bus, qtbot)
    service.emit(
        "/org/xfce/Xfconf", name, "PropertyChanged", "ssv", "xfce4-notifyd", "/do-not-disturb", ("b", True)
    )  # several to a line  # fmt: skip
    qtbot.waitUntil(lambda: quiet.quiet)
    service.emit("/org/xfce/Xfconf", name, "PropertyRemoved", "ss", "xfce4-notifyd", "/do-not-disturb")
    qtbot.waitUntil(lambda: not quiet.quiet)
    service.stop()


def test_gnomes_do_not_disturb_is_heard(
    bus: Bus, address: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stand-ins: a `gsettings` that reads a file, and the service that tells of changed settings."""
    kept = tmp_path / "show-banners"
    tool = tmp_path / "bin" / "gsettings"
    tool.parent.mkdir()
    asked = f'[ "$*" = "get org.gnome.desktop.notifications show-banners" ] || exit 1\ncat {kept}\n'
    tool.write_text(f"#!/bin/sh\n{asked}", encoding="ascii")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    service = Service(address, "ca.desrt.dconf")
    service.start()

    def turned(banners: str, prefix: str, *changes: str) -> None:
        kept.write_text(banners, encoding="ascii")
        place, interface = "/ca/desrt/dconf/Writer/user", "ca.desrt.dconf.Writer"
        service.emit(place, interface, "Notify", "sass", prefix, list(changes), ":1.1:user")

    kept.write_text("false", encoding="ascii")
    quiet = SystemQuiet(bus)
    qtbot.waitUntil(lambda: quiet.quiet)
    turned("true", "/org/gnome/desktop/notifications/show-banners", "")
    qtbot.waitUntil(lambda: not quiet.quiet)
    turned("false", "/org/gnome/desktop/notifications/", "show-banners", "show-in-lock-screen")
    qtbot.waitUntil(lambda: quiet.quiet)
    turned("true", "/org/gnome/desktop/interface/font-name", "")
    settled(bus, qtbot)
    assert quiet.quiet
    service.stop()


def test_other_desktops_are_not_asked_for_gnomes_settings(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "XFCE")
    assert not is_gnome(os.environ)
    assert not hasattr(SystemQuiet(bus), "_gnome")


PORTAL = "org.freedesktop.portal.Desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"


class Portal:
    """A desktop portal whose user says yes, or no."""

    def __init__(self, address: str, answer: int = 0) -> None:
        self.service = Service(address, PORTAL)
        self.answer = answer
        self.asked: list[tuple[str, str]] = []
        self.service.answers[(SHORTCUTS, "CreateSession")] = self._session
        self.service.answers[(SHORTCUTS, "BindShortcuts")] = self._bind
        self.service.start()

    def _respond(self, token: str, results: dict[str, object]) -> tuple[str, tuple[object, ...]]:
        sender = self.sender.removeprefix(":").replace(".", "_")
        path = f"/org/freedesktop/portal/desktop/request/{sender}/{token}"
        self.service.emit(path, "org.freedesktop.portal.Request", "Response", "ua{sv}", self.answer, results)
        return "o", (path,)

    def _session(self, body: tuple[dict[str, tuple[str, str]], ...]) -> tuple[str, tuple[object, ...]]:
        return self._respond(body[0]["handle_token"][1], {"session_handle": ("s", "/session/1")})

    def _bind(self, body: tuple[Any, ...]) -> tuple[str, tuple[object, ...]]:
        _, [(id, wish)], _, options = body
        self.asked.append((id, wish["preferred_trigger"][1]))
        return self._respond(options["handle_token"][1], {})

    sender = ""


def test_the_portal_gives_the_key_on_wayland(bus: Bus, address: str, qtbot: QtBot) -> None:
    portal = Portal(address)
    portal.sender = bus.name
    keys = PortalKeys(bus, "Go to the newest call")
    keys.take(hotkey("Ctrl+Alt+J"))
    qtbot.waitUntil(lambda: portal.asked == [("newest-call", "CTRL+ALT+j")])
    with qtbot.waitSignal(keys.pressed):
        portal.service.emit(
            "/org/freedesktop/portal/desktop", SHORTCUTS, "Activated", "osta{sv}", "/session/1", "newest-call", 1, {}
        )
    portal.service.stop()


def test_a_portal_that_says_no_is_told(bus: Bus, address: str, qtbot: QtBot) -> None:
    portal = Portal(address, answer=1)
    portal.sender = bus.name
    keys = PortalKeys(bus, "Go to the newest call")
    with qtbot.waitSignal(keys.refused):
        keys.take(hotkey("Ctrl+Alt+J"))
    portal.service.stop()


def test_a_desktop_without_a_portal_is_told(bus: Bus, qtbot: QtBot) -> None:
    keys = PortalKeys(bus, "Go to the newest call")
    with qtbot.waitSignal(keys.refused):
        keys.take(hotkey("Ctrl+Alt+J"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ctrl+Alt+J", Hotkey(Modifier.CTRL | Modifier.ALT, 0x6A, "j")),
        ("Meta+Shift+7", Hotkey(Modifier.META | Modifier.SHIFT, 0x37, "7")),
        ("F9", Hotkey(Modifier(0), 0xFFC6, "F9")),
        ("Ctrl+Space", Hotkey(Modifier.CTRL, 0x20, "space")),
        ("J", None),
        ("Shift+J", None),
        ("Home", None),
        ("", None),
        ("Ctrl+", None),
        ("Hyper+J", None),
        ("Ctrl+Ä", None),
        ("Ctrl+A, Ctrl+B", None),
    ],
)
def test_keys_are_read(text: str, wanted: Hotkey | None) -> None:
    assert hotkey(text) == wanted
