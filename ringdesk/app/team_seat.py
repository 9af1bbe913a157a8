"""This desk's seat in a team: which directory it belongs to and as whom. No secret is in its two files.

`team.json` says where and who, `team-authority.pem` whom to trust to be that server; the password is the keyring's.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from ringdesk.app.places import Places
from ringdesk.providers.team.link import Server

FORMAT: Final = "ringdesk team seat 1"
CHUNK: Final = 1 << 20
SYSTEM: Final = "system"
"""The authority of a server whose certificate the system's own authorities signed."""


class SeatError(Exception):
    """The seat's file cannot be read or written: which, and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The directory this desk belongs to, and its login there; `name` as the invitation said it."""

    host: str
    port: int
    database: str
    login: str
    name: str
    authority: str

    @property
    def key(self) -> str:
        """The password's key in the vault."""
        return f"team:{self.login}@{self.host}:{self.port}/{self.database}"

    @property
    def server(self) -> Server:
        """The directory as `providers.team.directory` reaches it."""
        return Server(self.host, self.database, self.authority, self.port)


def read_seat(here: Places) -> Seat | None:
    """The seat, or None where this desk is in no team. Raises SeatError."""
    return _read(here, here.team)


def read_left(here: Places) -> Seat | None:
    """The seat of a team that has shut this desk out, where the user has not read that yet. Raises SeatError."""
    return _read(here, here.team_left)


def forget_left(here: Places) -> None:
    """The user has read it, or is in a team again. Raises SeatError."""
    try:
        here.team_left.unlink(missing_ok=True)
    except OSError as error:
        raise SeatError(f"{here.team_left} cannot be deleted: {error}") from error


def _read(here: Places, path: Path) -> Seat | None:
    try:
        document: Any = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise SeatError(f"{path} cannot be read: {error}") from error
    try:
        if document["format"] != FORMAT:
            raise ValueError(f"it is not of the form {FORMAT!r}")
        values = {field.name: document[field.name] for field in fields(Seat) if field.name != "authority"}
        if not isinstance(values["port"], int) or not all(
            isinstance(value, str) and value for key, value in values.items() if key != "port"
        ):
            raise ValueError("a value is missing")
    except (KeyError, TypeError, ValueError) as error:
        raise SeatError(f"{path} cannot be read: {error}; join the team again") from error
    authority = str(here.team_authority) if here.team_authority.exists() else SYSTEM
    return Seat(authority=authority, **values)


def keep_authority(here: Places, text: str) -> str:
    """Keep an invitation's authority where libpq can read it; gives what `Seat.authority` is. Raises SeatError."""
    if text == SYSTEM:
        here.team_authority.unlink(missing_ok=True)
        return SYSTEM
    _put(here.team_authority, text)
    return str(here.team_authority)


def keep_seat(here: Places, seat: Seat) -> None:
    """Write the seat down. Raises SeatError."""
    document = {"format": FORMAT, **{key: value for key, value in asdict(seat).items() if key != "authority"}}
    _put(here.team, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def erase_seat(here: Places, *, shut_out: bool = False) -> None:
    """Take the seat's files away, and the coworkers' contacts with it. Raises SeatError.

    Of whoever was shut out the last step keeps what `read_left` tells: by one rename, so that neither is ever lost.
    """
    shared = [here.shared.with_name(here.shared.name + end) for end in ("", "-wal", "-shm", "-journal")]
    for path in (*shared, here.team_authority, *(() if shut_out else (here.team,))):
        try:
            _erase(path)
        except OSError as error:
            raise SeatError(f"{path} cannot be deleted: {error}") from error
    if shut_out:
        try:
            here.team.replace(here.team_left)
        except OSError as error:
            raise SeatError(f"{here.team} cannot be renamed: {error}") from error


def _erase(path: Path) -> None:
    """Delete a file, and write over what it held first: a deleted file's bytes lie on the disk until it needs them."""
    try:
        with path.open("r+b", buffering=0) as file:
            left = os.fstat(file.fileno()).st_size
            while left > 0:
                left -= file.write(bytes(min(left, CHUNK)))
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)  # SQLite takes its own side files away as the last connection closes


def _put(path: Path, text: str) -> None:
    """Write a file whole beside the old one, for this user alone, then take its place."""
    beside = path.with_name(path.name + ".new")
    try:
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise SeatError(f"{path} cannot be written: {error}") from error
