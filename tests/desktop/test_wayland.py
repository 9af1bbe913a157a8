"""On Wayland no window of ours comes up: every call is one notification, and no letter is lost."""

from __future__ import annotations

import json
import random
import string
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.desktop.wayland_session import Session, session, wait_for

pytestmark = pytest.mark.wayland

LETTERS = "".join(random.Random(11).choices(string.ascii_lowercase, k=300))
WINDOW = """
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
flags = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowDoesNotAcceptFocus
window = QWidget(None, flags)
window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
window.resize(380, 132)
window.show()
app.exec()
"""


@pytest.fixture(scope="module")
def desktop() -> Iterator[Session]:
    with session() as made:
        mako = made.start("mako")
        yield made
        mako.terminate()
        mako.wait(10)


@pytest.fixture
def ringdesk(desktop: Session) -> Iterator[Path]:
    """RingDesk runs; gives its data folder."""
    data = desktop.folder / "data"
    running = desktop.start(sys.executable, "-m", "ringdesk", "--data", str(data))
    socket = data / "run" / "feed.sock"
    wait_for(lambda: socket.exists() or running.poll() is not None, "RingDesk listens")
    assert running.poll() is None
    yield socket
    running.terminate()
    running.wait(20)


@pytest.fixture
def typed(desktop: Session, ringdesk: Path) -> Iterator[Path]:
    """A terminal has the keyboard; gives the file that what is typed goes to."""
    file = desktop.folder / "typed.txt"
    file.unlink(missing_ok=True)
    foot = desktop.start("foot", "-T", "typing", "sh", "-c", f"stty -echo -icanon; cat > {file}")
    wait_for(lambda: file.exists() and focused(desktop) == "typing", "the terminal has the keyboard")
    yield file
    foot.terminate()
    foot.wait(10)


def focused(desktop: Session) -> str:
    return next((str(window["name"]) for window in desktop.windows() if window["focused"]), "")


def call(desktop: Session, socket: Path, event: str, id: str, *more: str) -> None:
    desktop.ringdesk("call", event, "--socket", str(socket), "--id", id, *more)


def one_notification(desktop: Session, end: str) -> bool:
    shown = desktop.notifications()
    return len(shown) == 1 and str(shown[0]["summary"]).replace(" ", "").endswith(end)


def test_no_letter_is_lost_and_every_call_is_one_notification(desktop: Session, ringdesk: Path, typed: Path) -> None:
    windows = len(desktop.windows())
    ids: list[int] = []
    typist = desktop.start("wtype", "-s", "1000", "-d", "40", LETTERS)
    for n in range(5):
        call(desktop, ringdesk, "ring", f"w{n}", "--from", f"+44207946077{n}")
        wait_for(partial(one_notification, desktop, f"77{n}"), "one notification")
        [ringing] = desktop.notifications()
        ids.append(ringing["id"])
        assert (ringing["category"], ringing["app-name"]) == ("call.incoming", "RingDesk")
        assert len(desktop.windows()) == windows, "a window came up"
        call(desktop, ringdesk, "answer", f"w{n}")
        wait_for(lambda: desktop.notifications()[0]["category"] == "call", "it says that we talk")
        assert desktop.notifications()[0]["id"] == ringing["id"], "not replaced in place"
        call(desktop, ringdesk, "end", f"w{n}", "--reason", "hangup")
        wait_for(lambda: not desktop.notifications(), "the notification is closed at the end")
    assert typist.wait(60) == 0
    wait_for(lambda: len(typed.read_text()) >= len(LETTERS), "all letters", 5)
    assert typed.read_text() == LETTERS
    assert focused(desktop) == "typing"
    assert ids == list(range(ids[0], ids[0] + 5)), "mako counts its notifications: there were more than one a call"


def test_the_control_with_a_window_as_pops_are_on_x11_loses_letters(desktop: Session, typed: Path) -> None:
    typist = desktop.start("wtype", "-s", "1000", "-d", "40", LETTERS[:100])
    wait_for(lambda: len(typed.read_text()) > 10, "typing goes on")
    thief = desktop.start(sys.executable, "-c", WINDOW)
    assert typist.wait(60) == 0
    thief.terminate()
    thief.wait(10)
    assert len(typed.read_text()) < 90, "this compositor would not notice a window that takes the keyboard"


def test_a_click_on_answer_and_a_missed_call(desktop: Session, ringdesk: Path, typed: Path) -> None:
    call(desktop, ringdesk, "ring", "m1", "--from", "+442079460999", "--name", "<b>Eve</b>")
    wait_for(lambda: len(desktop.notifications()) == 1, "one notification")
    [ringing] = desktop.notifications()
    assert "<b>Eve</b>" in ringing["summary"]
    call(desktop, ringdesk, "end", "m1", "--reason", "cancelled")
    wait_for(lambda: desktop.notifications()[0]["category"] == "call.unanswered", "it became a notice")
    assert desktop.notifications()[0]["id"] == ringing["id"]
    assert "Missed call" in json.dumps(desktop.notifications()[0])
    assert focused(desktop) == "typing"
    desktop.run("makoctl", "dismiss", "--all")
    wait_for(lambda: not desktop.notifications(), "the notice is gone")


def test_ringdesk_focus_opens_what_the_call_is_about(desktop: Session, ringdesk: Path, typed: Path) -> None:
    call(desktop, ringdesk, "ring", "f1", "--from", "+442079460555")
    wait_for(lambda: len(desktop.notifications()) == 1, "one notification")
    before = len(desktop.windows())
    desktop.ringdesk("focus", "--data", str(desktop.folder / "data"))
    wait_for(lambda: len(desktop.windows()) > before, "the editor for the unknown caller")
    call(desktop, ringdesk, "end", "f1", "--reason", "rejected")
    wait_for(lambda: not desktop.notifications(), "closed")


def test_sway_runs_as_an_ordinary_user(desktop: Session) -> None:
    assert desktop.run("id", "-u").strip() != "0"
    assert subprocess.run(["pgrep", "-u", "0", "-x", "sway"], check=False, capture_output=True).returncode == 1
