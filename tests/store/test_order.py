"""Databases of before East Asian names were put together family first: nothing of the earlier order stays behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.contact import Contact, Coworker, Marks, Me, Origin
from ringdesk.domain.team import Kept
from ringdesk.store import reorder, store
from ringdesk.store.alike import any_free, like
from ringdesk.store.bulk import Imported
from ringdesk.store.contacts import names_ordered
from ringdesk.store.database import Connection
from ringdesk.store.derive import derive
from ringdesk.store.shared import SharedBook
from tests.disk.cuts import open_on, record, wrong_after
from tests.disk.media import Disk
from tests.disk.session import Session
from tests.store import kit
from tests.store.earlier_order import BOOK, MOVED, TARO, put_back
from tests.store.kit import ALL, REGION, Clock, Opened, check_rows, check_tables, open_store

ROOT = Path(__file__).parents[2]
RENAMED = replace(TARO, name=Name(given="次郎", family="鈴木"))


@pytest.fixture
def of_before(path: Path) -> Path:
    """A database of before, not opened since."""
    opened = open_store(path)
    for one in BOOK:
        opened.add(one)
    vip = found(opened, "山田 太郎")
    opened.store.writes.save(replace(vip, marks=Marks(vip=True)), read_revision=1).result()
    opened.store.writes.add_note(vip.id, "請求書").result()
    opened.store.close()
    assert earlier(path) == MOVED
    return path


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pass takes many transactions although the books are short here."""
    monkeypatch.setattr(reorder, "MOST_AT_ONCE", 2)


def earlier(path: Path) -> int:
    """Bring a database into the order of before, behind the back of whoever has it open."""
    connection = Connection(path, write=True)
    moved = put_back(connection)
    connection.close()
    return moved


def many_of_before(path: Path, count: int) -> None:
    """A database of before with so many contacts."""
    opened = open_store(path)
    cards = [(Card(name=Name(given="太郎", family="山田" + "一" * n)), None) for n in range(count)]
    opened.store.writes.import_cards(cards, origin=Origin.FILE).result()
    opened.store.close()
    assert earlier(path) == count


def found(opened: Opened, name: str) -> Contact:
    """The one contact that is shown like this."""
    (row,) = [row for row in opened.store.reads.page(ALL, 0, 1000) if row.name == name]
    contact = opened.store.reads.get(row.id)
    assert contact is not None
    return contact


def wait(opened: Opened) -> None:
    """Until the pass has come to its end."""
    assert opened.store.writes.reordering is not None
    assert opened.store.writes.reordering.start(opened.store._writer).result() is True


@pytest.mark.usefixtures("small_steps")
def test_a_database_of_before_is_put_in_order_once(of_before: Path) -> None:
    opened = open_store(of_before)
    names = [row.name for row in opened.store.reads.page(ALL, 0, 100)]
    assert {"山田 太郎", "佐藤 花子", "김 민수", "Dr. 王 大 小明 Jr.", "山田商事 ㈱", "ジョン スミス"} < set(names)
    assert opened.names("山田")[0] in ("山田 太郎", "山田商事 ㈱")
    assert {opened.store.reads.get(row.id).card for row in opened.store.reads.page(ALL, 0, 100)} == set(BOOK)  # type: ignore[union-attr]  # all of them are there
    assert len(opened.news) == 1
    opened.store.close()
    check_tables(of_before)
    opened = open_store(of_before)
    assert opened.store.writes.reordering is None
    assert opened.news == []
    opened.store.close()


def test_a_new_database_has_nothing_to_put_in_order(opened: Opened) -> None:
    assert opened.store.writes.reordering is None
    assert names_ordered(opened.store._reader.connection)


def test_what_a_pass_does_is_nothing_to_send_and_no_new_revision(of_before: Path) -> None:
    connection = Connection(of_before, write=True)
    connection.run(
        "INSERT INTO account (id, kind, name, settings, form, round, reset, outcome, approved)"
        " VALUES ('a', 'google', '', '', '', 0, 0, '', 0)"
    )
    kept = "SELECT uuid, revision, created, edited, batch, flags FROM contact"
    before = connection.rows(kept)
    connection.close()
    opened = open_store(of_before)
    assert opened.store._reader.connection.rows(kept) == before
    assert opened.store._reader.connection.rows("SELECT * FROM touched") == []
    opened.store.close()


DEEDS: Mapping[str, Callable[[Opened, Contact], object]] = {
    "renamed": lambda o, c: o.store.writes.save(replace(c, card=RENAMED), read_revision=c.revision).result(),
    "another number": lambda o, c: o.store.writes.save(
        replace(c, card=replace(c.card, phones=(PhoneEntry("77"),))), read_revision=c.revision
    ).result(),
    "no VIP": lambda o, c: o.store.writes.save(replace(c, marks=Marks()), read_revision=c.revision).result(),
    "in a group": lambda o, c: o.store.writes.save(
        replace(c, card=replace(c.card, groups=("new",))), read_revision=c.revision
    ).result(),
    "deleted": lambda o, c: o.store.writes.delete([c.id]).result(),
    "deleted and back": lambda o, c: (o.store.writes.delete([c.id]).result(), o.store.writes.undo().result()),
    "noted": lambda o, c: o.store.writes.add_note(c.id, "again").result(),
    "shared": lambda o, c: o.store.writes.share([c.id], True).result(),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_contact_that_still_stands_in_the_order_of_before_may_change(path: Path, deed: str) -> None:
    """Before the pass has come to it: its rows are known to be elsewhere, and none of them stays behind."""
    opened = open_store(path)
    vip = opened.add(TARO)
    opened.store.writes.save(replace(vip, marks=Marks(vip=True)), read_revision=1).result()
    assert earlier(path) == 1
    DEEDS[deed](opened, found(opened, "太郎 山田"))
    opened.store.close()
    check_tables(path)


@pytest.mark.usefixtures("small_steps")
def test_the_same_file_again_doubles_nobody_of_before(path: Path) -> None:
    """An import compares names as they are kept, so it waits for the pass."""
    ours = [Card(name=Name(given="太郎", family="山" + "一" * n), phones=(PhoneEntry(f"6{n:05}"),)) for n in range(40)]
    cards: list[tuple[Card, bytes | None]] = [(one, None) for one in ours]
    cards.append((Card(name=Name(given="花子", family="佐藤")), None))
    opened = open_store(path)
    opened.store.writes.import_cards(cards, origin=Origin.FILE).result()
    opened.store.close()
    assert earlier(path) == 41
    opened = open_store(path, inline=False)
    again = opened.store.writes.import_cards(cards, origin=Origin.FILE).result()
    opened.store.close()
    assert again == Imported(added=0, already=41)
    check_tables(path)


def test_what_an_account_brings_finds_its_like_among_those_that_are_not_in_order_yet(path: Path) -> None:
    opened = open_store(path)
    hanako = opened.add(Card(name=Name(given="花子", family="佐藤")))
    connection = opened.store._reader.connection
    card = Card(name=Name(given="花子", family="佐藤"), note="there")
    derived = derive(card, (), REGION)
    assert any_free(connection, "google:me", [derived])
    assert earlier(path) == 1
    assert any_free(connection, "google:me", [derived])
    assert [one.id for one in like(connection, card, REGION)] == [hanako.id]
    opened.store.close()


def test_what_a_program_between_the_orders_left_behind_is_taken_out(of_before: Path) -> None:
    """It knew of the new order only: rows of contacts that were renamed or deleted stayed, and none was counted."""
    connection = Connection(of_before, write=True)
    gone = connection.value("SELECT id FROM contact WHERE name = '花子 佐藤'")
    renamed = connection.value("SELECT id FROM contact WHERE name = '太郎 山田'")
    with connection.transaction():
        connection.run("DELETE FROM contact WHERE id = ?", (gone,))
        connection.run("DELETE FROM token WHERE contact = ?", (gone,))
        connection.run("UPDATE tally SET size = size - 1 WHERE part = 0")
        connection.run("INSERT INTO listed (part, sort, contact) VALUES (0, '次郎 鈴木', ?)", (renamed,))
        connection.run("INSERT INTO listed (part, sort, contact) VALUES (4, '太郎 山田', ?)", (renamed,))
    connection.close()
    open_store(of_before).store.close()
    check_tables(of_before)


def test_a_contact_of_before_that_an_import_left_unfiled_is_filed_in_order(of_before: Path) -> None:
    connection = Connection(of_before, write=True)
    row = connection.value("SELECT id FROM contact WHERE name = '太郎 山田'")
    with connection.transaction():  # of its lists, one was filed before the program was killed
        connection.run("INSERT INTO unfiled (contact) VALUES (?)", (row,))
        connection.run("DELETE FROM token WHERE contact = ?", (row,))
        connection.run("DELETE FROM listed WHERE contact = ? AND part = 0", (row,))
        connection.run("UPDATE tally SET size = size - 1 WHERE part = 0")
    connection.close()
    open_store(of_before).store.close()
    check_tables(of_before)


def test_a_damaged_contact_keeps_nobody_else_from_their_place_and_no_import_out(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_of_before(path, 30)
    monkeypatch.setattr(kit.Ids, "new", lambda _: str(uuid4()))  # each opening counts from one again
    connection = Connection(path, write=True)
    connection.run("UPDATE contact SET document = x'00ff00' WHERE id = 7")
    connection.close()
    opened = open_store(path)
    cards = [(Card(name=Name(given="Ann", family="Baker")), None)]
    assert opened.store.writes.import_cards(cards, origin=Origin.FILE).result(20).added == 1
    opened.store.close()
    connection = Connection(path, write=False)
    assert connection.value("SELECT value FROM meta WHERE key = 'names'") == "family first"
    connection.close()


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[SharedBook]:
    """A coworkers' book with one contact."""
    book = shared_book(tmp_path / "shared.db")
    worker = book.worker(lambda _: Marks())
    ana = Coworker("rd_u_ana", "Ana")
    worker.put([Kept(contact=Contact(id="c1", card=TARO, owner=ana), base=TARO, etag="1", raw=b"", edited=False)])
    worker.cut()
    worker.close()
    yield book
    book.close()


def shared_book(path: Path) -> SharedBook:
    return SharedBook(path, region=REGION, clock=Clock(), send_news=lambda _: None, inline=True)


def bytes_of(path: Path) -> bytes:
    """All that lies on the disk of a database."""
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize("opened_anew", [False, True])
def test_nothing_of_an_erased_name_stays_on_the_disk(shared: SharedBook, opened_anew: bool) -> None:
    path = shared.path
    assert earlier(path) == 1
    if opened_anew:
        shared.close()
        shared = shared_book(path)
    worker = shared.worker(lambda _: Marks())
    assert worker.erase(["c1"]) == 1
    worker.close()
    shared.close()
    assert "太郎".encode() not in bytes_of(path)
    check_tables(path)


def test_a_name_that_was_left_behind_is_cut_from_the_disk_once_the_pass_has_found_it(shared: SharedBook) -> None:
    """The pass may come to it after the worker has cut the log that it found at its start."""
    worker = shared.worker(lambda _: Marks())
    worker.erase(["c1"])
    connection = Connection(shared.path, write=True)
    connection.run("DELETE FROM meta WHERE key = 'names'")
    connection.run("INSERT INTO listed (part, sort, contact) VALUES (0, '太郎 山田', 1)")
    connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shared._reordering = store.reorder(shared._writer, lambda: False)
    worker.erase([])
    worker.close()
    assert "太郎".encode() not in bytes_of(shared.path)
    check_tables(shared.path)


def test_only_names_that_may_have_moved_are_looked_at(opened: Opened) -> None:
    (*_, plan), *_ = opened.store._reader.connection.rows(f"EXPLAIN QUERY PLAN {reorder._NEXT}", (0, "", -1, "", 1))
    assert plan == "SEARCH listed USING PRIMARY KEY (part=? AND (sort,contact)>(?,?) AND sort<?)"


def test_a_closed_store_does_not_wait_for_the_pass(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reorder, "MOST_AT_ONCE", 1)
    many_of_before(path, 300)
    open_store(path, inline=False).store.close()
    connection = Connection(path, write=False)
    assert not names_ordered(connection)
    assert connection.value("SELECT count(*) FROM contact WHERE name LIKE '太郎%'") > 0
    connection.close()
    open_store(path).store.close()
    check_tables(path)


def image_of_before(disk: Disk) -> Mapping[str, bytes]:
    """A disk with a database of before."""
    with Session(disk) as session:
        opened = open_on(session)
        for one in BOOK:
            opened.writes.add(one, origin=Origin.HAND, owner=Me()).result()
        put_back(opened._reader.connection)
        opened.close()
    return disk.image()


@pytest.mark.usefixtures("small_steps")
def test_every_moment_of_the_pass_is_survived() -> None:
    image = image_of_before(Disk())
    run, chance = record(image, 0, 0), random.Random(0)
    known: set[bytes] = set()
    wrong = [wrong_after(run, at, chance, known) for at in range(len(run.disk.journal) + 1)]
    assert len(wrong) > 40
    assert not any(wrong)


@pytest.mark.usefixtures("small_steps")
def test_cuts_of_what_a_user_does_after_the_pass_lose_nothing() -> None:
    image, chance = image_of_before(Disk()), random.Random(1)
    for seed in range(5):
        run = record(image, seed, 8)
        known: set[bytes] = set()
        cuts = [chance.randrange(len(run.disk.journal)) for _ in range(20)]
        assert not any(wrong_after(run, at, chance, known) for at in cuts)


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("room", range(20_000, 80_000, 10_000))
def test_a_full_disk_puts_the_pass_off_and_no_name_is_passed_over(room: int) -> None:
    disk = Disk({name: bytearray(data) for name, data in image_of_before(Disk()).items()})
    with Session(disk) as session:
        disk.faults.capacity = sum(map(len, disk.files.values())) + room
        opened = open_on(session, first=1000)
        assert opened.writes.reordering is not None
        assert not names_ordered(opened._reader.connection)
        disk.faults.capacity = None
        opened.writes.import_cards([(one, None) for one in BOOK], origin=Origin.FILE).result()
        check_rows(opened._reader.connection)
        assert names_ordered(opened._reader.connection)
        assert opened.reads.count(ALL) == len(BOOK)
        opened.close()


OPEN = """
import sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from ringdesk.store import reorder, store
from tests.store.kit import open_store
reorder.MOST_AT_ONCE = 5
opened = open_store(Path(sys.argv[2]), inline=False)
print("open", flush=True)
time.sleep(60)
"""


def test_kills_in_the_middle_of_the_pass_leave_a_whole_database(path: Path) -> None:
    many_of_before(path, 400)
    between = 0
    for turn in range(4):
        with subprocess.Popen([sys.executable, "-c", OPEN, ROOT, path], stdout=subprocess.PIPE) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == b"open\n"
            time.sleep(0.02 * turn)
            os.kill(program.pid, signal.SIGKILL)
        connection = Connection(path, write=True)
        assert connection.value("PRAGMA integrity_check") == "ok"
        left = connection.value("SELECT count(*) FROM contact WHERE name LIKE '太郎%'")
        assert left == connection.value("SELECT count(*) FROM listed WHERE sort LIKE '太郎%'")
        between += 0 < left < 400
        connection.close()
    assert between > 0
    open_store(path).store.close()
    check_tables(path)
