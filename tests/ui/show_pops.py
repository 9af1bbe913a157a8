"""Takes pictures of every pop, the stack, the tray and the settings, light and dark: show_pops.py FOLDER."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from ringdesk.desk.pops import Stack
from ringdesk.desk.popview import PopView
from ringdesk.desk.preferences import Preferences, PreferencesPresenter
from ringdesk.domain.choices import LineChoice, PhoneChoice
from ringdesk.domain.status import Finding, Health
from ringdesk.ui.pop_card import outline
from ringdesk.ui.pop_screen import PopScreen
from ringdesk.ui.pop_window import PopWindow
from ringdesk.ui.settings_window import SettingsWindow
from ringdesk.ui.theme import Scheme, Theme
from ringdesk.ui.tray import Tray
from ringdesk.ui.tray_look import TrayView
from tests.ui.pop_views import NOW, all_views, chooser, maybe, unknown

WALL = {Scheme.LIGHT: "#9fb4bb", Scheme.DARK: "#05090b"}

SCREEN = {
    "name": "main",
    "x": 0,
    "y": 0,
    "width": 1280,
    "height": 800,
    "logicalDpi": 96,
    "logicalBaseDpi": 96,
    "dpr": 1,
}


def sheet(tiles: list[tuple[str, QImage]], columns: int, ground: str) -> QImage:
    """Pictures side by side."""
    width = max(image.width() for _, image in tiles) + 16
    rows = [tiles[n : n + columns] for n in range(0, len(tiles), columns)]
    heights = [max(image.height() for _, image in row) + 16 for row in rows]
    whole = QImage(width * columns, sum(heights), QImage.Format.Format_RGB32)
    whole.fill(QColor(ground))
    painter = QPainter(whole)
    top = 8
    for row, height in zip(rows, heights, strict=True):
        for n, (_, image) in enumerate(row):
            painter.drawImage(QPoint(8 + n * width, top), image)
        top += height
    painter.end()
    return whole


def picture(window: QWidget) -> QImage:
    """A window as it looks, its rounded edge cut out."""
    for _ in range(4):
        QApplication.processEvents()
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_ARGB32)
    cut = QImage(image.size(), QImage.Format.Format_ARGB32)
    cut.fill(QColor(0, 0, 0, 0))
    painter = QPainter(cut)
    if isinstance(window, PopWindow):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(outline(window.size()))
    painter.drawImage(QPoint(), image)
    painter.end()
    return cut


def pops(screen: PopScreen) -> list[tuple[str, QImage]]:
    """Every pop by itself, and with what unfolds."""
    tiles: list[tuple[str, QImage]] = []

    def one(name: str, view: PopView, click: str = "", more: int = 0) -> None:
        screen.show(Stack((), 0))
        screen.show(Stack((view,), more))
        window: PopWindow = screen.windows[0]
        if click:
            window.buttons[click].click()
        tiles.append((name, picture(window)))

    for name, view in all_views().items():
        one(name, view)
    one("why", all_views()["known"], "why")
    one("noting", all_views()["talking"], "NOTE")
    one("more", all_views()["known_feed"], more=2)
    return tiles


def stack(screen: PopScreen, ground: str) -> QImage:
    """Three pops in their corner of the screen, as they stand."""
    screen.show(Stack((), 0))
    screen.show(Stack((all_views()["strip"], unknown(), chooser() if ground else maybe()), 2))
    QApplication.processEvents()
    area = QRect(*screen.screens.now().areas[0].rect)
    image = QImage(area.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    for window in screen.windows:
        painter.drawImage(window.pos() - area.topLeft(), picture(window))
    painter.end()
    return image


PREFERENCES = Preferences(
    region="GB",
    extension="204",
    lines=(
        LineChoice("+44 20 7946 0100", "department Sales"),
        LineChoice("support", "department Support", queue=True),
        LineChoice("+44 20 7946 0123", "personal"),
    ),
    phones=(PhoneChoice("baresip"),),
)


def found(phone: PhoneChoice, done: Callable[[Finding], None]) -> None:
    """A phone that does not answer."""
    advice = "In baresip's config, load the module with 'module_app ctrl_tcp.so', then start baresip again."
    done(Finding(phone.id, Health.BAD, "nothing listens at 127.0.0.1:4444", advice))


def pages(theme: Theme) -> list[tuple[str, QImage]]:
    """Every page of the settings, and one with faults."""
    presenter = PreferencesPresenter(PREFERENCES, lambda _: None, found, lambda _: None)
    window = SettingsWindow(
        theme, presenter, screens=lambda: ["DP-1", "HDMI-2"], feed_path="/run/user/1000/ringdesk/feed.sock"
    )
    tiles: list[tuple[str, QImage]] = []
    for name in ("settings_general", "settings_lines", "settings_phone", "settings_pop"):
        window.open(name)
        if name == "settings_phone":
            for button in window.findChildren(QPushButton, "phone_test"):
                button.click()
        tiles.append((name, picture(window)))
    presenter.kept = replace(PREFERENCES, extension="12x", lines=(LineChoice("", "department"),))
    window.cancel()
    window.open("settings_lines")
    window.save()
    tiles.append(("faults", picture(window)))
    window.close()
    return tiles


def trays() -> list[tuple[str, QImage]]:
    """The tray's icons on a light and a dark panel, and its menu."""
    tray = Tray()
    views = (
        TrayView(),
        TrayView(callers=("Jane Doe, Acme Trading",)),
        TrayView(missed=3),
        TrayView(missed=12),
        TrayView(trouble=True),
        TrayView(quiet=True, missed=1),
    )
    panel = QImage(560, 140, QImage.Format.Format_RGB32)
    panel.fill(QColor("#eceff1"))
    painter = QPainter(panel)
    painter.fillRect(0, 70, 560, 70, QColor("#1d2226"))
    for n, view in enumerate(views):
        for y in (10, 80):
            painter.drawPixmap(10 + n * 90, y, tray.icon(view).pixmap(48, 48))
            painter.drawPixmap(62 + n * 90, y + 12, tray.icon(view).pixmap(24, 24))
    painter.end()
    tray.tell(TrayView(missed=3, quiet=True))
    tray.menu.popup(QPoint(10, 10))
    menu = picture(tray.menu)
    tray.menu.hide()
    return [("icons", panel), ("menu", menu)]


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    screens = folder / "screens.json"
    screens.write_text(json.dumps({"screens": [SCREEN]}), encoding="ascii")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screens}"
    app = QApplication([])
    theme = Theme(app)
    screen = PopScreen(theme, now=lambda: NOW, photo=lambda _: None)
    for scheme in Scheme:
        theme.choose(scheme)
        tiles = pops(screen)
        sheet(tiles, 3, WALL[scheme]).save(str(folder / f"pops_{scheme.value}.png"))
        sheet(pages(theme), 2, WALL[scheme]).save(str(folder / f"settings_{scheme.value}.png"))
        sheet(trays(), 1, WALL[scheme]).save(str(folder / f"tray_{scheme.value}.png"))
        stack(screen, WALL[scheme]).save(str(folder / f"stack_{scheme.value}.png"))
    screen.show(Stack((), 0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
