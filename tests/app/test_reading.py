"""A file read by a process of its own, and by this one where that ends too early."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.app import reading
from ringdesk.app.forereader import FRAME_ITEMS
from ringdesk.app.reading import Tally, ready_cards
from ringdesk.files.source import FileError, FileErrorCode
from ringdesk.store.ready import Incoming, Prepared
from tests.files.strategies import PNG

COUNT = 3 * FRAME_ITEMS + 7


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Some hundred cards: one with a picture, one with groups, one broken, one empty."""
    import base64

    cards = [
        f"BEGIN:VCARD\nVERSION:3.0\nFN:Ana\u00eds {n} Gil\nTEL:6001{n:05}\nEMAIL:a{n}@x.org\nEND:VCARD\n"
        for n in range(COUNT)
    ]
    picture = base64.b64encode(PNG).decode()
    cards[3] = f"BEGIN:VCARD\nVERSION:3.0\nFN:Pic\nPHOTO;ENCODING=b;TYPE=PNG:{picture}\nCATEGORIES:a,b\nEND:VCARD\n"
    cards[150] = "BEGIN:VCARD\nVERSION:3.0\nFN:Half\n"
    cards[200] = "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n"
    path = tmp_path / "many.vcf"
    path.write_text("".join(cards), encoding="utf-8")
    return path


def read_all(path: Path) -> tuple[list[Incoming], Tally]:
    """What is read. What a card is found by is in no order: that of its words is another one in each process."""
    tally = Tally()
    return [(_in_order(one), photo) for one, photo in ready_cards(str(path), "ES", None, tally)], tally


def _in_order(one: Prepared) -> Prepared:
    found = one.derived
    return replace(one, derived=replace(found, tokens=tuple(sorted(found.tokens)), groups=tuple(sorted(found.groups))))


@pytest.fixture
def here(file: Path) -> tuple[list[Incoming], Tally]:
    """The file as this process reads it."""
    cards, tally = read_all(file)
    assert len(cards) == COUNT - 2
    assert [refused.why.value for refused in tally.refused] == ["truncated", "empty"]
    return cards, tally


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is large."""
    monkeypatch.setattr(reading, "LARGE", 0)


def other_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(path))


@pytest.mark.usefixtures("ahead")
def test_another_process_reads_the_same(
    file: Path, here: tuple[list[Incoming], Tally], caplog: pytest.LogCaptureFixture
) -> None:
    cards, tally = read_all(file)
    assert (cards, tally.refused) == (here[0], here[1].refused)
    assert not caplog.records


@pytest.mark.usefixtures("ahead")
@pytest.mark.parametrize("read", [0, 3, 20_000, 30_000])
def test_what_a_process_that_ends_too_early_left_is_read_here(
    file: Path,
    here: tuple[list[Incoming], Tally],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    read: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other_python(tmp_path, monkeypatch, f'{sys.executable} "$@" | head -c {read}')
    cards, tally = read_all(file)
    assert (cards, tally.refused) == (here[0], here[1].refused)
    assert "ended early" in caplog.text


@pytest.mark.usefixtures("ahead")
def test_what_is_wrong_with_the_whole_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"ID3" + bytes(5000))
    with pytest.raises(FileError) as told:
        read_all(path)
    assert told.value.code is FileErrorCode.UNKNOWN
    with pytest.raises(FileNotFoundError):
        read_all(tmp_path / "nowhere.vcf")


@pytest.mark.usefixtures("ahead")
def test_whoever_has_enough_leaves_no_process_behind(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*args: object, **named: object) -> subprocess.Popen[bytes]:
        started.append(popen(*args, **named))  # type: ignore[call-overload]  # given on as it came
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    cards = ready_cards(str(file), "ES", None, Tally())
    next(cards)
    cards.close()
    assert [process.returncode is not None for process in started] == [True]
