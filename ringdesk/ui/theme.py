"""The look of RingDesk: colours that follow the desktop, fonts by role, spacing, icons, avatars, style sheet.

Widgets say what a thing is (`setProperty("role", ...)`, `Tint`), never which colour it has. Roles of labels, frames
and buttons are listed at the top of resources/style/ringdesk.qss.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from ringdesk.assets import asset
from ringdesk.ui.theme_avatar import avatar_pixmap
from ringdesk.ui.theme_colors import DARK, LIGHT, Colors, palette
from ringdesk.ui.theme_icons import LARGE, icon_pixmap, make_icon

XS, S, M, L, XL, XXL = 4, 8, 12, 16, 24, 32
"""Spacing in logical pixels; nothing in between."""

STYLE: Final = "Fusion"

CONTROL: Final = 32
"""No control is lower than this."""

AVATAR_ROW, AVATAR_POP, AVATAR_PAGE = 36, 56, 96


class Text(Enum):
    """What a text is; the value is its size beside the body's."""

    SMALL = 0.9
    BODY = 1.0
    STRONG = 1.001
    """Body size, heavier."""
    TITLE = 1.2
    HEADLINE = 1.75


_HEAVY: Final = frozenset({Text.STRONG, Text.TITLE, Text.HEADLINE})


class Tint(Enum):
    """Which colour an icon has; the values are names of `theme_colors.Colors`."""

    INK = "ink"
    SOFT = "soft"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    ON_BAD = "on_bad"
    STAR = "star"


class Scheme(Enum):
    """Light or dark."""

    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Dresses the application; made once by app, given to every window."""

    changed = Signal()
    """The colours changed: repaint, and take icons and avatars anew."""

    def __init__(self, app: QApplication, parent: QObject | None = None, *, bare: bool = False) -> None:
        """`bare`: without the style sheet until `dress` is called, in an application that was begun in `STYLE`."""
        super().__init__(parent or app)
        self._app = app
        self._bare = bare
        self._forced: Scheme | None = None
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._circles: dict[tuple[str, int, float, bool], QPixmap] = {}
        self._base = max(10.0, app.font().pointSizeF())
        if not bare:
            app.setStyle(STYLE)
        app.styleHints().colorSchemeChanged.connect(self._scheme_changed)
        self.colors = self._wanted()
        self._dress()

    def dress(self) -> None:
        """Put the style sheet on, where it is not on yet."""
        if self._bare:
            self._bare = False
            self._app.setStyleSheet(self.style_sheet())

    @contextmanager
    def undressed(self) -> Iterator[None]:
        """Without the style sheet while a large window is put together, and with it afterwards.

        Under a style sheet Qt styles a widget anew, with all that is in it, each time it is put into another one.
        """
        if not self._bare:
            self._bare = True
            self._app.setStyleSheet("")
        try:
            yield
        finally:
            self.dress()

    @property
    def dark(self) -> bool:
        """True while the dark colours are on."""
        return self.colors is DARK

    def choose(self, scheme: Scheme | None) -> None:
        """Stay light or dark, or follow the desktop (None)."""
        self._forced = scheme
        self._scheme_changed()

    def font(self, role: Text = Text.BODY) -> QFont:
        """The font of a role."""
        font = QFont(self._app.font())
        font.setPointSizeF(self._base * role.value)
        font.setWeight(QFont.Weight.DemiBold if role in _HEAVY else QFont.Weight.Normal)
        return font

    def icon(self, name: str, tint: Tint = Tint.SOFT) -> QIcon:
        """An icon of resources/icons; take it anew when `changed` is emitted."""
        key = (name, tint.value)
        if key not in self._icons:
            color = getattr(self.colors, tint.value)
            self._icons[key] = make_icon(name, color, disabled=self.colors.edge)
        return self._icons[key]

    def window_icon(self) -> QIcon:
        """RingDesk's own icon, for windows."""
        key = ("window", Tint.ACCENT.value)
        if key not in self._icons:
            self._icons[key] = make_icon("ringdesk", self.colors.accent, sizes=LARGE)
        return self._icons[key]

    def pixmap(self, name: str, tint: Tint, size: int, scale: float = 1.0) -> QPixmap:
        """One picture of an icon."""
        key = (name, tint.value, size, scale)
        if key not in self._pixmaps:
            self._pixmaps[key] = icon_pixmap(name, getattr(self.colors, tint.value), size, scale)
        return self._pixmaps[key]

    def avatar(
        self, name: str, size: int, photo: QPixmap | None = None, *, scale: float = 1.0, ring: bool = False
    ) -> QPixmap:
        """A photo or initials in a circle; `scale` is the device pixel ratio of the screen."""
        return avatar_pixmap(name, size, self.colors, photo, scale=scale, ring=ring)

    def circle(self, color: str, size: int, *, scale: float = 1.0, ring: bool = False) -> QPixmap:
        """The circle that initials stand on, for those who write them; with no colour the figure for somebody unnamed.

        There is one for each colour of avatars, and each is made once.
        """
        key = (color, size, scale, ring)
        if key not in self._circles:
            plain = QPixmap(8, 8) if color else None
            if plain is not None:
                plain.fill(QColor(color))
            self._circles[key] = self.avatar("", size, plain, scale=scale, ring=ring)
        return self._circles[key]

    @Slot()
    def _scheme_changed(self) -> None:
        wanted = self._wanted()
        if wanted is self.colors:
            return
        self.colors = wanted
        self._icons.clear()
        self._pixmaps.clear()
        self._circles.clear()
        self._dress()
        self.changed.emit()

    def _wanted(self) -> Colors:
        if self._forced is not None:
            return DARK if self._forced is Scheme.DARK else LIGHT
        return DARK if self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT

    def _dress(self) -> None:
        self._app.setPalette(palette(self.colors))
        self._app.setFont(self.font())
        if not self._bare:
            self._app.setStyleSheet(self.style_sheet())

    def style_sheet(self) -> str:
        """The style sheet in the colours and sizes of now."""
        text = asset("style", "ringdesk.qss").read_text(encoding="utf-8")
        values = {
            **self.colors.table(),
            **{f"{role.name.lower()}_size": f"{self._base * role.value:.2f}pt" for role in Text},
            "style": asset("style").as_posix(),
            "scheme": "dark" if self.dark else "light",
        }
        for name in sorted(values, key=len, reverse=True):
            text = text.replace(f"@{name}@", values[name])
        return text


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet looks at, and let the widget take its new look."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
