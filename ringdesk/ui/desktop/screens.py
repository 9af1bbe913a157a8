"""Where pops go: from the screens' work areas to rectangles.

The rules are pure functions of values; `Screens` only asks Qt for the values and tells when they change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Signal, Slot
from PySide6.QtGui import QCursor, QGuiApplication, QScreen, QWindow

from ringdesk.domain.values import dataclass

MARGIN: Final = 16
"""Pixels between a pop and the edges of the work area."""

GAP: Final = 8
"""Pixels between two pops."""

WIDTH: Final = 380
HEIGHT: Final = 132
NOTE_BOX: Final = 72
"""How much higher a pop is while a note is written in it."""

NARROWEST: Final = 320
WIDEST_SHARE: Final = 0.35


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a screen that no panel covers."""

    screen: str
    rect: tuple[int, int, int, int]
    """x, y, width, height."""


class Corner(Enum):
    """The corner that pops begin in; the values are those of the settings."""

    BOTTOM_RIGHT = "bottom right"
    BOTTOM_LEFT = "bottom left"
    TOP_RIGHT = "top right"
    TOP_LEFT = "top left"


@dataclass(frozen=True, slots=True)
class PopPlace:
    """Where the user wants pops: a corner and a screen; no screen means where they work."""

    corner: Corner = Corner.BOTTOM_RIGHT
    screen: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """All work areas, the primary screen's first; the screens of the active window and of the cursor, if known."""

    areas: tuple[Area, ...]
    active: str = ""
    cursor: str = ""


def choose_area(place: PopPlace, situation: Situation) -> Area | None:
    """The work area pops go to: the chosen screen's, else the active window's, the cursor's, the primary one's."""
    by_name = {area.screen: area for area in reversed(situation.areas)}
    for name in (place.screen, situation.active, situation.cursor):
        if name and name in by_name:
            return by_name[name]
    return situation.areas[0] if situation.areas else None


def area_at(areas: Sequence[Area], point: QPoint) -> Area | None:
    """The work area a point lies in, else the nearest to it."""
    return min(areas, key=lambda area: _distance(QRect(*area.rect), point), default=None)


def nearest_corner(area: Area, point: QPoint) -> Corner:
    """The corner of a work area that a point is nearest to."""
    x, y, width, height = area.rect
    low, right = point.y() >= y + height // 2, point.x() >= x + width // 2
    return Corner(f"{'bottom' if low else 'top'} {'right' if right else 'left'}")


def _distance(rect: QRect, point: QPoint) -> int:
    inside = QPoint(
        max(rect.left(), min(point.x(), rect.right())),
        max(rect.top(), min(point.y(), rect.bottom())),
    )
    return (inside - point).manhattanLength()


def pop_width(area: Area, scale: float = 1.0) -> int:
    """How wide a pop is where text is `scale` times its usual size."""
    widest = max(NARROWEST, int(area.rect[2] * WIDEST_SHARE))
    return min(round(WIDTH * scale), widest, max(1, area.rect[2] - 2 * MARGIN))


def clear_of(area: Area, corner: Corner, bar: QRect | None, scale: float = 1.0) -> Area:
    """The work area, cut off at our own window's bar where a pop in this corner would cover the bar's buttons.

    A pop is measured with its note box, for it does not move away once it is up.
    """
    if bar is None or "bottom" not in corner.value:
        return area
    x, y, width, _ = area.rect
    usual, noting = round(HEIGHT * scale), round((HEIGHT + NOTE_BOX) * scale)
    [reach] = stack_rects(area, corner, [QSize(pop_width(area, scale), noting)])
    if not reach.intersects(bar) or bar.top() - GAP - usual < y:
        return area
    return Area(area.screen, (x, y, width, bar.top() - GAP + MARGIN - y))


def stack_rects(area: Area, corner: Corner, sizes: Sequence[QSize]) -> list[QRect]:
    """One rectangle a pop, the first in the corner, the others growing away from it, all inside the work area."""
    x, y, width, height = area.rect
    low, right = "bottom" in corner.value, "right" in corner.value
    edge = y + height - MARGIN if low else y + MARGIN
    rects: list[QRect] = []
    for size in sizes:
        left = x + width - MARGIN - size.width() if right else x + MARGIN
        top = edge - size.height() if low else edge
        rects.append(QRect(_inside(left, top, area, size), size))
        edge = top - GAP if low else top + size.height() + GAP
    return rects


def _inside(left: int, top: int, area: Area, size: QSize) -> QPoint:
    """A place that a pop of this size has inside the work area, as near as can be."""
    x, y, width, height = area.rect
    return QPoint(
        max(x, min(left, x + width - size.width())),
        max(y, min(top, y + height - size.height())),
    )


class Screens(QObject):
    """Knows the screens of now; `changed` is emitted when one came, went or got another size."""

    changed = Signal()

    def __init__(
        self, app: QGuiApplication, active_rect: Callable[[], QRect | None], parent: QObject | None = None
    ) -> None:
        """`active_rect` gives the active window of another program, where the platform lets us know."""
        super().__init__(parent)
        self._app = app
        self._active_rect = active_rect
        self._known: tuple[Area, ...] = ()
        app.screenAdded.connect(self._came)
        app.screenRemoved.connect(self._changed)
        app.primaryScreenChanged.connect(self._changed)
        for screen in app.screens():
            screen.availableGeometryChanged.connect(self._changed)

    def names(self) -> list[str]:
        """The screens by name, the primary one first."""
        return [area.screen for area in self._areas()]

    def setup(self) -> str:
        """This set-up of screens as a text: the same screens in the same places have the same text."""
        parts = (f"{s.name()} {_text(s.geometry())}" for s in self._app.screens())
        return "; ".join(sorted(parts))

    def now(self) -> Situation:
        """The situation of this moment; with one screen nothing but its work area is asked for."""
        areas = self._areas()
        if len(areas) < 2:
            return Situation(areas)
        return Situation(areas, self._active(), _name(self._app.screenAt(QCursor.pos())))

    def _areas(self) -> tuple[Area, ...]:
        """The work areas, asked for anew once something has changed: a call must not wait for that."""
        self._known = self._known or self._ask()
        return self._known

    def _ask(self) -> tuple[Area, ...]:
        primary = self._app.primaryScreen()
        ordered = sorted(self._app.screens(), key=lambda screen: screen is not primary)
        return tuple(Area(screen.name(), _values(screen.availableGeometry())) for screen in ordered)

    def _active(self) -> str:
        own: object = self._app.focusWindow()
        if isinstance(own, QWindow):
            return _name(own.screen())
        rect = self._active_rect()
        return "" if rect is None else _name(self._app.screenAt(rect.center()))

    @Slot(QScreen)
    def _came(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(self._changed)
        self._changed()

    @Slot()
    def _changed(self) -> None:
        self._known = ()
        self.changed.emit()


def _name(screen: object) -> str:
    """The screen's name; Qt gives None for a place on no screen, which its types do not say."""
    return screen.name() if isinstance(screen, QScreen) else ""


def _text(rect: QRect) -> str:
    return f"{rect.width()}x{rect.height()}+{rect.x()}+{rect.y()}"


def _values(rect: QRect) -> tuple[int, int, int, int]:
    return rect.x(), rect.y(), rect.width(), rect.height()
