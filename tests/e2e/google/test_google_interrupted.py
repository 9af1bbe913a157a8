"""A Google account in the whole program when something comes between: no network, an end, a kill."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from ringdesk.desk.accounts import Quiet, Running, Waiting
from ringdesk.domain.syncing import Phase
from tests.e2e.google.people import SLACK, card, put_there
from tests.e2e.house import House, housed, names_there
from tests.fakes import FakeSecrets
from tests.providers.google.practice import Account, Practice
from tests.providers.google.test_signin import Visitor, consent


@dataclass
class Lost:
    """A network that swallows the questions for names: `asked` once there was one, `found` lets all go on."""

    asked: threading.Event = field(default_factory=threading.Event)
    found: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lost]:
    made, look_up = Lost(), socket.getaddrinfo

    def hang(*asked: Any, **more: Any) -> Any:
        if threading.current_thread().name == "dial":
            made.asked.set()
            made.found.wait(60)
        return look_up(*asked, **more)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    made.found.set()
    yield made
    made.found.set()


def test_while_no_name_is_found_the_sync_is_called_off_and_ended_at_once(
    tmp_path: Path, practice: Practice, account: Account, lost: Lost
) -> None:
    secrets = FakeSecrets()
    with housed(tmp_path, practice, account, secrets) as house:
        house.choose_client(practice)
        house.connect()
        done = house.account.view.last
        house.add(card("Ana"))
    lost.found.clear()
    lost.asked.clear()
    house = House(tmp_path, Visitor(consent), secrets)
    house.until(lost.asked.is_set, "a name is looked up")
    assert isinstance(house.account.view.status, Running)
    begun = time.monotonic()
    house.account.break_off()
    house.until(lambda: house.account.view.last not in (None, done), "it is broken off")
    assert time.monotonic() - begun < SLACK
    assert house.account.view.last is not None
    assert house.account.view.last.stopped
    lost.asked.clear()
    house.account.sync_now()
    house.until(lost.asked.is_set, "a name is looked up again")
    assert house.close() < 2.0 + SLACK
    lost.found.set()
    with housed(tmp_path, practice, account, secrets) as house:
        house.until(lambda: names_there(account) == ["Ana"], "the edit has gone")


def test_without_a_network_edits_wait_and_go_when_it_is_back(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        house.connect()
        practice.fault("cut_before", times=50)
        house.add(card("Ana"))
        house.until(lambda: isinstance(house.account.view.status, Waiting), "the round waits")
        assert names_there(account) == []
        practice.order("DELETE", "/faults")
        house.accounts.triggers.woke()
        house.until(lambda: names_there(account) == ["Ana"], "the edit has gone", 8.0)
        house.quiet()


def test_quitting_during_a_round_takes_two_seconds_at_most_and_loses_nothing(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    secrets = FakeSecrets()
    with housed(tmp_path, practice, account, secrets) as house:
        house.choose_client(practice)
        house.connect()
    practice.fault("delay", path="people:createContact", seconds=8.0)
    house = House(tmp_path, Visitor(consent), secrets)
    house.until(lambda: house.account.view.last is not None and isinstance(house.account.view.status, Quiet), "quiet")
    before = practice.log()
    house.add(card("Ana"))
    house.until(lambda: practice.log() > before + 2, "the request is under way")
    assert house.close() < 2.0 + SLACK
    practice.reset()
    with housed(tmp_path, practice, account, secrets) as house:
        house.until(lambda: names_there(account) == ["Ana"], "the edit has gone")
        house.quiet()
        assert house.names() == names_there(account) == ["Ana"]


def test_a_first_sync_that_is_broken_off_goes_on_where_it_was(tmp_path: Path, practice: Practice) -> None:
    account = practice.account(people=1500)
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        setting_up = house.sign_in()
        assert setting_up.survey is not None
        assert (setting_up.survey.contacts, setting_up.counted) == (1500, 1500)
        assert house.rehearse().would.counts["added here"] == 1500
        house.google.accept()
        house.until(lambda: _reading(house), "the first page is there")
        house.account.break_off()
        house.until(lambda: house.account.view.last is not None, "it is broken off")
        assert house.account.view.last is not None
        assert house.account.view.last.stopped
        assert 0 < len(house.contacts()) < 1500
        house.sync()
        assert len(house.contacts()) == 1500
        house.sync(full=True)
        assert len(house.contacts()) == 1500


def _reading(house: House) -> bool:
    status = house.account.view.status
    return isinstance(status, Running) and status.progress is not None and status.progress.phase is Phase.READING


PEOPLE = 30
AT_REQUESTS = (2, 3, 4)
"""The second one asks for the labels, the third for what changed; the fourth makes thirty contacts there."""


def test_killed_in_the_middle_of_a_sync_it_goes_on_and_nothing_is_lost_or_doubled(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    """Killed with a signal that cannot be caught, after so many requests, while every answer takes its time."""
    secrets = FakeSecrets()
    for number in range(PEOPLE):
        put_there(account, f"Theirs{number:02d}", f"+4420794600{number:02d}")
    with housed(tmp_path, practice, account, secrets) as house:
        house.choose_client(practice)
        house.connect()
        house.account.choose(replace(house.account.view.choices, every=60))
    for round_, requests in enumerate(AT_REQUESTS):
        with housed(tmp_path, practice, account, FakeSecrets()) as house:
            for number in range(PEOPLE):
                house.add(card(f"Mine{round_}{number:02d}", f"+4420794{round_ + 1}{number:04d}"))
        practice.fault("delay", path="/v1/", seconds=0.2, times=requests * 4)
        before = practice.log()
        killed(tmp_path, secrets, lambda: practice.log() >= before + requests)  # noqa: B023  # used at once
        practice.reset()
    with housed(tmp_path, practice, account, secrets) as house:
        house.until(lambda: len(names_there(account)) >= PEOPLE * (1 + len(AT_REQUESTS)), "everybody is there")
        house.sync(full=True)
        house.quiet()
        assert house.names() == names_there(account)
        assert len(set(house.names())) == len(house.names()) == PEOPLE * (1 + len(AT_REQUESTS))


def killed(folder: Path, secrets: FakeSecrets, when: Callable[[], bool]) -> None:
    """Run a house as a process, and kill it when it has come so far."""
    command = [sys.executable, "-m", "tests.e2e.house_process"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"folder": str(folder), "secrets": secrets.kept}) + "\n")
    process.stdin.flush()
    try:
        assert process.stdout.readline() == "up\n"
        end = time.monotonic() + 20.0
        while not when():
            assert time.monotonic() < end, "it never came so far"
    finally:
        process.kill()
        ended = process.wait(20)
        process.stdin.close()
        process.stdout.close()
    assert ended == -signal.SIGKILL
