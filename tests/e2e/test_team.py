"""Two RingDesks with their windows, two data folders, one real PostgreSQL over TLS."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from ringdesk.app.team_seat import Seat, keep_authority, keep_seat
from ringdesk.desk.popview import Phase
from ringdesk.desk.team import TeamDesk, TeamView
from ringdesk.domain.card import Name
from ringdesk.domain.contact import Contact, Coworker, Unclaimed
from ringdesk.domain.ownership import Deed
from ringdesk.domain.sockets import Show
from ringdesk.store.contacts_read import Reads
from tests.e2e.program import Program
from tests.fakes import FakeSecrets
from tests.postgres import PASSWORD, Cluster, Team, make_template, new_team, running_cluster

pytestmark = [pytest.mark.postgres, pytest.mark.qt_log_ignore("does not support raise")]
ALL = Show(anonymous=None)
LINES = [{"match": "1000", "line": "department Sales"}]
SHOTS = os.environ.get("RINGDESK_SHOTS", "")
"""A folder for pictures of the windows, to be looked at."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        make_template(running)
        yield running


@pytest.fixture
def team(cluster: Cluster) -> Iterator[Team]:
    with new_team(cluster) as one:
        one.setup.execute("""select api.set_coworker('alice', '{"name": "Alice Moreno", "extensions": ["11"]}')""")
        yield one


class Desk(Program):
    """A coworker's RingDesk, joined already."""

    def __init__(self, folder: Path, app: QApplication, team: Team, login: str) -> None:
        place = team.cluster.tcp(team.name)
        super().__init__(folder, app, lines=LINES)
        secrets = self.front._secrets = FakeSecrets()
        authority = keep_authority(self.here, Path(place.authority).read_text("ascii"))
        seat = Seat(
            host=place.host, port=place.port, database=place.database, login=login, name=login, authority=authority
        )
        keep_seat(self.here, seat)
        secrets.keep(seat.key, PASSWORD)

    async def online(self) -> None:
        await self.until(lambda: self.front.core.team is not None and self.view.online, "the directory is reached")

    @property
    def team_desk(self) -> TeamDesk:
        team = self.front.core.team
        assert team is not None
        return team.desk

    @property
    def view(self) -> TeamView:
        return self.team_desk.view

    @property
    def reads(self) -> Reads:
        return self.front.core.store.reads

    def get(self, id: str) -> Contact:
        found = self.reads.get(id)
        assert found is not None
        return found

    def names(self, show: Show = ALL) -> list[str]:
        return [row.name for row in self.reads.page(show, 0, 100)]

    def listed(self) -> list[str]:
        """The rows that the window's list shows."""
        model = self.front.window.pane.side.list.rows
        rows = [model.contact_row(place) for place in range(model.rowCount())]
        return [row.name for row in rows if row is not None]

    async def save(self, contact: Contact) -> Contact:
        return await asyncio.wrap_future(self.front.core.store.writes.save(contact, read_revision=contact.revision))

    def select(self, id: str) -> None:
        self.front.window.pane.open(id)

    def bytes_on_disk(self) -> bytes:
        files = [path for path in sorted(self.here.data.rglob("*")) if path.is_file() and not path.is_symlink()]
        return b"".join(path.read_bytes() for path in files)

    def shoot(self, name: str) -> None:
        if SHOTS:
            self.front.window.grab().save(f"{SHOTS}/{name}.png")


def play(app: QApplication, folder: Path, team: Team, story: Callable[[Desk, Desk], Awaitable[None]]) -> None:
    """Alice and Bob start RingDesk, let a story happen, and stop it in order."""

    async def whole() -> None:
        alice, bob = (Desk(folder / login, app, team, login) for login in ("alice", "bob"))
        for one in (alice, bob):
            await one.start()
            await one.online()
        try:
            await story(alice, bob)
        finally:
            for one in (alice, bob):
                await one.front.stop()

    loop = qasync.QEventLoop(app, already_running=False)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(whole())


def test_a_tick_in_one_window_is_a_row_in_the_other_and_an_untick_leaves_no_byte(
    qapp: QApplication, team: Team, tmp_path: Path
) -> None:
    async def story(alice: Desk, bob: Desk) -> None:
        contact = await alice.person("Xanthippe", "Quillfeather", "020 7946 0777", "Walrus Trading")
        await alice.person("Private", "Person", "020 7946 0111")
        alice.select(contact.id)
        alice.front.window.pane.details.share.click()
        await bob.until(lambda: bob.listed() == ["Xanthippe Quillfeather"], "the row is in Bob's window")
        bob.select(contact.id)
        assert bob.get(contact.id).owner == Coworker("alice", "Alice Moreno")
        details = bob.front.window.pane.details
        assert not details.share.isVisibleTo(details)
        presented = bob.front.contacts.details()
        assert presented is not None
        assert not presented.may & {Deed.SHARE, Deed.DELETE}
        assert "Alice Moreno" in details.share_line.text()
        seen = alice.team_desk.seen(alice.get(contact.id))
        assert seen == bob.get(contact.id).card
        alice.shoot("alice-shares")
        bob.shoot("bob-sees")
        theirs = bob.get(contact.id)
        await bob.save(replace(theirs, card=replace(theirs.card, name=Name(given="Xanthippe", family="Moss"))))
        await alice.until(lambda: "Xanthippe Moss" in alice.listed(), "the edit is in Alice's window")
        assert b"Walrus" in bob.bytes_on_disk()
        alice.select(contact.id)
        alice.front.window.pane.details.share.click()
        await bob.until(lambda: bob.listed() == [], "the row is gone from Bob's window")
        await bob.until(
            lambda: not any(word in bob.bytes_on_disk() for word in (b"Walrus", b"walrus", b"xanthippe", b"Moss")),
            "and from his disk",
        )
        assert b"Private" not in bob.bytes_on_disk()

    play(qapp, tmp_path, team, story)


def ring(desk: Desk, id: str, number: str) -> None:
    from ringdesk.feed.client import post

    event = {"event": "ringing", "id": id, "from": number, "to": "1000"}
    assert post(desk.here.socket, event).ok


def test_one_ring_on_both_desks_is_one_caller_and_the_one_who_answers_is_named(
    qapp: QApplication, team: Team, tmp_path: Path
) -> None:
    async def story(alice: Desk, bob: Desk) -> None:
        loop = asyncio.get_running_loop()
        for one in (alice, bob):
            await loop.run_in_executor(None, ring, one, "1", "+442079460777")
        for one in (alice, bob):
            await one.until(lambda one=one: bool(one.pops), "it pops")  # type: ignore[misc]  # bound to this desk

        def handed_in() -> bool:
            rows = [one.reads.page(ALL, 0, 10) for one in (alice, bob)]
            return all(len(found) == 1 for found in rows) and len({found[0].id for found in rows}) == 1

        await bob.until(handed_in, "both show one unclaimed caller")
        [row] = bob.reads.page(ALL, 0, 10)
        assert bob.get(row.id).owner == Unclaimed("Sales")

        def answer() -> None:
            from ringdesk.feed.client import post

            assert post(alice.here.socket, {"event": "answered", "id": "1"}).ok

        await loop.run_in_executor(None, answer)
        await bob.until(
            lambda: any(p.view is not None and p.view.phase is Phase.ELSEWHERE for p in bob.pops) or not bob.pops,
            "Bob's pop says that it was answered",
        )
        calls = bob.front.core.store.calls
        await bob.until(lambda: bool(calls.recent()) and calls.recent()[0].answered_by == "Alice Moreno", "by whom")

    play(qapp, tmp_path, team, story)
