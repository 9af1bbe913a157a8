"""A Google account in the whole program but for its windows: connect, set up, rehearse, sync, part, come back."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from ringdesk.app.logs import quiet_others
from ringdesk.desk.accounts import Dead, Quiet, Waiting
from ringdesk.desk.connecting import Connected, Failed, Unconnected, labelled
from ringdesk.desk.holders import Holder
from ringdesk.domain.remote import Death
from ringdesk.domain.replica import Policy
from ringdesk.domain.signing import Ending, Keeping
from ringdesk.domain.sockets import SecretsUnavailable
from ringdesk.domain.syncing import Disconnected
from tests.e2e.google.people import SLACK, card, person, put_there
from tests.e2e.house import housed, names_there
from tests.fakes import FakeSecrets
from tests.providers.google.practice import Account, Practice


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
