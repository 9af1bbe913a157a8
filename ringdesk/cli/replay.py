"""`ringdesk replay`: plays a recording of a phone system and prints the calls it holds."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ringdesk.feed.linesfile import LinesFileError, load
from ringdesk.feed.recorded import WIRES, as_json, play

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Subparsers) -> None:
    """Add the command `replay`."""
    parser = subparsers.add_parser("replay", help="play a recording of a phone system and print its calls")
    _arguments(parser)


def main(argv: list[str] | None = None) -> int:
    """Run the command by itself."""
    parser = argparse.ArgumentParser(prog="ringdesk replay")
    _arguments(parser)
    args = parser.parse_args(argv)
    return run(args)


def run(args: argparse.Namespace) -> int:
    """Play and print; 0 when it could be read."""
    try:
        data, lines = args.file.read_bytes(), load(args.lines)
    except OSError as error:
        print(f"ringdesk replay: {error.filename} cannot be read: {error.strerror}", file=sys.stderr)
        return 1
    except LinesFileError as error:
        print(f"ringdesk replay: {error}", file=sys.stderr)
        return 1
    calls = [as_json(call) for call in play(data, args.source, lines, args.chunk)]
    if not calls:
        told = f"no call in {args.file}: if it should hold some, it is no recording of {args.source} (see --source)"
        print(f"ringdesk replay: {told}", file=sys.stderr)
    if args.json:
        print(json.dumps({"calls": calls}, ensure_ascii=True, indent=1))
    else:
        for call in calls:
            print("  ".join(f"{key}: {value}" for key, value in call.items()))
    return 0


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the recorded bytes")
    parser.add_argument("--source", required=True, choices=sorted(WIRES), help="what kind of source they came from")
    parser.add_argument("--lines", required=True, type=Path, metavar="FILE.toml", help="region and lines of the user")
    parser.add_argument("--json", action="store_true", help='print {"calls": [...]}')
    parser.add_argument("--chunk", type=_chunk, default=4096, metavar="N", help="bytes read at a time")
    parser.set_defaults(func=run)


def _chunk(text: str) -> int:
    chunk = int(text)
    if chunk < 1:
        raise argparse.ArgumentTypeError("at least 1 byte expected")
    return chunk


if __name__ == "__main__":
    sys.exit(main())
