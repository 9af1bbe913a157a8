"""`python -m ringdesk.sandbox.google` starts the practice Google."""

from __future__ import annotations

import argparse
import sys

from ringdesk.sandbox.google.program import add_options, run


def main() -> int:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m ringdesk.sandbox.google")
    add_options(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
