"""What `ringdesk team` says when something is in the way: what, where, what to do."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable, Mapping
from typing import Final

from ringdesk.app.team_join import JoinError, JoinTrouble
from ringdesk.domain.status import Finding, Health
from ringdesk.providers.team.link import LocalServer, Place
from ringdesk.providers.team.trouble import TeamError, TeamTrouble

MARKS: Final = {Health.GOOD: "ok  ", Health.NOTE: "note", Health.BAD: "BAD "}


class Refused(Exception):
    """A command ends here: what is in the way, and what to do about it."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(f"{what}\n  {advice}" if advice else what)


def ask_secret(prompt: str) -> str:
    """A password, typed unseen, or a line of standard input where that is no terminal. Raises Refused."""
    if sys.stdin is not None and sys.stdin.isatty():
        said = getpass.getpass(f"{prompt}: ")
    else:
        said = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
    if not said:
        raise Refused(f"no password was given ({prompt.lower()})", "type it when asked, or write it to standard input")
    return said


def report(findings: Iterable[Finding]) -> bool:
    """Print findings as the doctor does; True when nothing is bad."""
    sound = True
    for finding in findings:
        print(f"{MARKS[finding.health]}  {finding.what}: {finding.seen}")
        if finding.advice:
            print(f"      {finding.advice}")
        sound = sound and finding.health is not Health.BAD
    return sound


_TLS: Final = {
    TeamTrouble.UNREACHABLE: "look whether PostgreSQL runs there, listens on that port (listen_addresses), and whether "
    "a firewall is between",
    TeamTrouble.UNTRUSTED: "the server must speak TLS with a certificate for exactly this name; nothing was sent to it",
    TeamTrouble.BUSY: "nothing was changed; try again in a minute",
}

_AS_COWORKER: Final[Mapping[TeamTrouble, str]] = _TLS | {
    TeamTrouble.LOGIN: "check the password, and the name of whoever it was made for; an administrator gives another "
    "one with 'ringdesk team invite NAME --again'",
    TeamTrouble.OUT: "you are no longer in this team: 'ringdesk team leave' erases coworkers' contacts here; so does "
    "RingDesk when it is started",
    TeamTrouble.NOT_A_COWORKER: "you may not do this; ask an administrator of the team",
    TeamTrouble.EXPIRED: "ask for another one: 'ringdesk team invite NAME --again'",
    TeamTrouble.VERSION: "the directory and this RingDesk are of different versions: update the older one, the "
    "directory by 'ringdesk team init'",
    TeamTrouble.UNKNOWN: "'ringdesk team members' and 'ringdesk team departments' list who and what there is",
    TeamTrouble.INVALID: "say it otherwise; nothing was changed",
}

_AS_SET_UP: Final[Mapping[TeamTrouble, str]] = _TLS | {
    TeamTrouble.RIGHTS: 'as a superuser of the server: alter role "{role}" createrole createdb; alter database '
    '"{database}" owner to "{role}"',
    TeamTrouble.NOT_A_COWORKER: 'the role "{role}" may not do this: it must be a superuser, or own the database and '
    "have CREATEROLE (and CREATEDB, to make the database)",
    TeamTrouble.TAKEN: "choose another login with --login",
    TeamTrouble.VERSION: "update whichever is older, PostgreSQL (15 or newer) or RingDesk",
    TeamTrouble.UNKNOWN: "'ringdesk team members' lists who there is",
    TeamTrouble.INVALID: "say it otherwise; nothing was changed",
}

_SHUT: Final = frozenset({TeamTrouble.LOGIN, TeamTrouble.OUT})
_SET_UP_LOGIN: Final = (
    "check the role and its password (--user); PostgreSQL's pg_hba.conf must let that role in over TLS (hostssl)"
)
_SOCKET_LOGIN: Final = (
    "on the server itself, run this as the server's own user: sudo -iu postgres; anywhere else, say --user ROLE"
)
_SOCKET_SILENT: Final = (
    "is PostgreSQL installed and running on this machine? Its socket is looked for in {folder} (--socket, --port); "
    "for a server elsewhere say --user ROLE"
)
_UNKNOWN_AUTHORITY: Final = (
    "say --authority FILE with the certificate of the authority that signed it, or --authority system; the server must "
    "have a certificate for exactly this name. Nothing was sent to it"
)


def as_coworker(error: TeamError, where: str) -> Refused:
    """A trouble that a coworker's own connection met."""
    return Refused(f"{where}: {error.trouble.value}: {error.detail}", _AS_COWORKER.get(error.trouble, ""))


def as_set_up(error: TeamError, place: Place, role: str) -> Refused:
    """A trouble that the set-up role met."""
    return Refused(f"{_where(place)}: {error.trouble.value}: {error.detail}", _set_up_advice(error, place, role))


def _set_up_advice(error: TeamError, place: Place, role: str) -> str:
    if isinstance(place, LocalServer):
        if error.trouble in _SHUT or ("does not exist" in error.detail and "role" in error.detail):
            return _SOCKET_LOGIN
        if error.trouble is TeamTrouble.UNREACHABLE:
            return _SOCKET_SILENT.format(folder=place.folder)
    if error.trouble in _SHUT:
        return _SET_UP_LOGIN
    if error.trouble is TeamTrouble.UNTRUSTED:
        return _UNKNOWN_AUTHORITY
    return _AS_SET_UP.get(error.trouble, "").format(role=role, database=place.database)


def _where(place: Place) -> str:
    if isinstance(place, LocalServer):
        return f"PostgreSQL at the socket in {place.folder}"
    return f"PostgreSQL at {place.host}:{place.port}"


_JOIN: Final[Mapping[JoinTrouble, tuple[str, str]]] = {
    JoinTrouble.ELSEWHERE: ("this desk is in a team already, as {detail}", "'ringdesk team leave' first"),
    JoinTrouble.NO_KEYRING: (
        "this desktop has no keyring that would keep a password",
        "unlock or install one ('ringdesk doctor' says which), or choose a password to type with --choose-password",
    ),
    JoinTrouble.SHORT: ("this password is too short: {detail}", "a short sentence is easy to remember"),
    JoinTrouble.DISK: ("{detail}", "nothing was changed"),
}


def as_joining(error: JoinError) -> Refused:
    """Why this desk did not join."""
    what, advice = _JOIN[error.why]
    return Refused(what.format(detail=error.detail), advice)
