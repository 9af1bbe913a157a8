"""`ringdesk feed`: who may post to the HTTP feed. A RingDesk that runs goes by it at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ringdesk import settings
from ringdesk.app.clockwork import SystemClock
from ringdesk.app.places import Places, places
from ringdesk.feed.loopback import announced
from ringdesk.feed.tokens import TokensError, issue, read, revoke

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

REFUSED: Final = 1
_SENTENCES: Final[Mapping[str, str]] = {
    "bad_name": "this is no name for a producer: {detail}",
    "taken": "{detail!r} has a token already; 'ringdesk feed revoke {detail}' takes it back, then make a new one",
    "unknown": "nobody is called {detail!r}; 'ringdesk feed list' shows who is there",
    "too_many": "no further producer can be made: {detail}",
    "unsafe": "{detail}. Until then nobody can post; if others could read it, revoke the tokens and make new ones",
    "unreadable": "{detail}. Until it is mended or deleted nobody can post",
    "disk": "nothing was changed: {detail}",
}


def add_parser(subparsers: Subparsers) -> None:
    """Add the command `feed`."""
    _arguments(subparsers.add_parser("feed", help="tokens of the HTTP feed", description=_DESCRIPTION))


def main(argv: list[str] | None = None) -> int:
    """Run the command by itself."""
    parser = argparse.ArgumentParser(prog="ringdesk feed", description=_DESCRIPTION)
    _arguments(parser)
    args = parser.parse_args(argv)
    status: int = args.func(args)
    return status


def run(args: argparse.Namespace) -> int:
    """Do it; 0 done, 1 refused with a sentence that says why."""
    do: Callable[[argparse.Namespace, Places], None] = args.do
    try:
        do(args, places(args.data))
    except TokensError as error:
        print(f"ringdesk feed: {_SENTENCES[error.why].format(detail=error.detail)}", file=sys.stderr)
        return REFUSED
    return 0


def _token(args: argparse.Namespace, here: Places) -> None:
    token = issue(here.tokens, args.name, SystemClock().now())
    print(token)
    print(
        f"This is the only time the token of {args.name!r} is shown; only a hash of it was kept.\n"
        f"The program sends it with every event: 'Authorization: Bearer TOKEN'. {_where(here)}",
        file=sys.stderr,
    )


def _revoke(args: argparse.Namespace, here: Places) -> None:
    revoke(here.tokens, args.name)
    print(f"The token of {args.name!r} is worth nothing any more.")


def _list(_: argparse.Namespace, here: Places) -> None:
    producers = read(here.tokens)
    width = max((len(producer.name) for producer in producers), default=0)
    for producer in producers:
        made = datetime.fromtimestamp(producer.made, UTC).astimezone()
        print(f"{producer.name:{width}}  since {made:%Y-%m-%d %H:%M}")
    if not producers:
        print("Nobody may post; 'ringdesk feed token NAME' lets a program in.")
    print(_where(here))


def _where(here: Places) -> str:
    """Where to post to, or what is missing."""
    address = announced(here.http_feed)
    if address is not None:
        return f"Post to {address.url}/v1/call-event, or the generic CTI webhook to {address.url}/v1/cti."
    try:
        enabled = settings.load(here.data).http_feed.enabled
    except settings.SettingsError:
        enabled = False
    if not enabled:
        return "The HTTP feed is off: turn it on under Settings > Phone."
    return f"RingDesk does not run; when it does, {here.http_feed} says where to post to."


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(func=run)
    todo = parser.add_subparsers(metavar="token|revoke|list", required=True)
    for name, do, what in (
        ("token", _token, "make a token for a program, and print it this once"),
        ("revoke", _revoke, "take a program's token back"),
        ("list", _list, "who has a token, and where to post to"),
    ):
        one = todo.add_parser(name, help=what, description=what.capitalize() + ".")
        if do is not _list:
            one.add_argument("name", metavar="NAME", help="a name for the program, such as 'pbx'")
        one.add_argument("--data", type=Path, metavar="DIR", help="the data folder, if not the usual one")
        one.set_defaults(do=do)


_DESCRIPTION: Final = (
    "Programs that post call events over HTTP need a token each. The feed is off until you turn it on."
)

if __name__ == "__main__":
    sys.exit(main())
