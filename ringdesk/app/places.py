"""Where RingDesk keeps things on this computer."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ringdesk.domain.values import dataclass

SOCKET: Final = "feed.sock"
LONGEST_SOCKET_PATH: Final = 100
"""The system refuses longer ones (sun_path holds 108 bytes on Linux, 104 on macOS)."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files of one RingDesk. `data` holds everything the user would miss."""

    data: Path
    run: Path
    common: Path = Path("/etc/ringdesk")
    """What an administrator has put in place for every user of this computer."""

    @property
    def database(self) -> Path:
        """The store."""
        return self.data / "ringdesk.db"

    @property
    def window(self) -> Path:
        """Where the main window stood."""
        return self.data / "window.json"

    @property
    def log(self) -> Path:
        """The log, without names, numbers and secrets."""
        return self.data / "ringdesk.log"

    @property
    def socket(self) -> Path:
        """The local call-event feed."""
        return self.run / SOCKET

    @property
    def http_feed(self) -> Path:
        """Where the running program says at which address its HTTP feed listens."""
        return self.run / "feed-http.json"

    @property
    def tokens(self) -> Path:
        """Who may post to the HTTP feed."""
        return self.data / "feed-tokens.json"

    @property
    def team(self) -> Path:
        """Which team this desk belongs to, and as whom; without its password."""
        return self.data / "team.json"

    @property
    def team_left(self) -> Path:
        """The team that has shut this desk out, as `team` said it, until the user has read that it did."""
        return self.data / "team-left.json"

    @property
    def team_authority(self) -> Path:
        """Whom to trust to be the team's server."""
        return self.data / "team-authority.pem"

    @property
    def shared(self) -> Path:
        """Coworkers' shared contacts, rebuilt from the team directory whenever they are missing."""
        return self.data / "shared.db"

    @property
    def google_client(self) -> Path:
        """The client file for Google that the user chose."""
        return self.data / "google-client.json"

    @property
    def common_google_client(self) -> Path:
        """Where an administrator may put a client file for everybody on this computer."""
        return self.common / "google-client.json"

    def make(self) -> None:
        """Make the folders, readable by this user only. Raises OSError naming the folder."""
        for folder in (self.data, self.run):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if os.name == "posix" and folder.stat().st_uid == os.getuid():
                folder.chmod(0o700)


def places(folder: Path | None, environment: Mapping[str, str] = os.environ) -> Places:
    """The platform's places, or all of them inside one chosen folder."""
    if folder is not None:
        data = folder.absolute()
        return Places(data, _short(data / "run", data, environment), _common(environment))
    data = _data_home(environment) / "ringdesk"
    runtime = environment.get("XDG_RUNTIME_DIR")
    run = Path(runtime) / "ringdesk" if runtime else _short(data / "run", data, environment)
    return Places(data, run, _common(environment))


def _common(environment: Mapping[str, str]) -> Path:
    if sys.platform == "win32":
        return Path(environment.get("PROGRAMDATA") or "C:/ProgramData") / "RingDesk"
    if sys.platform == "darwin":
        return Path("/Library/Application Support/RingDesk")
    return Path("/etc/ringdesk")


def _data_home(environment: Mapping[str, str]) -> Path:
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _short(run: Path, data: Path, environment: Mapping[str, str]) -> Path:
    """A folder for the socket whose path the system takes: beside the data, else under the temporary folder."""
    if len(os.fsencode(run / SOCKET)) <= LONGEST_SOCKET_PATH:
        return run
    owner = os.getuid() if os.name == "posix" else 0
    name = f"ringdesk-{owner}-{abs(hash_of(str(data))):x}"
    return Path(environment.get("TMPDIR") or "/tmp") / name


def hash_of(text: str) -> int:
    """A number that stands for a text, the same in every process."""
    value = 0
    for byte in text.encode():
        value = (value * 1_000_003 ^ byte) & 0xFFFF_FFFF
    return value
