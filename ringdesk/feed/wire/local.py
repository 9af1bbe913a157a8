"""The local call-event feed: one JSON object a line in, one answer a line out. Pure.

The rules are those of `resources/schemas/call-event.json`; a test holds the two together. Unknown fields are refused
by name, because a misspelt field that is silently dropped is a wrong pop nobody can explain.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Final

from ringdesk.domain.call import (
    Answered,
    Answerer,
    CallKey,
    Direction,
    Ended,
    EndReason,
    Fact,
    Held,
    Rang,
    Resumed,
    Transferred,
)
from ringdesk.domain.values import dataclass

LINE_MOST: Final = 16 * 1024
"""Bytes of one line, its end not counted."""

SKEW_SECONDS: Final = 300.0
"""A producer's clock that is further off is not trusted."""

EVENTS: Final = ("ringing", "answered", "held", "resumed", "transferred", "ended")
TEXTS: Final[Mapping[str, int]] = {
    "id": 200,
    "from": 64,
    "to": 64,
    "name": 200,
    "queue": 80,
    "diverted_from": 64,
    "by": 80,
}
"""The text fields and the most letters of each."""

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "event": EVENTS,
    "direction": tuple(direction.value for direction in Direction),
    "reason": tuple(reason.value for reason in EndReason if reason is not EndReason.LOST),
}
FIELDS: Final = frozenset({*TEXTS, *CHOICES, "withheld", "at"})
_NOT_IN_ID: Final = re.compile("[^!-~]")


@dataclass(frozen=True, slots=True)
class Refused:
    """A line was not taken; `error` is a short code, `detail` names what and what was expected."""

    error: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A line was taken: its facts, and a code that marks what was not believed."""

    facts: tuple[Fact, ...]
    warning: str = ""


def answer(outcome: Taken | Refused) -> bytes:
    """The line that answers an event."""
    said: dict[str, object] = {"ok": isinstance(outcome, Taken)}
    match outcome:
        case Refused(error, detail):
            said |= {"error": error, "detail": detail}
        case Taken(_, warning) if warning:
            said["warning"] = warning
    return json.dumps(said).encode("ascii") + b"\n"


class LineBuffer:
    """Cuts a stream into lines; a line that is too long is given out as a refusal, once, and ends the stream."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """True when a line was too long; nothing more is read."""
        return self._stopped

    @property
    def half(self) -> bool:
        """True while a line has begun and not ended."""
        return bool(self._buffer) and not self._stopped

    def feed(self, data: bytes) -> list[bytes | Refused]:
        """The lines that the new bytes complete."""
        lines: list[bytes | Refused] = []
        self._buffer += data
        while not self._stopped and (end := self._buffer.find(b"\n")) >= 0:
            self._line(bytes(self._buffer[:end]), lines)
            del self._buffer[: end + 1]
        if len(self._buffer) > LINE_MOST + 1:
            self._line(bytes(self._buffer), lines)
        if self._stopped:
            self._buffer.clear()
        return lines

    def rest(self) -> list[bytes | Refused]:
        """The last line where the stream ended without a line end."""
        lines: list[bytes | Refused] = []
        if self.half:
            self._line(bytes(self._buffer), lines)
            self._buffer.clear()
        return lines

    def _line(self, line: bytes, lines: list[bytes | Refused]) -> None:
        line = line.removesuffix(b"\r")
        if self._stopped:
            return
        if len(line) > LINE_MOST:
            self._stopped = True
            lines.append(Refused("line_too_long", f"a line has at most {LINE_MOST} bytes"))
        else:
            lines.append(line)


def decode(line: bytes, source: str, is_mine: Callable[[str], bool], now: float | None) -> Taken | Refused:
    """Read one line. `is_mine` tells this user's own extension; `now` is None where time does not matter."""
    event = json_object(line)
    if isinstance(event, Refused):
        return event
    fault = check(event)
    if fault is not None:
        return fault
    at, warning = _time(event, now)
    return Taken(tuple(_facts(event, CallKey(source, str(event["id"])), is_mine, at)), warning)


def json_object(data: bytes) -> dict[str, object] | Refused:
    """The object that was sent, or why it is none."""
    try:
        read = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        return Refused("not_utf8", f"byte {error.start} is not UTF-8")
    except (ValueError, RecursionError) as error:
        return Refused("not_json", str(error)[:200])
    if not isinstance(read, dict):
        return Refused("not_object", f"a JSON object expected, not {type(read).__name__}")
    return read


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def check(event: Mapping[str, object]) -> Refused | None:
    """What is wrong with an event, or None. It says the same as the schema."""
    for name in sorted(event.keys() - FIELDS):
        return Refused("unknown_field", f"{name[:80]!r} is not a field; known: {', '.join(sorted(FIELDS))}")
    for name in ("event", "id"):
        if name not in event:
            return Refused("missing_field", f"{name!r} is needed")
    return next((fault for name, value in event.items() if (fault := _fault(name, value)) is not None), None)


def _fault(name: str, value: object) -> Refused | None:
    if name in CHOICES:
        return _choice_fault(name, value)
    if name in TEXTS:
        return _text_fault(name, value)
    if name == "withheld":
        return None if isinstance(value, bool) else _wrong(name, "true or false", value)
    return _time_fault(name, value)


def _choice_fault(name: str, value: object) -> Refused | None:
    if not isinstance(value, str):
        return _wrong(name, "text", value)
    known = CHOICES[name]
    return None if value in known else Refused("bad_value", f"{name!r} must be one of {', '.join(known)}")


def _text_fault(name: str, value: object) -> Refused | None:
    if not isinstance(value, str):
        return _wrong(name, "text", value)
    if len(value) > TEXTS[name]:
        return Refused("too_long", f"{name!r} has {len(value)} letters, at most {TEXTS[name]} are taken")
    if name == "id" and (not value or _NOT_IN_ID.search(value)):
        return Refused("bad_value", "'id' must be visible ASCII without spaces, and not empty")
    return None


def _time_fault(name: str, value: object) -> Refused | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _wrong(name, "seconds since 1970", value)
    return None if 0 <= value <= 1e11 else Refused("bad_value", f"{name!r} must be seconds since 1970")


def _wrong(name: str, expected: str, value: object) -> Refused:
    return Refused("wrong_type", f"{name!r} must be {expected}, not {type(value).__name__}")


def _time(event: Mapping[str, object], now: float | None) -> tuple[float | None, str]:
    at = event.get("at")
    if not isinstance(at, int | float):
        return None, ""
    if now is not None and not math.isclose(at, now, rel_tol=0, abs_tol=SKEW_SECONDS):
        return None, "clock_skew"
    return float(at), ""


def _facts(event: Mapping[str, object], key: CallKey, is_mine: Callable[[str], bool], at: float | None) -> list[Fact]:
    by = _get(event, "by")
    match event["event"]:
        case "ringing":
            return [_ringing(event, key, at)]
        case "answered":
            who = Answerer.HERE if not by or is_mine(by) else Answerer.ELSEWHERE
            return [Answered(key=key, who=who, by=by, at=at)]
        case "held":
            return [Held(key=key, at=at)]
        case "resumed":
            return [Resumed(key=key, at=at)]
        case "transferred":
            number = _get(event, "from") or None
            return [Transferred(key=key, to=_get(event, "to"), number=number, name=_get(event, "name"), via=by, at=at)]
        case _:
            return _ended(event, key, by, at)


def _ringing(event: Mapping[str, object], key: CallKey, at: float | None) -> Rang:
    """The other party is `from` of an incoming call and `to` of an outgoing one."""
    direction = Direction(event.get("direction", "in"))
    incoming = direction is Direction.INCOMING
    return Rang(
        key=key,
        direction=direction,
        number=_get(event, "from" if incoming else "to"),
        name=_get(event, "name"),
        withheld=event.get("withheld") is True,
        called=(_get(event, "to") or None) if incoming else None,
        queue=_get(event, "queue") or None,
        diverted_from=_get(event, "diverted_from") or None,
        at=at,
    )


def _ended(event: Mapping[str, object], key: CallKey, by: str, at: float | None) -> list[Fact]:
    reason = EndReason(event.get("reason", "hangup"))
    end = Ended(key=key, reason=reason, at=at)
    if reason is EndReason.ELSEWHERE and by:
        return [Answered(key=key, who=Answerer.ELSEWHERE, by=by, at=at), end]
    return [end]


def _get(event: Mapping[str, object], name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) else ""
