"""Measure RingDesk beside the floor of the machine, in turns within one run.

usage: python tests/bench/run.py NAME --contacts N [--rounds R] [--json] [further options of the benchmark]

Every figure of ours stands beside the floor's; keys ending in `_ratio` are median over median. The floors
(tests/bench/floors) are scripts that do the least that could do the job: no model, no rules, no look.

`prepare` makes the book of a size and the floors' databases once; they are kept in the temporary folder, or where
RINGDESK_BENCH says. Without it each benchmark makes what it needs.

`sync-simulation` measures no time: it proves the sync engine (see tests/sync/simulation.py for its own options).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.books import ANY_BOOK

_CALLS = ("pop", "search", "query", "list", "start", "memory", "idle", "blocked", "blocked-sync")
NAMES = ("prepare", *_CALLS, "import", "database", "eds", "team", "team-away", "google")
_MODULES = {
    "prepare": "preparing",
    "list": "listing",
    "blocked-sync": "blocked_sync",
    "import": "importing",
    "query": "typing_search",
    "google": "google_account",
    "team-away": "team_away",
}


def main() -> int:
    """Run one benchmark and print its figures."""
    if sys.argv[1:2] == ["sync-simulation"]:
        status: int = import_module("tests.sync.simulation").main(sys.argv[2:])
        return status
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--contacts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output and nothing else")
    parser.add_argument("--any-book", action="store_true", help="use a book that an earlier state of the code filled")
    options, further = parser.parse_known_args()
    if options.any_book:
        os.environ[ANY_BOOK] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed RingDesk has its bytecode, and so have the floors
    module = import_module(f"tests.bench.{_MODULES.get(options.name, options.name)}")
    figures = {"name": options.name, "contacts": options.contacts, "rounds": options.rounds}
    figures |= module.measure(options.contacts, options.rounds, further)
    if options.json:
        print(json.dumps(figures))
    else:
        for key, value in figures.items():
            print(f"{key:20} {value if not isinstance(value, dict) else json.dumps(value)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
