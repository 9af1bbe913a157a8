"""The practice phone: a program that rings RingDesk with made-up calls, as a telephone system would by a script.

Every number lies in a range that its country keeps for fiction, so a practice call can never reach anybody. The
contacts of `resources/demo/contacts.json` hold the numbers marked as known here, and a test keeps it so.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

OWN_NUMBER: Final = "+14155550100"
"""The number of the practice user."""

SALES_NUMBER: Final = "+14155550150"
SALES_QUEUE: Final = "Sales"
"""A department's number and queue, to be named in Settings > Lines."""

KNOWN: Final = "+14155550123"
KNOWN_CLIENT: Final = "+442079460777"
KNOWN_ABROAD: Final = "+33199001234"
SWITCHBOARD: Final = "+4930231253"
"""Two contacts of one company share it."""

UNKNOWN: Final = "+14155550188"
UNKNOWN_NAMED: Final = "+442079460931"

WAIT_FOR_RINGDESK: Final = 30.0
TIMEOUT: Final = 2.0

Event = dict[str, object]


class GoneError(Exception):
    """Nobody listens at the socket any more."""


@dataclass(frozen=True, slots=True)
class PracticeCall:
    """One made-up call: what rings, and what happens after how many seconds."""

    ring: Mapping[str, object]
    then: tuple[tuple[float, Mapping[str, object]], ...] = field(default=())


def _ended(reason: str) -> dict[str, object]:
    return {"event": "ended", "reason": reason}


SCRIPT: Final = (
    PracticeCall(
        {"from": KNOWN, "name": "MARTIN GREEN", "to": OWN_NUMBER},
        ((7.0, {"event": "answered"}), (14.0, _ended("hangup"))),
    ),
    PracticeCall({"from": UNKNOWN, "to": OWN_NUMBER}, ((9.0, _ended("no_answer")),)),
    PracticeCall(
        {"from": KNOWN_CLIENT, "name": "H PATEL", "to": SALES_NUMBER, "queue": SALES_QUEUE},
        ((6.0, {"event": "answered", "by": "Tomas Reed"}), (1.0, _ended("hangup"))),
    ),
    PracticeCall(
        {"from": SWITCHBOARD, "name": "KOHL & BRANDT", "to": OWN_NUMBER},
        ((8.0, {"event": "answered"}), (12.0, _ended("hangup"))),
    ),
    PracticeCall({"withheld": True, "to": OWN_NUMBER}, ((7.0, _ended("cancelled")),)),
    PracticeCall(
        {"from": UNKNOWN_NAMED, "name": "Harbour Print", "to": SALES_NUMBER, "queue": SALES_QUEUE},
        ((8.0, _ended("no_answer")),),
    ),
    PracticeCall(
        {"from": KNOWN_ABROAD, "name": "Claire Fontaine", "to": OWN_NUMBER},
        (
            (6.0, {"event": "answered"}),
            (5.0, {"event": "held"}),
            (4.0, {"event": "resumed"}),
            (4.0, {"event": "transferred", "to": "Ines Kohl"}),
            (1.0, _ended("hangup")),
        ),
    ),
)
"""The practice calls, in their order: known, unknown, answered by a coworker, several matches, withheld, and so on."""


def steps(first: float, every: float, name: str, *, once: bool) -> Iterator[tuple[float, Event]]:
    """What to post and how many seconds to wait before it."""
    pause, number = first, 0
    while True:
        for call in SCRIPT:
            number += 1
            id = f"{name}-{number}"
            yield pause, {"event": "ringing", "id": id, **call.ring}
            for wait, event in call.then:
                yield wait, {**event, "id": id}
            pause = every
        if once:
            return


def play(script: Iterator[tuple[float, Event]], post: Callable[[Event], None], sleep: Callable[[float], None]) -> None:
    """Post the steps until they end or nobody listens any more."""
    for wait, event in script:
        sleep(wait)
        try:
            post(event)
        except GoneError:
            return


def post(path: Path, event: Event) -> None:
    """Post one event and read the answer. Raises GoneError."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as feed:
            feed.settimeout(TIMEOUT)
            feed.connect(os.fspath(path))
            feed.sendall(json.dumps(event).encode("ascii") + b"\n")
            said = feed.makefile("rb").readline(65536)
    except OSError as error:
        raise GoneError(str(error)) from error
    if b'"ok": true' not in said:
        sys.stderr.write(f"practice phone: {said.decode('utf-8', 'replace').strip()}\n")


def wait_for(path: Path, seconds: float) -> bool:
    """Wait until RingDesk listens; False when it does not in this time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as feed:
            feed.settimeout(TIMEOUT)
            try:
                feed.connect(os.fspath(path))
            except OSError:
                time.sleep(0.1)
            else:
                return True
    return False


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the practice phone to the sandbox's command line."""
    parser = subparsers.add_parser("phone", help="ring RingDesk with practice calls")
    parser.add_argument("--socket", type=Path, required=True, metavar="PATH", help="where RingDesk listens")
    parser.add_argument("--first", type=float, default=4.0, metavar="S", help="seconds before the first call")
    parser.add_argument("--every", type=float, default=15.0, metavar="S", help="seconds between two calls")
    parser.add_argument("--once", action="store_true", help="play the calls once and end")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Ring until RingDesk goes away."""
    if not wait_for(args.socket, WAIT_FOR_RINGDESK):
        sys.stderr.write(f"practice phone: nobody listens at {args.socket}\n")
        return 1
    script = steps(args.first, args.every, f"practice-{os.getpid()}", once=args.once)
    play(script, lambda event: post(args.socket, event), time.sleep)
    return 0
