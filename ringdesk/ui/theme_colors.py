"""RingDesk's own colours, one set for light and one for dark desktops.

Every pair of text and ground that is used together has a contrast of at least 4.5:1; a test measures them all.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from PySide6.QtGui import QColor, QPalette

from ringdesk.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Colors:
    """All colours of one scheme, as #rrggbb."""

    window: str
    """Ground of windows, bars and side panes."""
    surface: str
    """Ground of content: cards, fields, the details pane."""
    raised: str
    """Ground of things that lie on the surface: chips, hovered rows, quiet buttons."""
    line: str
    """Hairlines between areas."""
    edge: str
    """Borders of fields and buttons."""
    ink: str
    """Text that is read."""
    soft: str
    """Text that supports: company, labels, times."""
    accent: str
    accent_hover: str
    on_accent: str
    tint: str
    """Soft accent ground: the selected row, an active chip."""
    on_tint: str
    good: str
    good_tint: str
    warn: str
    warn_tint: str
    bad: str
    bad_tint: str
    on_bad: str
    star: str
    """The VIP star and ring."""
    google: str
    """Ground, edge and text of the button with Google's mark, as Google asks for them."""
    google_edge: str
    google_ink: str
    avatars: tuple[tuple[str, str], ...]
    """Pairs of ground and letters for initials."""

    def color(self, name: str) -> QColor:
        """One colour by its name."""
        return QColor(getattr(self, name))

    def table(self) -> dict[str, str]:
        """Names and values, for the style sheet."""
        return {name: value for name, value in asdict(self).items() if isinstance(value, str)}


LIGHT: Final = Colors(
    window="#f3f6f6",
    surface="#ffffff",
    raised="#f4f7f7",
    line="#e1e8e9",
    edge="#c3ced1",
    ink="#132428",
    soft="#52656b",
    accent="#0b6b70",
    accent_hover="#08575c",
    on_accent="#ffffff",
    tint="#dcf0ef",
    on_tint="#0a4a4e",
    good="#1a7444",
    good_tint="#e0f3e7",
    warn="#85540a",
    warn_tint="#fdf1dc",
    bad="#ad2a2a",
    bad_tint="#fce9e8",
    on_bad="#ffffff",
    star="#c98a12",
    google="#ffffff",
    google_edge="#747775",
    google_ink="#1f1f1f",
    avatars=(
        ("#d5ebe9", "#0d5154"),
        ("#dfe4f7", "#33417f"),
        ("#f7e1d7", "#82391b"),
        ("#e6efd4", "#46591a"),
        ("#f4dfe9", "#81305a"),
        ("#dcebf7", "#1c4f7c"),
        ("#f6eacb", "#6b4d07"),
        ("#e9e0f5", "#57377f"),
        ("#daefdd", "#24592f"),
        ("#f8dddd", "#862d2d"),
    ),
)

DARK: Final = Colors(
    window="#10181b",
    surface="#172125",
    raised="#202c31",
    line="#28363b",
    edge="#405157",
    ink="#e7eff0",
    soft="#a3b5ba",
    accent="#55c3be",
    accent_hover="#76d4cf",
    on_accent="#04282a",
    tint="#173f42",
    on_tint="#c9f1ee",
    good="#77d49b",
    good_tint="#173626",
    warn="#f0c070",
    warn_tint="#3a2d14",
    bad="#ff9d96",
    bad_tint="#432122",
    on_bad="#3a0b0b",
    star="#f0bd4f",
    google="#131314",
    google_edge="#8e918f",
    google_ink="#e3e3e3",
    avatars=(
        ("#1f4a4c", "#b5e6e3"),
        ("#303b66", "#ccd6fb"),
        ("#5a3324", "#f9d3c1"),
        ("#3c4820", "#dbe9b7"),
        ("#592f47", "#f7cfe2"),
        ("#23445f", "#c3e0f8"),
        ("#54431a", "#f5e0a9"),
        ("#46335e", "#e2d0f8"),
        ("#25482d", "#c2ebca"),
        ("#5b2e2e", "#fbcfcf"),
    ),
)

_ROLES: Final = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "raised",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.ToolTipBase: "ink",
    QPalette.ColorRole.ToolTipText: "surface",
    QPalette.ColorRole.PlaceholderText: "soft",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "raised",
    QPalette.ColorRole.Mid: "edge",
    QPalette.ColorRole.Dark: "edge",
    QPalette.ColorRole.Shadow: "line",
}


def palette(colors: Colors) -> QPalette:
    """The Qt palette of a scheme."""
    made = QPalette()
    for role, name in _ROLES.items():
        made.setColor(role, colors.color(name))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, colors.color("edge"))
    return made
