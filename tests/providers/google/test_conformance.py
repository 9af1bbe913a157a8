"""Google does what every provider must, over a real socket, whichever way its open questions are answered."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from ringdesk.domain.card import Card
from ringdesk.domain.remote import Create
from ringdesk.providers.google.mapping import created
from tests.providers.google.practice import Practice
from tests.sync.conformance import CHECKS, Bench
from tests.sync.desk import SeededIds

WORLDS: dict[str, dict[str, object]] = {
    "best guess": {"propagation": [60.0, 300.0]},
    "other ways": {
        "batch": "per_element",
        "batch_order": "kept",
        "batch_delete_unknown": "ignore",
        "expired_token": "gone",
        "expired_token_details": False,
        "new_contacts": "no_group",
        "user_group_adds_my_contacts": True,
        "full_listing": "lags",
        "delta_shows": "replica",
        "paging": "cursor",
        "page_size_bound": True,
        "precondition_code": 403,
        "precondition_names": "person.metadata.sources.etag",
        "delta_totals": False,
        "group_etag_checked": True,
    },
}


def edited(card: Card) -> dict[str, object]:
    """A card as a person that somebody types in."""
    person = created(Create(op="", id="", card=card))
    return {field: items for field, items in person.items() if field not in ("clientData", "memberships")}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("world", WORLDS)
def test_google(check: Callable[[Bench], None], world: str, practice: Practice) -> None:
    practice.turn(**WORLDS[world])
    account = practice.account()
    book = account.book()
    check(
        Bench(
            book,
            SeededIds(Random(world)),
            edit=lambda remote, card: account.hand("edit", name=remote, person=edited(card)),
            delete=lambda remote: account.hand("delete", name=remote),
            later=lambda: practice.order("POST", "/clock", advance=600),
        )
    )
