"""Starts one of the stand-ins: `python -m ringdesk.sandbox NAME`. Each is a program of its own."""

from __future__ import annotations

import argparse
import sys

from ringdesk.sandbox import phone
from ringdesk.sandbox.google import program as google


def main(argv: list[str] | None = None) -> int:
    """Run the stand-in that is named."""
    parser = argparse.ArgumentParser(prog="python -m ringdesk.sandbox")
    subparsers = parser.add_subparsers(metavar="NAME", required=True)
    phone.add_parser(subparsers)
    google.add_parser(subparsers)
    args = parser.parse_args(argv)
    status: int = args.func(args)
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
