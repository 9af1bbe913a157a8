"""Databases of every schema that ever landed: nothing of them is lost on the way to the newest, and none is edited."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from ringdesk.store.database import Connection
from ringdesk.store.migrations import SCHEMA, steps
from ringdesk.store.shorthand import MARK
from tests.disk.cuts import SHORT, landed, open_on
from tests.disk.media import Disk
from tests.disk.session import DATABASE, Session
from tests.store.kit import ALL, check_rows

LANDED = {
    "001_start.sql": "be57c9e6446770f982c52eb546b9cde08a69e050e169b7913b1f6079ae6ea2c2",
    "002_accounts.sql": "f16e16c1651a68aebdee3e66b694abe624887737590e544abbbe121d36f4d7a0",
    "003_team.sql": "dd31618c23946a689aa43b005d519b2a9c82ae430d502f12357e20287c44109c",
    "004_sync_undo.sql": "61ac69163fc33d678a3ff4267d8b30329ec597cc8d3befc41893b4ba9765c0d8",
    "005_former.sql": "005380d42bcd582a9df168516f1d9ff60d18a72c17df00bcb402acb0d5426494",
    "006_earlier.sql": "bef3666da77762faf82fceb80c709c9e927778498b0e072bed6f1321c42e1f76",
    "007_arrivals.sql": "d4cff91166c9a22c66eaae423b5c6e6e736a4751e8ee576edb55496db6a657be",
    "008_shorthand.sql": "a75e73fb5839072a7530504f4e53465177c1b9e6109e0a38ab5bc78472b31710",
    "009_others.sql": "8fa90afc1966809bc97b1a55e35ccf79c980e327d63dd0ad390cf24072fb967d",
    "010_told.sql": "6ca48395ab018311f4c1974d798481012525af3f0a9f69f2449b7b8a866151e9",
}
"""What users' databases were made with. A new step is added here with its digest; an old one is never edited."""

Rows = Mapping[str, set[tuple[object, ...]]]
CHANGED: Mapping[int, frozenset[str]] = {}
"""Tables whose rows a step changes on purpose, by the version it begins at."""
FULL = frozenset({"contact", "phone", "call", "note", "draft", "pick", "change", "batch", "category", "link"})
"""Tables that hold something in every one of these databases."""


def test_no_step_that_landed_was_edited() -> None:
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in Path(SCHEMA).glob("*.sql")}
    assert found == LANDED


def columns(connection: Connection) -> Mapping[str, list[str]]:
    """Every table and its columns."""
    tables = connection.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return {
        table: [name for (name,) in connection.rows("SELECT name FROM pragma_table_info(?)", (table,))]
        for (table,) in tables
    }


def rows(connection: Connection, wanted: Mapping[str, list[str]]) -> Rows:
    """What is in these columns of these tables."""
    quoted = {table: ", ".join(f'"{name}"' for name in names) for table, names in wanted.items()}
    return {table: set(connection.rows(f'SELECT {names} FROM "{table}"')) for table, names in quoted.items()}


def made(connection: Connection) -> list[tuple[object, ...]]:
    """Tables, indexes and triggers, and how each was made."""
    return connection.rows("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")


@pytest.mark.parametrize("version", range(1, len(steps())))
def test_an_earlier_database_keeps_all_it_holds(version: int) -> None:
    disk = Disk({name: bytearray(data) for name, data in landed(version).items()})
    with Session(disk) as session:
        old = session.connect(DATABASE, write=True, busy=0)
        assert old.value("PRAGMA user_version") == version
        had = columns(old)
        before = rows(old, had)
        old.close()
    assert {table for table, held in before.items() if held} >= FULL
    with Session(disk) as session:
        store = open_on(session)
        now = store._reader.connection
        kept = {table: names for table, names in had.items() if table in columns(now)}
        after = rows(now, kept)
        check_rows(now)
        shown = len(store.reads.page(ALL, 0, 1000))
        store.close()
    changed = CHANGED.get(version, frozenset())
    assert set(had) - set(kept) <= changed
    assert {table for table in kept if before[table] != after[table]} <= changed
    assert shown == len(before["contact"])


def test_an_earlier_database_becomes_what_a_new_one_is() -> None:
    found = []
    for version in (1, len(steps())):
        with Session(Disk({name: bytearray(data) for name, data in landed(version).items()})) as session:
            found.append(made(open_on(session)._reader.connection))
    with Session(Disk({})) as session:
        found.append(made(open_on(session)._reader.connection))
    assert found[0] == found[1] == found[2]


def test_earlier_documents_are_long_and_read_as_they_were_written() -> None:
    """A database of before schema 8 has no short document in it, or the tests above would show nothing of that step."""
    cards = []
    for version in (SHORT - 1, len(steps())):
        with Session(Disk({name: bytearray(data) for name, data in landed(version).items()})) as session:
            old = session.connect(DATABASE, write=True, busy=0)
            marks = {document[0] for (document,) in old.rows("SELECT document FROM contact")}
            assert (MARK in marks) is (version >= SHORT)
            old.close()
        with Session(Disk({name: bytearray(data) for name, data in landed(version).items()})) as session:
            reads = open_on(session).reads
            cards.append({row.id: reads.get(row.id) for row in reads.page(ALL, 0, 1000)})
    assert cards[0] == cards[1]
