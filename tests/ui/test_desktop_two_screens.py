"""Pops on two screens: where they belong, where they were dragged, after a restart, and when a screen is gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint

from ringdesk.domain.choices import PopChoices
from ringdesk.settings import PLACES, PlaceEntry, Settings, load, place_kept, placed, save
from ringdesk.ui.desktop.screens import Area, Corner, area_at, nearest_corner

ROOT = Path(__file__).resolve().parents[2]
LEFT = {"name": "L", "x": 0, "y": 0, "width": 1280, "height": 800}
RIGHT = {"name": "R", "x": 1280, "y": 0, "width": 1920, "height": 1080}


def rings(folder: Path, *screens: dict[str, object], drag_to: tuple[int, int] | None = None) -> list[int]:
    """Start RingDesk on these screens, let it ring, and give the pop's rectangle."""
    more = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    config = folder.parent / "screens.json"
    config.write_text(json.dumps({"screens": [{**screen, **more} for screen in screens]}), encoding="ascii")
    script = [sys.executable, "-m", "tests.ui.two_screens", str(folder), *(str(n) for n in drag_to or ())]
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"}
    done = subprocess.run(script, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    rect: list[int] = json.loads(done.stdout.splitlines()[-1])
    return rect


def corner_of(rect: list[int], screen: dict[str, object]) -> str:
    """The corner of a screen that a pop stands in with the margin of 16; empty where it does not."""
    x, y, width, height = rect
    left, top = int(str(screen["x"])), int(str(screen["y"]))
    right, bottom = left + int(str(screen["width"])), top + int(str(screen["height"]))
    low = {bottom - 16: "bottom", top + 16 + height: "top"}.get(y + height, "")
    side = {right - 16: "right", left + 16 + width: "left"}.get(x + width, "")
    return f"{low} {side}" if low and side else ""


def test_a_dragged_pop_stays_where_it_was_put_as_long_as_that_screen_is_there(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert corner_of(rings(data, LEFT, RIGHT), LEFT) == "bottom right"
    assert corner_of(rings(data, LEFT, RIGHT, drag_to=(1500, 200)), RIGHT) == "top left"
    assert corner_of(rings(data, LEFT, RIGHT), RIGHT) == "top left"
    assert corner_of(rings(data, LEFT), LEFT) != ""
    assert corner_of(rings(data, LEFT, drag_to=(100, 700)), LEFT) == "bottom left"
    assert corner_of(rings(data, LEFT), LEFT) == "bottom left"
    assert corner_of(rings(data, LEFT, RIGHT), RIGHT) == "top left"


@pytest.mark.parametrize(
    ("x", "y", "wanted"),
    [(1300, 40, "top left"), (3000, 40, "top right"), (1300, 900, "bottom left"), (9000, 9000, "bottom right")],
)
def test_the_nearest_corner_is_that_of_the_quarter(x: int, y: int, wanted: str) -> None:
    areas = (Area("L", (0, 0, 1280, 760)), Area("R", (1280, 30, 1920, 1010)))
    area = area_at(areas, QPoint(x, y))
    assert area is not None
    assert (area.screen, nearest_corner(area, QPoint(x, y))) == ("R", Corner(wanted))


def test_places_are_kept_for_a_set_up_and_the_oldest_forgotten(tmp_path: Path) -> None:
    settings = Settings()
    for n in range(PLACES + 5):
        moved = PopChoices(corner="top left", screen=f"S{n}")
        settings = place_kept(Settings(pop=moved, places=settings.places), f"setup {n}")
    save(tmp_path, settings)
    again = load(tmp_path)
    assert again.places == settings.places
    assert len(again.places) == PLACES
    assert placed(Settings(places=again.places), f"setup {PLACES}").pop.screen == f"S{PLACES}"
    assert placed(Settings(places=again.places), "setup 1").pop == PopChoices()


def test_a_spoiled_place_is_named() -> None:
    with pytest.raises(ValueError, match="corner"):
        PlaceEntry("x", "middle")
