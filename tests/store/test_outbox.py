"""The account's row, the outbox, questions, parked contacts and containers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.domain.card import Card, Name
from ringdesk.domain.effects import Ask, DropEntry, Park, PutAccount, PutContainers, PutEntry, Settle, Unpark
from ringdesk.domain.remote import Container
from ringdesk.domain.replica import Account, Entry, Intent, Parked, Question, Review
from ringdesk.store.replicas import AccountReplicas
from tests.store.kit import open_store


@pytest.fixture
def replicas(path: Path) -> Iterator[AccountReplicas]:
    opened = open_store(path)
    reader = opened.store.reader()
    yield opened.store.replicas("google:me", reader)
    reader.close()
    opened.store.close()


def test_an_account_comes_back_whole(replicas: AccountReplicas) -> None:
    assert replicas.account() == Account(id="google:me")
    one = Account(
        id="google:me",
        kind="google",
        name="me@example.com",
        settings="{}",
        cursor="c",
        form="f",
        round=3,
        full_at=1.5,
        reset=True,
        synced_at=2.5,
        outcome="o",
        approved=12,
    )
    replicas.commit([PutAccount(one)])
    assert replicas.account() == one
    replicas.commit([PutAccount(replace(one, cursor=None))])
    assert replicas.account().cursor is None


def test_the_outbox_keeps_order_and_content(replicas: AccountReplicas) -> None:
    first = Entry(
        id="b",
        contact="id-1",
        intent=Intent.UPDATE,
        remote="people/c1",
        base=Card(note="a"),
        sent=Card(name=Name(given="Ana")),
        mask=frozenset({"name", "note"}),
        at=1.0,
    )
    second = Entry(id="a", contact="id-2", intent=Intent.CREATE, sent=Card(note="n"), at=2.0, tries=1, absent=600.125)
    replicas.commit([PutEntry(second), PutEntry(first)])
    assert replicas.entries() == [first, second]
    assert replicas.entry_of("id-2") == second
    replicas.commit([DropEntry("b")])
    assert replicas.entries() == [second]
    assert replicas.entry_of("id-1") is None


def test_questions_are_asked_once_and_settled_by_kind(replicas: AccountReplicas) -> None:
    clash = Question(Review.CLASH, "id-1", "c1", "note", "", Card(note="theirs"), 1.0)
    doubt = Question(Review.DOUBTFUL, "id-1", "c2", at=2.0)
    other = Question(Review.DOUBTFUL, "id-1", "c3", at=3.0)
    replicas.commit([Ask(clash), Ask(doubt), Ask(other), Ask(replace(clash, at=4.0))])
    assert replicas.questions() == [doubt, other, replace(clash, at=4.0)]
    replicas.commit([Settle("id-1", frozenset({Review.DOUBTFUL}), remote="c2")])
    assert replicas.questions(Review.DOUBTFUL) == [other]
    assert replicas.questions(contact="nobody") == []
    replicas.commit([Settle("id-1", frozenset({Review.CLASH}), field="name")])
    assert len(replicas.questions(Review.CLASH, "id-1")) == 1
    replicas.commit([Settle("id-1", frozenset(Review))])
    assert replicas.questions() == []


def test_a_parked_contact_waits(replicas: AccountReplicas) -> None:
    waits = Parked("id-1", 4, 12.5, 2)
    replicas.commit([Park(waits)])
    assert replicas.parked("id-1") == waits
    replicas.commit([Park(replace(waits, until=None)), Unpark("id-2")])
    assert replicas.parked("id-1") == replace(waits, until=None)
    replicas.commit([Unpark("id-1")])
    assert replicas.parked("id-1") is None


def test_containers_are_replaced_whole(replicas: AccountReplicas) -> None:
    one, other = Container("g/1", "Clients", members=3), Container("all", "My contacts", system=True)
    replicas.commit([PutContainers((one, other))])
    assert set(replicas.containers()) == {one, other}
    replicas.commit([PutContainers((replace(one, name="Customers"),))])
    assert replicas.containers() == [replace(one, name="Customers")]
