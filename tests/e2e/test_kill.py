"""The real program is killed at any moment, again and again: nothing that was shown as saved is lost.

Acknowledged means: another process, this one, read it from the database after the program had answered the event that
caused it, or while the import that brought it went on. A call is answered when it pops, and written 50 ms later: one
that was answered and not yet written when the kill came may be missing, and is not counted. A call that was seen to be
over must stay over. A kill leaves the system's cache alone: what a power cut does is `tests/store/test_power_cut.py`.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from math import ceil
from pathlib import Path
from statistics import median

import pytest

from tests.e2e.kills import Running, Shown, kill, until
from tests.store.kit import check_tables, integrity

KILLS, SOAK = 20, 500
CARDS = 1500


def cards(path: Path, turn: int) -> Path:
    """A file of contacts that no other turn has."""
    text = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Turn{turn} Number{n}\r\nN:Number{n};Turn{turn};;;\r\n"
        f"TEL;TYPE=CELL:+4479{turn:03}{n:05}\r\nEND:VCARD\r\n"
        for n in range(CARDS)
    )
    path.write_text(text, encoding="utf-8")
    return path


def one_life(running: Running, shown: Shown, turn: int, chance: random.Random) -> float:
    """Start, see that all is there, let calls and an import come in for a while, kill; the seconds of the start."""
    database = running.here.database
    with running.started() as (program, seconds):
        assert shown.lost(Shown().read(database)) == []
        importing = running.run("import", str(cards(running.folder / "cards.vcf", turn)))
        end = time.monotonic() + chance.uniform(0.3, 1.2)
        call = 0
        while time.monotonic() < end:
            call += 1
            id = f"{turn}-{call}"
            running.takes({"event": "ringing", "id": id, "from": f"+4420{turn:04}{call:04}"})
            if chance.random() < 0.7:
                running.takes({"event": "ended", "id": id, "reason": "cancelled"})
            time.sleep(chance.uniform(0, 0.15))
            shown.read(database)
        first, second = chance.sample([program, importing], 2)
        kill(first)
        kill(second)
    return seconds


def lives(folder: Path, count: int, seed: int) -> tuple[Shown, list[float]]:
    """Live and die so many times on one data folder."""
    folder.mkdir(exist_ok=True)
    running, shown, chance = Running(folder), Shown(), random.Random(seed)
    seconds = [one_life(running, shown, turn, chance) for turn in range(count)]
    with running.started():
        assert shown.lost(Shown().read(running.here.database)) == []
    assert integrity(running.here.database) == "ok"
    check_tables(running.here.database, "ES")
    return shown, seconds


def told(count: int, shown: Shown, seconds: list[float]) -> None:
    """The figures, for whoever runs this with -s."""
    print(
        f"\n{count} kills, {len(shown.calls)} calls and {len(shown.contacts)} contacts were shown as saved, 0 lost;"
        f" start: median {median(seconds):.2f} s, longest {max(seconds):.2f} s"
    )


def test_twenty_kills_lose_nothing_that_was_shown(tmp_path: Path) -> None:
    shown, seconds = lives(tmp_path, KILLS, KILLS)
    told(KILLS, shown, seconds)
    assert len(shown.calls) > KILLS
    assert len(shown.contacts) > KILLS


@pytest.mark.soak
def test_five_hundred_kills_lose_nothing_that_was_shown(tmp_path: Path) -> None:
    """On several data folders side by side, one a processor: what a life takes is mostly waiting."""
    folders = max(2, os.cpu_count() or 1)
    each = ceil(SOAK / folders)
    with ThreadPoolExecutor(folders) as side_by_side:
        begun = [side_by_side.submit(lives, tmp_path / str(n), each, SOAK + n) for n in range(folders)]
    for one in begun:
        told(each, *one.result())


def test_a_second_ringdesk_on_the_same_folder_ends_and_harms_nothing(tmp_path: Path) -> None:
    running = Running(tmp_path)
    with running.started() as (first, _):
        running.takes({"event": "ringing", "id": "1", "from": "+442071838750"})
        second = running.run("--hidden")
        assert second.wait(30) == 0
        assert first.poll() is None
        until(lambda: len(Shown().read(running.here.database).calls) == 1, "the call is written")
    assert integrity(running.here.database) == "ok"


def test_a_locked_database_is_named_and_left_alone(tmp_path: Path) -> None:
    running = Running(tmp_path)
    with running.started():
        running.takes({"event": "ringing", "id": "1", "from": "+442071838750"})
        until(lambda: len(Shown().read(running.here.database).calls) == 1, "the call is written")
    with closing(sqlite3.connect(running.here.database, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        program = running.run("--hidden")
        until(lambda: "no store: locked" in running.here.log.read_text(encoding="utf-8"), "it says that it is locked")
        kill(program)
        other.execute("ROLLBACK")
    with running.started():
        assert len(Shown().read(running.here.database).calls) == 1
