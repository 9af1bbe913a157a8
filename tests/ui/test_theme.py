"""The look: contrast, following the desktop, stable avatars, icons that are there."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ringdesk.assets import AssetMissing, asset
from ringdesk.ui.contacts_lines import ICONS
from ringdesk.ui.theme import Scheme, Text, Theme, Tint
from ringdesk.ui.theme_avatar import avatar_colors
from ringdesk.ui.theme_colors import DARK, LIGHT, Colors

PAIRS = (
    ("ink", "surface"), ("ink", "window"), ("ink", "raised"), ("soft", "surface"), ("soft", "window"),
    ("soft", "raised"), ("soft", "line"), ("accent", "surface"), ("accent", "window"), ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_tint", "tint"), ("good", "surface"), ("good", "good_tint"), ("warn", "warn_tint"), ("warn", "surface"),
    ("bad", "surface"), ("bad", "bad_tint"), ("on_bad", "bad"), ("surface", "ink"), ("surface", "good"),
    ("google_ink", "google"),
)  # several to a line  # fmt: skip


def luminance(color: str) -> float:
    made = QColor(color)
    parts = (made.redF(), made.greenF(), made.blueF())
    linear = [p / 12.92 if p <= 0.03928 else float(((p + 0.055) / 1.055) ** 2.4) for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_its_ground(colors: Colors) -> None:
    table = colors.table()
    poor = {pair: round(c, 2) for pair in PAIRS if (c := contrast(table[pair[0]], table[pair[1]])) < 4.5}
    poor |= {pair: round(c, 2) for pair in colors.avatars if (c := contrast(*pair)) < 4.5}
    assert not poor


def test_the_colours_follow_the_choice(theme: Theme, qapp: QApplication) -> None:
    seen: list[bool] = []
    theme.changed.connect(lambda: seen.append(theme.dark))
    for scheme in (Scheme.DARK, Scheme.LIGHT):
        theme.choose(scheme)
        ground = qapp.palette().color(QPalette.ColorRole.Window).name()
        assert ground == theme.colors.window
        assert theme.dark is (scheme is Scheme.DARK)
    theme.choose(None)
    assert True in seen


def test_the_style_sheet_leaves_no_name_unreplaced(theme: Theme) -> None:
    rules = theme.style_sheet().split("*/", 1)[1]
    assert "@" not in rules


def test_fonts_have_a_clear_order(theme: Theme) -> None:
    sizes = [theme.font(role).pointSizeF() for role in (Text.SMALL, Text.BODY, Text.TITLE, Text.HEADLINE)]
    assert sizes == sorted(set(sizes))


def test_a_name_always_gets_the_same_colour() -> None:
    assert avatar_colors("Ödön", LIGHT) == avatar_colors("odon", LIGHT)
    assert len({avatar_colors(f"Name {n}", LIGHT) for n in range(100)}) == len(LIGHT.avatars)


def test_every_icon_of_a_call_is_there(theme: Theme) -> None:
    for name, tint in {*ICONS.values(), ("ringdesk", Tint.INK), ("search", Tint.SOFT)}:
        assert not theme.pixmap(name, tint, 24).isNull()


def test_avatars_are_sharp_on_fine_screens(theme: Theme) -> None:
    picture = theme.avatar("Maria García", 36, scale=2.0)
    assert (picture.width(), picture.devicePixelRatio()) == (72, 2.0)


def test_a_missing_asset_names_itself() -> None:
    with pytest.raises(AssetMissing, match=r"icons/nothing\.svg is missing"):
        asset("icons", "nothing.svg")


def test_a_bare_theme_puts_its_style_sheet_on_when_it_is_dressed(qapp: QApplication) -> None:
    theme = Theme(qapp, bare=True)
    qapp.setStyleSheet("")
    theme.choose(Scheme.DARK)
    assert qapp.styleSheet() == ""
    theme.dress()
    assert qapp.styleSheet() == theme.style_sheet()


def test_the_style_sheet_is_off_while_a_window_is_put_together(theme: Theme, qapp: QApplication) -> None:
    with theme.undressed():
        assert qapp.styleSheet() == ""
    assert qapp.styleSheet() == theme.style_sheet()
