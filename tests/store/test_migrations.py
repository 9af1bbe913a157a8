"""The schema and its steps."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.store.database import APPLICATION_ID, Connection, check_head, prepare_file
from ringdesk.store.migrations import Step, migrate, steps
from ringdesk.store.tables import Call, Category, Draft, Link, Note, Outbox, Photo, Pick
from tests.store.kit import Opened, card, check_tables, integrity, open_store

FIRST = Step(1, "CREATE TABLE a (id INTEGER PRIMARY KEY, v);\nCREATE TABLE b (a REFERENCES a(id) ON DELETE CASCADE);")
REBUILD = Step(
    2,
    "CREATE TABLE a2 (id INTEGER PRIMARY KEY, v TEXT NOT NULL); -- a comment; with a semicolon\n"
    "INSERT INTO a2 SELECT id, v FROM a;\nDROP TABLE a;\nALTER TABLE a2 RENAME TO a;\n",
)
FAILING = Step(3, "CREATE TABLE c (x);\nINSERT INTO nowhere VALUES (1);\n")
ORPHANING = Step(3, "DELETE FROM a;\n")


def connect(path: Path) -> Connection:
    prepare_file(path)
    return Connection(path, write=True, busy=100)


def versions(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as raw:
        return (
            raw.execute("PRAGMA user_version").fetchone()[0],
            raw.execute("PRAGMA application_id").fetchone()[0],
        )


def test_a_new_file_gets_the_newest_schema_and_our_mark(opened: Opened, path: Path) -> None:
    assert versions(path) == (len(steps()), APPLICATION_ID)
    assert integrity(path) == "ok"


def test_a_rebuilt_table_keeps_its_child_rows(path: Path) -> None:
    connection = connect(path)
    assert migrate(connection, [FIRST]) == 1
    connection.run("INSERT INTO a VALUES (1, 'x')")
    connection.run("INSERT INTO b VALUES (1)")
    assert migrate(connection, [FIRST, REBUILD]) == 1
    assert connection.rows("SELECT * FROM b") == [(1,)]
    assert connection.value("PRAGMA foreign_keys") == 1
    assert migrate(connection, [FIRST, REBUILD]) == 0
    connection.close()


@pytest.mark.parametrize("bad", [FAILING, ORPHANING])
def test_a_failing_step_is_taken_back_whole(path: Path, bad: Step) -> None:
    connection = connect(path)
    migrate(connection, [FIRST])
    connection.run("INSERT INTO a VALUES (1, 'x')")
    connection.run("INSERT INTO b VALUES (1)")
    with pytest.raises((sqlite3.Error, StoreError)):
        migrate(connection, [FIRST, REBUILD, bad])
    assert connection.value("PRAGMA user_version") == 2
    assert connection.rows("SELECT name FROM sqlite_master WHERE name = 'c'") == []
    assert connection.rows("SELECT * FROM a") == [(1, "x")]
    assert connection.value("PRAGMA foreign_keys") == 1
    connection.close()


def test_a_copy_is_made_before_the_first_step(path: Path) -> None:
    connection = connect(path)
    migrate(connection, [FIRST])
    connection.run("INSERT INTO a VALUES (1, 'x')")
    migrate(connection, [FIRST, REBUILD])
    copy = path.with_name(f"{path.name}.before-2")
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as raw:
        assert raw.execute("SELECT * FROM a").fetchall() == [(1, "x")]
        assert raw.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def test_steps_are_numbered_without_a_gap(tmp_path: Path) -> None:
    (tmp_path / "002_late.sql").write_text("SELECT 1;")
    with pytest.raises(ValueError, match=r"1\.\.n"):
        steps(tmp_path)


def test_an_unfinished_statement_is_refused(path: Path) -> None:
    connection = connect(path)
    with pytest.raises(ValueError, match="unfinished"):
        migrate(connection, [Step(1, "CREATE TABLE a (x);\nCREATE TABLE b (")])
    assert connection.rows("SELECT name FROM sqlite_master") == []
    connection.close()


def test_a_backup_can_be_opened_as_a_store(path: Path, tmp_path: Path) -> None:
    opened = open_store(path)
    opened.add(card("Ana", "600111222"))
    opened.store.close()
    connection = connect(path)
    copy = tmp_path / "copy" / "ringdesk.db"
    copy.parent.mkdir()
    connection.copy_to(copy)
    connection.close()
    check_tables(copy)


@pytest.mark.parametrize("model", [Call, Category, Draft, Link, Note, Outbox, Photo, Pick])
def test_the_models_are_the_tables(opened: Opened, path: Path, model: type[Call]) -> None:
    meta = model._meta
    with closing(sqlite3.connect(path)) as raw:
        columns = {
            row[1]: bool(row[3]) for row in raw.execute(f"PRAGMA table_info({meta.table_name})") if row[1] != "id"
        }
    fields = {name: not field.null for name, field in meta.columns.items() if name != "id"}
    assert fields == columns


def test_a_too_new_schema_is_refused_by_name(path: Path) -> None:
    connection = connect(path)
    migrate(connection, [FIRST, REBUILD])
    with pytest.raises(StoreError) as refused:
        migrate(connection, [FIRST])
    assert refused.value.trouble is StoreTrouble.NEWER
    connection.close()


def test_a_step_that_another_program_takes_meanwhile_is_not_taken_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two programs start over one folder: both have seen the old schema before the first of them changes it."""
    with closing(connect(path)) as first, closing(connect(path)) as second:

        def seen(connection: Connection, newest: int) -> int:
            version = check_head(connection, newest)
            if connection is second:
                migrate(first, [FIRST, REBUILD])
            return version

        monkeypatch.setattr("ringdesk.store.migrations.check_head", seen)
        assert migrate(second, [FIRST, REBUILD]) == 0
    assert versions(path) == (2, APPLICATION_ID)


def test_a_connection_may_be_closed_twice(path: Path) -> None:
    connection = connect(path)
    connection.close()
    connection.close()
