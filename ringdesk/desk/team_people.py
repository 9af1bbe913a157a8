"""Joining a team, and looking after who is in it, without Qt. What takes time is asked for and told later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ringdesk.domain.team import Person


@dataclass(frozen=True, slots=True)
class People:
    """Everybody in the team, and who is in which department."""

    me: str
    administrator: bool
    coworkers: tuple[Person, ...]
    departments: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Failed:
    """It was not done: a code, and what the server or the system said."""

    code: str
    detail: str = ""


Done = Callable[[object], None]


class TeamPorts(Protocol):
    """What the team's window asks of the program. `done` is called on the main thread, with the result or `Failed`."""

    @property
    def joined(self) -> bool:
        """Whether this desk is in a team."""

    @property
    def known(self) -> People | None:
        """Who is in the team as last heard, for reading; None where nobody has been heard of since the start."""

    def invitation(self, path: str) -> str | Failed:
        """Who is invited to which server, as one line, by an invitation file."""

    def join(self, path: str, password: str, done: Done) -> None:
        """Join with an invitation and its first password. Gives the team's People."""

    def people(self, done: Done) -> None:
        """Who is in the team."""

    def change(self, login: str, done: Done, **change: bool) -> None:
        """Change a coworker's rights: administrator, view_only, google. Gives the team's People."""

    def set_department(self, name: str, members: tuple[str, ...], done: Done) -> None:
        """Make a department, or say anew who is in it. Gives the team's People."""

    def leave(self, done: Done) -> None:
        """Leave the team. Gives None."""
