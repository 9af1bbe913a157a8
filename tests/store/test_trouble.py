"""What the world can do to the file: each has a name, and nothing that was kept is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store import tables
from ringdesk.store.database import trouble_of
from ringdesk.store.migrations import steps
from ringdesk.store.store import open_for_writing
from tests.store.kit import ALL, Opened, card, check_tables, integrity, open_store

NOBODY = 65534


def trouble_on_open(path: Path) -> StoreTrouble:
    with pytest.raises(StoreError) as refused:
        open_store(path)
    assert refused.value.path == str(path)
    return refused.value.trouble


def filled(path: Path) -> None:
    opened = open_store(path)
    for n in range(50):
        opened.add(card(f"Ana{n} Gil", f"6001112{n:02}"))
    opened.store.close()


def test_the_folder_and_file_are_the_users_alone(opened: Opened, path: Path) -> None:
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_the_pragmas_are_those_of_the_rule_book(opened: Opened) -> None:
    wanted = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 100, "secure_delete": 1,
        "trusted_schema": 0, "mmap_size": 0,
    }  # several to a line  # fmt: skip
    work = opened.store._writer.submit(
        lambda work: {name: work.connection.value(f"PRAGMA {name}") for name in wanted}
    ).result()
    assert {**work, "mmap_size": work["mmap_size"] or 0} == wanted


def test_reads_cannot_write(opened: Opened) -> None:
    with pytest.raises(StoreError) as refused:
        opened.store._reader.connection.run("DELETE FROM meta")
    assert refused.value.trouble is StoreTrouble.READ_ONLY


def test_a_newer_file_is_refused_untouched(path: Path) -> None:
    filled(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    assert trouble_on_open(path) is StoreTrouble.NEWER
    assert path.read_bytes() == before


@pytest.mark.parametrize("mark", [0, 12345])
def test_another_programs_file_is_refused_untouched(path: Path, mark: int) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE other (x)")
        raw.execute(f"PRAGMA application_id = {mark}")
    before = path.read_bytes()
    assert trouble_on_open(path) is StoreTrouble.NOT_OURS
    assert path.read_bytes() == before


def test_garbage_is_refused_untouched(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"BEGIN:VCARD\r\n" * 500)
    assert trouble_on_open(path) is StoreTrouble.NOT_OURS
    assert path.read_bytes() == b"BEGIN:VCARD\r\n" * 500


def open_and_read(path: Path) -> None:
    opened = open_store(path)
    try:
        opened.store.reads.page(ALL, 0, 50)
    finally:
        opened.store.close()


@pytest.mark.parametrize("left", [1, 3, 10])
def test_a_truncated_file_is_damaged(path: Path, left: int) -> None:
    filled(path)
    os.truncate(path, 4096 * left)
    with pytest.raises(StoreError) as refused:
        open_and_read(path)
    assert refused.value.trouble is StoreTrouble.CORRUPT


def test_a_damaged_page_is_named_when_read(path: Path) -> None:
    filled(path)
    with path.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(os.urandom(path.stat().st_size - 4096 * 2))
    with pytest.raises(StoreError) as refused:
        open_and_read(path)
    assert refused.value.trouble is StoreTrouble.CORRUPT


def test_a_folder_in_the_place_of_the_file_cannot_be_opened(path: Path) -> None:
    path.mkdir(parents=True)
    assert trouble_on_open(path) is StoreTrouble.UNREACHABLE


def test_a_file_in_the_place_of_the_folder_cannot_be_opened(path: Path) -> None:
    path.parent.write_text("in the way")
    assert trouble_on_open(path) is StoreTrouble.UNREACHABLE


def test_a_locked_database_says_so_and_loses_nothing(opened: Opened, path: Path) -> None:
    made = opened.add(card("Ana"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as refused:
            opened.store.writes.save(replace(made, shared=True), read_revision=1).result()
        assert refused.value.trouble is StoreTrouble.LOCKED
        assert opened.store.reads.get(made.id) == made
        other.execute("ROLLBACK")
    assert opened.store.writes.save(replace(made, shared=True), read_revision=1).result().revision == 2


def test_a_database_locked_at_the_start_says_so(path: Path) -> None:
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert trouble_on_open(path) is StoreTrouble.LOCKED
    open_store(path).store.close()


def test_two_programs_write_in_turn(path: Path) -> None:
    one, two = open_store(path, busy=5000, inline=False), open_store(path, busy=5000, inline=False)
    two.store.writes._ids.made = 5000  # type: ignore[attr-defined]  # the stand-in's own part
    futures = [
        opened.store.writes.add(card(f"N{n}"), origin=made.origin, owner=made.owner)
        for made in [one.add(card("First"))]
        for n in range(30)
        for opened in (one, two)
    ]
    for future in futures:
        future.result()
    assert one.store.reads.count(ALL) == two.store.reads.count(ALL) == 61
    one.store.close()
    two.store.close()
    check_tables(path)


def test_a_full_disk_says_so_and_loses_nothing(opened: Opened, path: Path) -> None:
    made = opened.add(card("Ana"))
    pages = opened.store._writer.submit(lambda work: work.connection.value("PRAGMA page_count")).result()
    opened.store._writer.submit(lambda work: work.connection.value(f"PRAGMA max_page_count = {pages + 2}")).result()
    with pytest.raises(StoreError) as refused:
        opened.add(card("Eva", note=os.urandom(50_000).hex()))
    assert refused.value.trouble is StoreTrouble.FULL
    assert opened.store.reads.get(made.id) == made
    assert opened.names("eva") == []
    check_tables(path)
    assert integrity(path) == "ok"


@pytest.fixture
def others_folder() -> Iterator[Path]:
    """A folder that a user without rights can reach, for tests that run as root."""
    folder = Path(tempfile.mkdtemp(prefix="rd-"))
    folder.chmod(0o755)
    yield folder
    (folder / "data").chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def without_rights() -> Iterator[None]:
    """Be nobody for a while, where the test runs as root; else rights count anyway."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("locked", ["file", "folder", "nothing there"])
def test_a_read_only_place_says_so(others_folder: Path, locked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    todo = steps()  # read before the rights go: the clone may lie where nobody else may look
    monkeypatch.setattr("ringdesk.store.store.steps", lambda: todo)
    path = others_folder / "data" / "ringdesk.db"
    filled(path)
    path.chmod(0o444 if locked == "file" else 0o666)
    if locked == "nothing there":
        path.unlink()
    path.parent.chmod(0o777 if locked == "file" else 0o555)
    with without_rights(), pytest.raises(StoreError) as refused:
        open_for_writing(path, 100)
    assert refused.value.trouble in (StoreTrouble.READ_ONLY, StoreTrouble.UNREACHABLE)
    assert refused.value.path == str(path)


def test_errors_of_ours_stay_as_they_are(opened: Opened) -> None:
    with pytest.raises(sqlite3.OperationalError):
        opened.store._writer.submit(lambda work: work.connection.run("SELECT * FROM nowhere")).result()
    twice = tables.Category.insert_many([{"name": "Clients"}, {"name": "Clients"}])
    with pytest.raises(sqlite3.IntegrityError):
        opened.store._writer.submit(lambda work: work.connection.apply(twice)).result()
    assert trouble_of(ValueError()) is None
