"""A RingDesk in a team and at a Google account: neither gets anything of the other that is not its due."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ringdesk.domain.card import Name, PhoneEntry
from ringdesk.domain.contact import Coworker
from tests.e2e.team_desk import Desk, play, ring
from tests.e2e.test_google_program import connect
from tests.postgres import Team
from tests.providers.google.practice import Account, Practice, practising
from tests.providers.google.test_signin import Visitor, consent

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300), pytest.mark.qt_log_ignore("This plugin does not support")]
PEOPLE = 1400
CLAIMED = Name(given="Claimwell")


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with practising("--real-clock") as one:
        yield one


@pytest.fixture
def account(practice: Practice) -> Iterator[Account]:
    made = practice.account(people=PEOPLE)
    practice.order("POST", "/consent", kind="allow", account=made.email)
    yield made
    practice.reset()


def marks_of(account: Account) -> set[bytes]:
    """What gives a contact away, as one of the files would hold it: names, numbers as typed, e-mail addresses."""
    found = set[str]()
    for person in account.dump()["contacts"].values():
        found |= {name["displayName"] for name in person.get("names", ())}
        found |= {one["value"] for key in ("phoneNumbers", "emailAddresses") for one in person.get(key, ())}
    return {mark.encode() for mark in found if len(mark) > 6}


def test_a_fresh_connect_shares_none_of_1400(
    qapp: QApplication, team: Team, practice: Practice, account: Account, tmp_path: Path
) -> None:
    marks, visitor = marks_of(account), Visitor(consent)
    assert len(marks) > PEOPLE

    async def story(alice: Desk, bob: Desk) -> None:
        await connect(alice, practice, visitor)
        await alice.until(lambda: len(alice.names()) == PEOPLE, "all of them are here", 120)
        known = await asyncio.to_thread(shown_in, alice.bytes_on_disk(), marks)
        assert len(known) > PEOPLE, "the control: so they would be found"  # names and numbers; documents are packed
        marker = await alice.person("Marker", "Last", "")
        await alice.save(replace(marker, shared=True))
        await bob.until(lambda: bob.names() == ["Marker Last"], "what was ticked after all that is here, and alone")
        for place in (bob.bytes_on_disk(), team.dump()):
            assert await asyncio.to_thread(shown_in, place, marks) == set()
        row = next(row for row in alice.rows() if row.id != marker.id and alice.get(row.id).card.phones)
        await alice.save(replace(alice.get(row.id), shared=True))
        await bob.until(lambda: row.name in bob.names(), "one is ticked, and one more is there")
        assert await asyncio.to_thread(shown_in, team.dump(), marks), "the control: so it would be found there"

    play(qapp, tmp_path, team, story, alice=visitor)
    visitor.end()


def shown_in(data: bytes, marks: set[bytes]) -> set[bytes]:
    return {mark for mark in marks if mark in data}


def test_nothing_of_a_coworker_reaches_google(
    qapp: QApplication, team: Team, practice: Practice, tmp_path: Path
) -> None:
    account, visitor = practice.account(), Visitor(consent)
    practice.order("POST", "/consent", kind="allow", account=account.email)
    before = practice.log()

    def asked() -> str:
        return json.dumps(practice.since(before))

    async def story(alice: Desk, bob: Desk) -> None:
        await connect(alice, practice, visitor)
        theirs = await bob.person("Xanthippe", "Quillfeather", "020 7946 0777", "Walrus Trading")
        await bob.save(replace(theirs, shared=True))
        await alice.until(lambda: alice.names() == ["Xanthippe Quillfeather"], "Alice sees her")
        held = alice.get(theirs.id)
        assert isinstance(held.owner, Coworker)
        phones = (*held.card.phones, PhoneEntry("020 7946 0778", "mobile"))
        await alice.save(replace(held, card=replace(held.card, phones=phones)))
        await asyncio.get_running_loop().run_in_executor(None, ring, bob, "1", "+442079460999")
        await alice.until(lambda: len(alice.names()) == 2, "and a caller of the department")
        await bob.until(lambda: len(bob.get(theirs.id).card.phones) == 2, "her edit is at Bob's")
        own = await alice.person("Ophelia", "Ownwell", "020 7946 0111")
        await alice.until(lambda: "Ownwell" in asked(), "what is Alice's own goes", 40)
        caller = next(row.id for row in alice.rows() if row.id not in (theirs.id, own.id))
        for word in ("Quillfeather", "Walrus", "79460777", "7946 0777", "79460778", "7946 0778", "79460999", caller):
            assert word not in asked(), word
        named = alice.get(caller)
        await alice.save(replace(named, owner=own.owner, card=replace(named.card, name=CLAIMED)))
        await alice.until(lambda: "Claimwell" in asked(), "claimed, the caller is Alice's own too", 40)
        assert "Quillfeather" not in asked()

    play(qapp, tmp_path, team, story, alice=visitor)
    visitor.end()
