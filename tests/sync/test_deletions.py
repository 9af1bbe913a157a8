"""Deletions in an account that deletes whatever lies there: each is sent right after a look at its contact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.domain.card import Card, CustomField, Organization, PhoneEntry
from ringdesk.domain.remote import Capabilities, Retry
from ringdesk.domain.replica import Direction
from tests.sync.kit import Pair, card

LARGE = 9
"""More than go one by one."""


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """An account as Google's: no etag guards a deletion, and a few go one by one."""
    able = Capabilities(
        create_batch=50,
        update_batch=50,
        delete_batch=50,
        fetch_batch=50,
        small_batch=5,
        guarded_deletes=False,
        cursor_life=9e9,
    )
    made = Pair(tmp_path, able)
    yield made
    made.close()


def deleted_here(pair: Pair, count: int) -> list[str]:
    """Contacts that are deleted here and still lie there; gives their ids there."""
    held = [pair.server.add(card(f"N{number}", f"+3460000000{number}")).remote for number in range(count)]
    pair.sync()
    pair.desk.delete(*(contact.id for contact in pair.desk.contacts()))
    return held


def edited_meanwhile(pair: Pair, remotes: Sequence[str]) -> list[str]:
    """While the first of these is deleted, somebody edits the others; gives the kinds of all requests."""
    asked: list[str] = []

    def between(what: str) -> None:
        asked.append(what)
        if what == "push delete" and asked.count(what) == 1:
            for remote in {*remotes} - pair.book.changing:
                pair.server.edit(remote, replace(pair.server.held[remote].card, note="by hand"))

    pair.book.between = between
    return asked


def test_an_edit_made_while_another_one_was_deleted_keeps_its_contact(pair: Pair) -> None:
    """Seed 907097: a look for all, then a request for each: what was entered meanwhile went with its contact."""
    edited_meanwhile(pair, deleted_here(pair, 2))
    pair.sync()
    pair.settled()
    [held] = pair.server.held.values()
    [contact] = pair.desk.contacts()
    assert contact.card.note == held.card.note == "by hand"


def test_an_edit_made_while_a_busy_account_was_waited_for_keeps_its_contact(pair: Pair) -> None:
    """A deletion that the account had no time for was sent again without another look."""
    [remote] = deleted_here(pair, 1)
    push, refused = pair.book.push, [Retry("busy")]

    def busy(ops: object) -> object:
        if refused:
            pair.server.edit(remote, replace(pair.server.held[remote].card, note="by hand"))
            raise refused.pop()
        return push(ops)  # type: ignore[arg-type]  # handed on as it came

    pair.book.push = busy  # type: ignore[assignment, method-assign]  # the test puts its own in this place
    pair.sync()
    pair.settled()
    assert pair.here("N0").card.note == pair.there("N0").card.note == "by hand"


def test_many_are_deleted_in_one_request_after_one_look(pair: Pair) -> None:
    asked = edited_meanwhile(pair, deleted_here(pair, LARGE)[:0])
    pair.sync()
    assert asked[-2:] == ["fetch", "push delete"]
    assert asked.count("push delete") == 1
    assert not pair.server.held


def test_few_that_are_left_of_many_are_looked_at_once_more(pair: Pair) -> None:
    """Of many that were looked at together most had changed there, so that the rest went one by one."""
    remotes = deleted_here(pair, LARGE)
    pair.server.delay = lambda: 5000.0
    for remote in remotes[2:]:
        pair.server.edit(remote, replace(pair.server.held[remote].card, note="by hand"))
    edited_meanwhile(pair, remotes[:2])
    pair.sync()
    assert [held.card.note for held in pair.server.held.values()] == ["by hand"] * (LARGE - 1)


@pytest.mark.parametrize("seen", [True, False], ids=["seen by a round before", "edited since"])
@pytest.mark.parametrize("by_hand", ["phone", "note"])
def test_a_phone_that_never_came_here_keeps_its_contact_there(pair: Pair, *, by_hand: str, seen: bool) -> None:
    """Seeds 930639 and 931715: synced only to the account, and others' phones went with what was deleted here."""
    pair.set(direction=Direction.TO)
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    [remote] = pair.server.held
    more = ("+34600333444",) if by_hand == "phone" else ()
    pair.server.edit(remote, card("Ana", "+34600111222", *more, note="by hand"))
    if seen:
        pair.sync()
    pair.desk.delete(pair.here("Ana").id)
    pair.settled()
    assert pair.names() == []
    assert pair.names_there() == (["Ana"] if by_hand == "phone" else [])


def posts(*titles: str) -> Card:
    """A contact with posts at one firm."""
    return card("Ana", "+34600111222", organizations=tuple(Organization("Acme", title) for title in titles))


def numbers(*numbers: str) -> Card:
    """A contact with fields of one's own by one name."""
    return card("Ana", "+34600111222", custom=tuple(CustomField("customer", number) for number in numbers))


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"),
    [
        (numbers("7"), numbers("7", "9"), True),
        (posts("Boss"), posts("Boss", "Chair"), True),
        (numbers("7"), numbers("9"), False),
        (numbers("7", "9"), numbers("9"), False),
    ],
    ids=["another number", "another post", "changed: ours stands in its place", "one of ours taken off"],
)
def test_a_field_of_a_name_that_is_here_once_keeps_its_contact_there(
    pair: Pair, ours: Card, theirs: Card, *, kept: bool
) -> None:
    """Seed 1016912: merged there into one that had a field by that name, too, and deleted with it, read by nobody."""
    pair.set(direction=Direction.TO)
    pair.desk.add(ours)
    pair.sync()
    [remote] = pair.server.held
    pair.server.edit(remote, theirs)
    pair.sync()
    pair.desk.delete(pair.here("Ana").id)
    pair.settled()
    assert pair.names() == []
    assert [held.card for held in pair.server.held.values()] == ([theirs] if kept else [])


@pytest.mark.parametrize("by_hand", ["phone", "note"])
@pytest.mark.parametrize("kept_apart", ["only written", "undo"])
def test_one_that_is_deleted_while_an_edit_of_it_is_on_its_way_leaves_what_never_came_here(
    pair: Pair, kept_apart: str, by_hand: str
) -> None:
    """Seed 2736403: the answer was taken for what both sides have, and others' phone went with the contact."""
    more = ("+34600333444",) if by_hand == "phone" else ()
    theirs = card("Ana", "+34600111222", *more, note="by hand")
    if kept_apart == "undo":
        remote = pair.server.add(card("Ana", "+34600111222")).remote
        pair.sync()
        pair.server.edit(remote, theirs)
        pair.sync()
        pair.desk.engine.undo()
    else:
        pair.set(direction=Direction.TO)
        pair.desk.add(card("Ana", "+34600111222"))
        pair.sync()
        [remote] = pair.server.held
        pair.server.edit(remote, theirs)
    ana = pair.here("Ana")
    relabelled = tuple(replace(phone, label="work") for phone in ana.card.phones)
    pair.desk.edit(ana.id, replace(ana.card, phones=relabelled))

    def between(what: str) -> None:
        if what == "push update":
            pair.desk.delete(ana.id)

    pair.book.between = between
    pair.sync()
    pair.settled()
    assert pair.names() == []
    assert [[*held.card.phones] for held in pair.server.held.values()] == (
        [[*relabelled, PhoneEntry("+34600333444", "mobile")]] if by_hand == "phone" else []
    )


def test_a_creation_that_is_taken_back_stays_where_others_have_put_a_phone_on_it(pair: Pair) -> None:
    pair.set(direction=Direction.TO)
    pair.desk.add(card("Ana", "+34600111222"))
    pair.sync()
    [remote] = pair.server.held
    pair.server.edit(remote, card("Ana", "+34600111222", "+34600333444"))
    pair.desk.sync()
    pair.desk.engine.undo()
    pair.sync()
    assert pair.names() == pair.names_there() == ["Ana"]
