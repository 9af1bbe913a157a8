"""Pictures that unpack to gigabytes: refused unread, in little memory; the pop of whoever has one shows initials."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ringdesk.feed.client import post
from ringdesk.ui.widgets_photo import PHOTO_BYTES, PhotoTrouble, read_photo
from tests.e2e.program import Program, play
from tests.ui.bombs import bombs

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "libpng", "No such signal")
ROOT = Path(__file__).resolve().parents[2]
MOST_MIB = 64
REFUSED = {"wider or higher than 2000 pixels", "it cannot be read"}
HARMLESS = {"png whose text unpacks", "png whose profile unpacks"}
"""A small picture with a huge appendix, which nobody unpacks."""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the memory of a process")
def test_bombs_take_little_memory(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.bombs", str(tmp_path)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True,
    )  # several to a line  # fmt: skip
    told = json.loads(done.stdout)
    assert {name for name, became in told["found"].items() if became in REFUSED} == set(told["found"]) - HARMLESS
    assert {told["found"][name] for name in HARMLESS} == {"64 x 64"}
    assert max(told["bytes"].values()) < PHOTO_BYTES
    assert told["growth"] < MOST_MIB


def test_the_pop_of_whoever_has_a_bomb_for_a_photo_shows_initials(qapp: QApplication, tmp_path: Path) -> None:
    async def story(program: Program) -> None:
        loop, writes = asyncio.get_running_loop(), program.front.core.store.writes
        for number, (name, data) in enumerate(bombs(tmp_path).items()):
            caller = f"+4420794607{number:02}"
            person = await program.person("Bomb", f"Number{number}", caller)
            digest = await asyncio.wrap_future(writes.put_photo(data))
            card = replace(person.card, photo=digest)
            await asyncio.wrap_future(writes.save(replace(person, card=card), read_revision=person.revision))
            call = f"call-{number}"
            event = {"event": "ringing", "id": call, "from": caller}
            assert (await loop.run_in_executor(None, post, program.here.socket, event)).ok
            await program.until(lambda: bool(program.pops) and program.pop.accessibleName() != "", "the pop is read")
            view, plan = program.pop.view, program.pop._plan
            assert view is not None
            assert plan is not None
            assert view.photo == digest
            photo = program.pop._dress.pictures.photo(program.pop._photo_key(view, plan))
            assert (photo is None) is (name not in HARMLESS), name
            ended = {"event": "ended", "id": call, "reason": "rejected"}
            await loop.run_in_executor(None, post, program.here.socket, ended)
            await program.until(lambda: program.pops == [], "the pop has gone")

    play(qapp, tmp_path / "data", story)


def test_a_bomb_is_told_from_its_head(tmp_path: Path) -> None:
    for name, data in bombs(tmp_path).items():
        assert isinstance(read_photo(data), PhotoTrouble) is (name not in HARMLESS), name
