"""Another program's window that somebody is typing in, and a robot that types and clicks."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from ringdesk.ui.desktop.x11 import X11

PATIENCE = 20.0


def wait_until(true: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Let Qt work until something is true; False where it never becomes so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        if true():
            return True
        time.sleep(0.005)
    return false_at_the_end(true)


def false_at_the_end(true: Callable[[], bool]) -> bool:
    """One last look."""
    QApplication.processEvents()
    return true()


class Robot:
    """Types and clicks as a person does, through the X server."""

    def __init__(self, file: Path, server: X11) -> None:
        self._file, self._server = file, server

    @property
    def arrived(self) -> str:
        """What was typed into the other window."""
        return self._file.read_text(encoding="ascii") if self._file.exists() else ""

    def active(self) -> int | None:
        """The window that has the keyboard."""
        return self._server.active_window()

    def type(self, text: str, delay: int = 25) -> subprocess.Popen[bytes]:
        """Type a text, a letter every `delay` milliseconds."""
        return subprocess.Popen(["xdotool", "type", "--delay", str(delay), text])

    def key(self, name: str) -> None:
        """Press one key."""
        subprocess.run(["xdotool", "key", name], check=True)

    def click(self, widget: QWidget) -> None:
        """Click into the middle of a widget."""
        place = widget.mapToGlobal(widget.rect().center())
        subprocess.run(["xdotool", "mousemove", str(place.x()), str(place.y()), "click", "1"], check=True)

    def away(self) -> None:
        """Move the mouse to where no window of ours is."""
        subprocess.run(["xdotool", "mousemove", "5", "5"], check=True)


@contextmanager
def typing_window(folder: Path) -> Iterator[Robot]:
    """A terminal that writes what is typed into a file, and has the keyboard."""
    file = folder / "typed.txt"
    shell = f"stty -echo -icanon; cat > {file}"
    server = X11.open()
    assert server is not None
    terminal = subprocess.Popen(["xterm", "-T", "typing", "-e", "sh", "-c", shell], stderr=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: server.active_window() is not None and file.exists()), "no typing window"
        yield Robot(file, server)
    finally:
        terminal.terminate()
        terminal.wait(10)
        wait_until(lambda: server.active_window() is None, 5)  # the next one gets the same window id
        server.close()
