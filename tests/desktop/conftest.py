"""Tests that need a real desktop: chosen by name they fail without one, else they are skipped.

`desktop` is an X11 screen with a window manager; `wayland` tests start a compositor of their own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ringdesk.ui.desktop.x11 import X11
from tests.desktop import wayland_session
from tests.desktop.typing_window import Robot, typing_window


def missing() -> str:
    """What is not there of what these tests need."""
    if os.environ.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return "QT_QPA_PLATFORM is not xcb"
    server = X11.open()
    if server is None:
        return f"no X server answers at DISPLAY={os.environ.get('DISPLAY', '')!r}"
    try:
        return "" if server.window_manager() is not None else "no window manager runs on this display"
    finally:
        server.close()


@pytest.fixture(scope="session")
def lack_of_desktop() -> str:
    return missing()


@pytest.fixture(autouse=True)
def what_is_needed(request: pytest.FixtureRequest) -> None:
    for mark, lack in (
        ("desktop", lambda: request.getfixturevalue("lack_of_desktop")),
        ("wayland", wayland_session.missing),
    ):
        if request.node.get_closest_marker(mark) is None or not (told := lack()):
            continue
        if mark in (request.config.option.markexpr or ""):
            pytest.fail(f"the {mark} tests cannot run: {told}; see packaging/linux/test.sh", pytrace=False)
        pytest.skip(told)


@pytest.fixture
def robot(qapp: QApplication, tmp_path: Path) -> Iterator[Robot]:
    """Another program's window that is typed into."""
    with typing_window(tmp_path) as made:
        made.away()
        yield made
