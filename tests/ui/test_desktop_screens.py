"""Where pops go."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize

from ringdesk.ui.desktop.screens import (
    GAP,
    MARGIN,
    Area,
    Corner,
    PopPlace,
    Situation,
    choose_area,
    clear_of,
    pop_width,
    stack_rects,
)

LEFT = Area("L", (0, 0, 1920, 1040))
RIGHT = Area("R", (1920, 30, 1280, 994))
BOTH = Situation((LEFT, RIGHT), active="R", cursor="L")
POP = QSize(380, 132)


@pytest.mark.parametrize(
    ("place", "situation", "wanted"),
    [
        (PopPlace(screen="L"), BOTH, LEFT),
        (PopPlace(), BOTH, RIGHT),
        (PopPlace(), Situation((LEFT, RIGHT), cursor="R"), RIGHT),
        (PopPlace(), Situation((LEFT, RIGHT)), LEFT),
        (PopPlace(screen="gone"), BOTH, RIGHT),
        (PopPlace(screen="gone"), Situation((LEFT,), active="R", cursor="R"), LEFT),
    ],
)
def test_the_screen_is_the_chosen_then_the_active_then_the_cursors_then_the_primary(
    place: PopPlace, situation: Situation, wanted: Area
) -> None:
    assert choose_area(place, situation) == wanted


def test_without_a_screen_there_is_no_place() -> None:
    assert choose_area(PopPlace(), Situation(())) is None


@pytest.mark.parametrize(
    ("corner", "x", "y"),
    [
        (Corner.BOTTOM_RIGHT, 1920 + 1280 - 16 - 380, 30 + 994 - 16 - 132),
        (Corner.BOTTOM_LEFT, 1920 + 16, 30 + 994 - 16 - 132),
        (Corner.TOP_RIGHT, 1920 + 1280 - 16 - 380, 30 + 16),
        (Corner.TOP_LEFT, 1920 + 16, 30 + 16),
    ],
)
def test_the_first_pop_stands_in_the_corner_of_the_work_area(corner: Corner, x: int, y: int) -> None:
    assert stack_rects(RIGHT, corner, [POP]) == [QRect(x, y, 380, 132)]


@pytest.mark.parametrize("corner", Corner)
def test_the_stack_grows_away_from_the_corner(corner: Corner) -> None:
    first, second, third = stack_rects(LEFT, corner, [POP, QSize(380, 44), POP])
    upper, lower = (second, first) if "bottom" in corner.value else (first, second)
    assert lower.top() - upper.bottom() - 1 == GAP
    inside = QRect(*LEFT.rect).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    assert all(inside.contains(rect) for rect in (first, second, third))


@pytest.mark.parametrize("corner", Corner)
def test_no_pop_ever_leaves_the_work_area(corner: Corner) -> None:
    small = Area("S", (100, 50, 640, 400))
    for rect in stack_rects(small, corner, [QSize(320, 300)] * 3):
        assert QRect(*small.rect).contains(rect)


@pytest.mark.parametrize(
    ("width", "scale", "wanted"),
    [(1920, 1.0, 380), (1024, 1.0, 358), (800, 1.0, 320), (1920, 2.0, 672), (300, 1.0, 268)],
)
def test_a_pop_is_never_wider_than_a_third_of_the_screen_nor_too_narrow(width: int, scale: float, wanted: int) -> None:
    assert pop_width(Area("S", (0, 0, width, 800)), scale) == wanted


def test_a_pop_stands_above_the_bar_of_our_own_window_where_it_would_cover_it() -> None:
    bar = QRect(80, 970, 1120 + 700, 48)
    [rect] = stack_rects(clear_of(LEFT, Corner.BOTTOM_RIGHT, bar), Corner.BOTTOM_RIGHT, [POP])
    assert rect.bottom() < bar.top()
    assert rect.right() == stack_rects(LEFT, Corner.BOTTOM_RIGHT, [POP])[0].right()


@pytest.mark.parametrize(
    ("scale", "bar"),
    [
        (1.0, QRect(80, 830, 1820, 48)),  # under the note box
        (1.5, QRect(80, 760, 1820, 48)),
        (1.5, QRect(600, 970, 800, 48)),  # under the wider pop only
    ],
)
def test_neither_large_text_nor_a_note_box_covers_the_bar(scale: float, bar: QRect) -> None:
    noting = QSize(pop_width(LEFT, scale), round(204 * scale))
    assert stack_rects(LEFT, Corner.BOTTOM_RIGHT, [noting])[0].intersects(bar)
    [rect] = stack_rects(clear_of(LEFT, Corner.BOTTOM_RIGHT, bar, scale), Corner.BOTTOM_RIGHT, [noting])
    assert rect.bottom() < bar.top()


@pytest.mark.parametrize(
    ("corner", "bar"),
    [
        (Corner.BOTTOM_RIGHT, None),
        (Corner.BOTTOM_RIGHT, QRect(0, 970, 1200, 48)),
        (Corner.BOTTOM_RIGHT, QRect(800, 600, 1120, 48)),
        (Corner.TOP_RIGHT, QRect(800, 970, 1120, 48)),
    ],
)
def test_a_bar_that_a_pop_does_not_cover_moves_no_pop(corner: Corner, bar: QRect | None) -> None:
    assert clear_of(LEFT, corner, bar) == LEFT


def test_on_a_screen_with_no_room_above_the_bar_the_pop_keeps_its_corner() -> None:
    low = Area("low", (0, 0, 800, 170))
    assert clear_of(low, Corner.BOTTOM_RIGHT, QRect(0, 120, 800, 48)) == low
