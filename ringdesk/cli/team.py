"""`ringdesk team`: the team directory from the command line, for who sets it up and for who joins it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_DESCRIPTION: Final = "Share contacts with coworkers, through a PostgreSQL server of your own."
REFUSED: Final = 1


def add_parser(subparsers: Subparsers) -> None:
    """Add the command `team`."""
    parser = subparsers.add_parser("team", help="the team directory", description=_DESCRIPTION)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for add in (
        _certificates,
        _init,
        _invite,
        _offboard,
        _restored,
        _members,
        _departments,
        _rights,
        _join,
        _leave,
        _check,
    ):
        add(commands)


def _command(commands: Subparsers, name: str, do: str, purpose: str) -> argparse.ArgumentParser:
    """A command; `do` is MODULE:FUNCTION of this package, imported only when it is used."""
    parser = commands.add_parser(name, help=purpose, description=purpose[0].upper() + purpose[1:] + ".")
    parser.set_defaults(func=lambda options: _run(name, do, options))
    return parser


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, metavar="DIR", help="the set-up folder (default: ~/ringdesk-team)")


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder of this desk")


def _out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--login", help="the login (default: made from the name)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write the invitation")
    _folder(parser)


def _certificates(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "certificates",
        "team_found:make_certificates",
        "make a small authority and a certificate for the server, and say what goes where",
    )
    parser.add_argument("--host", action="append", required=True, help="the server's name as coworkers reach it")
    parser.add_argument("--database", default="ringdesk", help="(default: %(default)s)")
    _folder(parser)


def _init(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "init",
        "team_found:init",
        "set the directory up, attack it as a coworker could, invite an administrator",
    )
    parser.add_argument("--host", required=True, help="the server's name as coworkers reach it")
    parser.add_argument("--admin", required=True, metavar="NAME", help="the first administrator")
    parser.add_argument("--department", action="append", default=[], metavar="NAME", help="may be said several times")
    parser.add_argument("--port", type=int, help="(default: the server's own, else 5432)")
    parser.add_argument("--database", default="ringdesk", help="made where there is none (default: %(default)s)")
    parser.add_argument("--user", metavar="ROLE", help="set up as this role, over TLS; its password is asked for")
    parser.add_argument("--socket", type=Path, metavar="DIR", help="the folder of the server's unix socket")
    parser.add_argument("--authority", metavar="FILE", help="who signed the server's certificate; or: system")
    _out(parser)


def _invite(commands: Subparsers) -> None:
    parser = _command(commands, "invite", "team_invite:invite", "invite a coworker")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--department", action="append", default=[], metavar="NAME", help="may be said several times")
    parser.add_argument("--administrator", action="store_true", help="make them an administrator")
    parser.add_argument("--again", action="store_true", help="another first password, for one who is in the team")
    _out(parser)


def _offboard(commands: Subparsers) -> None:
    parser = _command(commands, "offboard", "team_invite:offboard",
                      "shut a leaver out and hand their shared contacts over")  # several to a line  # fmt: skip
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--give-to", required=True, metavar="NAME", help="who gets the contacts they shared")
    _folder(parser)


def _restored(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "restored",
        "team_invite:restored",
        "say that a backup of the directory was put back: every desk reads all of it",
    )
    _folder(parser)


def _members(commands: Subparsers) -> None:
    parser = _command(commands, "members", "team_people:members", "list coworkers, their departments and rights")
    _data(parser)
    _folder(parser)


def _departments(commands: Subparsers) -> None:
    parser = _command(commands, "departments", "team_people:departments", "list departments; change who is in one")
    parser.add_argument("name", nargs="?", metavar="NAME", help="the department to change")
    parser.add_argument("--add", metavar="NAME", help="make a department")
    parser.add_argument("--rename", nargs=2, metavar=("OLD", "NEW"))
    parser.add_argument("--in", dest="put_in", action="append", default=[], metavar="WHO", help="put a coworker in")
    parser.add_argument("--out", dest="take_out", action="append", default=[], metavar="WHO", help="take one out")
    _data(parser)
    _folder(parser)


def _rights(commands: Subparsers) -> None:
    parser = _command(commands, "rights", "team_people:rights", "show or change what a coworker may")
    parser.add_argument("name", metavar="NAME")
    yes_or_no = argparse.BooleanOptionalAction
    parser.add_argument("--administrator", action=yes_or_no, help="may look after the team")
    parser.add_argument("--view-only", action=yes_or_no, help="may share and edit nothing")
    parser.add_argument("--google", action=yes_or_no, help="may sync with a Google account")
    parser.add_argument("--extensions", metavar="LIST", help="internal numbers, such as 21,121")
    parser.add_argument("--name", dest="full_name", metavar="NEW", help="another name")
    _data(parser)
    _folder(parser)


def _join(commands: Subparsers) -> None:
    parser = _command(commands, "join", "team_desk:join_team", "join a team with an invitation")
    parser.add_argument("invitation", type=Path, metavar="INVITATION")
    parser.add_argument("--choose-password", action="store_true", help="choose the password yourself (no keyring)")
    _data(parser)


def _leave(commands: Subparsers) -> None:
    _data(_command(commands, "leave", "team_desk:leave_team", "take this desk out of its team"))


def _check(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "check",
        "team_desk:check",
        "look at this desk's seat or, with --folder or without one, at the whole directory",
    )
    _data(parser)
    _folder(parser)


def _run(name: str, do: str, options: argparse.Namespace) -> int:
    """Do it; 0 done, 1 refused with a sentence that says why and what to do."""
    from ringdesk.cli.team_words import Refused

    module, function = do.split(":")
    work: Callable[[argparse.Namespace], bool | None] = getattr(import_module(f"ringdesk.cli.{module}"), function)
    try:
        return REFUSED if work(options) is False else 0
    except Refused as error:
        print(f"ringdesk team {name}: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"ringdesk team {name}: stopped", file=sys.stderr)
    return REFUSED
