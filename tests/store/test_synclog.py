"""What an account's last round did, of contacts that came together too: written down, read, taken back one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from ringdesk.domain.contact import Origin
from ringdesk.domain.effects import Arrive, Logged, Unlog
from ringdesk.domain.news import ContactsChanged
from ringdesk.domain.replica import Link
from ringdesk.store.links import TEAM
from ringdesk.store.replicas import AccountReplicas
from tests.store.kit import Opened, card, check_tables, open_store

ADDED = "added here"
IDS = [f"c0ffee00-0000-4000-8000-{number:012}" for number in range(4)]


@dataclass
class Kept:
    opened: Opened
    replicas: AccountReplicas

    def come(self, *ids: str, round_: int = 1) -> None:
        links = tuple(Link(contact=id, remote=f"r{id}", etag="e", base=card(id), acknowledged=1) for id in ids)
        self.replicas.commit([Arrive(links, frozenset(), Origin.ACCOUNT, True, round_, ADDED)])

    def logged(self) -> Sequence[str]:
        return [one.contact for one in self.replicas.log()]


@pytest.fixture
def kept(path: Path) -> Iterator[Kept]:
    opened = open_store(path)
    reader = opened.store.reader()
    yield Kept(opened, opened.store.replicas("google:me", reader))
    reader.close()
    opened.store.close()
    check_tables(path)


def test_what_an_account_brings_is_told_as_a_part_of_more(kept: Kept) -> None:
    """So that a list is not read anew for each of its pictures, but for each box that somebody ticks."""
    kept.come(*IDS[:2])
    kept.opened.add(card("Ana"))
    with closing(kept.opened.store.reader()) as reader:
        Kept(kept.opened, kept.opened.store.replicas(TEAM, reader)).come(*IDS[2:])
    assert [news.more for news in kept.opened.news if isinstance(news, ContactsChanged)] == [True, False, False]


def test_those_who_came_together_are_told_newest_first(kept: Kept) -> None:
    kept.come(*IDS[:2])
    kept.come("an id of another form", *IDS[2:])
    assert kept.replicas.log() == [
        Logged(1, id, "", None, None, ADDED) for id in ("an id of another form", IDS[3], IDS[2], IDS[1], IDS[0])
    ]


def test_each_is_taken_out_alone(kept: Kept) -> None:
    kept.come(*IDS)
    for left in ([IDS[0], IDS[2], IDS[3]], [IDS[0], IDS[3]], [IDS[3]], []):
        (gone,) = {*kept.logged()} - {*left}
        kept.replicas.commit([Unlog(gone)])
        assert sorted(kept.logged()) == left


def test_with_whoever_came_goes_what_was_done_with_it_since(kept: Kept) -> None:
    kept.come(*IDS[:2])
    kept.replicas.commit([Logged(1, IDS[0], "r", card("Ana"), None, "picture here")])
    assert kept.logged() == [IDS[0], IDS[1], IDS[0]]
    kept.replicas.commit([Unlog(IDS[0])])
    assert kept.logged() == [IDS[1]]


def test_one_that_was_made_there_again_since_goes_out_of_the_row_it_came_in(kept: Kept) -> None:
    """What is logged of that says as little, and was taken for its own row of its coming: that stayed in the log."""
    kept.come(*IDS[:2])
    kept.replicas.commit([Logged(1, IDS[0], "", None, None, "added there")])
    kept.replicas.commit([Unlog(IDS[0])])
    assert kept.logged() == [IDS[1]]


def test_ids_that_look_like_another_between_them_are_left_alone(kept: Kept) -> None:
    first, second = "00000000-0000-4000-8000-c0ffee000000", "40008000-0000-0000-0000-000000000000"
    between = "c0ffee00-0000-4000-8000-000000000000"
    kept.come(first, second)
    kept.come(between)
    kept.replicas.commit([Unlog(between)])
    assert sorted(kept.logged()) == [first, second]


def test_a_newer_round_forgets_them(kept: Kept) -> None:
    kept.come(*IDS[:2])
    kept.come(*IDS[2:], round_=2)
    assert kept.logged() == [IDS[3], IDS[2]]


def test_it_says_whether_it_reaches_a_round(kept: Kept) -> None:
    assert not kept.replicas.logged(0)
    kept.come(*IDS[:2], round_=2)
    assert [kept.replicas.logged(number) for number in (1, 2, 3)] == [True, True, False]
