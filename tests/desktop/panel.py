"""A real panel with a tray: Xfce's, on a session bus and with settings of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtGui import QColor, QImage

PATIENCE: Final = 60.0
HEIGHT: Final = 48
SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=640;y=776"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="48"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
      <property name="icon-size" type="int" value="32"/>
    </property>
  </property>
</channel>
"""


def missing() -> list[str]:
    """Programs that are not there."""
    return [
        name for name in ("xfce4-panel", "xfconf-query", "dbus-daemon", "gdbus", "import") if not shutil.which(name)
    ]


def wait_for(true: Callable[[], object], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited {PATIENCE:g} s in vain: {what}"
        time.sleep(0.1)


@dataclass
class Panel:
    """The panel, its bus, and what is seen of it."""

    environment: dict[str, str]
    folder: Path

    def gdbus(self, *call: str) -> str:
        """What an object of the bus answers; empty where it does not."""
        done = subprocess.run(
            ["gdbus", "call", "--session", "--timeout", "5", *call],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # several to a line  # fmt: skip
        return done.stdout

    def items(self) -> list[str]:
        """The icons that programs have put into the tray, as bus name and path."""
        said = self.gdbus(
            *("--dest", "org.kde.StatusNotifierWatcher", "--object-path", "/StatusNotifierWatcher"),
            *("--method", "org.freedesktop.DBus.Properties.Get"),
            *("org.kde.StatusNotifierWatcher", "RegisteredStatusNotifierItems"),
        )
        return [part for part in said.split("'") if part.startswith((":", "org."))]

    def method(self, path: str, name: str, *values: str) -> str:
        """Call a method of the only icon."""
        [item] = self.items()
        return self.gdbus("--dest", item.partition("/")[0], "--object-path", path, "--method", name, *values)

    def screen(self) -> QImage:
        """The whole screen."""
        file = self.folder / "screen.png"
        subprocess.run(["import", "-window", "root", str(file)], check=True)
        return QImage(str(file))

    def places(self, color: str, top: int = 800 - HEIGHT) -> list[tuple[int, int]]:
        """Where a colour is seen from a line of the screen on down; in the panel, mostly."""
        image, wanted = self.screen(), QColor(color).rgb()
        return [(x, y) for y in range(top, image.height()) for x in range(image.width()) if image.pixel(x, y) == wanted]


@contextmanager
def panel(folder: Path) -> Iterator[Panel]:
    """Start the panel; it ends with the block."""
    config = folder / "config" / "xfce4" / "xfconf" / "xfce-perchannel-xml"
    config.mkdir(parents=True)
    (config / "xfce4-panel.xml").write_text(SETTINGS, encoding="utf-8")
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "XDG_CACHE_HOME": str(folder / "cache")}
    environment = {**os.environ, **home, "NO_AT_BRIDGE": "1", "GDK_BACKEND": "x11"}
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        env=environment, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL,
    )  # several to a line  # fmt: skip
    assert bus.stdout is not None
    environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
    made = Panel(environment, folder)
    log = (folder / "panel.log").open("wb")
    running = subprocess.Popen(["xfce4-panel", "--disable-wm-check"], env=environment, stdout=log, stderr=log)
    try:
        wait_for(lambda: "true" in made.gdbus(
            *("--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus"),
            *("--method", "org.freedesktop.DBus.NameHasOwner", "org.kde.StatusNotifierWatcher"),
        ), "the panel's tray is there")  # several to a line  # fmt: skip
        yield made
    finally:
        running.terminate()
        running.wait(20)
        bus.terminate()
        bus.wait(20)
        bus.stdout.close()
        log.close()
