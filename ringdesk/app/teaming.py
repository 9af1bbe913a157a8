"""The team in the windows: news to the desk, the banner, what coworkers see, the team's own window."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from ringdesk.app.places import Places
from ringdesk.app.team_leaving import leave_team
from ringdesk.desk.contacts import Details
from ringdesk.desk.team import TeamDesk, Told
from ringdesk.domain.card import Card
from ringdesk.domain.contact import SHARED, ContactRow
from ringdesk.domain.lookup import Book
from ringdesk.domain.remote import Death
from ringdesk.domain.sockets import Show
from ringdesk.domain.syncing import AccountNews, SyncDead
from ringdesk.domain.team import ClaimLost, TeamNews
from ringdesk.ui.post import Post
from ringdesk.ui.theme import Theme

if TYPE_CHECKING:
    from ringdesk.app.core import Core
    from ringdesk.app.team import Team
    from ringdesk.ui.main_window import MainWindow
    from ringdesk.ui.team_banner import TeamBanner
    from ringdesk.ui.team_lost import LostClaims

log = logging.getLogger(__name__)

PAGE: Final = 1000
TEAM_ACCOUNT: Final = "team"


class Teaming(QObject):
    """Plugs the team into the windows. `window` gives the main window where there is one."""

    def __init__(
        self,
        theme: Theme,
        post: Post,
        core: Core,
        window: Callable[[], MainWindow | None],
        here: Places,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._post, self._core, self._window, self._here = theme, post, core, window, here
        self._banner: TeamBanner | None = None
        self._lost: LostClaims | None = None
        self._desk: TeamDesk | None = None
        self._connected = False
        self._out: asyncio.Task[None] | None = None
        self._farewell = ""
        """What is said where the team has shut this desk out, until it is read."""
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def team(self) -> Team:
        """The team, begun where it was not."""
        return self._core.begin_team()

    def hear(self) -> None:
        """Hear of the team from now on."""
        if self._connected:
            return
        self._connected = True
        post = self._post
        post.team_news.connect(self._team_news)
        post.account_news.connect(self._account_news)
        post.contacts_changed.connect(self._contacts_changed)
        post.calls_changed.connect(self._calls_changed)
        post.notes_changed.connect(self._calls_changed)

    def show_in(self, window: MainWindow) -> None:
        """Show the team in the main window; after this desk has left one and joined again, the one it is in now."""
        desk = self.team.desk
        if desk is self._desk:
            return
        self._desk = desk
        window.use_team(desk, *self._banners(window))
        desk.listen(self._changed)
        desk.on_told(self._tell)
        self._changed()
        self._tell_out()
        if not self._farewell and self._here.team_left.exists() and not self._here.team.exists():
            self._later(self._recall(), "shut out before this start")

    def _banners(self, window: MainWindow) -> tuple[QWidget, ...]:
        """What is to be put across the top of the window: made once."""
        from ringdesk.ui.team_banner import TeamBanner
        from ringdesk.ui.team_lost import LostClaims

        if self._banner is not None:
            return ()
        self._banner = TeamBanner(self._theme, window)
        self._banner.again.clicked.connect(self._look)
        self._banner.read.clicked.connect(self._read)
        self._lost = LostClaims(self._theme, window)
        self._lost.opened.connect(window.pane.open)
        self._lost.thrown.connect(lambda lost: window.pane.throw_away(lost.kept, lost.name))
        window.pane.details.seen_asked.connect(self._show_seen)
        return self._banner, self._lost

    @Slot()
    def _look(self) -> None:
        self.team.look()

    def open(self) -> None:
        """Open the team's window: to join, or to see who is in it."""
        from ringdesk.app.team_window import open_team

        window = self._window()
        if window is not None:
            open_team(self._theme, self._core, self._here, window, self._joined, self._open_seen)

    def _joined(self) -> None:
        self._farewell = ""
        if self._banner is not None:
            self._banner.take_out_back()
        if self._core.team is not None:
            self._core.team.come_back()
        self.hear()
        window = self._window()
        if window is not None:
            self.show_in(window)

    def _changed(self) -> None:
        window, team = self._window(), self._core.team
        if window is not None and team is not None and self._banner is not None:
            self._banner.show_team(team.desk.view)
            window.pane.team_changed()

    def _tell(self, what: Told) -> None:
        from ringdesk.ui.team_words import told

        window = self._window()
        if self._lost is not None and isinstance(what, ClaimLost) and what.kept is not None:
            self._lost.ask(what)
        elif window is not None:
            window.tell(told(what))

    @Slot(object)
    def _team_news(self, news: TeamNews) -> None:
        self._core.hear_team(news)

    @Slot(object)
    def _account_news(self, news: AccountNews) -> None:
        team = self._core.team
        if team is None or not team.joined or team.leaving or self._going_out:
            return  # of a team that was left: a round and the listener find the same out, each for itself
        team.desk.take(news)
        if isinstance(news, SyncDead) and (news.account, news.cause) == (TEAM_ACCOUNT, Death.DISABLED):
            self._out = asyncio.get_running_loop().create_task(self._shut_out(), name="shut out of the team")

    @property
    def _going_out(self) -> bool:
        return self._out is not None and not self._out.done()

    async def _shut_out(self) -> None:
        """The team has said that this desk is in it no more: coworkers' contacts go, what is mine stays."""
        from ringdesk.app.team_seat import SeatError
        from ringdesk.ui.team_words import out, out_but

        try:
            self._farewell = out(await leave_team(self._core, self._here, shut_out=True))
        except SeatError as error:
            log.exception("coworkers' contacts could not be erased")
            self._farewell = out_but(str(error))
        self._tell_out()

    async def _recall(self) -> None:
        """The team shut this desk out before this start, and nobody has read it yet."""
        from ringdesk.app.team_seat import SeatError, read_left
        from ringdesk.ui.team_words import out

        try:
            seat = await asyncio.get_running_loop().run_in_executor(None, read_left, self._here)
            host = "" if seat is None else seat.host
        except SeatError:
            log.exception("which team has shut this desk out cannot be read")
            host = ""
        self._farewell = out(host)
        self._tell_out()

    @Slot()
    def _read(self) -> None:
        """The user has read it: no start says it again."""
        self._farewell = ""
        self._later(self._forget(), "shut out, and read")

    async def _forget(self) -> None:
        from ringdesk.app.team_seat import SeatError, forget_left

        try:
            await asyncio.get_running_loop().run_in_executor(None, forget_left, self._here)
        except SeatError:
            log.exception("that it was read is not kept: the next start says it again")

    def _later(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _tell_out(self) -> None:
        if self._banner is not None and self._farewell:
            self._banner.say_out(self._farewell)

    @Slot(object)
    def _contacts_changed(self, _: object) -> None:
        self.team.contacts_changed()

    @Slot(object)
    def _calls_changed(self, _: object) -> None:
        self.team.calls_changed()

    # What do coworkers see? ------------------------------------------------------------------------------------------

    @Slot(object)
    def _show_seen(self, details: Details) -> None:
        self._open_seen(details.contact.id, self._window())

    def _open_seen(self, contact: str, over: QWidget | None) -> None:
        """Open the list of all I share at a contact, over a window."""
        from ringdesk.ui.team_seen import Seeing, SeenDialog

        team = self.team
        seeing = Seeing(self._seen, self._shared, lambda: team.desk.chosen, team.choose)
        dialog = SeenDialog(self._theme, self._core.settings.region, seeing, over)
        dialog.show_contact(contact)
        dialog.open()

    def _seen(self, id: str) -> Card | None:
        contact = self._core.store.reads.get(id)
        return None if contact is None else self.team.desk.seen(contact)

    def _shared(self) -> list[ContactRow]:
        reads, show = self._core.store.reads, Show(anonymous=None, book=Book.MINE)
        pages = range(0, reads.count(show), PAGE)
        return [row for start in pages for row in reads.page(show, start, PAGE) if row.flags & SHARED]
