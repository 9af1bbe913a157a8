"""What the windows do with the team's news: shut out once, and joined again without a start in between."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from ringdesk.app.clockwork import Outside
from ringdesk.app.core import Core
from ringdesk.app.places import Places
from ringdesk.app.team import Team
from ringdesk.app.team_seat import Seat, erase_seat, keep_seat
from ringdesk.app.teaming import TEAM_ACCOUNT, Teaming
from ringdesk.domain.orders import Order
from ringdesk.domain.remote import Death
from ringdesk.domain.syncing import SyncDead
from ringdesk.domain.team import CoworkerCall, TeamHeard
from ringdesk.domain.team_kept import TeamKept
from ringdesk.store.store import Store
from ringdesk.sync.worker import Worker
from ringdesk.ui.main_window import MainWindow
from tests.fakes import CountingIds, FakeSecrets, FakeTime, NoBrowser, deliver
from tests.ui.desk_fixtures import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SHUT_OUT = SyncDead(TEAM_ACCOUNT, Death.DISABLED)


@dataclass
class Books:
    """What a team that has not begun reads of the store."""

    call_writes: object


class NoCalls:
    """Coworkers who speak to nobody."""

    def calls_of(self, contact: str, limit: int = 20) -> Sequence[CoworkerCall]:
        return ()


class Quick:
    """A worker that has nothing to do and ends at once."""

    stops = 0

    def order(self, order: Order) -> None: ...

    def stop(self) -> None:
        self.stops += 1

    def join(self, timeout: float | None = None) -> bool:
        return True


class Rooms:
    """What teaming sees of the core."""

    def __init__(self, office: Office, here: Places) -> None:
        time = FakeTime()
        self.outside = Outside(time, CountingIds(), time, deliver, lambda news: None, FakeSecrets(), NoBrowser())
        self._office, self._here = office, here
        self.team: Team | None = None
        self.worker = Quick()
        self.begun = self.forgotten = 0

    def begin_team(self) -> Team:
        if self.team is None:
            self.begun += 1
            store = cast(Store, Books(self._office.call_writes()))
            self.team = Team(store, self.outside, self._here, lambda: "GB", lambda rights: None)
            if self._here.team.exists():
                self.team._worker = cast(Worker, self.worker)
        return self.team

    async def forget_team(self) -> None:
        self.team = None
        self.forgotten += 1


class Desk:
    """A desk in a team, in an open window."""

    def __init__(self, office: Office, folder: Path, *, joined: bool = True) -> None:
        self.here = Places(folder / "data", folder / "run")
        self.here.make()
        if joined:
            seat = Seat(host="db.test", port=5432, database="office", login="eve", name="Eve", authority="system")
            keep_seat(self.here, seat)
        self.rooms = Rooms(office, self.here)
        self.window: MainWindow = office.open()
        self.post = office.post
        self.teaming = Teaming(office.theme, office.post, cast(Core, self.rooms), lambda: self.window, self.here)
        self.teaming.hear()
        self.teaming.show_in(self.window)

    async def settled(self) -> None:
        """Wait until all that was begun is done."""
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))

    @property
    def said(self) -> str:
        banner = self.teaming._banner
        assert banner is not None
        return banner.text.text() if banner.isVisibleTo(self.window) else ""


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Desk:
    return Desk(office, tmp_path / "ringdesk")


def live(story: Callable[[], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        await story()

    asyncio.run(all_of_it())


def test_a_desk_that_hears_twice_that_it_is_shut_out_leaves_once(desk: Desk) -> None:
    """The listener and a round find it out both, before the worker is stopped."""

    async def story() -> None:
        desk.post.account_news.emit(SHUT_OUT)
        desk.post.account_news.emit(SHUT_OUT)
        await desk.settled()
        assert (desk.rooms.worker.stops, desk.rooms.forgotten) == (1, 1)
        assert "You are no longer in the team at db.test." in desk.said
        assert not desk.here.team.exists()

    live(story)


def test_who_was_shut_out_is_told_at_every_start_until_they_have_read_it(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "ringdesk"

    async def shut_out() -> None:
        desk = Desk(office, folder)
        desk.post.account_news.emit(SHUT_OUT)
        await desk.settled()
        assert "at db.test." in desk.said

    async def start_again(*, reads: bool) -> None:
        desk = Desk(office, folder, joined=False)
        assert desk.here.team_left.exists()
        await desk.settled()
        assert "You are no longer in the team at db.test." in desk.said
        if reads:
            assert desk.teaming._banner is not None
            desk.teaming._banner.read.click()
            await desk.settled()
            assert (desk.said, desk.here.team_left.exists()) == ("", False)

    async def last_start() -> None:
        desk = Desk(office, folder, joined=False)
        await desk.settled()
        assert desk.said == ""

    for story in (shut_out, lambda: start_again(reads=False), lambda: start_again(reads=True), last_start):
        live(story)


def test_a_note_of_leaving_that_cannot_be_read_is_told_without_the_server(office: Office, tmp_path: Path) -> None:
    async def story() -> None:
        desk = Desk(office, tmp_path / "ringdesk")
        erase_seat(desk.here, shut_out=True)
        desk.here.team_left.write_text("{")
        again = Desk(office, tmp_path / "ringdesk", joined=False)
        await again.settled()
        assert again.said.startswith("You are no longer in the team.")

    live(story)


def test_who_joined_again_is_not_told_of_the_team_before(office: Office, tmp_path: Path) -> None:
    """The program ended between the seat and the note of leaving."""

    async def story() -> None:
        desk = Desk(office, tmp_path / "ringdesk")
        desk.here.team_left.write_bytes(desk.here.team.read_bytes())
        again = Desk(office, tmp_path / "ringdesk")
        await again.settled()
        assert again.said == ""

    live(story)


def test_news_of_a_team_that_was_left_begins_none(desk: Desk) -> None:
    async def story() -> None:
        desk.post.account_news.emit(SHUT_OUT)
        await desk.settled()
        desk.post.account_news.emit(SHUT_OUT)
        await desk.settled()
        assert (desk.rooms.begun, desk.rooms.forgotten) == (1, 1)
        desk.rooms.begin_team()  # as whatever is saved from now on does
        desk.post.account_news.emit(SHUT_OUT)
        await desk.settled()
        assert desk.rooms.forgotten == 1
        assert "at db.test." in desk.said

    live(story)


def test_a_desk_that_leaves_by_the_users_wish_is_not_shut_out_besides(desk: Desk) -> None:
    async def story() -> None:
        assert desk.rooms.team is not None
        await desk.rooms.team.leave()
        desk.post.account_news.emit(SHUT_OUT)
        await desk.settled()
        assert desk.rooms.forgotten == 0
        assert desk.said == ""

    live(story)


def test_a_file_that_somebody_else_took_away_meanwhile_is_erased(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.here.shared.write_bytes(b"coworkers")
    monkeypatch.setattr(os, "fsync", lambda _: desk.here.shared.unlink(missing_ok=True))
    erase_seat(desk.here)
    assert not desk.here.shared.exists()
    assert not desk.here.team.exists()


def test_whoever_joins_again_is_told_of_the_team_as_it_is_now(desk: Desk) -> None:
    """That this desk was shut out is over, and hides no loss of the connection."""

    async def story() -> None:
        desk.post.account_news.emit(SHUT_OUT)
        await desk.settled()
        assert "no longer in the team" in desk.said
        desk.teaming._joined()
        assert desk.said == ""
        team = desk.rooms.begin_team()
        team.desk.begin(NoCalls(), TeamKept())
        team.desk.take(TeamHeard(False, "unreachable"))
        assert desk.said.startswith("The team is not reached.")
        banner = desk.teaming._banner
        assert banner is not None
        assert (banner.again.isHidden(), banner.read.isHidden()) == (False, True)

    live(story)


def test_what_cannot_be_erased_is_tried_again_at_the_next_start_and_said_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError("the disk is gone")

    desk.here.shared.write_bytes(b"coworkers")
    monkeypatch.setattr(os, "fsync", refuse)

    async def story() -> None:
        desk.post.account_news.emit(SHUT_OUT)
        await desk.settled()
        assert "could not be erased" in desk.said
        assert desk.said.endswith("RingDesk tries again at its next start.")
        assert desk.here.team.exists()  # by which the next start finds it out anew

    live(story)
