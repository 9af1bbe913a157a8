"""The icon in a real panel: it appears, shows what was missed, opens its menu, and brings the window back."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QRect

from ringdesk.ui.desktop.x11 import X11
from tests.desktop.panel import HEIGHT, Panel, missing, panel, wait_for

pytestmark = pytest.mark.desktop
ROOT = Path(__file__).resolve().parents[2]
GROUND, BADGE = "#0b6b70", "#ad2a2a"


@dataclass
class Desk:
    """RingDesk beside the panel."""

    panel: Panel
    program: subprocess.Popen[bytes]
    data: Path
    server: X11

    def call(self, event: str, *more: str) -> None:
        socket = str(self.data / "run" / "feed.sock")
        command = [sys.executable, "-m", "ringdesk", "call", event, "--socket", socket, "--id", "1", *more]
        subprocess.run(command, cwd=ROOT, check=True)

    def labels(self) -> list[str]:
        said = self.panel.method("/MenuBar", "com.canonical.dbusmenu.GetLayout", "0", "--", "-1", '["label"]')
        return re.findall(r"'label': <'([^']*)'>", said)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    if gone := missing():
        pytest.fail(
            f"a real tray needs {', '.join(gone)}; on Debian: apt-get install xfce4-panel xfconf", pytrace=False
        )
    server = X11.open()
    assert server is not None
    data = tmp_path / "data"
    with panel(tmp_path) as beside:
        program = subprocess.Popen(
            [sys.executable, "-m", "ringdesk", "--data", str(data)],
            cwd=ROOT, env=beside.environment, stderr=subprocess.DEVNULL,
        )  # several to a line  # fmt: skip
        try:
            wait_for((data / "run" / "feed.sock").exists, "RingDesk listens")
            wait_for(lambda: len(beside.items()) == 1, "RingDesk's icon is known to the panel")
            wait_for(lambda: beside.places(GROUND), "the icon is painted")
            yield Desk(beside, program, data, server)
        finally:
            program.terminate()
            program.wait(30)
            server.close()


def middle(places: list[tuple[int, int]]) -> tuple[int, int]:
    across, down = sorted(x for x, _ in places), sorted(y for _, y in places)
    return across[len(across) // 2], down[len(down) // 2]


def click(x: int, y: int, button: int) -> None:
    subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", str(button)], check=True)


def key(name: str) -> None:
    subprocess.run(["xdotool", "key", name], check=True)


def seen(window: int) -> bool:
    told = subprocess.run(["xwininfo", "-id", str(window)], capture_output=True, text=True, check=False).stdout
    return "IsViewable" in told


def test_the_icon_its_badge_its_menu_and_the_way_back_to_the_window(desk: Desk) -> None:
    wait_for(lambda: desk.server.active_window() is not None, "the window is there")
    main = desk.server.active_window()
    assert main is not None
    x, y = middle(desk.panel.places(GROUND))
    assert desk.panel.places(BADGE) == []
    assert "Missed calls (0)" in desk.labels()

    desk.call("ring", "--from", "+442079460777")
    desk.call("end", "--reason", "cancelled")
    wait_for(lambda: desk.panel.places(BADGE), "the badge says that a call was missed")
    wait_for(lambda: "Missed calls (1)" in desk.labels(), "the menu says it, too")

    desk.server.activate(main)
    wait_for(lambda: desk.server.active_window() == main, "the window has the keyboard")
    key("ctrl+w")
    wait_for(lambda: not seen(main), "closing hides the window into the tray")
    assert desk.program.poll() is None
    click(x, y, 1)
    wait_for(lambda: seen(main), "a click on the icon brings the window back")

    above = QRect(0, y - HEIGHT // 2 - 100, 100, 100)
    before = desk.panel.screen().copy(above)
    click(x, y, 3)
    wait_for(lambda: desk.panel.screen().copy(above) != before, "the panel shows the menu")
    key("Up")
    key("Return")
    assert desk.program.wait(30) == 0


def pops() -> list[QRect]:
    """Where pops are to be seen: the narrow windows of RingDesk that are up."""
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--class", "ringdesk"], capture_output=True, text=True, check=False
    )
    rects = []
    for window in found.stdout.split():
        told = subprocess.run(
            ["xdotool", "getwindowgeometry", "--shell", window], capture_output=True, text=True, check=False
        )
        at = {name: int(value) for name, value in re.findall(r"(X|Y|WIDTH|HEIGHT)=(-?\d+)", told.stdout)}
        if len(at) == 4 and 300 < at["WIDTH"] < 500 and at["HEIGHT"] > 40:
            rects.append(QRect(at["X"], at["Y"], at["WIDTH"], at["HEIGHT"]))
    return rects


def test_pops_stand_above_the_panel(desk: Desk) -> None:
    wait_for(lambda: desk.server.active_window() is not None, "the window is there")
    main = desk.server.active_window()
    assert main is not None
    key("ctrl+w")
    wait_for(lambda: not seen(main), "it is hidden: pops keep clear of its bar too, which would hide a fault here")
    desk.call("ring", "--from", "+442079460777")
    wait_for(lambda: len(pops()) == 1, "the pop is up")
    wait_for(lambda: pops()[0].y() + pops()[0].height() <= 800 - HEIGHT, "it covers nothing of the panel")
    [pop] = pops()
    assert QRect(0, 0, 1280, 800 - HEIGHT).contains(pop)
    assert pop.right() > 640
