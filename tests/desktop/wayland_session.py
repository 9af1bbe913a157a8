"""A Wayland desktop without a screen: sway as an ordinary user, mako for notifications, foot to type in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOOLS = {"sway": "sway", "foot": "foot", "mako": "mako-notifier", "makoctl": "mako-notifier", "wtype": "wtype",
         "dbus-run-session": "dbus", "setpriv": "util-linux"}  # several to a line  # fmt: skip
NOBODY = 65534
CONFIG = """
output HEADLESS-1 resolution 1280x800
# On a busy machine a key comes up late, and a letter held down would be typed again.
input * repeat_rate 0
focus_on_window_activation smart
default_border none
exec sh -c 'env > {env}.new && mv {env}.new {env}'
"""


def missing() -> str:
    """What is not there of what a session needs."""
    gone = sorted({package for tool, package in TOOLS.items() if shutil.which(tool) is None})
    return f"not installed: {', '.join(gone)}" if gone else ""


class Session:
    """A running session. Everything in it runs as its user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._env: dict[str, str] = {}

    @property
    def env_file(self) -> Path:
        return self.folder / "env"

    def take_environment(self) -> None:
        text = self.env_file.read_text(encoding="utf-8")
        self._env = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)

    def start(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a program inside; its output goes to a file named after it."""
        with (self.folder / f"{Path(command[0]).name}.log").open("ab") as log:
            return subprocess.Popen(
                as_user(*command), env={**self._env, **environment}, cwd=ROOT, stdout=log, stderr=log
            )

    def run(self, *command: str) -> str:
        """Run a program inside to its end; gives what it printed."""
        done = subprocess.run(
            as_user(*command), env=self._env, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout

    def ringdesk(self, *arguments: str) -> str:
        """Run one of RingDesk's commands."""
        return self.run(sys.executable, "-m", "ringdesk", *arguments)

    def windows(self) -> list[dict[str, Any]]:
        """All windows, as the compositor knows them."""
        return list(_leaves(json.loads(self.run("swaymsg", "-r", "-t", "get_tree"))))

    def notifications(self) -> list[dict[str, Any]]:
        """The notifications on the screen."""
        told: list[dict[str, Any]] = json.loads(self.run(sys.executable, "-m", "tests.desktop.mako_list"))
        return told


def as_user(*command: str) -> list[str]:
    """The command, run by an ordinary user: sway refuses to be root."""
    if os.getuid() != 0:
        return list(command)
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]


def wait_for(true: Callable[[], Any], what: str, seconds: float = 20.0) -> None:
    """Wait for something to be so in another program."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds:g} s in vain: {what}"
        time.sleep(0.05)


@contextmanager
def session() -> Iterator[Session]:
    """A session that lasts as long as the block."""
    folder = Path(subprocess.run(["mktemp", "-d", "/tmp/wl.XXXXXX"], capture_output=True, text=True, check=True)
                  .stdout.strip())  # several to a line  # fmt: skip
    made = Session(folder)
    for name in ("run", "home", "data"):
        (folder / name).mkdir(mode=0o700)
    (folder / "sway.cfg").write_text(CONFIG.format(env=made.env_file), encoding="ascii")
    if os.getuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, NOBODY, NOBODY)
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder / "home"), "XDG_RUNTIME_DIR": str(folder / "run"),
        "WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman", "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1", "QT_QPA_PLATFORM": "wayland",
    }  # several to a line  # fmt: skip
    with (folder / "sway.log").open("wb") as log:
        sway = subprocess.Popen(
            as_user("dbus-run-session", "--", "sway", "-c", str(folder / "sway.cfg")), env=environment, stdout=log,
            stderr=log, cwd=folder,
        )  # several to a line  # fmt: skip
    try:
        wait_for(lambda: made.env_file.exists() or sway.poll() is not None, "sway is up")
        assert sway.poll() is None, (folder / "sway.log").read_text(errors="replace")[-2000:]
        made.take_environment()
        yield made
    finally:
        if sway.poll() is None and made.env_file.exists():
            made.start("swaymsg", "exit").wait(10)  # its answer never comes
        sway.terminate()
        sway.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _leaves(node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if node.get("pid") and node.get("type") in ("con", "floating_con"):
        yield dict(node)
    for child in (*node.get("nodes", ()), *node.get("floating_nodes", ())):
        yield from _leaves(child)
