"""What the doctor says of the desktop: Qt's platform, whether a pop takes the keyboard, the tray."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ringdesk.domain.status import Finding, Health

PATIENCE: Final = 20.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the probe saw. `manager` None: no window manager; `stolen` None: could not be tried."""

    platform: str
    manager: str | None = None
    tray: bool = False
    stolen: bool | None = None
    error: str = ""


def findings() -> Iterator[Finding]:
    """Platform, focus safety and tray of this desktop, found out by a small program that shows a window."""
    yield from findings_of(look())


def look() -> Seen:
    """Start the probe and read what it saw."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ringdesk.ui.desktop.probe"],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Seen("", error=str(error))
    try:
        return _seen(json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError):
        told = [line for line in done.stderr.splitlines() if line.strip()]
        return Seen("", error=told[0][:200] if told else f"the probe ended with status {done.returncode}")


def _seen(found: Mapping[str, object]) -> Seen:
    manager, stolen = found.get("manager"), found.get("stolen")
    return Seen(
        str(found.get("platform", "")),
        manager if isinstance(manager, str) else None,
        found.get("tray") is True,
        stolen if isinstance(stolen, bool) else None,
    )


def findings_of(seen: Seen) -> Iterator[Finding]:
    """The report lines for what was seen."""
    if seen.error:
        yield Finding("desktop", Health.BAD, seen.error, "Start RingDesk inside a desktop session.")
        return
    yield _platform(seen)
    yield _focus(seen)
    if seen.tray:
        yield Finding("tray", Health.GOOD, "there is one")
    else:
        yield Finding("tray", Health.NOTE, "none", "RingDesk keeps its window in the task bar instead.")


def _platform(seen: Seen) -> Finding:
    if seen.platform == "xcb":
        if seen.manager is None:
            return Finding("Qt platform", Health.BAD, "X11 without a window manager", "Start a window manager.")
        return Finding("Qt platform", Health.GOOD, f"X11 with {seen.manager or 'a window manager without a name'}")
    if seen.platform == "wayland":
        return Finding(
            "Qt platform",
            Health.NOTE,
            "Wayland: calls come as notifications of the desktop",
            "If its portal gives no key away, bind one to 'ringdesk focus' in the desktop's keyboard settings.",
        )
    if seen.platform in ("offscreen", "minimal"):
        return Finding("Qt platform", Health.BAD, f"{seen.platform}: nothing is seen", "Unset QT_QPA_PLATFORM.")
    return Finding("Qt platform", Health.NOTE, seen.platform, "RingDesk was tested on X11 only.")


def _focus(seen: Seen) -> Finding:
    what = "keyboard"
    if seen.stolen is True:
        return Finding(
            what, Health.BAD, "this desktop gives the keyboard to a window that refuses it",
            "Letters may go astray when a pop comes up; turn on Do Not Disturb while typing, and tell us the desktop.",
        )  # several to a line  # fmt: skip
    if seen.platform == "xcb" and seen.manager is not None:
        if seen.stolen is False:
            return Finding(what, Health.GOOD, "stays where it is when a pop comes up (tried just now)")
        return Finding(what, Health.NOTE, "could not be tried: no window had it", "Open a window and ask again.")
    if seen.platform == "wayland":
        return Finding(what, Health.GOOD, "stays where it is: on Wayland no window of RingDesk comes up by itself")
    return Finding(what, Health.NOTE, "was not tried on this platform")
