"""The command line. Without a command RingDesk starts."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from math import inf
from pathlib import Path
from typing import Final

from ringdesk import __version__

COMMANDS: Final = {
    "call": "post a call event to the running RingDesk, from any script",
    "feed": "give programs tokens for the HTTP feed, take them back, list them",
    "replay": "play a recording of a phone system and print the calls it held",
    "focus": "move the keyboard into the newest call",
    "team": "share contacts with coworkers: set a directory up, invite, join, check",
    "doctor": "look at everything RingDesk needs and say what to do",
    "import": "read contacts from a vCard or CSV file",
    "export": "write all contacts to a vCard or CSV file",
}
"""Each is a module of this package (`files` for the last two), imported only when its command is used."""

_MODULES: Final = {"import": "files", "export": "files"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, or RingDesk itself; gives the exit status."""
    argv = list(sys.argv[1:] if arguments is None else arguments)
    if argv and argv[0] in COMMANDS:
        return _command(argv)
    options = _parser().parse_args(argv)
    gc.disable()  # nothing is thrown away on the way to the first picture; `run` lets it work again
    from ringdesk.app.main import Options, run  # only now: the other commands need no windows

    return run(Options(options.demo, options.data, options.exit_after, options.hidden, options.verbose))


def _command(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="ringdesk")
    module = import_module(f"ringdesk.cli.{_MODULES.get(argv[0], argv[0])}")
    module.add_parser(parser.add_subparsers(metavar="COMMAND"))
    options = parser.parse_args(argv)
    status: int = options.func(options)
    return status


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < inf:
        raise argparse.ArgumentTypeError("a number of seconds expected")
    return seconds


def _parser() -> argparse.ArgumentParser:
    commands = "\n".join(f"  {name:8} {purpose}" for name, purpose in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="ringdesk",
        usage="%(prog)s [options]  or  %(prog)s COMMAND ...",
        description="Says who is calling, before the second ring.",
        epilog=f"commands (each with --help):\n{commands}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"RingDesk {__version__}")
    parser.add_argument("--demo", action="store_true", help="practice contacts and a practice phone, nothing kept")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep everything in this folder")
    parser.add_argument("--exit-after", type=_seconds, metavar="SECONDS", help="end by itself")
    parser.add_argument("--hidden", action="store_true", help="start in the tray, without the window")
    parser.add_argument("--verbose", action="store_true", help="log to standard error too")
    return parser
