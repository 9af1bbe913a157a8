"""Backups: made whole while others write, seven kept, and the way back from a damaged file."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ringdesk.domain.status import Health, StoreError, StoreTrouble
from ringdesk.store import backup
from ringdesk.store.backup import DAY, KEPT, Backup, backups, due, make
from ringdesk.store.restore import finding, offer, restore, set_aside
from tests.store.kit import ALL, Opened, card, check_tables, integrity, open_store

NOW = 1_790_000_000.0
ROOT = Path(__file__).parents[2]


def kept(path: Path, now: float = NOW) -> Backup:
    """A backup that was not stopped."""
    made = make(path, now, threading.Event())
    assert made is not None
    return made


def damage(path: Path) -> None:
    """Bytes in the middle of the file are overwritten by something else."""
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(path.stat().st_size // 2))


def contacts(path: Path) -> set[str]:
    opened = open_store(path)
    names = {row.name for row in opened.store.reads.page(ALL, 0, 1000)}
    opened.store.close()
    return names


def test_a_backup_holds_everything_also_what_is_still_in_the_log(opened: Opened, path: Path) -> None:
    opened.add(card("Ana Gil", "600111222"))
    made = kept(path)
    assert made == backups(path)[0]
    assert made.path.parent == path.parent / "backups"
    assert sorted(file.name for file in made.path.parent.iterdir()) == [made.path.name]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    check_tables(made.path)
    assert integrity(made.path) == "ok"


def test_the_writer_goes_on_while_a_backup_is_made(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step of the backup is followed by a write that is kept; the copy is of the moment it was begun."""
    opened = open_store(path)
    opened.add(card("Before"))
    steps = 0

    def write_between(stopping: threading.Event) -> Callable[[int, int, int], None]:
        def step(status: int, left: int, of: int) -> None:
            nonlocal steps
            steps += 1
            opened.add(card(f"While {steps}"))

        return step

    monkeypatch.setattr(backup, "_stepping", write_between)
    monkeypatch.setattr(backup, "PAGES", 4)
    made = kept(path)
    opened.store.close()
    assert steps > 5
    assert contacts(made.path) == {"Before"}
    assert len(contacts(path)) == 1 + steps


def test_seven_are_kept_the_newest(opened: Opened, path: Path) -> None:
    made = [kept(path, NOW + day * DAY) for day in range(10)]
    assert backups(path) == made[: -KEPT - 1 : -1]


def test_one_is_due_a_day(opened: Opened, path: Path) -> None:
    assert due(path, NOW)
    kept(path)
    assert not due(path, NOW + DAY - 1)
    assert due(path, NOW + DAY + 1)


def test_a_clock_that_went_back_stops_no_backup_and_drops_none_that_was_just_made(opened: Opened, path: Path) -> None:
    ahead = [kept(path, NOW + (day + 1000) * DAY) for day in range(KEPT)]
    assert due(path, NOW)
    made = kept(path)
    assert made in backups(path)
    assert len(backups(path)) == KEPT
    assert set(backups(path)) - set(ahead) == {made}


def test_a_stop_breaks_it_off_and_leaves_nothing(opened: Opened, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "PAGES", 1)
    stopping = threading.Event()
    stopping.set()
    assert make(path, NOW, stopping) is None
    assert list((path.parent / "backups").iterdir()) == []


def test_what_an_earlier_run_left_half_made_goes(opened: Opened, path: Path) -> None:
    half = path.parent / "backups" / "ringdesk-20260101-000000.db.part"
    half.parent.mkdir()
    half.write_bytes(b"half")
    made = kept(path)
    assert list(half.parent.iterdir()) == [made.path]


def test_without_room_it_says_so_and_the_others_stay(
    opened: Opened, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = kept(path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: Room)
    with pytest.raises(StoreError) as refused:
        kept(path, NOW + DAY)
    assert refused.value.trouble is StoreTrouble.NO_BACKUP
    assert refused.value.path == str(path.parent / "backups")
    assert list(made.path.parent.iterdir()) == [made.path]


class Room:
    """A disk with a megabyte to spare."""

    free = 1 << 20


def test_a_damaged_database_makes_no_backup_and_drops_none(path: Path) -> None:
    opened = open_store(path)
    for n in range(200):
        opened.add(card(f"Ana{n} Gil", f"6001110{n:02}"))
    opened.store.close()
    good = kept(path)
    damage(path)
    with pytest.raises(StoreError) as refused:
        kept(path, NOW + DAY)
    assert refused.value.trouble is StoreTrouble.CORRUPT
    assert refused.value.path == str(path)
    assert backups(path) == [good]
    assert list(good.path.parent.iterdir()) == [good.path]


def test_other_files_beside_it_are_not_copied(opened: Opened, path: Path) -> None:
    (path.parent / "shared.db").write_bytes(b"coworkers")
    made = kept(path)
    assert list(made.path.parent.iterdir()) == [made.path]
    assert b"coworkers" not in made.path.read_bytes()


def filled(path: Path) -> None:
    opened = open_store(path)
    for n in range(100):
        opened.add(card(f"Ana{n} Gil", f"6001110{n:02}"))
    opened.store.close()


def test_the_offer_is_the_newest_that_is_whole(path: Path) -> None:
    filled(path)
    first = kept(path)
    second = kept(path, NOW + DAY)
    newest = offer(path)
    assert newest is not None
    assert newest.backup == second
    damage(second.path)
    found = offer(path)
    assert found is not None
    assert (found.backup, found.contacts, found.calls) == (first, 100, 0)
    damage(first.path)
    assert offer(path) is None


def test_restoring_brings_the_backup_back_and_sets_the_damaged_file_aside(path: Path) -> None:
    filled(path)
    made = kept(path)
    with closing(sqlite3.connect(path)) as left_open:  # keeps a log beside the damaged file
        left_open.execute("UPDATE meta SET value = 'XX'")
        left_open.commit()
        damage(path)
        damaged = path.read_bytes()
        aside = restore(path, made, NOW + 60)
    assert aside.read_bytes() == damaged
    assert aside.with_name(aside.name + "-wal").stat().st_size > 0
    assert not path.with_name(path.name + "-wal").exists()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(contacts(path)) == 100
    check_tables(path)
    assert integrity(path) == "ok"
    assert backups(path) == [made]


def test_restoring_works_where_the_database_is_gone(path: Path) -> None:
    filled(path)
    made = kept(path)
    path.unlink()
    restore(path, made, NOW)
    assert len(contacts(path)) == 100


def test_a_damaged_backup_is_not_restored(path: Path) -> None:
    filled(path)
    made = kept(path)
    damage(made.path)
    before = path.read_bytes()
    with pytest.raises(StoreError):
        restore(path, made, NOW)
    assert path.read_bytes() == before


@pytest.mark.parametrize("fails", range(8))
def test_restoring_cut_short_leaves_a_database_and_can_be_done_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    filled(path)
    made = kept(path)
    damage(path)
    path.with_name(path.name + "-wal").write_bytes(b"log")
    steps = iter(range(100))

    def cut(do: Callable[..., object]) -> Callable[..., object]:
        def maybe(*values: object) -> object:
            if next(steps) == fails:
                raise OSError("the power went")
            return do(*values)

        return maybe

    with monkeypatch.context() as patched:
        patched.setattr("ringdesk.store.restore.sync", cut(backup.sync))
        patched.setattr(Path, "replace", cut(Path.replace))
        patched.setattr(os, "link", cut(os.link))
        try:
            restore(path, made, NOW)
        except StoreError:
            assert path.exists()
    restore(path, made, NOW + 1)
    assert len(contacts(path)) == 100


CHILD = """
import os, shutil, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from ringdesk.store import restore
from ringdesk.store.backup import backups

left = int(sys.argv[3])

def dying(do):
    def maybe(*values, **more):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return do(*values, **more)
    return maybe

restore.sync = dying(restore.sync)
restore.shutil.copyfile = dying(shutil.copyfile)
Path.replace = dying(Path.replace)
Path.unlink = dying(Path.unlink)
os.link = dying(os.link)
path = Path(sys.argv[2])
restore.restore(path, backups(path)[0], 1_800_000_000.0)
"""
STEPS = 12
"""More than a restore has: the last of these ends by itself."""


def test_a_restore_killed_at_any_step_loses_nothing_and_is_finished_at_the_next_start(path: Path) -> None:
    """Before it is decided the old database is there with its log; after that the next start completes it."""
    filled(path)
    made = kept(path)
    later = open_store(path)
    later.store.writes._ids.made = 5000  # type: ignore[attr-defined]  # the stand-in's own counter
    ended: list[int] = []
    seen: set[str] = set()
    later.add(card("Later"))
    crashed = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.name.startswith("ringdesk.db")}
    later.store.close()
    for step in range(STEPS):
        for file in path.parent.glob("ringdesk.db*"):
            file.unlink()
        for name, data in crashed.items():
            path.with_name(name).write_bytes(data)
        child = subprocess.run([sys.executable, "-c", CHILD, str(ROOT), str(path), str(step)], check=False)
        ended.append(child.returncode)
        kept_somewhere = {file.read_bytes() for file in path.parent.glob("ringdesk.db*")}
        assert {crashed["ringdesk.db"], crashed["ringdesk.db-wal"]} <= kept_somewhere
        opened = open_store(path)
        names = {row.name for row in opened.store.reads.page(ALL, 0, 1000)}
        opened.store.close()
        assert len(names) in (100, 101)
        assert ("Later" in names) == (len(names) == 101)
        seen.add("old" if "Later" in names else "restored")
        assert not path.with_name("ringdesk.db.restored").exists()
        assert integrity(path) == "ok"
        assert backups(path) == [made]
    assert set(ended) == {-signal.SIGKILL, 0}
    assert seen == {"old", "restored"}


def test_a_file_that_was_set_aside_leaves_room_for_an_empty_book(path: Path) -> None:
    filled(path)
    damage(path)
    damaged = path.read_bytes()
    aside = set_aside(path, NOW)
    assert aside.read_bytes() == damaged
    assert contacts(path) == set()


def test_two_files_set_aside_within_one_second_are_both_kept(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"the first damaged file")
    first = set_aside(path, NOW)
    path.write_bytes(b"the second damaged file")
    second = set_aside(path, NOW)
    assert first.read_bytes() == b"the first damaged file"
    assert second.read_bytes() == b"the second damaged file"


def test_a_restore_in_the_same_second_sets_the_old_file_aside_too(path: Path) -> None:
    filled(path)
    made = kept(path)
    damage(path)
    damaged = path.read_bytes()
    first = restore(path, made, NOW)
    damage(path)
    second = restore(path, made, NOW)
    assert first.read_bytes() == damaged
    assert second != first
    assert second.exists()


def test_the_offer_tells_what_would_be_missing(path: Path) -> None:
    opened = open_store(path)
    ana = opened.add(card("Ana"))
    kept(path, ana.created + 1)  # the clock has moved on when the save is written down
    opened.add(card("Later"))
    opened.store.writes.add_note(ana.id, "later").result()
    opened.store.close()
    found = offer(path)
    assert found is not None
    assert found.since is not None
    assert (found.since.saves, found.since.notes, found.since.calls) == (1, 1, 0)


def test_the_offer_says_where_nobody_can_tell_what_would_be_missing(path: Path) -> None:
    filled(path)
    kept(path)
    os.truncate(path, 100)
    found = offer(path)
    assert found is not None
    assert found.since is None


def test_the_doctor_hears_of_the_newest_backup(path: Path) -> None:
    filled(path)
    assert finding(path, NOW).health is Health.NOTE
    made = kept(path)
    good = finding(path, NOW + 7200)
    assert good.health is Health.GOOD
    assert "2 hours old, 100 contacts" in good.seen
    assert finding(path, NOW + 4 * DAY).health is Health.NOTE
    damage(made.path)
    assert finding(path, NOW).health is Health.BAD
