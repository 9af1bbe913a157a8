"""What the team's window can do: join, leave, look after the team. What blocks runs on a thread of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ringdesk.app.core import Core
from ringdesk.app.places import Places
from ringdesk.app.team_leaving import leave_team
from ringdesk.app.team_seat import SeatError, read_seat
from ringdesk.desk.team_people import Done, Failed, People
from ringdesk.domain.sockets import SecretsUnavailable
from ringdesk.domain.team import TeamDepartment
from ringdesk.providers.team.invitation import read_invitation
from ringdesk.ui.main_window import MainWindow
from ringdesk.ui.team_window import TeamWindow
from ringdesk.ui.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ringdesk.providers.team.directory import Directory

log = logging.getLogger(__name__)


def open_team(
    theme: Theme,
    core: Core,
    here: Places,
    window: MainWindow,
    joined: Callable[[], None],
    seen: Callable[[str, QWidget | None], None],
) -> None:
    """Open the team's window over the main window. `seen` opens what coworkers see, over that."""
    made = TeamWindow(theme, Ports(core, here, joined), window)
    made.seen_asked.connect(lambda: seen("", made))
    made.open()


class Ports:
    """`desk.team_people.TeamPorts`. Belongs to the main thread."""

    def __init__(self, core: Core, here: Places, joined: Callable[[], None]) -> None:
        self._core, self._here, self._joined = core, here, joined

    @property
    def joined(self) -> bool:
        """Whether this desk is in a team."""
        return self._core.team is not None and self._core.team.joined

    @property
    def known(self) -> People | None:
        """Who is in the team as last heard: rights and departments are changed only where the directory answers."""
        roster = None if self._core.team is None else self._core.team.desk.view.roster
        if roster is None:
            return None
        return People(roster.me.login, False, roster.coworkers, _mine(roster.departments))

    def invitation(self, path: str) -> str | Failed:
        """Who is invited to which server."""
        try:
            found = read_invitation(Path(path).read_text("utf-8"))
        except (OSError, ValueError) as error:
            return Failed("invitation", str(error))
        return f"{found.name} ({found.login}), {found.host}"

    def join(self, path: str, password: str, done: Done) -> None:
        """Join with an invitation and its first password."""

        def work() -> People:
            from ringdesk.app.team_join import join  # here, off the main thread: the driver is heavy

            invitation = read_invitation(Path(path).read_text("utf-8"))
            join(self._here, self._core.outside.secrets, invitation, password)
            return self._people()

        def then(result: object) -> None:
            if isinstance(result, People):
                self._joined()
            done(result)

        self._off(work, then)

    def people(self, done: Done) -> None:
        """Who is in the team."""
        self._off(self._people, done)

    def change(self, login: str, done: Done, **change: bool) -> None:
        """Change a coworker's rights."""

        def work() -> People:
            with closing(self._directory()) as directory:
                directory.set_coworker(login, **change)
            return self._people()

        self._off(work, done)

    def set_department(self, name: str, members: tuple[str, ...], done: Done) -> None:
        """Make a department, or say anew who is in it."""

        def work() -> People:
            with closing(self._directory()) as directory:
                directory.set_department(name, members)
            return self._people()

        self._off(work, done)

    def leave(self, done: Done) -> None:
        """Leave the team: the worker ends first, then coworkers' contacts go from this computer."""

        async def go() -> None:
            try:
                await leave_team(self._core, self._here)
            except SeatError as error:
                done(failed(error))
            else:
                done(None)

        self._going = asyncio.get_running_loop().create_task(go(), name="leave the team")

    def _people(self) -> People:
        with closing(self._directory()) as directory:
            roster = directory.hello()
            departments = directory.staff().departments if roster.me.administrator else _mine(roster.departments)
        return People(roster.me.login, roster.me.administrator, roster.coworkers, departments)

    def _directory(self) -> Directory:
        from ringdesk.providers.team.directory import Directory

        seat = read_seat(self._here)
        if seat is None:
            raise SeatError("this desk is in no team")
        return Directory(seat.server, seat.login, self._core.outside.secrets.get(seat.key) or "")

    def _off(self, do: Callable[[], object], done: Done) -> None:
        """Do it on a thread of its own; a trouble that the user can do something about comes as `Failed`."""
        self._core.outside.aside("team window", do, done, lambda error: done(failed(error)))


def failed(error: Exception) -> Failed:
    """What went wrong, as a code and what was said."""
    from ringdesk.app.team_join import JoinError
    from ringdesk.providers.team.trouble import TeamError

    match error:
        case TeamError():
            return Failed(error.trouble.value, error.detail)
        case JoinError():
            return Failed(error.why.value, error.detail)
        case SecretsUnavailable():
            return Failed("no keyring", error.why)
        case _:
            return Failed("fault", str(error) or type(error).__name__)


def _mine(departments: Sequence[TeamDepartment]) -> dict[str, tuple[str, ...]]:
    return {one.name: () for one in departments if one.mine}
