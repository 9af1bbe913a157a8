"""Damaged data on a real screen: Enter puts the backup into place, at the start and while RingDesk runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ringdesk.domain.sockets import Show
from ringdesk.ui.desktop.x11 import X11
from tests.e2e.damage import BACKED_UP, damage, filled
from tests.store.kit import open_store

pytestmark = pytest.mark.desktop
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def wait_for(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited {PATIENCE:g} s in vain: {what}"
        time.sleep(0.05)


def key(*names: str) -> None:
    subprocess.run(["xdotool", "key", *names], check=True)


def test_enter_restores_at_the_start_and_again_when_a_search_meets_damage(tmp_path: Path) -> None:
    data = tmp_path / "data"
    database, log = data / "ringdesk.db", data / "ringdesk.log"
    filled(database)
    damage(database)
    server = X11.open()
    assert server is not None

    def logged(words: str) -> int:
        return log.read_text(encoding="utf-8").count(words) if log.exists() else 0

    typed_in: int | None = None

    def restore(turn: int) -> None:
        wait_for(lambda: logged("damaged data: Offering") == turn, "a backup is offered")
        if turn > 1:
            assert server.active_window() == typed_in, "it took the keyboard from whoever types"
            subprocess.run(["xdotool", "search", "--name", "data is damaged", "windowactivate"], check=True)
        wait_for(lambda: server.active_window() not in (None, typed_in), "the window has the keyboard")
        key("Return")
        wait_for(lambda: logged("ringdesk.start: ready") == turn, "RingDesk has started on the backup")

    program = subprocess.Popen(
        [sys.executable, "-m", "ringdesk", "--data", str(data)],
        cwd=ROOT,
        env=dict(os.environ),
        stderr=subprocess.DEVNULL,
    )
    try:
        restore(1)
        pid = program.pid
        damage(database, 3)
        wait_for(lambda: server.active_window() is not None, "the main window has the keyboard")
        typed_in = server.active_window()
        key("ctrl+f")
        subprocess.run(["xdotool", "type", "gil39"], check=True)
        restore(2)
        assert program.poll() is None
        assert program.pid == pid
        assert len({file.name for file in data.glob("ringdesk.db.damaged-*") if file.name[-1].isdigit()}) == 2
    finally:
        program.terminate()
        program.wait(30)
        server.close()
    opened = open_store(database)
    assert opened.store.reads.count(Show(anonymous=None)) == BACKED_UP
    opened.store.close()
