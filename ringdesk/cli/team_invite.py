"""`ringdesk team invite` and `ringdesk team offboard`: who comes and who leaves, as the set-up role."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from ringdesk.cli.team_folder import Chosen, folder_of, write_file
from ringdesk.cli.team_reach import authority_text, set_up_connection
from ringdesk.cli.team_words import Refused
from ringdesk.domain.team import Person
from ringdesk.providers.team import admin
from ringdesk.providers.team.founding import departments_of
from ringdesk.providers.team.invitation import Invitation, write_invitation
from ringdesk.providers.team.roster import Staff

DAYS: Final = 14
"""How long an invitation is open."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Who was invited, their first password, where the invitation lies, when it ends."""

    name: str
    secret: admin.Secret
    path: Path
    until: datetime


def invite(options: argparse.Namespace) -> None:
    """Invite a coworker or, with --again, give one who is there another first password."""
    until = invitation_ends()
    with set_up_connection(options) as (chosen, connection):
        staff = admin.staff(connection)
        name = " ".join(options.name.split())
        there = staff.named(options.login or name)
        if options.again:
            there = there or nobody(name, staff)
            login, name = there.login, there.name
        elif there is not None:
            raise Refused(
                f"{there.login} is in the team already, as {there.name!r}",
                "--again gives them another password; --login makes another coworker of that name",
            )
        else:
            login = login_of(options, name)
        path = options.out or folder_of(options.folder).absolute() / f"{login}.invitation"
        with Draft(path, chosen, (login, name), until):
            if options.again:
                secret = admin.invite_again(connection, login, until)
            else:
                who = admin.NewCoworker(login, name, options.administrator, _departments(options, staff))
                secret = admin.invite(connection, who, until=until)
    announce(Invited(name, secret, path, until))


def _departments(options: argparse.Namespace, staff: Staff) -> tuple[str, ...]:
    known = {name.casefold(): name for name in staff.departments}
    wanted = departments_of(options.department)
    unknown = [name for name in wanted if name.casefold() not in known]
    if unknown:
        raise Refused(
            f"there is no department {unknown[0]!r} (there are: {', '.join(staff.departments) or 'none'})",
            f"make it first: ringdesk team departments --add '{unknown[0]}'",
        )
    return tuple(known[name.casefold()] for name in wanted)


def offboard(options: argparse.Namespace) -> None:
    """Shut a leaver out and hand their shared contacts over."""
    with set_up_connection(options) as (_, connection):
        staff = admin.staff(connection)
        leaver = staff.named(options.name) or nobody(options.name, staff)
        heir = staff.named(options.give_to) or nobody(options.give_to, staff)
        _look_before(leaver, heir, staff)
        done = admin.offboard(connection, leaver.login, heir.login)
    print(f"{leaver.name} ({leaver.login}) can no longer come in; {done.given} shared contacts are {heir.name}'s now.")
    print(
        "What they kept private was never here. Their RingDesk erases coworkers' contacts once it reaches the server;"
    )
    print("a computer that never does keeps them: see to that too.")
    if not done.cut:
        print("A connection of theirs may still be open, and is refused everything; a superuser may end it.")


def restored(options: argparse.Namespace) -> None:
    """A backup of the directory was put back: desks that have seen newer things must look through everything."""
    with set_up_connection(options) as (_, connection):
        admin.renew(connection)
    print("Every desk reads the whole directory at its next look. What coworkers changed since that backup, and what")
    print("their desks had sent already, is lost: those who shared it share or edit it once more.")


def _look_before(leaver: Person, heir: Person, staff: Staff) -> None:
    if not leaver.enabled:
        raise Refused(f"{leaver.login} has left already")
    if leaver.login == heir.login or not heir.enabled:
        raise Refused(f"contacts cannot be given to {heir.login}", "name a coworker who stays")
    if leaver.administrator and not any(
        one.administrator and one.enabled and one.login != leaver.login for one in staff.coworkers
    ):
        raise Refused(
            f"{leaver.login} is the only administrator",
            f"make another one first: ringdesk team rights {heir.login} --administrator",
        )


def nobody(said: str, staff: Staff) -> Person:
    """Nobody, or more than one, is called that. Raises Refused."""
    alike = [one.login for one in staff.coworkers if one.name.casefold() == said.strip().casefold()]
    if alike:
        raise Refused(f"more than one coworker is called {said!r}", f"say which by the login: {', '.join(alike)}")
    raise Refused(f"nobody in the team is called {said!r}", "'ringdesk team members' lists logins and names")


def login_of(options: argparse.Namespace, name: str) -> str:
    """The login said, or the one the name suggests. Raises Refused."""
    login: str = options.login or admin.login_for(name)
    if not login or not name:
        raise Refused(f"no login can be made of {name!r}", "say one with --login: a to z, digits, _ . -")
    return login


def invitation_ends() -> datetime:
    """When an invitation of now ends."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=DAYS)


class Draft:
    """An invitation on the disk before its coworker is made: one who could not be given theirs would be stuck."""

    def __init__(self, path: Path, chosen: Chosen, who: tuple[str, str], until: datetime) -> None:
        login, name = who
        invitation = Invitation(
            host=chosen.host,
            port=chosen.port,
            database=chosen.database,
            login=login,
            name=name,
            authority=authority_text(chosen.authority),
            expires=int(until.timestamp()),
        )
        self._path = path
        self._before = path.read_text("utf-8") if path.exists() else None
        write_file(path, write_invitation(invitation))

    def drop(self) -> None:
        """Nobody was invited: put back what was there before."""
        if self._before is None:
            self._path.unlink(missing_ok=True)
        else:
            write_file(self._path, self._before)

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.drop()


def announce(invited: Invited) -> None:
    """Say what to hand over, and how. The password stands here and nowhere else."""
    print(f"{invited.name} is invited as {invited.secret.login}, until {invited.until:%d %B %Y}.")
    print(f"  send this file:     {invited.path}")
    print(f"  tell the password:  {invited.secret.password}")
    print("                      by another way than the file: in person or by telephone. It is shown only now.")
    print(f"  at their desk:      ringdesk team join {invited.path.name}")
