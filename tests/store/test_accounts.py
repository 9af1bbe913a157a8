"""Accounts as the main thread sees them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ringdesk.domain.card import Card, Name
from ringdesk.domain.contact import Me, Origin
from ringdesk.domain.effects import Ask, Logged, PutAccount, Untouch
from ringdesk.domain.replica import Account, Question, Review
from ringdesk.store.replicas import AccountReplicas
from tests.store.kit import Opened

ACCOUNT = Account(id="google:42", kind="google", name="robin@example.com", settings='{"every": 5}')


@pytest.fixture
def worker(opened: Opened) -> Iterator[AccountReplicas]:
    """What the account's worker has in its hands."""
    reader = opened.store.reader()
    yield opened.store.replicas(ACCOUNT.id, reader)
    reader.close()


def test_with_a_new_account_every_contact_is_looked_at(opened: Opened, worker: AccountReplicas) -> None:
    made = opened.store.writes.add(Card(name=Name(given="Ana")), origin=Origin.HAND, owner=Me()).result()
    opened.store.accounts.keep(ACCOUNT).result()
    assert opened.store.accounts.all() == [ACCOUNT]
    assert worker.touched("", 9) == [made.id]


def test_what_is_chosen_and_what_is_looked_at_for_it_are_kept_together(opened: Opened, worker: AccountReplicas) -> None:
    """Seed 1063781: the disk failed between the two, and what the new choice let out was never sent."""
    made = opened.store.writes.add(Card(name=Name(given="Ana")), origin=Origin.HAND, owner=Me()).result()
    accounts = opened.store.accounts
    accounts.keep(ACCOUNT).result()
    worker.commit([Untouch(made.id, made.revision)])
    accounts.describe(ACCOUNT.id, "robin", "{}").result()
    assert worker.touched("", 9) == [], "a name is nothing to look at anybody for"
    accounts.describe(ACCOUNT.id, "robin", '{"way": 2}', anew=True).result()
    assert worker.touched("", 9) == [made.id]
    refusing = "CREATE TRIGGER refusing BEFORE INSERT ON touched BEGIN SELECT RAISE(ABORT, 'no more'); END"
    opened.store._writer.submit(lambda work: work.connection.run(refusing)).result()
    with pytest.raises(sqlite3.IntegrityError, match="no more"):
        accounts.describe(ACCOUNT.id, "robin", '{"way": 3}', anew=True).result()
    kept = accounts.get(ACCOUNT.id)
    assert kept is not None
    assert kept.settings == '{"way": 2}'


def test_the_worker_and_the_user_never_write_over_each_other(opened: Opened, worker: AccountReplicas) -> None:
    accounts = opened.store.accounts
    accounts.keep(ACCOUNT).result()
    read_before = worker.account()
    accounts.describe(ACCOUNT.id, "robin@example.org", '{"every": 60}').result()
    worker.commit([PutAccount(replace(read_before, cursor="c7", round=3))])
    accounts.keep(replace(ACCOUNT, name="r", settings="{}")).result()
    assert accounts.get(ACCOUNT.id) == replace(ACCOUNT, name="r", settings="{}", cursor="c7", round=3)


def test_questions_are_counted_by_kind_and_read_in_pages(opened: Opened, worker: AccountReplicas) -> None:
    accounts = opened.store.accounts
    accounts.keep(ACCOUNT).result()
    clashes = [Question(Review.CLASH, "c1", "people/1", field, at=at) for at, field in enumerate(("name", "note"))]
    worker.commit([Ask(one) for one in clashes] + [Ask(Question(Review.REMOVED, "c2", "people/2"))])
    assert accounts.waiting(ACCOUNT.id) == {Review.CLASH: 2, Review.REMOVED: 1}
    assert accounts.questions(ACCOUNT.id, Review.CLASH, 0, 1) == clashes[:1]
    assert accounts.questions(ACCOUNT.id, Review.CLASH, 1, 9) == clashes[1:]
    assert accounts.waiting("google:else") == {}


def test_a_sync_can_be_taken_back_once_it_has_changed_something(opened: Opened, worker: AccountReplicas) -> None:
    assert not opened.store.accounts.undoable(ACCOUNT.id)
    worker.commit([Logged(1, "c1", "people/1", Card(note="a"), None)])
    assert opened.store.accounts.undoable(ACCOUNT.id)
