"""What the user chose about lines, phones, the pop and the HTTP feed: the values that settings keep and windows edit.

Any text and number can be written into them, so that a window can hold what is not right yet:
`desk.preferences.problems` says what is wrong there, `settings.Settings` refuses it.
"""

from __future__ import annotations

from typing import Final

from ringdesk.domain.values import dataclass

CORNERS: Final = ("bottom right", "bottom left", "top right", "top left")
LONGEST_STRIP, LONGEST_NOTE, SHORTEST_NOTE, LONGEST_KEEP = 600, 600, 2, 730
"""The limits of `PopChoices.strip_after` and `note_after`, in seconds, and of how long calls are kept, in days."""

PORTS: Final = range(65536)


@dataclass(frozen=True, slots=True)
class LineChoice:
    """A called number or a queue, and the line it is, as `domain.line.line_text` writes it."""

    match: str
    line: str
    queue: bool = False


@dataclass(frozen=True, slots=True)
class PhoneChoice:
    """A phone RingDesk listens to: its name, its kind ("baresip"), and where its control port is."""

    id: str
    kind: str = "baresip"
    host: str = "127.0.0.1"
    port: int = 4444
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class PopChoices:
    """How the pop behaves. Times in seconds; `strip_after` 0 means never; `screen` names a screen or is empty.

    `key` is the global key that moves into the newest pop; empty for none.
    """

    corner: str = "bottom right"
    screen: str = ""
    strip_after: int = 10
    note_after: int = 8
    internal: bool = True
    do_not_disturb: bool = False
    vips_pass: bool = True
    key: str = "Ctrl+Alt+J"


@dataclass(frozen=True, slots=True)
class HttpFeed:
    """Whether programs may post call events over HTTP on this computer; `port` 0 is any free one."""

    enabled: bool = False
    port: int = 0
