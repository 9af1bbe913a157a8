"""The practice phone: what it says is taken by the feed, and its people are in the practice contacts."""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from ringdesk.domain.call import Rang, SourceState
from ringdesk.domain.document import from_document
from ringdesk.domain.line import Lines
from ringdesk.domain.numbering import parse
from ringdesk.domain.phone import E164, Extension
from ringdesk.feed.sources.local import LocalSource
from ringdesk.feed.wire.local import check
from ringdesk.sandbox import phone
from tests.fakes import FakeTime
from tests.feed.aid import running

CONTACTS = json.loads((Path(__file__).parents[2] / "resources" / "demo" / "contacts.json").read_text(encoding="utf-8"))
CARDS = [from_document(document) for document in CONTACTS["contacts"]]
FICTION = ("141555501", "44207946", "331990", "4930231")


def people(number: str) -> list[str]:
    wanted = parse(number, "US")
    return [card.display_name for card in CARDS if any(parse(p.value, "US") == wanted for p in card.phones)]


def test_every_event_is_one_the_feed_takes() -> None:
    events = [event for _, event in phone.steps(1, 1, "practice", once=True)]
    assert [event for event in events if check(event)] == []
    assert len({event["id"] for event in events}) == len(phone.SCRIPT)


def test_the_first_call_comes_soon_and_all_waits_are_those_of_people() -> None:
    waits = [wait for wait, _ in phone.steps(4, 15, "practice", once=True)]
    assert waits[0] == 4
    assert max(waits) <= 15


def test_without_once_it_goes_on() -> None:
    assert len(list(islice(phone.steps(1, 1, "practice", once=False), 100))) == 100


def test_known_callers_are_contacts_and_unknown_ones_are_not() -> None:
    known = [people(n) for n in (phone.KNOWN, phone.KNOWN_CLIENT, phone.KNOWN_ABROAD)]
    assert known == [["Martin Green"], ["Harshad Patel"], ["Claire Fontaine"]]
    assert people(phone.SWITCHBOARD) == ["Lena Brandt", "Jonas Kohl"]
    assert people(phone.UNKNOWN) == people(phone.UNKNOWN_NAMED) == []


def test_every_number_is_kept_for_fiction() -> None:
    typed = [entry.value for card in CARDS for entry in card.phones]
    scripted = [str(call.ring[name]) for call in phone.SCRIPT for name in ("from", "to") if name in call.ring]
    for number in (parse(text, "US") for text in (*typed, *scripted)):
        assert isinstance(number, Extension) or (isinstance(number, E164) and number.digits.startswith(FICTION)), number


def test_it_ends_when_ringdesk_goes() -> None:
    said: list[phone.Event] = []

    def post(event: phone.Event) -> None:
        if len(said) == 3:
            raise phone.GoneError
        said.append(event)

    phone.play(phone.steps(0, 0, "practice", once=False), post, lambda seconds: None)
    assert len(said) == 3


def test_nobody_there_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(phone, "WAIT_FOR_RINGDESK", 0.2)
    options = argparse.Namespace(socket=tmp_path / "s", first=0.0, every=0.0, once=True)
    assert phone.run(options) == 1
    assert "nobody listens" in capsys.readouterr().err


def test_the_program_rings_and_ends_quietly(tmp_path: Path) -> None:
    path = tmp_path / "feed.sock"
    command = [
        sys.executable,
        "-m",
        "ringdesk.sandbox",
        "phone",
        "--socket",
        str(path),
        "--first",
        "0.1",
        "--every",
        "0",
    ]

    async def first_number() -> str:
        async with running(LocalSource("feed", path, Lines, FakeTime())) as heard:
            await heard.change(state=SourceState.CONNECTED)
            return (await heard.fact(Rang)).number

    program = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2])
    try:
        assert asyncio.run(first_number()) == phone.KNOWN
    finally:
        program.terminate()
        _, complaint = program.communicate(timeout=5)
    assert complaint == b""
