"""Two RingDesks with their windows, two data folders, one real PostgreSQL over TLS."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ringdesk.app import team_rounds
from ringdesk.desk.popview import Phase
from ringdesk.domain.card import Name
from ringdesk.domain.contact import Coworker, Me, Unclaimed
from ringdesk.domain.ownership import Deed
from ringdesk.providers.team import admin
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.invitation import Invitation, write_invitation
from ringdesk.ui import pop_words
from ringdesk.ui.team_banner import TeamBanner
from ringdesk.ui.team_window import TeamWindow
from ringdesk.ui.tray import Tray
from tests.e2e.team_desk import ALL, SHOTS, Desk, live, play, ring, tell
from tests.postgres import PASSWORD, Team

pytestmark = [pytest.mark.postgres, pytest.mark.qt_log_ignore("This plugin does not support")]


@pytest.fixture
def team(team: Team) -> Team:
    team.setup.execute("""select api.set_coworker('alice', '{"name": "Alice Moreno", "extensions": ["11"]}')""")
    return team


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

        await loop.run_in_executor(None, tell, alice, "answered", "1")
        await bob.until(
            lambda: any(p.view is not None and p.view.phase is Phase.ELSEWHERE for p in bob.pops) or not bob.pops,
            "Bob's pop says that it was answered",
        )
        calls = bob.front.core.store.calls
        await bob.until(lambda: bool(calls.recent()) and calls.recent()[0].answered_by == "Alice Moreno", "by whom")

    play(qapp, tmp_path, team, story)


def test_a_call_of_a_shared_contact_is_told_in_the_coworkers_pop_and_details(
    qapp: QApplication, team: Team, tmp_path: Path
) -> None:
    async def story(alice: Desk, bob: Desk) -> None:
        off = asyncio.get_running_loop().run_in_executor
        contact = await alice.person("Harriet", "Patel", "020 7946 0777", "Acme Trading")
        private = await alice.person("Ivy", "Private", "020 7946 0111")
        await alice.save(replace(contact, shared=True))
        await bob.until(lambda: bob.listed() == ["Harriet Patel"], "Bob sees her")
        for id, number in (("1", "+442079460777"), ("2", "+442079460111")):
            await off(None, ring, alice, id, number)
            await off(None, tell, alice, "answered", id)
            await off(None, tell, alice, "ended", id)
        calls, writes = alice.front.core.store.calls, alice.front.core.store.writes
        await alice.until(lambda: len([one for one in calls.recent() if one.over]) == 2, "the calls are written")
        for one in calls.recent():
            text = "asked for the offer" if one.contact == contact.id else "a secret matter"
            await asyncio.wrap_future(writes.add_note(one.contact or private.id, text, one.id))
        spoke = bob.team_desk.spoke
        await bob.until(lambda: (s := spoke(contact.id)) is not None and s.note != "", "Bob hears of the call")
        await off(None, ring, bob, "9", "+442079460777")
        await bob.until(lambda: bool(bob.painted), "Bob's pop is painted")
        view = bob.pop.view
        assert view is not None
        assert view.spoke is not None
        said = pop_words.description(view, view.spoke.started + 20 * 60)
        assert "Alice Moreno spoke to them 20 min ago" in said
        assert "asked for the offer" in said
        assert "Shared by Alice Moreno" in said
        bob.select(contact.id)
        bob.shoot("bob-hears-of-a-call")
        if SHOTS:
            bob.pop.grab().save(f"{SHOTS}/bob-pop.png")
        assert b"a secret matter" not in bob.bytes_on_disk()
        assert b"a secret matter" not in team.dump()

    play(qapp, tmp_path, team, story)


def test_without_the_server_the_desk_works_as_alone_and_catches_up(
    qapp: QApplication, team: Team, tmp_path: Path
) -> None:
    async def story(alice: Desk, bob: Desk) -> None:
        first = await alice.person("Harriet", "Patel", "020 7946 0777")
        await alice.save(replace(first, shared=True))
        await bob.until(lambda: bob.listed() == ["Harriet Patel"], "Bob sees her")
        team.setup.close()
        await asyncio.to_thread(
            team.cluster.run, "pg_ctl", "-D", team.cluster.folder / "data", "-m", "immediate", "stop"
        )
        second = await alice.person("Offline", "Client", "020 7946 0222")
        await alice.save(replace(second, shared=True))
        await alice.until(lambda: not alice.view.online, "Alice is told")
        banner = alice.front.window.findChild(TeamBanner)
        assert banner is not None
        await alice.until(lambda: banner.isVisibleTo(alice.front.window), "in her window")
        assert "not reached" in banner.text.text()
        await alice.until(lambda: alice.listed() == ["Harriet Patel", "Offline Client"], "her list works as alone")
        await bob.until(lambda: not bob.view.online, "Bob is told")
        theirs = bob.get(first.id)
        await bob.save(replace(theirs, card=replace(theirs.card, name=Name(given="Harriet", family="Moss"))))
        assert bob.names() == ["Harriet Moss"]
        alice.shoot("alice-offline")
        await asyncio.to_thread(team.cluster.start)
        team.setup = team.cluster.super(team.name)
        for one in (alice, bob):
            team_ = one.front.core.team
            assert team_ is not None
            team_.look()
        await bob.until(lambda: bob.listed() == ["Harriet Moss", "Offline Client"], "Bob catches up", 60)
        await alice.until(lambda: "Harriet Moss" in alice.listed(), "and so does Alice", 60)
        await alice.until(lambda: not banner.isVisibleTo(alice.front.window), "the banner goes")

    play(qapp, tmp_path, team, story)


def test_two_claim_at_once_and_one_keeps_a_copy(qapp: QApplication, team: Team, tmp_path: Path) -> None:
    async def story(alice: Desk, bob: Desk) -> None:
        off = asyncio.get_running_loop().run_in_executor
        await off(None, ring, alice, "1", "+442079460777")
        await bob.until(lambda: len(bob.names()) == 1 and len(alice.names()) == 1, "both see the caller")
        await alice.until(lambda: alice.front.core.team.joined, "joined")  # type: ignore[union-attr]  # it is there
        [row] = bob.reads.page(ALL, 0, 10)
        await alice.until(lambda: alice.reads.get(row.id) is not None, "the same one")
        both = [(one, one.get(row.id), Name(given=name)) for one, name in ((alice, "Ann"), (bob, "Ben"))]
        await asyncio.gather(*(o.save(replace(c, card=replace(c.card, name=name))) for o, c, name in both))

        def losers() -> list[Desk]:
            return [one for one in (alice, bob) if one.reads.get(row.id) is None]

        await bob.until(lambda: len(losers()) == 1, "one of them has lost")
        await bob.until(lambda: (alice.names(), bob.names()) == (["Ann"], ["Ben"]), "and keeps what they typed")

    play(qapp, tmp_path, team, story)


def invited(team: Team, folder: Path) -> tuple[Path, str]:
    """Eve's invitation as a file, and the password she is told."""
    secret = admin.invite(team.setup, admin.NewCoworker("eve", "Eve Adler", departments=("Sales",)))
    team.adopt("eve")
    place = team.cluster.tcp(team.name)
    authority = Path(place.authority).read_text("ascii")
    path = folder / "eve.invitation"
    ends = int(time.time()) + 9000
    invitation = Invitation(
        host=place.host, port=place.port, database=place.database, login="eve", name="Eve Adler",
        authority=authority, expires=ends,
    )  # several to a line  # fmt: skip
    path.write_text(write_invitation(invitation))
    return path, secret.password


def team_window() -> TeamWindow:
    [found] = [one for one in QApplication.topLevelWidgets() if isinstance(one, TeamWindow) and one.isVisible()]
    return found


def owner_at(desk: Desk, id: str) -> object:
    found = desk.reads.get(id)
    return None if found is None else found.owner


async def join(eve: Desk, invitation: Path, password: str) -> None:
    eve.front.teaming.open()
    window = team_window()
    window.join.use(str(invitation))
    assert "Eve Adler" in window.join.invited.text()
    eve.shoot("eve-invited", window)
    window.join.password.setText(password)
    window.join.go.click()
    await eve.until(lambda: window.people.isVisible(), f"joined; {window.trouble.text()}", 40)
    eve.shoot("eve-team", window)
    window.accept()
    await eve.online()


def test_joined_in_the_window_shares_is_offboarded_and_hands_over(
    qapp: QApplication, team: Team, tmp_path: Path
) -> None:
    invitation = invited(team, tmp_path)

    async def story() -> None:
        alice, eve = Desk(tmp_path / "alice", qapp, team, "alice"), Desk(tmp_path / "eve", qapp, team, None)
        for one in (alice, eve):
            await one.start()
        try:
            await alice.online()
            theirs = await alice.person("Harriet", "Patel", "020 7946 0777")
            await alice.save(replace(theirs, shared=True))
            own = await eve.person("Quentin", "Zoffany", "020 7946 0222", "Walrus Trading")
            private = await eve.person("Private", "Person", "020 7946 0333")
            await join(eve, *invitation)
            await eve.until(lambda: "Harriet Patel" in eve.listed(), "Eve sees what is shared")
            eve.select(own.id)
            eve.front.window.pane.details.share.click()
            await alice.until(lambda: "Quentin Zoffany" in alice.listed(), "Alice sees what Eve shares")
            assert isinstance(alice.get(own.id).owner, Coworker)
            eve.shoot("eve-joined")
            await asyncio.to_thread(admin.offboard, team.setup, "eve", "alice")
            await alice.until(lambda: owner_at(alice, own.id) == Me(), "it is Alice's now")
            await shut_out(eve)
            eve.shoot("eve-offboarded")
            alice.select(own.id)
            alice.shoot("alice-inherited")
            assert eve.listed() == ["Private Person", "Quentin Zoffany"], "what was hers on her own desk stays"
            assert private.id not in team.dump().decode()
            assert alice.front.window.pane.details.share.isVisibleTo(alice.front.window)
        finally:
            for one in (alice, eve):
                await one.front.stop()

    live(qapp, story)


async def shut_out(desk: Desk) -> None:
    """The desk finds out, tells the user until they have read it, and has nothing of coworkers any more."""
    window = desk.front.window
    await desk.until(lambda: window.findChild(TeamBanner) is not None, "the banner is made")
    banner = window.findChild(TeamBanner)
    assert banner is not None
    await desk.until(lambda: "off this computer" in banner.text.text() and banner.isVisibleTo(window), "it is told", 60)
    assert not desk.here.team.exists()
    assert not desk.here.shared.exists()
    for word in (b"Harriet", b"Patel", b"7946 0777", b"79460777"):
        assert word not in desk.bytes_on_disk()
    assert desk.front._secrets.kept == {}  # type: ignore[union-attr]  # a keyring of the tests'


def test_a_desk_that_was_off_erases_coworkers_contacts_when_it_hears_that_it_is_out(
    qapp: QApplication, team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        alice, bob = (Desk(tmp_path / login, qapp, team, login) for login in ("alice", "bob"))
        for one in (alice, bob):
            await one.start()
            await one.online()
        theirs = await alice.person("Harriet", "Patel", "020 7946 0777")
        await alice.save(replace(theirs, shared=True))
        await bob.until(lambda: "Harriet Patel" in bob.listed(), "Bob has it")
        await bob.person("Private", "Person", "020 7946 0333")
        assert b"Patel" in bob.bytes_on_disk()
        await bob.front.stop()
        dave = Directory(team.cluster.tcp(team.name), "dave", PASSWORD)
        await asyncio.to_thread(dave.offboard, "bob", "alice")
        dave.close()
        again = Desk(tmp_path / "bob", qapp, team, "bob")
        try:
            monkeypatch.setattr(Tray, "available", property(lambda tray: True))
            await again.start(hidden=True)
            await again.until(lambda: not again.here.shared.exists() and not again.here.team.exists(), "erased", 60)
            await again.until(lambda: again.front.core.team is None, "it has left")
            await again.front.stop()  # and nobody has seen it yet
            again = Desk(tmp_path / "bob", qapp, team, None)
            await again.start(hidden=True)
            await shut_out(again)  # in a window that is opened only now
            assert again.listed() == ["Private Person"]
            again.shoot("bob-out-at-next-start")
            again.front.window.findChild(TeamBanner).read.click()  # type: ignore[union-attr]  # it is there
            assert not again.front.window.findChild(TeamBanner).isVisibleTo(again.front.window)  # type: ignore[union-attr]  # as above
            await again.until(lambda: not again.here.team_left.exists(), "that it was read is kept")
        finally:
            for one in (alice, again):
                await one.front.stop()

    live(qapp, story)


def test_an_offboarding_that_is_taken_back_erases_nothing(
    qapp: QApplication, team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(team_rounds, "SECOND_LOOK", 3.0)

    async def story() -> None:
        alice, bob = (Desk(tmp_path / login, qapp, team, login) for login in ("alice", "bob"))
        for one in (alice, bob):
            await one.start()
            await one.online()
        try:
            theirs = await alice.person("Harriet", "Patel", "020 7946 0777")
            await alice.save(replace(theirs, shared=True))
            await bob.until(lambda: "Harriet Patel" in bob.listed(), "Bob has it")
            team.setup.execute("alter role bob nologin")
            team.setup.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'bob'")
            await bob.until(lambda: "asking once more" in caplog.text, "a round of Bob's is told that he is out")
            await bob.until(lambda: bob.view.trouble == "shut out", "so is he")
            bob.shoot("bob-told-once")
            mine = await bob.person("Quentin", "Zoffany", "020 7946 0222")
            await bob.save(replace(mine, shared=True))
            team.setup.execute("alter role bob login")
            await bob.until(lambda: bob.view.online, "and then that it is not")
            await alice.until(lambda: "Quentin Zoffany" in alice.listed(), "what waited is sent")
            assert "Harriet Patel" in bob.listed()
            assert bob.here.team.exists()
            banner = bob.front.window.findChild(TeamBanner)
            assert banner is not None
            assert not banner.isVisibleTo(bob.front.window)
        finally:
            for one in (alice, bob):
                await one.front.stop()

    live(qapp, story)
