"""A Google account in the whole program but for its windows: connect, set up, rehearse, sync, part, come back."""

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
from urllib.parse import parse_qs, urlsplit

import pytest

from ringdesk.app.logs import quiet_others
from ringdesk.desk.accounts import Dead, Quiet, Running, Waiting
from ringdesk.desk.connecting import Connected, Failed, Unconnected, labelled
from ringdesk.desk.holders import Holder
from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.remote import Death
from ringdesk.domain.replica import Choice, Clash, GoneThere, Policy, Review
from ringdesk.domain.signing import Ending, Keeping
from ringdesk.domain.sockets import SecretsUnavailable
from ringdesk.domain.syncing import Disconnected, Phase
from tests.e2e.house import House, housed, names_there
from tests.fakes import FakeSecrets
from tests.providers.google.practice import Account, Practice, practising
from tests.providers.google.test_signin import Visitor, consent

SLACK = 1.0
"""Seconds that a busy machine may add."""


@pytest.fixture(scope="module")
def running() -> Iterator[Practice]:
    with practising("--real-clock") as one:
        yield one


@pytest.fixture
def practice(running: Practice) -> Iterator[Practice]:
    running.reset()
    yield running
    running.reset()


@pytest.fixture
def account(practice: Practice) -> Account:
    return practice.account()


def card(given: str, *numbers: str, **more: Any) -> Card:
    return Card(name=Name(given=given), phones=tuple(PhoneEntry(number, "work") for number in numbers), **more)


def person(given: str, *numbers: str) -> dict[str, Any]:
    return {"names": [{"givenName": given}], "phoneNumbers": [{"value": number} for number in numbers]}


def put_there(account: Account, given: str, *numbers: str, label: str = "") -> str:
    name: str = account.hand("create", person=person(given, *numbers))
    if label:
        account.hand("label", name=name, label=label)
    return name


def test_from_nothing_to_connected_with_edits_on_both_sides(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    ana = put_there(account, "Ana", "+442079460001")
    put_there(account, "Ben")
    with housed(tmp_path, practice, account) as house:
        cyd = house.add(card("Cyd", "+442079460003"))
        assert house.view == Unconnected(None)
        house.choose_client(practice)
        setting_up = house.sign_in()
        assert setting_up.name == account.email
        assert setting_up.survey is not None
        assert (setting_up.survey.contacts, setting_up.survey.with_phones, setting_up.survey.mine) == (2, 1, 1)
        rehearsed = house.rehearse()
        assert rehearsed.would.counts == {"added here": 2, "added there": 1}
        assert (house.names(), names_there(account)) == (["Cyd"], ["Ana", "Ben"])
        house.google.accept()
        house.until(lambda: house.account.view.last is not None, "the first round")
        assert house.names() == names_there(account) == ["Ana", "Ben", "Cyd"]
        house.edit(cyd, card("Cyd", "+442079460003", "+442079460004"))
        account.hand("edit", name=ana, person=person("Anabel", "+442079460001"))
        house.quiet()
        house.sync()
        assert house.names() == names_there(account) == ["Anabel", "Ben", "Cyd"]


def test_an_edit_here_is_sent_within_two_seconds(tmp_path: Path, practice: Practice, account: Account) -> None:
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        house.connect()
        begun = time.monotonic()
        house.add(card("Ana", "+442079460001"))
        house.until(lambda: names_there(account) == ["Ana"], "the new contact is there")
        assert time.monotonic() - begun < 2.0 + SLACK


def test_of_a_chosen_label_come_its_members_and_nothing_else_goes(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    account.hand("create_label", label="Clients")
    put_there(account, "Ana", "+442079460001", label="Clients")
    put_there(account, "Ben", "+442079460002")
    with housed(tmp_path, practice, account) as house:
        mine = house.add(card("Cyd", "+442079460003"))
        house.choose_client(practice)
        setting_up = house.sign_in()
        assert setting_up.survey is not None
        [clients] = setting_up.survey.labels
        assert (clients.name, clients.contacts, clients.with_phones) == ("Clients", 1, 1)
        rehearsed = house.rehearse(labelled(setting_up.choices, [clients]))
        assert rehearsed.would.counts == {"added here": 1}
        house.google.accept()
        house.until(lambda: house.account.view.last is not None, "the first round")
        assert (house.names(), names_there(account)) == (["Ana", "Cyd"], ["Ana", "Ben"])
        house.edit(mine, replace(mine.card, groups=("Clients",)))
        house.until(lambda: "Cyd" in names_there(account), "what is put into the label goes there")
        house.quiet()
        wider = replace(house.account.view.choices, policy=Policy())
        house.account.choose(wider)
        house.until(lambda: "Ben" in house.names(), "with all labels chosen, the others come")
        assert house.names() == names_there(account)


def test_cancel_after_the_rehearsal_leaves_everything_as_it_was(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    put_there(account, "Ana")
    secrets = FakeSecrets()
    with housed(tmp_path, practice, account, secrets) as house:
        house.add(card("Cyd"))
        house.choose_client(practice)
        house.sign_in()
        assert len(secrets.kept) == 1
        before = practice.log()
        house.rehearse()
        house.google.cancel()
        house.until(lambda: isinstance(house.view, Unconnected), "not connected")
        assert house.view == Unconnected(house.accounts.client())
        assert not [one for one in practice.since(before) if one["committed"] and one["verb"] != "GET"]
        assert (house.names(), names_there(account), secrets.kept) == (["Cyd"], ["Ana"], {})
        assert house.store.accounts.all() == []
        practice.order("POST", "/consent", kind="allow", account=account.email)
        house.connect()
        assert house.names() == names_there(account) == ["Ana", "Cyd"]


def test_parting_and_coming_back_makes_no_duplicate(tmp_path: Path, practice: Practice, account: Account) -> None:
    ana = put_there(account, "Ana", "+442079460001")
    put_there(account, "Ben", "+442079460002")
    secrets = FakeSecrets()
    with housed(tmp_path, practice, account, secrets) as house:
        house.add(card("Cyd", "+442079460003"))
        house.choose_client(practice)
        house.connect()
        [one] = [one for one in house.contacts() if one.card.name.given == "Ana"]
        assert house.accounts.holders(one.id) == [Holder("google", account.email, loses=True)]
        house.account.disconnect()
        house.until(lambda: isinstance(house.view, Unconnected), "disconnected")
        assert house.accounts.holders(one.id) == house.accounts.connected == []
        assert [one.revoked for one in house.news if isinstance(one, Disconnected)] == [True]
        assert (secrets.kept, house.names()) == ({}, ["Ana", "Ben", "Cyd"])
        account.hand("edit", name=ana, person=person("Anabel", "+442079460001"))
        [cyd] = [one for one in house.contacts() if one.card.name.given == "Cyd"]
        house.edit(cyd, card("Cydney", "+442079460003"))
        house.add(card("Dan", "+442079460004"))
        practice.order("POST", "/consent", kind="allow", account=account.email)
        setting_up = house.sign_in()
        assert setting_up.name == account.email
        assert house.rehearse().would.counts == {"changed here": 1, "changed there": 1, "added there": 1}
        house.google.accept()
        house.until(lambda: house.account.view.last is not None, "a round")
        house.quiet()
        assert house.names() == names_there(account) == ["Anabel", "Ben", "Cydney", "Dan"]


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


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("revoked", Dead(Death.REVOKED, "revoked")),
        ("idle", Dead(Death.REVOKED, "revoked")),
        ("admin_policy", Dead(Death.POLICY, "invalid_rapt")),
    ],
)
def test_a_dead_permission_is_told_and_after_reconnecting_everything_goes_on(
    tmp_path: Path, practice: Practice, account: Account, cause: str, told: Dead
) -> None:
    secrets = FakeSecrets()
    with housed(tmp_path, practice, account, secrets) as house:
        house.choose_client(practice)
        house.connect()
    practice.order("POST", "/kill", account=account.email, cause=cause)
    with housed(tmp_path, practice, account, secrets) as house:
        house.add(card("Ana"))
        house.until(lambda: isinstance(house.account.view.status, Dead), "the death is told")
        assert house.account.view.status == told
        house.add(card("Ben"))
        assert names_there(account) == []
        house.google.reconnect()
        house.until(lambda: names_there(account) == ["Ana", "Ben"], "edits that waited have gone")
        house.quiet()
        assert house.names() == ["Ana", "Ben"]


def test_connecting_again_as_somebody_else_is_refused_and_takes_that_permission_back(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    other, secrets = practice.account(), FakeSecrets()
    with housed(tmp_path, practice, account, secrets) as house:
        house.choose_client(practice)
        house.connect()
        kept = dict(secrets.kept)
        practice.order("POST", "/consent", kind="allow", account=other.email)
        house.google.reconnect()
        failed = Connected(failed=Failed(Ending.OTHER_ACCOUNT, other.email))
        house.until(lambda: house.view == failed, "the other account is refused")
        assert secrets.kept == kept


def test_a_session_without_a_keyring_says_so_and_asks_again_after_the_next_start(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    put_there(account, "Ana")
    with housed(tmp_path, practice, account, FakeSecrets(trusted=False)) as house:
        house.choose_client(practice)
        house.connect()
        assert house.account.view.keeping is Keeping.SESSION
    with housed(tmp_path, practice, account, FakeSecrets(trusted=False)) as house:
        house.until(lambda: isinstance(house.account.view.status, Dead), "the permission is gone")
        assert house.account.view.status == Dead(Death.NO_SECRET, "no_secret")
        house.google.reconnect()
        house.until(lambda: isinstance(house.account.view.status, Quiet), "connected again")
        assert house.names() == ["Ana"]


def test_after_a_restart_the_status_says_what_the_last_round_did(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    put_there(account, "Ana")
    secrets = FakeSecrets()
    with housed(tmp_path, practice, account, secrets) as house:
        house.choose_client(practice)
        house.connect()
        done = house.account.view.last
        assert done is not None
    with housed(tmp_path, practice, account, secrets) as house:
        assert house.account.view.last == done
        house.until(lambda: house.account.view.last != done, "the round at the start")
        assert house.accounts.client() is not None


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


def test_the_last_sync_is_taken_back_at_google_too(tmp_path: Path, practice: Practice, account: Account) -> None:
    ana = put_there(account, "Ana", "+442079460001")
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        house.connect()
        house.account.choose(replace(house.account.view.choices, every=None))
        house.quiet()
        [here] = house.contacts()
        house.add(card("Cyd", "+442079460003"))
        house.edit(here, replace(here.card, note="Likes tea"))
        account.hand("edit", name=ana, person=person("Anabel", "+442079460001"))
        house.sync()
        assert (house.names(), names_there(account)) == (["Anabel", "Cyd"], ["Anabel", "Cyd"])
        assert house.account.view.undoable
        house.account.undo()
        house.until(lambda: house.account.view.undone is not None, "it is taken back")
        assert house.account.view.undone is not None
        assert house.account.view.undone.counts == {"changed back": 1, "deleted there": 1}
        house.until(lambda: names_there(account) == ["Anabel"], "what went there has gone again")
        house.until(lambda: isinstance(house.account.view.status, Quiet), "the round is over")
        assert house.names() == ["Ana", "Cyd"]
        assert house.get(here.id).card.note == ""
        assert "biographies" not in account.dump()["contacts"][ana]
        before = [one["method"] for one in practice.since(practice.log()) if one["verb"] != "GET"]
        house.sync(full=True)
        assert (house.names(), names_there(account)) == (["Ana", "Cyd"], ["Anabel"])
        assert before == []


def test_a_deletion_at_google_is_asked_about_and_the_answer_is_carried_out(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    names = [put_there(account, given, f"+44207946000{number}") for number, given in enumerate(("Ana", "Ben", "Cyd"))]
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        house.connect()
        for name in names:
            account.hand("delete", name=name)
        house.sync()
        assert house.account.view.waiting == {Review.REMOVED: 3}
        assert house.account.view.last is not None
        assert house.account.view.last.questions == 3
        rows = {row.here.card.name.given: row for row in house.account.reviews(Review.REMOVED) if row.here is not None}
        house.account.answer(rows["Ana"].question, Choice.DELETE)
        house.account.answer(rows["Ben"].question, Choice.KEEP)
        house.account.answer(rows["Cyd"].question, Choice.CREATE)
        house.until(lambda: names_there(account) == ["Cyd"], "one is made again there")
        house.until(lambda: house.account.view.waiting == {}, "nothing is asked any more")
        house.quiet()
        assert (house.names(), names_there(account)) == (["Ben", "Cyd"], ["Cyd"])


def test_clashes_and_doubtful_matches_wait_for_the_user(tmp_path: Path, practice: Practice, account: Account) -> None:
    ana = put_there(account, "Ana", "+442079460001")
    with housed(tmp_path, practice, account) as house:
        house.add(card("Zoe", "+442079460001"))
        house.choose_client(practice)
        setting_up = house.sign_in()
        house.connect_from(replace(setting_up.choices, policy=Policy(clash=Clash.ASK), every=None))
        assert house.account.view.waiting == {Review.DOUBTFUL: 1}
        [row] = house.account.reviews(Review.DOUBTFUL)
        assert row.here is not None
        assert row.question.theirs is not None
        assert (row.here.card.name.given, row.question.theirs.name.given) == ("Zoe", "Ana")
        house.account.answer(row.question, Choice.SAME)
        house.until(lambda: Review.DOUBTFUL not in house.account.view.waiting, "the match is settled")
        house.quiet()
        [zoe] = house.contacts()
        account.hand("edit", name=ana, person=person("Anabel", "+442079460001"))
        house.edit(zoe, replace(zoe.card, name=Name(given="Zoe Maria")))
        house.sync()
        clashes = {row.question.field: row.question for row in house.account.reviews(Review.CLASH)}
        assert set(clashes) == {"name", "phones"}  # the number is "work" here and has no label there
        house.account.answer(clashes["name"], Choice.THEIRS)
        house.account.answer(clashes["phones"], Choice.MINE)
        house.until(lambda: house.names() == ["Anabel"], "theirs is taken")
        house.until(lambda: house.account.view.waiting == {}, "nothing is asked any more")
        assert [change.new for change in house.store.reads.changes(zoe.id) if change.field == "name"]


def test_too_many_deletions_wait_for_the_user(tmp_path: Path, practice: Practice, account: Account) -> None:
    names = [put_there(account, f"P{number:02d}", f"+4420794600{number:02d}") for number in range(20)]
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        setting_up = house.sign_in()
        house.connect_from(replace(setting_up.choices, policy=Policy(gone_there=GoneThere.DELETE)))
        for name in names[:15]:
            account.hand("delete", name=name)
        house.sync()
        assert house.account.view.guarded == 15
        assert len(house.names()) == 20
        last = house.account.view.last
        assert last is not None
        assert sorted(name for _, _, name in last.guarded) == [f"P{number:02d}" for number in range(15)]
        house.account.approve(kept=[id for _, id, name in last.guarded if name == "P03"])
        house.until(lambda: len(house.names()) == 6, "they go once the user has said so")
        house.until(lambda: house.account.view.guarded == 0, "nothing waits any more")
        assert "P03" in house.names()
        assert "P03" not in names_there(account)


def test_a_value_of_the_past_put_back_with_one_click_is_synced(
    tmp_path: Path, practice: Practice, account: Account
) -> None:
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        house.connect()
        ana = house.add(card("Ana", "+442079460001"))
        house.until(lambda: names_there(account) == ["Ana"], "she is there")
        house.quiet()  # what the account answered is kept, so that nobody saves between reading and writing
        house.edit(ana, card("Anabel", "+442079460001"))
        house.until(lambda: names_there(account) == ["Anabel"], "she is renamed there")
        [change] = [one for one in house.store.reads.changes(ana.id) if one.field == "name"]
        house.store.writes.restore(ana.id, change.id).result()
        house.until(lambda: names_there(account) == ["Ana"], "the old name is there again")
        house.quiet()


def test_an_opened_contact_is_read_anew(tmp_path: Path, practice: Practice, account: Account) -> None:
    ana = put_there(account, "Ana", "+442079460001")
    with housed(tmp_path, practice, account) as house:
        house.choose_client(practice)
        house.connect()
        [here] = house.contacts()
        account.hand("edit", name=ana, person=person("Anabel", "+442079460001"))
        before = practice.log()
        house.accounts.triggers.opened(here.id)
        house.accounts.triggers.opened(here.id)
        house.until(lambda: house.names() == ["Anabel"], "the contact is as it is there")
        assert [one["method"] for one in practice.since(before)] == ["people.get"]


def test_no_token_and_no_code_is_left_in_any_file_or_log(
    tmp_path: Path, practice: Practice, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    """The keyring's secret, and whatever was exchanged for it, are looked for in everything that was written."""
    caplog.set_level("DEBUG")
    quiet_others()
    secrets = FakeSecrets()
    with housed(tmp_path, practice, account, secrets) as house:
        house.choose_client(practice)
        house.connect()
        house.add(card("Ana"))
        house.until(lambda: names_there(account) == ["Ana"], "she is there")
        shared = [
            value[0]
            for address in house.visitor.addresses
            for name, value in parse_qs(urlsplit(address).query).items()
            if name in ("state", "code_challenge")
        ]
        wanted = [*secrets.kept.values(), *shared]
        assert len(wanted) == 3
        texts = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
        assert any(file.name == "ringdesk.db" for file in texts)
        for secret in wanted:
            assert [str(file) for file, text in texts.items() if secret.encode() in text] == []
            assert secret not in caplog.text
        argv = Path("/proc/self/cmdline").read_bytes() + Path("/proc/self/environ").read_bytes()
        assert not [secret for secret in wanted if secret.encode() in argv]


def test_a_keyring_that_is_locked_is_waited_for(tmp_path: Path, practice: Practice, account: Account) -> None:
    secrets = FakeSecrets()
    with housed(tmp_path, practice, account, secrets) as house:
        house.choose_client(practice)
        house.connect()
    locked = Locked()
    locked.kept = secrets.kept
    with housed(tmp_path, practice, account, locked) as house:
        house.add(card("Ana"))
        house.until(lambda: isinstance(house.account.view.status, Waiting), "it waits for the keyring")
        status = house.account.view.status
        assert isinstance(status, Waiting)
        assert status.detail == "keyring locked"
        assert names_there(account) == []
        locked.open = True
        house.account.sync_now()
        house.until(lambda: names_there(account) == ["Ana"], "the edit that waited has gone")


class Locked(FakeSecrets):
    """A keyring that is locked at first."""

    open = False

    def get(self, key: str) -> str | None:
        if not self.open:
            raise SecretsUnavailable("locked")
        return super().get(key)
