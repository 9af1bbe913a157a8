"""`ringdesk focus`: moves into the newest call's pop, for a key that the user binds to this command."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, Final

from ringdesk.app.places import places

NOT_RUNNING: Final = 3

DESCRIPTION: Final = (
    "Move the keyboard into the newest call. For desktops that give programs no global key: bind a key to this "
    "command in the desktop's keyboard settings (sway: bindsym Ctrl+Alt+j exec ringdesk focus)."
)


def add_parser(subparsers: Any) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("focus", help="move into the newest call", description=DESCRIPTION)
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder of the RingDesk that is meant")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Tell the running RingDesk; 0 told, 3 it does not run."""
    from ringdesk.ui.desktop.instance import FOCUS, tell_running

    token = os.environ.get("XDG_ACTIVATION_TOKEN", "")
    told = tell_running(places(options.data).data, f"{FOCUS} {token}".strip())
    if not told:
        print("ringdesk focus: RingDesk does not run", file=sys.stderr)
    return 0 if told else NOT_RUNNING
