"""`ringdesk team join, leave, check`: this desk's own seat in a team, and what there is to see of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ringdesk.app.places import places
from ringdesk.app.team_join import JoinError, join, leave
from ringdesk.app.team_seat import Seat, SeatError
from ringdesk.cli.team_folder import folder_of, read_chosen
from ringdesk.cli.team_reach import AS_IT_IS, Door, as_role, seat_of, seat_password, set_up_of
from ringdesk.cli.team_words import Refused, as_coworker, as_joining, ask_secret, report
from ringdesk.domain.signing import Keeping
from ringdesk.domain.sockets import SecretsUnavailable
from ringdesk.domain.status import Finding, Health
from ringdesk.domain.team import Roster
from ringdesk.providers.team import admin, certificates, selfattack
from ringdesk.providers.team.checkup import inspect
from ringdesk.providers.team.directory import Directory
from ringdesk.providers.team.invitation import Invitation, read_invitation
from ringdesk.providers.team.trouble import TeamError
from ringdesk.vault.tokens import Vault

LARGEST: Final = 100_000
"""Bytes of an invitation at most."""
SOON: Final = 60
"""Days before a certificate's end from which on the check says so."""


def join_team(options: argparse.Namespace) -> None:
    """Join with an invitation; its first password is asked for and changed at once."""
    invitation = _read(options.invitation)
    first = ask_secret(f"First password of {invitation.login}")
    own = _own_password() if options.choose_password else None
    try:
        joined = join(places(options.data), Vault(), invitation, first, own)
    except JoinError as error:
        raise as_joining(error) from error
    except TeamError as error:
        raise as_coworker(error, f"{invitation.host}:{invitation.port}") from error
    me, roster = joined.roster.me, joined.roster
    print(f"{me.name}, this desk is in the team at {joined.seat.host}, with {_others(roster)}.")
    print(f"Departments: {_mine(roster)}")
    if joined.keeping is Keeping.KEYRING:
        print("The first password is used up. The new one lies in this desktop's keyring; nobody has to know it.")
    else:
        print("The first password is used up. RingDesk asks for the one you chose at every start.")
    print("Nothing of yours is shared until you tick Clients. Start RingDesk anew where it runs already.")


def _read(path: Path) -> Invitation:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise Refused(f"{path}: too large for an invitation", "name the file that was sent to you")
        return read_invitation(data.decode("utf-8"))
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}", "name the file that was sent to you") from error
    except ValueError as error:
        raise Refused(f"{path}: {error}", "name the file that was sent to you; another one can be made") from error


def _own_password() -> str:
    chosen = ask_secret("Password of your own")
    if ask_secret("Once more") != chosen:
        raise Refused("the two passwords differ", "nothing was changed; try again")
    return chosen


def _others(roster: Roster) -> str:
    others = [one.name for one in roster.coworkers if one.enabled and one.login != roster.me.login]
    return ", ".join(others) if others else "nobody else yet"


def _mine(roster: Roster) -> str:
    return ", ".join(one.name for one in roster.departments if one.mine) or "none"


def leave_team(options: argparse.Namespace) -> None:
    """Take this desk out of its team; what it shares stays with the team."""
    here = places(options.data)
    if here.socket.exists():
        raise Refused(
            "RingDesk is running on this data folder", f"quit it first (or delete {here.socket} if it does not)"
        )
    try:
        left = leave(here, Vault())
    except SeatError as error:
        raise Refused(str(error)) from error
    if left is None:
        raise Refused("this desk is in no team")
    seat, forgotten = left
    print(f"This desk is no longer in the team at {seat.host}; coworkers' contacts are off this computer.")
    print("What you share stays with the team. 'ringdesk team offboard' by an administrator hands it to somebody.")
    if not forgotten:
        print(f"The keyring could not be asked to forget the password: delete its entry RingDesk / {seat.key}.")


def check(options: argparse.Namespace) -> bool:
    """Look at this desk's seat or, where none is here or --folder is given, at the directory as the set-up role."""
    seat = None if options.folder is not None else seat_of(options)
    return report(_seat_findings(seat) if seat is not None else _setup_findings(options))


def _seat_findings(seat: Seat) -> Iterator[Finding]:
    yield Finding("seat", Health.GOOD, f"{seat.login} in the team at {seat.host}:{seat.port}")
    try:
        kept = Vault().get(seat.key) is not None
        yield (
            Finding("keyring", Health.GOOD, "keeps the password")
            if kept
            else Finding("keyring", Health.NOTE, "does not have the password", "it is asked for at every start")
        )
    except SecretsUnavailable as error:
        yield Finding("keyring", Health.NOTE, error.why, "unlock it")
    try:
        with closing(Directory(seat.server, seat.login, seat_password(seat))) as directory:
            roster = directory.hello()
    except TeamError as error:
        yield Finding("server", Health.BAD, *str(as_coworker(error, seat.host)).split("\n  ", 1))
        return
    yield Finding("server", Health.GOOD, f"proves that it is {seat.host}; encrypted; schema {roster.schema}")
    me = roster.me
    told = [me.administrator and "administrator", me.view_only and "view only", not me.google and "no Google sync"]
    yield Finding("rights", Health.GOOD, ", ".join(word for word in told if word) or "coworker, may edit")
    yield Finding("departments", Health.GOOD, _mine(roster))


def _setup_findings(options: argparse.Namespace) -> Iterator[Finding]:
    folder = folder_of(options.folder).absolute()
    chosen = read_chosen(folder)
    yield from _certificate(folder / "server.crt")
    setup, door = set_up_of(chosen), Door(chosen)
    with as_role(setup), setup.open() as connection:
        yield from inspect(connection)
        forgotten = admin.tidy(connection)
        if forgotten:
            yield Finding("old calls", Health.GOOD, f"{forgotten} lines of more than two years ago were forgotten")
        with door.told(AS_IT_IS):
            broken = selfattack.attack(connection, door.connect)
    if broken:
        for one in broken:
            yield Finding("attack", Health.BAD, f"{one.what}: {one.seen}", "let nobody in until this is mended")
    else:
        yield Finding("attack", Health.GOOD, "everything a temporary coworker tried was refused")


def _certificate(path: Path) -> Iterator[Finding]:
    if not path.exists():
        return
    try:
        ends = certificates.ends(path)
    except (OSError, ValueError) as error:
        yield Finding("certificate", Health.BAD, f"{path}: {error}", "make another: ringdesk team certificates")
        return
    days = (ends - datetime.now(UTC)).days
    if days > SOON:
        yield Finding("certificate", Health.GOOD, f"of the server, until {ends:%d %B %Y}")
        return
    health = Health.NOTE if days >= 0 else Health.BAD
    advice = "make another with 'ringdesk team certificates --host HOST', then reload PostgreSQL"
    yield Finding("certificate", health, f"of the server, ends on {ends:%d %B %Y}", advice)
