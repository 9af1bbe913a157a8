"""The team directory behind the engine's socket: the conformance suite, and what is special about sharing."""

from __future__ import annotations

import gc
from collections.abc import Callable
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from ringdesk.domain.card import Birthday, Card, Name, PhoneEntry
from ringdesk.domain.contact import Coworker, Me, Unclaimed
from ringdesk.domain.remote import (
    Claim,
    Conflict,
    Create,
    Delete,
    Gone,
    Ok,
    Refused,
    RemoteContact,
    RemoteGone,
    RemoteItem,
    Retry,
    Unclear,
    Update,
    Withdraw,
)
from ringdesk.domain.team import BY_CHOICE
from ringdesk.providers.team import rows, wire
from ringdesk.providers.team.book import TeamBook
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.link import LocalServer
from tests.postgres import Team
from tests.providers.team.aid import is_a, new_id, number, one, seat
from tests.sync.conformance import CHECKS, Bench, pulled
from tests.sync.desk import SeededIds

pytestmark = pytest.mark.postgres
EVERYTHING = frozenset(BY_CHOICE)


def book_of(team: Team, login: str, chosen: frozenset[str] = frozenset(), page: int = 1000) -> TeamBook:
    book = TeamBook(seat(team, login), region=lambda: "ES", chosen=lambda: chosen, page=page)
    team.closing(book.close)
    return book


def current(directory: Directory, id: str) -> RemoteContact:
    return is_a(TeamBook(directory, region=lambda: "ES").fetch([id])[0], RemoteContact)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("page", [2, 1000])
def test_the_directory_does_what_every_provider_must(team: Team, check: Callable[[Bench], None], page: int) -> None:
    bob, other = seat(team, "bob"), seat(team, "alice")

    def edit(id: str, card: Card) -> None:
        rev = int(current(bob, id).etag)
        assert isinstance(one(bob, wire.Edit(new_id(), id, rev, wire.Content(card))), wire.Ok)

    def delete(id: str) -> None:
        assert isinstance(one(other, wire.Delete(new_id(), id)), wire.Ok)

    book = book_of(team, "alice", EVERYTHING, page)
    check(Bench(book, SeededIds(Random(1)), edit=edit, delete=delete, later=lambda: None))


def test_a_page_is_waited_for_with_the_collector_and_read_without(team: Team) -> None:
    book = book_of(team, "alice", page=1)
    for given in ("Ana", "Berta"):
        shared(book, Card(name=Name(given=given)))
    waits, reads = Directory.pull, TeamBook._item
    waiting, reading = list[bool](), list[bool]()

    def pull(directory: Directory, *asked: Any) -> rows.Page:
        waiting.append(gc.isenabled())
        return waits(directory, *asked)

    def read(book: TeamBook, row: rows.Item, *, full: bool) -> RemoteItem | None:
        reading.append(gc.isenabled())
        return reads(book, row, full=full)

    with patch.object(Directory, "pull", pull), patch.object(TeamBook, "_item", read):
        assert sum(len(page.items) for page in book.pull(None)) == 2
    assert all(waiting)
    assert reading
    assert not any(reading)
    assert gc.isenabled()


def shared(book: TeamBook, card: Card) -> RemoteContact:
    (result,) = book.push([Create(op=new_id(), id=new_id(), card=card)])
    return is_a(is_a(result, Ok).item, RemoteContact)


ANA = Card(
    name=Name(given="Ana"), phones=(PhoneEntry("600 111 222", "mobile"),), note="walrus", birthday=Birthday(2, 3)
)


def test_nothing_leaves_but_what_is_shown(team: Team) -> None:
    item = shared(book_of(team, "alice"), ANA)
    [seen], _ = pulled(book_of(team, "bob"), None)
    seen = is_a(seen, RemoteContact)
    assert seen.card == Card(name=ANA.name, phones=ANA.phones)
    assert seen.owner == Coworker("alice")
    assert seen.shared
    assert item.owner == Me()


def test_what_is_not_shown_any_more_is_taken_out(team: Team) -> None:
    item = shared(book_of(team, "alice", frozenset({"note"})), ANA)
    assert current(seat(team, "bob"), item.remote).card.note == "walrus"
    alice = book_of(team, "alice")
    [mine], _ = pulled(alice, None)
    assert is_a(mine, RemoteContact).card.note == ""
    assert current(seat(team, "bob"), item.remote).card.note == ""
    assert b"walrus" not in team.dump("--table=rd.contact")


def test_only_the_owner_withdraws_and_deletes(team: Team) -> None:
    alice, bob = book_of(team, "alice"), book_of(team, "bob")
    item = shared(alice, ANA)
    withdraw = Withdraw(op=new_id(), remote=item.remote, etag=item.etag)
    delete = Delete(op=new_id(), remote=item.remote, etag=item.etag)
    assert bob.push([withdraw, delete]) == [Refused("owner"), Refused("owner")]
    assert alice.push([withdraw]) == [Ok(None)]
    assert bob.fetch([item.remote]) == [RemoteGone(item.remote)]
    assert pulled(bob, None)[0] == []


def test_a_coworkers_edit_keeps_what_it_does_not_name(team: Team) -> None:
    alice, bob = book_of(team, "alice", frozenset({"note"})), book_of(team, "bob")
    item = shared(alice, ANA)
    [seen], _ = pulled(bob, None)
    seen = is_a(seen, RemoteContact)
    edit = Update(
        op=new_id(), remote=seen.remote, etag=seen.etag, card=Card(name=Name(given="Eva")), mask=frozenset({"name"}),
        raw=seen.raw,
    )  # several to a line  # fmt: skip
    is_a(bob.push([edit])[0], Ok)
    now = current(seat(team, "alice"), item.remote)
    assert (now.card.name.given, now.card.note, now.card.phones) == ("Eva", "walrus", ANA.phones)
    assert now.owner == Me()
    stale = Update(op=new_id(), remote=item.remote, etag=item.etag, card=ANA, mask=frozenset({"name"}), raw=item.raw)
    assert is_a(alice.push([stale])[0], Conflict).item.card.name.given == "Eva"


def test_two_claim_one_wins_and_the_other_hears_who(team: Team) -> None:
    seat(team, "alice").department_call("Sales", number("34600111222"))
    alice, bob = book_of(team, "alice"), book_of(team, "bob")
    [item], _ = pulled(bob, None)
    item = is_a(item, RemoteContact)
    assert item.owner == Unclaimed("Sales")
    mine, theirs = (Claim(op=new_id(), remote=item.remote, etag=item.etag, card=None) for _ in range(2))
    assert alice.push([mine]) == [Ok(None)]
    assert bob.push([theirs]) == [Refused("claimed", "alice")]
    assert pulled(alice, None)[0] == []


def test_a_new_department_lists_everything_anew(team: Team) -> None:
    seat(team, "bob").department_call("Support", number("34600111222"))
    alice = book_of(team, "alice")
    items, cursor = pulled(alice, None)
    assert items == []
    team.department("Support", "alice", "bob", "carol")
    pages = list(alice.pull(cursor))
    assert all(page.full for page in pages)
    assert [item.remote for page in pages for item in page.items]


def test_an_operation_that_broke_off_is_done_once(team: Team) -> None:
    """The server ends the connection between two operations: the desk does not notice until it sends."""
    alice = book_of(team, "alice")
    item = shared(alice, ANA)
    team.setup.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'alice'")
    (result,) = alice.push([Withdraw(op=new_id(), remote=item.remote, etag=item.etag)])
    assert result == Ok(None)


def test_without_a_server_nothing_was_sent(team: Team) -> None:
    nowhere = LocalServer(str(team.cluster.folder / "nowhere"), team.name)
    book = TeamBook(Directory(nowhere, "alice", "secret"), region=lambda: "ES")
    with pytest.raises(Retry):
        book.push([Create(op=new_id(), id=new_id(), card=ANA)])
    with pytest.raises(Retry):
        list(book.pull(None))


def test_what_is_not_there_is_gone(team: Team) -> None:
    alice = book_of(team, "alice")
    missing = new_id()
    assert alice.fetch([missing, "no id"]) == [RemoteGone(missing), RemoteGone("no id")]
    (result,) = alice.push([Withdraw(op=new_id(), remote=missing, etag="1")])
    assert result in (Gone(), Unclear())
