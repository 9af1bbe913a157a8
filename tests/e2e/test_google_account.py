"""A Google account in the whole program but for its windows: connect, set up, rehearse, sync, part, come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ringdesk.desk.connecting import Unconnected
from ringdesk.domain.card import Card, Name, PhoneEntry
from tests.e2e.house import housed, names_there
from tests.providers.google.practice import Account, Practice, practising


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
