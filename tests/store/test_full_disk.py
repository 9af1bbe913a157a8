"""A disk without room, and disks that fail: what is wrong is said, and what was shown as saved is there.

The real disk is a tmpfs of three megabytes (24 where the ballast lies on it), which only root may mount; elsewhere one
test uses a limit of SQLite's own instead and the others are skipped, loudly. The simulated disk of `tests.disk` fills
up, and fails to read, at any moment.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import pytest

from ringdesk.domain.contact import Contact, Me, Origin
from ringdesk.domain.news import News, StoreTroubled
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store import health
from ringdesk.store.ballast import Ballast
from ringdesk.store.keeper import FIRST, Keeper
from ringdesk.store.migrations import steps
from tests.disk.cuts import Run, digest, landed, open_on
from tests.disk.deeds import Deeds
from tests.disk.media import Disk, Faults
from tests.disk.session import Session
from tests.fakes import FakeTime
from tests.store.kit import ALL, Opened, card, check_rows, check_tables, integrity, open_store

SMALL, LARGER = "3m", "24m"
"""The larger one has room for a real ballast, and for a log as long as it gets."""

TRIALS = 60
SOME = 20
"""Contacts that are deleted: what is deleted stays in the history, so that needs room, too."""


@dataclass
class SmallDisk:
    """A folder on a small disk of its own, where that could be had."""

    folder: Path
    real: bool

    @property
    def path(self) -> Path:
        return self.folder / "ringdesk.db"

    def fill(self) -> None:
        """Take all the room that is left."""
        with (self.folder / "filler").open("ab", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass

    def free(self) -> None:
        (self.folder / "filler").unlink()

    def remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", self.folder], check=True)


@pytest.fixture
def disk(tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Iterator[SmallDisk]:
    size = getattr(request, "param", SMALL)
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "ringdesk-test", str(folder)]
    real = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if not real:
        with capsys.disabled():
            print("\nNO REAL FULL DISK: a small tmpfs can be mounted by root only")
    yield SmallDisk(folder, real)
    if real:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def real_disk(disk: SmallDisk) -> SmallDisk:
    if not disk.real:
        pytest.skip("needs a real small disk: run as root")
    return disk


def add_until_full(opened: Opened) -> list[Contact]:
    """What was acknowledged before the disk was full; the refusal has the path."""
    kept: list[Contact] = []

    def add() -> None:
        while True:
            kept.append(opened.add(card(f"N{len(kept)}", "600111222", note=os.urandom(15_000).hex())))

    with pytest.raises(StoreError) as refused:
        add()
    assert refused.value.trouble is StoreTrouble.FULL
    assert refused.value.path == str(opened.store.path)
    return kept


with_ballast = pytest.mark.parametrize("disk", [LARGER], indirect=True)


def ids(opened: Opened) -> set[str]:
    return {row.id for row in opened.store.reads.page(ALL, 0, 10_000)}


def test_a_full_disk_says_so_and_keeps_what_was_saved(disk: SmallDisk) -> None:
    opened = open_store(disk.path)
    if disk.real:
        disk.fill()
    else:
        opened.store._writer.submit(lambda work: work.connection.value("PRAGMA max_page_count = 200")).result()
    kept = add_until_full(opened)
    assert ids(opened) == {contact.id for contact in kept}
    assert [opened.store.reads.get(contact.id) for contact in kept] == kept
    opened.store.close()
    if disk.real:
        disk.free()
    again = open_store(disk.path)
    assert ids(again) == {contact.id for contact in kept}
    again.store.close()
    check_tables(disk.path)
    assert integrity(disk.path) == "ok"


@with_ballast
def test_without_ballast_nothing_can_be_deleted(real_disk: SmallDisk) -> None:
    """The control: why the ballast is there."""
    opened = open_store(real_disk.path)
    kept = add_until_full(opened)
    real_disk.fill()
    with pytest.raises(StoreError) as refused:
        opened.store.writes.delete([contact.id for contact in kept[:SOME]]).result()
    assert refused.value.trouble is StoreTrouble.FULL
    opened.store.close()


@with_ballast
def test_the_ballast_makes_room_to_delete_and_comes_back(real_disk: SmallDisk) -> None:
    opened = open_store(real_disk.path)
    time, told = FakeTime(), list[News]()
    ballast = Ballast(real_disk.folder)
    keeper = Keeper(real_disk.path, send=told.append, clock=time, timers=time, ballast=ballast)
    assert ballast.make()
    kept = add_until_full(opened)
    opened.store.listen(keeper.troubled)
    for _ in range(100):  # what was refused may have needed more room than one more contact does
        kept.append(opened.add(card("Nevertheless")))
        if not ballast.held:
            break
    assert not ballast.held
    assert opened.store.writes.delete([contact.id for contact in kept[:SOME]]).result() == SOME
    assert told == [StoreTroubled(StoreTrouble.RESERVE, "database or disk is full", str(real_disk.path))]
    assert health.checkpoint(real_disk.path)
    assert ids(opened) == {contact.id for contact in kept[SOME:]}
    keeper.stop()
    opened.store.close()
    check_tables(real_disk.path)
    assert integrity(real_disk.path) == "ok"


@with_ballast
def test_a_program_started_on_a_full_disk_takes_the_ballast(real_disk: SmallDisk) -> None:
    opened = open_store(real_disk.path)
    made = opened.add(card("Ana"))
    opened.store.close()
    ballast = Ballast(real_disk.folder)
    assert ballast.make()
    real_disk.fill()
    again = open_store(real_disk.path)
    assert ids(again) == {made.id}
    again.store.writes._ids.made = 10  # type: ignore[attr-defined]  # the stand-in's own part
    again.add(card("Eva"))
    again.store.close()
    assert not ballast.held


def test_a_program_started_on_a_full_disk_without_ballast_says_so(real_disk: SmallDisk) -> None:
    open_store(real_disk.path).store.close()
    real_disk.fill()
    with pytest.raises(StoreError) as refused:
        open_store(real_disk.path)
    assert refused.value.trouble is StoreTrouble.FULL
    assert refused.value.path == str(real_disk.path)


def test_no_room_for_a_backup_leaves_nothing_half(real_disk: SmallDisk) -> None:
    opened = open_store(real_disk.path)
    time, told = FakeTime(), SimpleQueue[News]()
    keeper = Keeper(real_disk.path, send=told.put, clock=time, timers=time, ballast=Ballast(real_disk.folder, 4096))
    keeper.start()
    time.pass_(FIRST)
    news = told.get(timeout=30)
    keeper.stop()
    opened.store.close()
    assert isinstance(news, StoreTroubled)
    assert (news.trouble, Path(news.path).name) == (StoreTrouble.NO_BACKUP, "backups")
    assert list((real_disk.folder / "backups").iterdir()) == []


def test_a_disk_that_became_read_only_says_so(real_disk: SmallDisk) -> None:
    open_store(real_disk.path).store.close()
    real_disk.remount("ro")
    with pytest.raises(StoreError) as refused:
        open_store(real_disk.path)
    assert refused.value.trouble is StoreTrouble.READ_ONLY
    assert refused.value.path == str(real_disk.path)
    assert not Ballast(real_disk.folder).make()
    real_disk.remount("rw")
    open_store(real_disk.path).store.close()


# --- the simulated disk


def trouble_of(do: Callable[[], object]) -> StoreTrouble | None:
    """What went wrong, if something did."""
    try:
        do()
    except StoreError as error:
        return error.trouble
    return None


@pytest.mark.parametrize("seed", range(TRIALS))
def test_the_simulated_disk_fills_up_at_any_moment(seed: int) -> None:
    chance = random.Random(seed)
    image = landed(len(steps()))
    disk = Disk({name: bytearray(data) for name, data in image.items()})
    run = Run(disk)
    with Session(disk, kept=run.note, wal_autocheckpoint=chance.choice((1, 8, 1000))) as session:
        store = open_on(session, first=1000)
        disk.faults = Faults(capacity=sum(map(len, image.values())) + chance.randrange(500_000))
        deeds = Deeds(store, chance)
        refused = {trouble_of(lambda: deeds.some(1)) for _ in range(40)}
        assert refused <= {None, StoreTrouble.FULL}
        connection = store._reader.connection
        assert digest(connection) == run.kept[-1][1]
        assert connection.value("PRAGMA integrity_check") == "ok"
        check_rows(connection)
        disk.faults = Faults()
        store.writes.add(card("Room again"), origin=Origin.HAND, owner=Me()).result()
        store.close()


@pytest.mark.parametrize("seed", range(TRIALS))
def test_a_read_fails_at_any_moment(seed: int) -> None:
    chance = random.Random(seed)
    disk = Disk({name: bytearray(data) for name, data in landed(len(steps())).items()})
    run = Run(disk)
    with Session(disk, kept=run.note, cache_size=4, wal_autocheckpoint=8) as session:
        store = open_on(session, first=1000)
        disk.faults = Faults(bad_reads=frozenset(disk.reads + chance.randrange(400) for _ in range(10)))
        deeds = Deeds(store, chance)
        refused = {trouble_of(lambda: deeds.some(1)) for _ in range(20)}
        assert refused <= {None, StoreTrouble.IO}
        disk.faults = Faults()
        connection = store._reader.connection
        assert digest(connection) == run.kept[-1][1]
        check_rows(connection)
        store.close()
