"""The generic CTI webhook: what many telephone systems post when a call comes up, is answered and ends. Pure.

The body is the one that Zammad's generic CTI defines, as JSON or as a form: `event` newCall, answer or hangup, `from`
(a number or "anonymous"), `to`, `direction`, `callId`, `user[]` (whom it rings, or who dials), `queue`,
`answeringNumber`, `cause`. Unknown fields are refused by name, as in the local feed.

Such a system speaks of everybody's calls. So a call whose users are all numbers, none of them this user's, is left out;
where a user is named by a login or a real name nobody can know, and it is taken. The same goes for who answered: a
number of somebody else is "elsewhere", a login is only "somebody". An end is never refused for its cause: one that is
not known claims nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ringdesk.domain.call import Answered, Answerer, CallKey, Direction, Ended, EndReason, Fact, Rang
from ringdesk.domain.line import Lines, Personal
from ringdesk.domain.phone import E164, Extension, Unparsable
from ringdesk.feed.wire.forms import Fields
from ringdesk.feed.wire.local import Refused, Taken, json_object

TEXTS: Final[Mapping[str, int]] = {
    "event": 20,
    "from": 64,
    "to": 64,
    "direction": 10,
    "callId": 250,
    "queue": 80,
    "answeringNumber": 80,
    "cause": 80,
}
"""The fields of one text and the most letters of each."""

USERS: Final = ("user", "user[]")
USERS_MOST: Final = 64
NEEDED: Final = ("event", "callId")
CAUSES: Final[Mapping[str, EndReason]] = {
    "normalClearing": EndReason.HANGUP,
    "busy": EndReason.BUSY,
    "cancel": EndReason.CANCELLED,
    "noAnswer": EndReason.NO_ANSWER,
    "congestion": EndReason.FAILED,
    "notFound": EndReason.FAILED,
    "forwarded": EndReason.HANGUP,
}
"""`forwarded` says that the call went on to somebody, not that he answered."""

_SPOKEN: Final = ("normalClearing", "forwarded", "")
"""Causes with which an `answeringNumber` may be believed: nobody answers a call that was cancelled."""

_ID: Final = re.compile(r"[!-~]{1,250}")


@dataclass(frozen=True, slots=True)
class Hook:
    """One body of the webhook, checked."""

    texts: Mapping[str, str]
    users: Sequence[str]

    def get(self, name: str) -> str:
        """A text; empty where it is not there."""
        return self.texts.get(name, "")

    @property
    def direction(self) -> Direction:
        """Which way the call goes; in where it is not said."""
        return Direction.OUTGOING if self.get("direction") == "out" else Direction.INCOMING


def decode_json(body: bytes, source: str, lines: Lines) -> Taken | Refused:
    """Read a JSON body."""
    read = json_object(body)
    if isinstance(read, Refused):
        return read
    lists = {name: value if isinstance(value, list) else [value] for name, value in read.items()}
    return decode(lists, source, lines)


def decode_form(fields: Fields, source: str, lines: Lines) -> Taken | Refused:
    """Read the fields of a form."""
    return decode(fields, source, lines)


def decode(fields: Mapping[str, Sequence[object]], source: str, lines: Lines) -> Taken | Refused:
    """The facts of a body whose fields each have a list of values."""
    hook = checked(fields)
    if isinstance(hook, Refused):
        return hook
    cause = hook.get("cause")
    warning = "unknown_cause" if hook.get("event") == "hangup" and cause and cause not in CAUSES else ""
    return Taken(tuple(_facts(hook, CallKey(source, hook.get("callId")), lines)), warning)


def checked(fields: Mapping[str, Sequence[object]]) -> Hook | Refused:
    """A body whose every field is known and of its kind."""
    texts: dict[str, str] = {}
    users: list[str] = []
    for name, values in fields.items():
        fault = _fault(name, values)
        if fault is not None:
            return fault
        said = [value for value in values if isinstance(value, str)]
        if name in USERS:
            users += said
        elif said:
            texts[name] = said[0]
    hook = Hook(texts, [user for user in users if user])
    return _hook_fault(hook) or hook


def _fault(name: str, values: Sequence[object]) -> Refused | None:
    if name not in TEXTS and name not in USERS:
        known = ", ".join(sorted({*TEXTS, *USERS}))
        return Refused("unknown_field", f"{name[:80]!r} is not a field; known: {known}")
    most = USERS_MOST if name in USERS else 1
    if len(values) > most:
        return Refused("bad_value", f"{name!r} is there {len(values)} times, at most {most} are taken")
    letters = TEXTS.get(name, 80)
    for value in values:
        if not (isinstance(value, str) or value is None):
            return Refused("wrong_type", f"{name!r} must be text, not {type(value).__name__}")
        if value is not None and len(value) > letters:
            return Refused("too_long", f"{name!r} has {len(value)} letters, at most {letters} are taken")
    return None


def _hook_fault(hook: Hook) -> Refused | None:
    for name in NEEDED:
        if not hook.get(name):
            return Refused("missing_field", f"{name!r} is needed")
    if hook.get("event") not in _EVENTS:
        return Refused("bad_value", f"'event' must be one of {', '.join(_EVENTS)}")
    if hook.get("direction") not in ("in", "out", ""):
        return Refused("bad_value", "'direction' must be in or out")
    if _ID.fullmatch(hook.get("callId")) is None:
        return Refused("bad_value", "'callId' must be visible ASCII without spaces")
    return None


def _facts(hook: Hook, key: CallKey, lines: Lines) -> list[Fact]:
    if not _concerns(hook, lines):
        return []
    match hook.get("event"):
        case "newCall":
            return [_rang(hook, key, lines)]
        case "answer":
            return [_answered(hook, key, lines)]
        case _:
            return _ended(hook, key, lines)


def _rang(hook: Hook, key: CallKey, lines: Lines) -> Rang:
    incoming = hook.direction is Direction.INCOMING
    caller, called = _dialable(hook.get("from"), lines), _dialable(hook.get("to"), lines)
    return Rang(
        key=key,
        direction=hook.direction,
        number=caller if incoming else called,
        called=(called or None) if incoming else None,
        queue=hook.get("queue") or None,
        alerting=incoming,
    )


def _answered(hook: Hook, key: CallKey, lines: Lines) -> Answered:
    """Who answered: the answering number says it, else the only user whom it rang."""
    by = _dialable(hook.get("answeringNumber") or (hook.users[0] if len(hook.users) == 1 else ""), lines)
    if hook.direction is Direction.OUTGOING:
        return Answered(key=key, who=Answerer.HERE, by=hook.get("answeringNumber"))
    if lines.is_mine(by):
        return Answered(key=key, who=Answerer.HERE, by=by)
    return Answered(key=key, who=Answerer.ELSEWHERE if _is_other(by, lines) else Answerer.SOMEBODY, by=by)


def _ended(hook: Hook, key: CallKey, lines: Lines) -> list[Fact]:
    cause = hook.get("cause")
    end = Ended(key=key, reason=CAUSES.get(cause, EndReason.HANGUP))
    spoken = cause in _SPOKEN and hook.get("answeringNumber") and hook.direction is Direction.INCOMING
    return [_answered(hook, key, lines), end] if spoken else [end]


def _concerns(hook: Hook, lines: Lines) -> bool:
    """False for a new call of other people's only; what follows a call is always told, it changes no call but its own.

    An outgoing call without users is whose number dials.
    """
    dialling = hook.direction is Direction.OUTGOING and isinstance(lines.number(hook.get("from")), Extension)
    parties = hook.users or ([hook.get("from")] if dialling else [])
    if hook.get("event") != "newCall" or not parties:
        return True
    return not all(_is_other(party, lines) for party in parties)


def _is_other(text: str, lines: Lines) -> bool:
    """True for a number that is surely somebody else's; nothing is sure while no number is known to be mine."""
    known = bool(lines.extension) or Personal() in lines.called.values()
    number = _dialable(text, lines)
    return known and isinstance(lines.number(number), E164 | Extension) and not lines.is_mine(number)


def _dialable(text: str, lines: Lines) -> str:
    """Such systems leave the plus out: digits that are no number at home are tried as an international one."""
    bare = isinstance(lines.number(text), Unparsable) and text.isascii() and text.isdigit() and not text.startswith("0")
    return f"+{text}" if bare and isinstance(lines.number(f"+{text}"), E164) else text


_EVENTS: Final = ("newCall", "answer", "hangup")
