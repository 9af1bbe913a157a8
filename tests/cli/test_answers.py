"""What the commands answer to what they cannot use: what it is, where, and what to do; and nothing is changed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ringdesk.app.places import places
from ringdesk.cli import doctor, main
from ringdesk.domain.status import Health
from ringdesk.store import backup
from tests.store.kit import open_store

CARDS = "BEGIN:VCARD\nVERSION:3.0\nFN:Ana Silva\nTEL:+14155550123\nEND:VCARD\n"
OFFERED = "Start RingDesk: it offers the newest sound backup"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a store in it."""
    opened = open_store(tmp_path / "data" / "ringdesk.db")
    opened.store.close()
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("book.vcf", b"", "there is nothing in it"),
        ("book", b"neither one nor the other\n", "neither vCard nor CSV; export your contacts as one of them"),
        ("book.csv", b"Colour,Taste\nred,sour\n", "names no column that RingDesk knows, such as Name, Phone or E-mail"),
    ],
)
def test_a_file_that_is_no_address_book_says_what_it_is_and_what_to_do(
    folder: Path, tmp_path: Path, name: str, content: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert main(["import", str(file), "--data", str(folder)]) == 2
    told = capsys.readouterr().err
    assert str(file) in told
    assert said in told
    assert "nothing was changed" in told


def test_a_file_that_is_not_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "/nowhere/book.vcf", "--data", str(folder)]) == 2
    assert capsys.readouterr().err == "ringdesk: /nowhere/book.vcf: No such file or directory; nothing was changed\n"


def test_what_was_imported_is_exported_and_no_file_is_overwritten(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, out = tmp_path / "book.vcf", tmp_path / "out.vcf"
    book.write_text(CARDS + "BEGIN:VCARD\nEND:VCARD\n", encoding="utf-8")
    assert main(["import", str(book), "--data", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "1 contacts added" in told
    assert "card 2, line 6: empty" in told
    assert main(["export", str(out), "--data", str(folder)]) == 0
    assert "FN:Ana Silva" in out.read_text(encoding="utf-8")
    assert main(["export", str(out), "--data", str(folder)]) == 2
    assert f"{out} exists already; choose another name" in capsys.readouterr().err


def test_a_data_folder_that_is_a_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    command = [sys.executable, "-m", "ringdesk", "--data", str(file), "--exit-after", "0"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 3
    assert str(file) in ended.stderr
    assert "--data DIR" in ended.stderr


@pytest.mark.parametrize("seconds", ["-1", "soon", "nan", "inf"])
def test_a_time_that_is_none_is_refused(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--exit-after", seconds])
    assert ended.value.code == 2
    assert "--exit-after" in capsys.readouterr().err


def _nothing(database: Path) -> None:
    """Sound as it is."""


def _no_database(database: Path) -> None:
    database.write_bytes(b"no database at all, but long enough to be one" * 100)


def _damaged(database: Path) -> None:
    whole = database.read_bytes()
    database.write_bytes(whole[: len(whole) // 2])


def _backed_up(harm: Callable[[Path], None]) -> Callable[[Path], None]:
    def backed_up(database: Path) -> None:
        assert backup.make(database, time.time(), threading.Event()) is not None
        harm(database)

    return backed_up


def _newer(database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()


@pytest.mark.parametrize(
    ("harm", "health", "seen", "advice"),
    [
        (_nothing, Health.GOOD, "intact", ""),
        (_no_database, Health.BAD, "not a RingDesk database", "no backup. Move that file away, or name another folder"),
        (_damaged, Health.BAD, "damaged", "no backup. Start RingDesk: it offers to begin with no contacts"),
        (_backed_up(_no_database), Health.BAD, "not a RingDesk database", OFFERED),
        (_backed_up(_damaged), Health.BAD, "damaged", OFFERED),
        (_newer, Health.BAD, "made by a newer RingDesk", "Install the newer RingDesk"),
    ],
)
def test_the_doctor_says_how_the_store_is_and_what_to_do(
    folder: Path, harm: Callable[[Path], None], health: Health, seen: str, advice: str
) -> None:
    database = folder / "ringdesk.db"
    harm(database)
    before = database.read_bytes()
    found = doctor._store(places(folder))
    assert database.read_bytes() == before
    assert found.health is health
    assert str(database) in found.seen
    assert seen in found.seen
    assert advice in found.advice


def test_the_doctor_finds_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    found = doctor._store(places(file))
    assert (found.health, found.seen) == (Health.BAD, f"{file} is no folder")
    assert "--data" in found.advice
