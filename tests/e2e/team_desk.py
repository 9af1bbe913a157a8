"""A coworker's RingDesk with its windows, at a team's real directory over TLS."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication, QWidget

from ringdesk.app.team_seat import Seat, keep_authority, keep_seat
from ringdesk.desk.team import TeamDesk
from ringdesk.desk.team_view import TeamView
from ringdesk.domain.contact import Contact, ContactRow
from ringdesk.domain.sockets import Browser, Show
from ringdesk.feed.client import post
from ringdesk.store.contacts_read import Reads
from tests.e2e.program import Program
from tests.fakes import FakeSecrets
from tests.postgres import PASSWORD, Team

ALL = Show(anonymous=None)
LINES = [{"match": "1000", "line": "department Sales"}]
SHOTS = os.environ.get("RINGDESK_SHOTS", "")
"""A folder for pictures of the windows, to be looked at."""


class Desk(Program):
    """A coworker's RingDesk, joined already unless without a login; with a browser it may connect an account too."""

    def __init__(self, folder: Path, app: QApplication, team: Team, login: str | None, *browsers: Browser) -> None:
        super().__init__(folder, app, *browsers, lines=LINES)
        secrets = self.front._secrets = FakeSecrets()
        if login is None:
            return
        place = team.cluster.tcp(team.name)
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

    def rows(self) -> list[ContactRow]:
        """Who is here."""
        return [*self.reads.page(ALL, 0, 2000)]

    def names(self, show: Show = ALL) -> list[str]:
        return [row.name for row in self.reads.page(show, 0, 2000)]

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

    def shoot(self, name: str, window: QWidget | None = None) -> None:
        if SHOTS:
            (window or self.front.window).grab().save(f"{SHOTS}/{name}.png")


def play(
    app: QApplication,
    folder: Path,
    team: Team,
    story: Callable[[Desk, Desk], Awaitable[None]],
    alice: Browser | None = None,
) -> None:
    """Alice and Bob start RingDesk, let a story happen, and stop it in order; Alice may have a browser."""
    browsers = {"alice": (alice,) if alice else (), "bob": ()}

    async def whole() -> None:
        alice, bob = (Desk(folder / login, app, team, login, *found) for login, found in browsers.items())
        for one in (alice, bob):
            await one.start()
            await one.online()
        try:
            await story(alice, bob)
        finally:
            for one in (alice, bob):
                await one.front.stop()

    live(app, whole)


def live(app: QApplication, story: Callable[[], Coroutine[None, None, None]]) -> None:
    """Let a story happen on Qt's loop."""
    loop = qasync.QEventLoop(app, already_running=False)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(story())


def tell(desk: Desk, event: str, id: str, **more: str) -> None:
    """An event of the phone."""
    assert post(desk.here.socket, {"event": event, "id": id, **more}).ok


def ring(desk: Desk, id: str, number: str) -> None:
    """Somebody rings the department."""
    tell(desk, "ringing", id, **{"from": number, "to": "1000"})
