"""The set-up folder of whoever set a team up: certificates, invitations, where the server is; no password."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from ringdesk.cli.team_words import Refused
from ringdesk.providers.team.founding import SetUp
from ringdesk.providers.team.link import LocalServer, Server

NAME: Final = "ringdesk-team"
_SETUP: Final = "setup.json"
_HOST: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """How the directory is reached: by coworkers at `host`, by the set-up role through `socket` or, if empty, TLS.

    `authority` is a PEM file or "system"; `asked`: the set-up role has a password.
    """

    host: str
    port: int
    database: str
    authority: str
    role: str
    socket: str
    socket_port: int
    asked: bool

    @property
    def server(self) -> Server:
        """Where coworkers come in."""
        return Server(self.host, self.database, self.authority, self.port)

    def set_up(self, password: str) -> SetUp:
        """Where the set-up role comes in."""
        if self.socket:
            place = LocalServer(self.socket, self.database, self.socket_port, peer=not self.asked)
            return SetUp(place, self.role, password)
        return SetUp(self.server, self.role, password)


def folder_of(said: Path | None) -> Path:
    """The set-up folder: the one named, else `ringdesk-team` in the home folder."""
    return said if said is not None else Path.home() / NAME


def checked_host(host: str) -> str:
    """A host name or address as it can stand in a certificate. Raises Refused."""
    try:
        ip_address(host)
    except ValueError:
        if not _HOST.fullmatch(host) or len(host) > 253:
            raise Refused(
                f"{host!r} is no host name or address",
                "say it as coworkers' computers reach the server, such as db.office.example or 192.0.2.7",
            ) from None
    return host


def keep_chosen(folder: Path, chosen: Chosen) -> None:
    """Remember how the directory is reached, for the commands that come after `team init`."""
    write_file(folder / _SETUP, json.dumps(asdict(chosen), indent=1) + "\n")


def is_chosen(folder: Path) -> bool:
    """Whether something is remembered in this folder."""
    return (folder / _SETUP).exists()


def read_chosen(folder: Path) -> Chosen:
    """What `team init` remembered. Raises Refused."""
    path = folder / _SETUP
    try:
        document: Any = json.loads(path.read_text("utf-8"))
        values = {field.name: document[field.name] for field in fields(Chosen)}
        kinds = {"port": int, "socket_port": int, "asked": bool}
        if any(type(value) is not kinds.get(key, str) for key, value in values.items()):
            raise ValueError("a value is of another kind")
    except FileNotFoundError:
        raise Refused(
            f"no team was set up from {folder}",
            "run 'ringdesk team init' first, or name the folder it used with --folder",
        ) from None
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}", "run this as the user who set the team up") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(
            f"{path} cannot be read: {error}", "run 'ringdesk team init' once more: it writes it anew"
        ) from None
    return Chosen(**values)


def write_file(path: Path, text: str) -> None:
    """Write a file for this user alone; an older one is replaced whole. Raises Refused."""
    beside = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(path)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}", "name another place") from error
