"""Joining a team and leaving it, step by step, for the command line and the window alike. Blocks: never on Qt's thread.

The first password, told apart from the invitation, is changed at once for one that nobody has seen. The new one is in
the keyring before the server learns of it: whatever fails in between, joining once more mends it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ringdesk.app.places import Places
from ringdesk.app.team_seat import Seat, SeatError, erase_seat, forget_left, keep_authority, keep_seat, read_seat
from ringdesk.domain.signing import Keeping
from ringdesk.domain.sockets import Secrets, SecretsUnavailable
from ringdesk.domain.team import Roster
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.invitation import Invitation
from ringdesk.providers.team.password import new_password
from ringdesk.providers.team.trouble import TeamError, TeamTrouble

SHORTEST_PASSWORD: Final = 12


class JoinTrouble(Enum):
    """Why this desk did not join; what the server said comes as TeamError instead."""

    ELSEWHERE = "in another team"
    NO_KEYRING = "no keyring"
    """Nothing here would keep a password that nobody has seen: the user must choose one and type it at every start."""
    SHORT = "password too short"
    DISK = "disk"


class JoinError(Exception):
    """This desk did not join; nothing was changed. `detail` names what was in the way."""

    def __init__(self, why: JoinTrouble, detail: str = "") -> None:
        super().__init__(f"{why.value}: {detail}")
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Joined:
    """The seat taken, the team as it is, and where the password lies."""

    seat: Seat
    roster: Roster
    keeping: Keeping


def join(here: Places, secrets: Secrets, invitation: Invitation, first: str, own: str | None = None) -> Joined:
    """Join with the first password. `own`: a password of the user's choosing, where no keyring would keep another.

    Raises JoinError and TeamError.
    """
    if own is not None and len(own) < SHORTEST_PASSWORD:
        raise JoinError(JoinTrouble.SHORT, f"{SHORTEST_PASSWORD} characters at least")
    try:
        seat = _seat(here, invitation)
        with _given_back(here):
            return _join(here, secrets, seat, first, own)
    except (OSError, SeatError) as error:
        raise JoinError(JoinTrouble.DISK, str(error)) from error


def leave(here: Places, secrets: Secrets, *, shut_out: bool = False) -> tuple[Seat, bool] | None:
    """Leave: coworkers' contacts, the seat and the password go from this computer; what I share stays with the team.

    Gives the seat that was, and whether the keyring forgot the password; None where this desk is in no team.
    `shut_out`: not by the user's wish, so they have to be told. Raises SeatError.
    """
    seat = read_seat(here)
    if seat is None:
        return None
    erase_seat(here, shut_out=shut_out)
    return seat, secrets.forget(seat.key)


def _seat(here: Places, invitation: Invitation) -> Seat:
    """The seat the invitation offers; its authority is on the disk, where libpq wants it."""
    held = read_seat(here)
    if held and (held.host, held.database, held.login) != (invitation.host, invitation.database, invitation.login):
        raise JoinError(JoinTrouble.ELSEWHERE, f"{held.login} at {held.host}")
    here.make()
    return Seat(
        host=invitation.host,
        port=invitation.port,
        database=invitation.database,
        login=invitation.login,
        name=invitation.name,
        authority=keep_authority(here, invitation.authority),
    )


@contextmanager
def _given_back(here: Places) -> Iterator[None]:
    """Leave no file of a team that was not joined."""
    try:
        yield
    finally:
        if not here.team.exists():
            here.team_authority.unlink(missing_ok=True)


def _join(here: Places, secrets: Secrets, seat: Seat, first: str, own: str | None) -> Joined:
    with closing(Directory(seat.server, seat.login, first)) as directory:
        try:
            directory.hello()
        except TeamError as error:
            if error.trouble is not TeamTrouble.LOGIN:
                raise
            keeping = Keeping.KEYRING
            roster = _again(secrets, seat, error)
        else:
            keeping = _change(directory, secrets, seat.key, own)
            directory.join()
            roster = directory.hello()
    keep_seat(here, seat)
    forget_left(here)
    return Joined(seat, roster, keeping)


def _again(secrets: Secrets, seat: Seat, refused: TeamError) -> Roster:
    """The first password was changed already: perhaps by this desk, which then did not come to an end."""
    try:
        kept = secrets.get(seat.key)
    except SecretsUnavailable:
        kept = None
    if kept is None:
        raise refused
    with closing(Directory(seat.server, seat.login, kept)) as directory:
        directory.join()
        return directory.hello()


def _change(directory: Directory, secrets: Secrets, key: str, own: str | None) -> Keeping:
    password = own or new_password()
    keeping = secrets.keep(key, password)
    if own is None and keeping is not Keeping.KEYRING:
        secrets.forget(key)
        raise JoinError(JoinTrouble.NO_KEYRING)
    try:
        directory.change_password(password)
    except TeamError as error:
        if error.trouble is not TeamTrouble.UNREACHABLE:  # then the server may have taken it
            secrets.forget(key)
        raise
    return keeping
