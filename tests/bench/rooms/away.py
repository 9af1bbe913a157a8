"""A story of the other rooms on a desk whose team's server is away.

usage: python -m tests.bench.rooms.away ROOM PORT DATA [further arguments of the room]
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Final

from ringdesk.app.front import Front
from ringdesk.app.places import places
from ringdesk.app.team_seat import Seat, keep_authority, keep_seat
from tests.bench.rooms.stage import play_with
from tests.fakes import FakeSecrets

SYSTEM: Final = "system"


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
    play_with(import_module(f"tests.bench.rooms.{room}").story, data, know_password)


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
