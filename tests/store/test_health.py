"""The keeper: what it does when, and what the user hears of it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ringdesk.domain.news import News, StoreTroubled
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store import backup, health
from ringdesk.store.backup import DAY, backups
from ringdesk.store.ballast import Ballast
from ringdesk.store.database import WAL_BYTES
from ringdesk.store.health import check_due, checkpoint, log_bytes, look
from ringdesk.store.keeper import FIRST, ROUND, Keeper
from tests.fakes import FakeTime
from tests.store.kit import Opened, card, open_store
from tests.store.test_backup import Room, contacts, damage

SMALL = 1 << 16


@dataclass
class Kept:
    """A keeper with a clock of its own, and what it told."""

    path: Path
    time: FakeTime = field(default_factory=FakeTime)
    told: list[News] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ballast = Ballast(self.path.parent, SMALL)
        self.keeper = Keeper(self.path, send=self.told.append, clock=self.time, timers=self.time, ballast=self.ballast)

    def pass_(self, seconds: float) -> None:
        """Let time go by, and wait until what was ordered then is done."""
        self.time.pass_(seconds)
        done = threading.Event()
        self.keeper._orders.put(done.set)
        assert done.wait(30)


@pytest.fixture
def kept(opened: Opened, path: Path) -> Iterator[Kept]:
    one = Kept(path)
    one.keeper.start()
    yield one
    one.keeper.stop()


def test_the_start_is_left_to_the_user(kept: Kept) -> None:
    kept.pass_(FIRST - 1)
    assert backups(kept.path) == []
    assert not kept.ballast.held


def test_soon_after_the_start_all_is_in_order(kept: Kept) -> None:
    kept.pass_(FIRST)
    assert len(backups(kept.path)) == 1
    assert kept.ballast.held
    assert not check_due(kept.path, kept.time.now())
    assert kept.told == []


def test_a_week_has_seven_backups_and_one_thorough_look(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []

    def look(path: Path, check: str, stop: object) -> bool:
        looks.append(check)
        return True

    monkeypatch.setattr(health, "look", look)
    for _ in range(8):
        kept.pass_(DAY / 2)
        kept.pass_(DAY / 2)
    assert len(backups(kept.path)) == 7
    assert looks.count("quick_check") == 1
    assert looks.count("integrity_check") == 2


def test_damage_is_told_once_and_not_copied(path: Path) -> None:
    opened = open_store(path)
    for n in range(200):
        opened.add(card(f"Ana{n}", f"6001110{n:02}"))
    opened.store.close()
    damage(path)
    kept = Kept(path)
    kept.keeper.start()
    kept.pass_(FIRST + 3 * ROUND)
    kept.keeper.stop()
    assert [type(news) for news in kept.told] == [StoreTroubled]
    (told,) = kept.told
    assert isinstance(told, StoreTroubled)
    assert (told.trouble, told.path) == (StoreTrouble.CORRUPT, str(path))
    assert told.detail
    assert backups(path) == []


def test_no_room_for_a_backup_is_told_once_until_there_was_one(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("shutil.disk_usage", lambda _: Room)
        kept.pass_(FIRST + 5 * ROUND)
    assert [news.trouble for news in kept.told if isinstance(news, StoreTroubled)] == [StoreTrouble.NO_BACKUP]
    kept.pass_(ROUND)
    assert len(backups(kept.path)) == 1
    assert len(kept.told) == 1


def test_a_full_disk_gets_the_ballast_and_the_user_hears_of_it_once(kept: Kept) -> None:
    kept.pass_(FIRST)
    for _ in range(3):
        kept.keeper.troubled(StoreError(StoreTrouble.FULL, "database or disk is full", str(kept.path)))
    assert not kept.ballast.held
    assert kept.told == [StoreTroubled(StoreTrouble.RESERVE, "database or disk is full", str(kept.path))]
    kept.pass_(ROUND)
    assert kept.ballast.held


def test_other_trouble_leaves_the_ballast(kept: Kept) -> None:
    kept.pass_(FIRST)
    kept.keeper.troubled(StoreError(StoreTrouble.LOCKED))
    assert kept.ballast.held
    assert kept.told == []


def test_a_fault_of_ours_is_told_and_the_keeper_goes_on(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path, check: str, stop: object) -> bool:
        raise RuntimeError("fault")

    monkeypatch.setattr(health, "look", broken)
    kept.pass_(FIRST)
    assert [news.trouble for news in kept.told if isinstance(news, StoreTroubled)] == [StoreTrouble.IO] * 2
    assert len(backups(kept.path)) == 1


def test_stopping_breaks_off_what_goes_on(opened: Opened, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(path)
    begun = threading.Event()

    def endless(database: Path, now: float, stopping: threading.Event) -> None:
        begun.set()
        assert stopping.wait(30)

    monkeypatch.setattr(backup, "make", endless)
    kept.keeper.start()
    kept.time.pass_(FIRST)
    assert begun.wait(30)
    kept.keeper.stop()
    assert not kept.keeper._thread.is_alive()
    kept.time.pass_(ROUND)
    assert kept.time.waiting == 0


def test_stopping_one_that_never_began_is_harmless(path: Path) -> None:
    Kept(path).keeper.stop()


def test_checks_can_be_stopped(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "STEPS", 10)
    open_store(path).store.close()
    assert look(path, "integrity_check")
    assert not look(path, "integrity_check", lambda: True)


def test_the_thorough_check_finds_an_index_that_lies(path: Path) -> None:
    opened = open_store(path)
    opened.add(card("Ana", "600111222"))
    opened.store.close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE t (a)")
        raw.execute("CREATE INDEX i ON t(a)")
        raw.execute("INSERT INTO t VALUES (1), (2)")
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX i ON t(a DESC)' WHERE name = 'i'")
        raw.commit()
    assert look(path, "quick_check")
    with pytest.raises(StoreError) as found:
        look(path, "integrity_check")
    assert found.value.trouble is StoreTrouble.CORRUPT


def test_a_log_that_a_reader_kept_long_is_cut_afterwards(opened: Opened, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM meta").fetchall()
        for n in range(120):
            opened.add(card(f"Ana{n}", note=os.urandom(30_000).hex()))
        assert log_bytes(path) > WAL_BYTES
        assert not checkpoint(path)
    assert checkpoint(path)
    assert log_bytes(path) == 0
    assert len(contacts(path)) == 120


def test_the_ballast_takes_room_and_gives_it_back(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path)
    assert ballast.make()
    assert ballast.path.stat().st_blocks * 512 >= 8 << 20
    assert ballast.path.stat().st_mode & 0o777 == 0o600
    assert ballast.make()
    assert ballast.release()
    assert not ballast.release()
    assert list(tmp_path.iterdir()) == []


def test_without_room_for_two_there_is_no_ballast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Room)
    assert not Ballast(tmp_path).make()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_has_no_ballast(tmp_path: Path) -> None:
    assert not Ballast(tmp_path / "gone").make()
    assert not Ballast(tmp_path / "gone").release()
