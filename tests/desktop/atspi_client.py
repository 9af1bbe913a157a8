"""Reads the accessibility bus as a screen reader does. Run by the system's python3, which has gi; no RingDesk in here.

`tree` prints every control of the application as a JSON line; `listen SECONDS` prints announcements as they come.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import_module("gi").require_version("Atspi", "2.0")
Atspi: Any = import_module("gi.repository.Atspi")
GLib: Any = import_module("gi.repository.GLib")

APPLICATION = "ringdesk"
PATIENCE = 20.0


def application() -> Any:
    """RingDesk, once it is on the bus."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and APPLICATION in (child.get_name() or "").lower():
                return child
        time.sleep(0.2)
    raise SystemExit("RingDesk is not on the accessibility bus")


def walk(node: Any, window: str, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every control that is showing, the window it is in first."""
    for index in range(min(node.get_child_count(), 300)):
        child = node.get_child_at_index(index)
        if child is None:
            continue
        states = child.get_state_set()
        inside = window or child.get_accessible_id()
        yield {
            "window": inside,
            "id": child.get_accessible_id(),
            "role": child.get_role_name(),
            "name": child.get_name() or "",
            "description": child.get_description() or "",
            "showing": states.contains(Atspi.StateType.SHOWING),
            "focusable": states.contains(Atspi.StateType.FOCUSABLE),
            "focused": states.contains(Atspi.StateType.FOCUSED),
            "active": states.contains(Atspi.StateType.ACTIVE),
        }
        if depth < 40:
            yield from walk(child, inside, depth + 1)


def listen(seconds: int) -> None:
    """Print what is announced, one JSON line each."""

    def heard(event: Any) -> None:
        print(json.dumps({"said": str(event.any_data), "how": event.detail1}), flush=True)

    listener = Atspi.EventListener.new(heard)
    listener.register("object:announcement")
    print(json.dumps({"ready": True}), flush=True)
    GLib.timeout_add_seconds(seconds, Atspi.event_quit)
    Atspi.event_main()


if __name__ == "__main__":
    if sys.argv[1] == "tree":
        for control in walk(application(), ""):
            print(json.dumps(control))
    else:
        application()
        listen(int(sys.argv[2]))
