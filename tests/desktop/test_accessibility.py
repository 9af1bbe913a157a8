"""What a screen reader finds: names and roles everywhere, one announcement a call, and the pop worked by keyboard."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ringdesk.ui.desktop.x11 import X11

pytestmark = pytest.mark.desktop

ROOT = Path(__file__).resolve().parents[2]
CLIENT = Path(__file__).with_name("atspi_client.py")
WORKED = {
    *("push button", "button", "check box", "toggle button", "radio button", "text", "entry", "combo box"),
    *("spin button", "list", "list item", "table", "tree", "page tab", "menu item", "dialog", "frame", "window"),
}
"""Roles of what can be worked: each needs a name. Others may be silent: fillers, panels, labels."""


def wait_for(true: Callable[[], Any], what: str, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds:g} s in vain: {what}"
        time.sleep(0.1)


def system_python() -> str:
    """The system's python3: the only one with gi."""
    for candidate in ("/usr/bin/python3", shutil.which("python3") or ""):
        if (
            candidate
            and subprocess.run([candidate, "-c", "import gi"], check=False, capture_output=True).returncode == 0
        ):
            return candidate
    pytest.fail("no python3 with gi; on Debian: apt-get install python3-gi gir1.2-atspi-2.0", pytrace=False)


@dataclass
class Reader:
    """RingDesk on the accessibility bus, and the keyboard."""

    data: Path
    python: str
    server: X11

    def tree(self) -> list[dict[str, Any]]:
        done = subprocess.run(
            [self.python, str(CLIENT), "tree"], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def find(self, id: str) -> list[dict[str, Any]]:
        return [node for node in self.tree() if node["id"].endswith(id)]

    def ringdesk(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "-m", "ringdesk", *arguments], cwd=ROOT, check=True, timeout=60)

    def call(self, event: str, id: str, *more: str) -> None:
        self.ringdesk("call", event, "--socket", str(self.data / "run" / "feed.sock"), "--id", id, *more)

    def key(self, *names: str) -> None:
        for name in names:
            subprocess.run(["xdotool", "key", name], check=True)
            time.sleep(0.3)


@pytest.fixture(scope="module")
def bus() -> Iterator[None]:
    """The accessibility bus: without it no program puts itself there."""
    launcher = next((p for p in ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
                     if Path(p).exists()), "")  # several to a line  # fmt: skip
    if not launcher:
        pytest.fail("no at-spi-bus-launcher; on Debian: apt-get install at-spi2-core", pytrace=False)
    running = subprocess.Popen([launcher, "--launch-immediately"], stderr=subprocess.DEVNULL)
    time.sleep(1)
    yield
    running.terminate()
    running.wait(10)


@pytest.fixture
def reader(bus: None, tmp_path: Path) -> Iterator[Reader]:
    data = tmp_path / "data"
    environment = {**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "XDG_CONFIG_HOME": str(tmp_path / "config")}
    log = (tmp_path / "log").open("wb")
    running = subprocess.Popen(
        [sys.executable, "-m", "ringdesk", "--data", str(data)], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    server = X11.open()
    assert server is not None
    try:
        wait_for((data / "run" / "feed.sock").exists, "RingDesk listens")
        time.sleep(1)
        yield Reader(data, system_python(), server)
    finally:
        running.terminate()
        running.wait(30)
        server.close()
        log.close()


def nameless(nodes: list[dict[str, Any]]) -> list[str]:
    return [
        f"{node['role']} {node['id']}"
        for node in nodes
        if node["showing"] and (node["role"] in WORKED or node["focusable"]) and not node["name"].strip()
    ]


def test_every_control_of_window_editor_settings_and_pop_has_a_name_and_a_role(reader: Reader) -> None:
    assert wait_active(reader)
    main = reader.server.active_window()
    assert main is not None
    for keys in ("ctrl+n", "ctrl+comma"):
        reader.server.activate(main)
        wait_for(lambda: reader.server.active_window() == main, "the main window is active")
        reader.key(keys)
        wait_for(lambda: reader.server.active_window() != main, f"{keys} opens its window")
    reader.call("ring", "a1", "--from", "+442079460777")
    time.sleep(1.5)
    nodes = reader.tree()
    windows = {node["window"].rsplit(".", 1)[-1] for node in nodes if node["showing"]}
    assert windows >= {"main_window", "editor", "settings", "pop"}, windows
    assert len([node for node in nodes if node["showing"]]) > 30
    roleless = [node for node in nodes if node["showing"] and node["role"] in ("", "unknown", "invalid")]
    assert [node for node in roleless if "splithandle" not in node["id"]] == []  # Qt knows no role for the mouse's
    lacking = nameless(nodes)
    assert not lacking, "\n".join(lacking)


def wait_active(reader: Reader) -> bool:
    wait_for(lambda: reader.server.active_window() is not None, "a window is active")
    return True


def test_a_call_is_announced_once(reader: Reader, tmp_path: Path) -> None:
    said = tmp_path / "said"
    with said.open("wb") as out:
        listener = subprocess.Popen([reader.python, str(CLIENT), "listen", "60"], stdout=out)
    wait_for(lambda: b"ready" in said.read_bytes(), "somebody listens")
    reader.call("ring", "b1", "--from", "+442079460777", "--name", "H PATEL")
    wait_for(lambda: b"said" in said.read_bytes(), "the call is announced")
    reader.call("answer", "b1")
    time.sleep(1)
    reader.call("end", "b1", "--reason", "hangup")
    time.sleep(1)
    listener.terminate()
    listener.wait(10)
    told = [json.loads(line)["said"] for line in said.read_text().splitlines()[1:]]
    assert len(told) == 1, told
    assert "H PATEL" in told[0]
    assert told[0].startswith("Incoming call")


def test_the_global_key_leads_into_the_pop_and_esc_back(reader: Reader, tmp_path: Path) -> None:
    terminal = subprocess.Popen(["xterm", "-T", "typing", "-e", "sleep", "600"], stderr=subprocess.DEVNULL)
    try:
        ours = reader.server.active_window()
        wait_for(lambda: reader.server.active_window() not in (None, ours), "the terminal has the keyboard")
        had = reader.server.active_window()
        reader.call("ring", "c1", "--from", "+442079460777")
        time.sleep(1.5)
        assert reader.server.active_window() == had
        reader.key("ctrl+alt+j")
        wait_for(lambda: reader.server.active_window() != had, "the key moved into the pop")
        wait_for(lambda: any(n["focused"] for n in reader.find(".pop_add")), "the first button has the keyboard")
        reader.key("Tab")
        focused = [node for node in reader.tree() if node["focused"] and "pop_" in node["id"]]
        assert [node["id"].rsplit(".", 1)[-1] for node in focused] == ["pop_add_to"]
        reader.key("Escape")
        wait_for(lambda: reader.server.active_window() == had, "Esc goes back")
    finally:
        terminal.terminate()
        terminal.wait(10)
