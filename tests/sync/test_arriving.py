"""Strangers that a first pull brings together leave in the tables what they leave one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest

from ringdesk.domain.card import Card, Email, Organization
from ringdesk.domain.contact import Contact, Origin
from ringdesk.domain.effects import AddContact, Arrive, Logged, PutAccount, PutLink
from ringdesk.domain.remote import Capabilities, Page, RemoteItem
from ringdesk.domain.replica import Account, Link, LinkState, Policy
from ringdesk.store.database import Connection
from ringdesk.sync import pulling, strangers
from ringdesk.sync.context import Report
from ringdesk.sync.plan import Deed
from tests.store.kit import check_rows
from tests.sync.desk import Desk, VirtualClock
from tests.sync.kit import card
from tests.sync.memory_remote import MemoryBook, Server

TABLES = (
    "contact", "link", "linked", "batch", "touched", "token", "phone", "tail", "email", "listed", "tally",
    "membership", "meta", "former", "question",
)  # several to a line  # fmt: skip
POLICIES: tuple[dict[str, Any], ...] = (
    {},
    {"only_with_phones": True},
    {"labels": frozenset({"contactGroups/1"})},
    {"share_label": "Team"},
    {"fields": frozenset({"phones", "emails"})},
)


def tables(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    connection: Connection = desk.store._writer._connection  # type: ignore[attr-defined]  # the stand-in's own part
    check_rows(connection)
    found = {name: sorted(connection.rows(f"SELECT * FROM {name}"), key=repr) for name in TABLES}
    log = [(one.round, one.contact, one.here, one.there, one.deed) for one in desk.replicas.log()]
    return found | {"log": sorted(log, key=repr)}


def person(dice: Random, number: int) -> Card:
    phones = [f"+34600{dice.randint(0, 400):06}" for _ in range(dice.choice((0, 1, 1, 2)))]
    emails = (Email(f"p{dice.randint(0, 200)}@example.com", "work"),) if dice.random() < 0.5 else ()
    firm = (Organization(dice.choice(("", "Acme")), "Chief"),) if dice.random() < 0.4 else ()
    name = dice.choice(("Ana", "Łukasz", "", f"N{number}"))
    return card(name, *phones, emails=emails, organizations=firm, note=dice.choice(("", "calls late")))


def account(clock: VirtualClock, seed: int) -> Server:
    """Some people, a few with an id of ours on them, and of these one twice."""
    dice, server = Random(seed), Server(clock)
    labels = [server.label("Team"), server.label("Clients")]
    marks = [str(UUID(int=dice.getrandbits(128), version=4)) for _ in range(20)]
    for number in range(60):
        id = dice.choice(marks) if seed % 2 and dice.random() < 0.1 else str(UUID(int=number, version=4))
        inside = frozenset(label for label in labels if dice.random() < 0.3)
        server.add(person(dice, number), id=id if dice.random() < 0.5 else "", containers=inside)
    return server


class Overlapping(MemoryBook):
    """Lists the last contact of a page again on the next, as where somebody edits between the two."""

    def pull(self, cursor: str | None) -> Iterator[Page]:
        last: tuple[RemoteItem, ...] = ()
        for page in super().pull(cursor):
            yield replace(page, items=(*last, *page.items))
            last = page.items[-1:]


def pulled(folder: Path, seed: int, *, together: bool, shares: bool) -> tuple[Report, dict[str, list[tuple[Any, ...]]]]:
    clock = VirtualClock()
    server = account(clock, seed)
    able = Capabilities(shares=True) if shares else None
    policy = Policy(**POLICIES[seed % len(POLICIES)])
    book = Overlapping(server, page=25, capabilities=able)
    desk = Desk(folder / f"{together}.db", book, clock, policy=policy, dice=Random(5))
    if seed % 3 == 0:
        desk.add(person(Random(seed), 0))
    now = clock.time = 1_800_000_000.0
    with patch.object(clock, "now", lambda: now):
        if together:
            report = desk.sync()
        else:
            anew = patch.object(pulling, "Heard", lambda replicas, **_: strangers.Heard(replicas))
            with patch.object(pulling, "arriving", lambda *_: None), anew:
                report = desk.sync()
    found = tables(desk)
    desk.close()
    return report, found


@pytest.mark.parametrize("shares", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_together_as_one_by_one(tmp_path: Path, seed: int, shares: bool) -> None:
    one, rows = pulled(tmp_path, seed, together=True, shares=shares)
    other, expected = pulled(tmp_path, seed, together=False, shares=shares)
    assert rows == expected
    assert one == other
    assert one.counts[Deed.ADD_HERE]


def test_many_who_are_not_wanted_are_taken_in_at_once(tmp_path: Path) -> None:
    clock = VirtualClock()
    server = Server(clock)
    for number in range(300):
        server.add(card(f"N{number}"))
    desk = Desk(tmp_path / "a.db", MemoryBook(server), clock, policy=Policy(only_with_phones=True))
    asked: list[int] = []

    def arriving(*of: Any) -> Any:
        asked.append(len(of[2]))
        return strangers.arriving(*of)

    with patch.object(pulling, "arriving", arriving):
        desk.sync()
    assert desk.contacts() == []
    assert asked == [300]
    desk.close()


def test_of_those_who_are_known_no_more_are_changed_at_once(tmp_path: Path) -> None:
    clock = VirtualClock()
    server = Server(clock)
    desk = Desk(tmp_path / "a.db", MemoryBook(server), clock)
    for number in range(450):
        server.add(card(f"N{number}", f"+34600{number:06}", note="there"))
        desk.add(card(f"N{number}", f"+34600{number:06}"))
    desk.sync()
    assert {contact.card.note for contact in desk.contacts()} == {"there"}
    connection: Connection = desk.store._writer._connection  # type: ignore[attr-defined]  # the stand-in's own part
    sizes = connection.rows("SELECT count(DISTINCT contact) FROM change GROUP BY batch")
    assert max(size for (size,) in sizes) <= pulling.A_SLICE
    desk.close()


def test_whoever_has_the_link_already_leaves_it(tmp_path: Path) -> None:
    ids = [f"c0ffee00-0000-4000-8000-{number:012}" for number in range(3)]
    come = tuple(Link(contact=id, remote=f"r{id}", etag="e", base=card(id), acknowledged=1) for id in ids)
    before = [
        PutLink(Link(contact=ids[0], remote="old", etag="e", base=card("x"), state=LinkState.DELETED)),
        PutLink(Link(contact="other", remote=f"r{ids[1]}", etag="e", base=card("y"))),
    ]
    found = []
    for name, effects in (
        ("a", [Arrive(come, frozenset(ids[:1]), Origin.ACCOUNT, True, 7, "added here")]),
        ("b", [effect for link in come for effect in one_by_one(link, shared=link.contact == ids[0])]),
    ):
        desk = Desk(tmp_path / f"{name}.db", MemoryBook(Server(VirtualClock())), VirtualClock())
        desk.replicas.commit([PutAccount(Account(id="google:me", kind="google")), *before])
        with patch.object(desk.clock, "now", lambda: 1_800_000_000.0):
            desk.replicas.commit(effects)
        assert desk.replicas.linked() == 3
        found.append(tables(desk))
        desk.close()
    assert [row[1:] for row in sorted(found[0].pop("link"))] == [row[1:] for row in sorted(found[1].pop("link"))]
    assert found[0] == found[1]


def one_by_one(link: Link, *, shared: bool) -> list[AddContact | PutLink | Logged]:
    contact = Contact(id=link.contact, card=link.base, shared=shared, origin=Origin.ACCOUNT, linked=True, revision=1)
    return [AddContact(contact), PutLink(link), Logged(7, link.contact, link.remote, None, None, "added here")]
