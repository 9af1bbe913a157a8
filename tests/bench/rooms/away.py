"""A story of the other rooms on a desk whose team's server is away.

usage: python -m tests.bench.rooms.away ROOM PORT DATA [further arguments of the room]
"""

from __future__ import annotations

import asyncio
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Final

from ringdesk.app.front import Front
from ringdesk.app.places import places
from ringdesk.app.team_seat import Seat, keep_authority, keep_seat
from tests.bench.figures import Figures
from tests.bench.rooms.stage import Story, play_with
from tests.fakes import FakeSecrets

SYSTEM: Final = "system"
PATIENCE: Final = 60.0
"""Seconds in which the desk finds out that nobody is there; loading the driver is part of the start, not of this."""


def take_seat(data: Path, port: int) -> None:
    """Join a team whose server is to be at that port of this machine."""
    here = places(data)
    here.make()
    authority = keep_authority(here, SYSTEM)
    keep_seat(here, Seat(host="localhost", port=port, database="team", login="ann", name="Ann", authority=authority))


def main() -> None:
    """Take a seat and play."""
    room, port, data = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    del sys.argv[1:3]
    take_seat(data, port)
    story: Story = import_module(f"tests.bench.rooms.{room}").story

    async def known_to_be_away(front: Front) -> Figures:
        until = time.monotonic() + PATIENCE
        while not (front.core.team and front.core.team.desk.view.trouble):
            if time.monotonic() > until:
                sys.exit("the desk does not find out that the server is away")
            await asyncio.sleep(0.05)
        return await story(front)

    play_with(known_to_be_away, data, know_password)


def know_password(front: Front) -> None:
    """Have a password for every seat, so that nothing but the server is missing."""
    front._secrets = OnePassword()


class OnePassword(FakeSecrets):
    """A keyring that knows one password, whatever for."""

    def get(self, key: str) -> str | None:
        """The password."""
        return "practice-password"


if __name__ == "__main__":
    main()
