"""Calls that the team has to hear of: what changes while one is being told is told too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.domain.contact import Contact, Me, Origin
from ringdesk.domain.effects import PutAccount
from ringdesk.domain.replica import Account
from ringdesk.store.joined import Joined, WorkerSides
from tests.store.kit import REGION, Clock, Ids, Opened, card
from tests.store.test_calls import ANA, record

LATER = 1_800_000_000.0


@pytest.fixture
def sides(opened: Opened, tmp_path: Path) -> Iterator[WorkerSides]:
    shared = tmp_path / "shared.db"
    joined = Joined(
        opened.store, shared, region=REGION, clock=Clock(), ids=Ids(), send_news=opened.news.append, inline=True
    )
    found = joined.worker()
    found.replicas.commit([PutAccount(Account(id="team", kind="team", name="Team"))])
    yield found
    found.close()
    joined.close()


@pytest.fixture
def ana(opened: Opened, sides: WorkerSides) -> Contact:
    return opened.store.writes.add(card("Ana", "600111222"), origin=Origin.HAND, owner=Me(), shared=True).result()


def log(opened: Opened, ana: Contact) -> None:
    call = replace(record("a", LATER, ANA), contact=ana.id)
    opened.store.call_writes.log(call).result()


def note(opened: Opened, ana: Contact) -> None:
    opened.store.writes.add_note(ana.id, "asked for the offer", "a").result()


def untick(opened: Opened, ana: Contact) -> None:
    opened.store.writes.share([ana.id], False).result()


def keep_private(opened: Opened, ana: Contact) -> None:
    opened.store.call_writes.keep_private("a", True).result()


def earlier(opened: Opened, ana: Contact) -> None:
    opened.store.call_writes.show_earlier(ana.id, True).result()


def test_a_call_that_was_told_waits_no_more(opened: Opened, sides: WorkerSides, ana: Contact) -> None:
    log(opened, ana)
    [due] = sides.waits.calls(9)
    assert (due.contact, due.note, due.told) == (ana.id, "", "")
    sides.waits.call_told("a", "digest")
    assert sides.waits.calls(9) == []


@pytest.mark.parametrize("change", [note, untick, keep_private, earlier])
def test_what_changes_while_a_call_is_told_is_told_too(
    opened: Opened, sides: WorkerSides, ana: Contact, change: Callable[[Opened, Contact], None]
) -> None:
    log(opened, ana)
    assert len(sides.waits.calls(9)) == 1
    change(opened, ana)
    sides.waits.call_told("a", "digest")
    [due] = sides.waits.calls(9)
    assert due.told == "digest"
    sides.waits.call_told("a", "another")
    assert sides.waits.calls(9) == []
