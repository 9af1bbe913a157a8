"""The practice Google as a program: serves until it is told to stop, after one line of JSON about itself."""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sys
import threading
from random import Random

from ringdesk.sandbox.google.clock import RealClock, VirtualClock
from ringdesk.sandbox.google.core import Google
from ringdesk.sandbox.google.server import PracticeServer
from ringdesk.sandbox.google.switches import Switches, UnknownSwitch, turned

_DEMO = (("robin@example.com", "Robin Hart"), ("sam@example.com", "Sam Okafor"))


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Offer this program under the name google among the other stand-ins."""
    parser = subparsers.add_parser("google", help="a practice Google: People API and sign-in", description=__doc__)
    add_options(parser)
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM, SIGINT or, if so wished, the end of standard input."""
    try:
        switches = turned(Switches(), json.loads(options.switches))
    except (UnknownSwitch, ValueError) as error:
        sys.stderr.write(f"--switches: {error}\n")
        return 2
    google = Google(switches, RealClock() if options.real_clock else VirtualClock(), Random(options.seed))
    for email, name in [(email, "") for email in options.account] or _DEMO:
        google.add_account(email, name, people=options.people, workspace=options.workspace)
    gc.freeze()  # the practice people stay: looking through them again and again would only cost pauses
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with PracticeServer(google, options.port, options.control_port) as server:
        sys.stdout.write(json.dumps(server.introduction()) + "\n")
        sys.stdout.flush()
        if options.until_eof:
            threading.Thread(target=_watch_input, args=(stop,), name="practice-google-input", daemon=True).start()
        stop.wait()
    return 0


def _watch_input(stop: threading.Event) -> None:
    """Reads the descriptor itself: a daemon thread inside a buffered reader can break the interpreter's end."""
    while os.read(0, 4096):
        pass
    stop.set()


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the program."""
    parser.add_argument("--port", type=int, default=0, help="port of the API; 0: a free one")
    parser.add_argument("--control-port", type=int, default=0, help="port of the control port; 0: a free one")
    parser.add_argument("--seed", type=int, default=1, help="one seed is one run")
    parser.add_argument("--people", type=int, default=60, help="practice contacts in each account")
    parser.add_argument("--account", action="append", default=[], help="e-mail address of an account; repeatable")
    parser.add_argument("--workspace", action="store_true", help="the accounts have a directory")
    parser.add_argument("--real-clock", action="store_true", help="run by the computer's clock")
    parser.add_argument("--switches", default="{}", help="switches to turn, as a JSON object")
    parser.add_argument("--until-eof", action="store_true", help="also stop when standard input ends")
