"""What no etag guards follows right upon a look at its contact: no token is fetched between the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from ringdesk.domain.contact import Contact
from ringdesk.sandbox.google import exchange
from tests.sync.desk import Desk, VirtualClock
from tests.sync.google_account import GoogleAccount
from tests.sync.kit import card

MANY = 7
"""More than go one by one."""
LIFE = 3599.0
"""Seconds of an access token."""
SLOW = 60.0


class Watched:
    """A desk on a Google account that behaves; `before` and `after` are called around every request."""

    def __init__(self, folder: Path) -> None:
        self.clock = VirtualClock()
        self.account = GoogleAccount(self.clock, Random(1), plain=True)
        self.asked: list[str] = []
        self.before: Callable[[str], None] = lambda _: None
        self.after: Callable[[], None] = lambda: None
        self.desk = Desk(folder / "a.db", self.account.book(0, self._before, lambda: self.after()), self.clock)

    def _before(self, what: str, named: frozenset[str]) -> None:
        del named
        self.asked.append(what)
        self.before(what)

    def sync(self) -> None:
        self.clock.pass_(700.0)
        self.desk.sync()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    yield made
    made.desk.close()


def one_deleted(desk: Desk, held: list[Contact]) -> None:
    desk.delete(held[0].id)


def many_deleted(desk: Desk, held: list[Contact]) -> None:
    desk.delete(*(one.id for one in held))


def pictured(desk: Desk, held: list[Contact]) -> None:
    desk.edit(held[0].id, desk.unseen(replace(held[0].card, photo="photo1"), held[0].card))


EACH = pytest.mark.parametrize("act", [one_deleted, many_deleted, pictured])
Act = Callable[[Desk, list[Contact]], None]


def unguarded(what: str) -> bool:
    return what.endswith((":deleteContact", ":batchDeleteContacts", ":updateContactPhoto"))


def looked_at(asked: list[str]) -> list[bool]:
    """Of each request that nothing guards: whether the one before it was a look."""
    return [
        asked[place - 1].startswith("GET /v1/people") and "connections" not in asked[place - 1]
        for place, what in enumerate(asked)
        if unguarded(what)
    ]


def filled(watched: Watched) -> list[Contact]:
    for number in range(MANY):
        watched.account.hand.add(card(f"N{number}", f"+3460000000{number}"))
    watched.sync()
    return watched.desk.contacts()


@EACH
def test_a_token_that_is_about_to_end_is_renewed_before_the_look(watched: Watched, act: Act) -> None:
    held = filled(watched)
    act(watched.desk, held)
    watched.clock.pass_(LIFE - 120.0 - 700.0 - SLOW / 2)
    watched.asked.clear()
    slow = [SLOW]

    def after() -> None:
        if watched.asked[-1].startswith("GET /v1/people") and "connections" not in watched.asked[-1] and slow:
            watched.clock.pass_(slow.pop())

    watched.after = after
    watched.sync()
    assert looked_at(watched.asked) == [True]
    assert not slow


def test_a_token_of_a_short_life_is_not_renewed_for_every_look(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "ACCESS_SECONDS", 60)
    one_deleted(watched.desk, filled(watched))
    watched.asked.clear()
    watched.sync()
    assert [what for what in watched.asked if "/v1/" not in what] == ["POST /token"]
    assert looked_at(watched.asked) == [True]


@EACH
def test_what_a_refused_token_held_up_is_looked_at_once_more(watched: Watched, act: Act) -> None:
    """It was sent again right after the new token had come: what somebody entered meanwhile went with its contact."""
    held = filled(watched)
    act(watched.desk, held)
    watched.asked.clear()
    ended = watched.account.google.grants.access

    def before(what: str) -> None:
        if unguarded(what) and sum(map(unguarded, watched.asked)) == 1:
            ended.clear()

    watched.before = before
    watched.sync()
    assert looked_at(watched.asked) == [True, True]
    assert not watched.desk.replicas.touched("", 1)
    shown = watched.account.hand.all()
    assert [one.card.photo for one in shown if one.card.photo] == (["photo1"] if act is pictured else [])
    assert len(shown) == (MANY if act is pictured else 0 if act is many_deleted else MANY - 1)
