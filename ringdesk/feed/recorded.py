"""Plays a recording through the same wire code and tracker as a live call. One row of WIRES for each kind of source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Final, Protocol

from ringdesk.domain.call import Call, Fact, SourceLost
from ringdesk.domain.line import Lines, UnknownLine, line_text
from ringdesk.domain.numbering import dialled_digits
from ringdesk.domain.phone import Unparsable
from ringdesk.feed.tracker import Tracker
from ringdesk.feed.wire import baresip, local

SOURCE: Final = "recording"


class Player(Protocol):
    """Bytes in, facts out."""

    def feed(self, data: bytes) -> list[Fact]:
        """The facts that the new bytes complete."""

    def rest(self) -> list[Fact]:
        """The facts that the end of the recording completes."""


class _Baresip:
    def __init__(self, lines: Lines) -> None:
        self._wire = baresip.Wire(SOURCE)

    def feed(self, data: bytes) -> list[Fact]:
        return [item for item in self._wire.feed(data) if not isinstance(item, baresip.Reply)]

    def rest(self) -> list[Fact]:
        return []


class _Feed:
    def __init__(self, lines: Lines) -> None:
        self._buffer = local.LineBuffer()
        self._is_mine = lines.is_mine

    def feed(self, data: bytes) -> list[Fact]:
        return self._facts(self._buffer.feed(data))

    def rest(self) -> list[Fact]:
        return self._facts(self._buffer.rest())

    def _facts(self, lines: list[bytes | local.Refused]) -> list[Fact]:
        read = [local.decode(line, SOURCE, self._is_mine, None) for line in lines if isinstance(line, bytes)]
        return [fact for outcome in read if isinstance(outcome, local.Taken) for fact in outcome.facts]


WIRES: Final[Mapping[str, Callable[[Lines], Player]]] = {"baresip": _Baresip, "feed": _Feed}
"""The kinds of recordings that can be played."""


class _Counter:
    def __init__(self) -> None:
        self._next = count(1)

    def new(self) -> str:
        return f"call-{next(self._next)}"


def play(data: bytes, kind: str, lines: Lines, chunk: int) -> list[Call]:
    """The calls of a recording, in the order they came up; what is open at its end is lost."""
    tracker, calls = Tracker(lines, _Counter()), dict[str, Call]()
    for fact in (*facts(data, kind, lines, chunk), SourceLost(source=SOURCE)):
        for change in tracker.take(fact, 0.0):
            calls[change.call.id] = change.call
    return list(calls.values())


def facts(data: bytes, kind: str, lines: Lines, chunk: int) -> Iterator[Fact]:
    """The facts of a recording, read in pieces of `chunk` bytes."""
    player = WIRES[kind](lines)
    for start in range(0, len(data), chunk):
        yield from player.feed(data[start : start + chunk])
    yield from player.rest()


def as_json(call: Call) -> dict[str, object]:
    """A call as `replay --json` prints it: what is not known is left out."""
    known: dict[str, object] = {
        "direction": call.direction.value,
        "number": None if call.withheld else _number(call),
        "withheld": call.withheld,
        "outcome": call.state.value,
        "name": call.name,
        "line": "" if isinstance(call.line, UnknownLine) else line_text(call.line),
        "called": call.called,
        "queue": call.queue,
        "answered_by": call.answered_by,
        "diverted_from": call.diverted_from,
        "transferred_to": call.transferred_to,
    }
    return {key: value for key, value in known.items() if value not in ("", None) or key == "number"}


def _number(call: Call) -> str:
    """A feature code such as *8201 is written by its digits, as the recordings' answers do."""
    number = call.number
    return (dialled_digits(number.text) or number.text) if isinstance(number, Unparsable) else str(number)
