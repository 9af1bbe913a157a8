"""What baresip's ctrl_tcp says, as facts. Read from version 1.0.0 and from the event names of the newest tree.

Traps, all measured: every close of an incoming call says "Connection reset by peer", whether the caller gave up or a
colleague answered, so it is a hang-up nobody can explain; only "Connection reset by user" tells that this very phone
declined. An outgoing call that fails before it rings has no event but its close, which then carries a SIP status. Names
come raw, with SIP's backslashes and sometimes as Latin-1 inside JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ringdesk.domain.call import Answered, CallKey, Direction, Ended, EndReason, Fact, Held, Rang, Resumed, Transferred
from ringdesk.feed.wire.netstring import Netstrings
from ringdesk.feed.wire.sip import peer, unquoted

_STATUS: Final = re.compile(r"\A([1-6][0-9]{2})(?: |\Z)")
_STATUS_REASONS: Final[Mapping[str, EndReason]] = {
    "408": EndReason.NO_ANSWER,
    "480": EndReason.NO_ANSWER,
    "486": EndReason.BUSY,
    "487": EndReason.CANCELLED,
    "600": EndReason.BUSY,
    "603": EndReason.REJECTED,
}
_DECLINED: Final = ("connection reset by user", "rejected by user", "486 ", "603 ")
"""How a close reads when this phone's own user declined."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a command we sent."""

    token: str
    ok: bool
    data: str


Object = Mapping[str, object]


class Wire:
    """Bytes of the control connection in, facts and replies out."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._frames = Netstrings()

    def feed(self, data: bytes) -> list[Fact | Reply]:
        """What the new bytes complete; unreadable frames and unknown events are left out."""
        return [item for frame in self._frames.feed(data) for item in decode(frame, self._source)]


def decode(frame: bytes, source: str) -> list[Fact | Reply]:
    """One frame as facts or a reply; nothing where it says nothing about a call."""
    try:
        read = json.loads(frame.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return []
    if not isinstance(read, dict):
        return []
    if read.get("response") is True:
        return [Reply(_text(read, "token"), read.get("ok") is True, _text(read, "data"))]
    return list(facts(read, source))


def facts(event: Object, source: str) -> list[Fact]:
    """An event as facts."""
    make = _EVENTS.get(_text(event, "type"))
    id = _text(event, "id")
    return [] if make is None or not id else make(event, CallKey(source, id))


def _rang(event: Object, key: CallKey, *, alerting: bool = True) -> list[Fact]:
    direction = _direction(event)
    if direction is None:
        return []
    other = peer(_text(event, "peeruri"))
    diverter = peer(_text(event, "diverteruri")).number
    return [
        Rang(
            key=key,
            direction=direction,
            number=other.number,
            name=unquoted(_text(event, "peerdisplayname")),
            withheld=other.withheld,
            diverted_from=diverter or None,
            alerting=alerting,
        )
    ]


def _incoming(event: Object, key: CallKey) -> list[Fact]:
    return _rang(event, key) if _direction(event) is Direction.INCOMING else []


def _dialled(event: Object, key: CallKey) -> list[Fact]:
    return _rang(event, key, alerting=False) if _direction(event) is Direction.OUTGOING else []


def _rings_there(event: Object, key: CallKey) -> list[Fact]:
    return _rang(event, key) if _direction(event) is Direction.OUTGOING else []


def _answered_by_us(event: Object, key: CallKey) -> list[Fact]:
    """Newer baresip says this before the call stands; for a call we make only ESTABLISHED counts."""
    return [Answered(key=key)] if _direction(event) is Direction.INCOMING else []


def _transferred(event: Object, key: CallKey) -> list[Fact]:
    target = peer(_text(event, "param")).number
    return [Transferred(key=key, to=target)] if target else []


def _closed(event: Object, key: CallKey) -> list[Fact]:
    direction, why = _direction(event), _text(event, "param").strip()
    if direction is Direction.INCOMING:
        declined = why.casefold().startswith(_DECLINED)
        return [Ended(key=key, reason=EndReason.REJECTED if declined else EndReason.HANGUP)]
    status = _STATUS.match(why)
    if direction is Direction.OUTGOING and status is not None:
        reason = _STATUS_REASONS.get(status[1], EndReason.FAILED)
        return [*_dialled(event, key), Ended(key=key, reason=reason)]
    return [Ended(key=key)]


def _direction(event: Object) -> Direction | None:
    return {"incoming": Direction.INCOMING, "outgoing": Direction.OUTGOING}.get(_text(event, "direction"))


def _text(event: Object, name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) else ""


_EVENTS: Final[Mapping[str, Callable[[Object, CallKey], list[Fact]]]] = {
    "CALL_INCOMING": _incoming,
    "CALL_OUTGOING": _dialled,
    "CALL_RINGING": _rings_there,
    "CALL_PROGRESS": _rings_there,
    "CALL_ANSWERED": _answered_by_us,
    "CALL_ESTABLISHED": lambda event, key: [Answered(key=key)],
    "CALL_HOLD": lambda event, key: [Held(key=key)],
    "CALL_RESUME": lambda event, key: [Resumed(key=key)],
    "CALL_REDIRECT": _transferred,
    "CALL_TRANSFER": _transferred,
    "TRANSFER": _transferred,
    "CALL_CLOSED": _closed,
}
