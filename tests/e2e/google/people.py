"""People at both sides, for the tests of a Google account in the whole program."""

from __future__ import annotations

from typing import Any

from ringdesk.domain.card import Card, Name, PhoneEntry
from tests.providers.google.practice import Account

SLACK = 1.0
"""Seconds that a busy machine may add."""


def card(given: str, *numbers: str, **more: Any) -> Card:
    return Card(name=Name(given=given), phones=tuple(PhoneEntry(number, "work") for number in numbers), **more)


def person(given: str, *numbers: str) -> dict[str, Any]:
    return {"names": [{"givenName": given}], "phoneNumbers": [{"value": number} for number in numbers]}


def put_there(account: Account, given: str, *numbers: str, label: str = "") -> str:
    name: str = account.hand("create", person=person(given, *numbers))
    if label:
        account.hand("label", name=name, label=label)
    return name
