"""Tests that need an X11 screen with a window manager: chosen by name they fail without one, else they are skipped."""

from __future__ import annotations

import os

import pytest

from ringdesk.ui.desktop.x11 import X11


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


@pytest.fixture(scope="session", autouse=True)
def screen_and_window_manager(request: pytest.FixtureRequest) -> None:
    lack = missing()
    if not lack:
        return
    if "desktop" in (request.config.option.markexpr or ""):
        pytest.fail(f"the desktop tests cannot run: {lack}; see packaging/linux/test.sh", pytrace=False)
    pytest.skip(lack)
