"""`ringdesk call`: tells a running RingDesk about a call, from any script."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ringdesk.app.places import places
from ringdesk.domain.call import EndReason
from ringdesk.feed.client import NotRunningError, post

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

EVENTS: Final[Mapping[str, str]] = {
    "ring": "ringing",
    "answer": "answered",
    "hold": "held",
    "resume": "resumed",
    "transfer": "transferred",
    "end": "ended",
}
_TEXTS: Final[Mapping[str, str]] = {
    "from": "the caller's number",
    "to": "the number that was called; of a transfer: where the call goes",
    "name": "what the caller says their name is",
    "by": "who answered or transferred: an extension or a name",
    "queue": "the queue that was called",
    "diverted_from": "the number the call was first meant for",
}
REFUSED, NOT_RUNNING = 1, 3
_ADVICE: Final = (
    "RingDesk does not run: start it; or it listens elsewhere: Settings > Phone shows where, name that with --socket."
)


def add_parser(subparsers: Subparsers) -> None:
    """Add the command `call`."""
    parser = subparsers.add_parser("call", help="tell RingDesk about a call", description=_DESCRIPTION)
    _arguments(parser)


def main(argv: list[str] | None = None) -> int:
    """Run the command by itself."""
    parser = argparse.ArgumentParser(prog="ringdesk call", description=_DESCRIPTION)
    _arguments(parser)
    return run(parser.parse_args(argv))


def run(args: argparse.Namespace) -> int:
    """Post the event; 0 taken, 1 refused, 3 RingDesk does not run."""
    path = args.socket or places(args.data).socket
    try:
        answer = post(path, event(args))
    except NotRunningError as error:
        print(f"ringdesk call: nobody listens at {path} ({error}). {_ADVICE}", file=sys.stderr)
        return NOT_RUNNING
    if not answer.ok:
        print(f"ringdesk call: refused ({answer.error}): {answer.detail}", file=sys.stderr)
        return REFUSED
    return 0


def event(args: argparse.Namespace) -> dict[str, object]:
    """The event that the arguments say."""
    said: dict[str, object] = {"event": EVENTS[args.event], "id": args.id}
    for name in (*_TEXTS, "reason"):
        value = getattr(args, name)
        if value is not None:
            said[name] = value
    if args.out:
        said["direction"] = "out"
    if args.withheld:
        said["withheld"] = True
    return said


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("event", choices=EVENTS, help="what happened")
    parser.add_argument("--id", required=True, help="the call's id, the same in all its events")
    for name, text in _TEXTS.items():
        option = "--" + name.replace("_", "-")
        parser.add_argument(option, dest=name, metavar="N" if name in ("from", "to") else "TEXT", help=text)
    reasons = [reason.value for reason in EndReason if reason is not EndReason.LOST]
    parser.add_argument("--reason", choices=reasons, help="why it ended; without it nothing is claimed")
    parser.add_argument("--out", action="store_true", help="this user is calling, not called")
    parser.add_argument("--withheld", action="store_true", help="the caller asked to hide the number")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder of the RingDesk that is meant")
    parser.add_argument("--socket", type=Path, metavar="PATH", help="where RingDesk listens, if not at the usual place")
    parser.set_defaults(func=run)


_DESCRIPTION: Final = (
    "Tell a running RingDesk about a call. Only 'ring' makes a call come up; the rest speak of one that rang."
)

if __name__ == "__main__":
    sys.exit(main())
