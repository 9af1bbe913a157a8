"""Calls together, as values: what a desk tells of its calls and what it hears of coworkers'. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from ringdesk.providers.team.rows import BROKEN, Unreadable, id_in


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCall:
    """A call with a shared contact, or what has become of it; `state` is a value of domain.call.CallState."""

    op: str
    call: str
    contact: str
    direction: str
    state: str
    started: float
    seconds: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawCall:
    """A call that was told and has been marked private since."""

    op: str
    call: str


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """I answered a department's ring; `ring` is its `ring_key`."""

    op: str
    department: str
    ring: str


CallOp = LogCall | WithdrawCall | ReportAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class CoworkerCall:
    """A call somebody of the team (`who`, a login; me too) had with a shared contact."""

    id: str
    contact: str
    who: str
    direction: str
    state: str
    started: float
    seconds: int | None
    note: str
    rev: int


@dataclass(frozen=True, slots=True)
class GoneCall:
    """A call that is not told any more."""

    id: str


@dataclass(frozen=True, slots=True)
class AnsweredRing:
    """A department's ring that `who` answered; `at` is the server's time."""

    department: str
    ring: str
    who: str
    at: float


CallItem = CoworkerCall | GoneCall | AnsweredRing | Unreadable


@dataclass(frozen=True, slots=True)
class CallPage:
    """One page of calls; as `rows.Page`."""

    items: tuple[CallItem, ...]
    full: bool
    more: bool
    cursor: str


def encode_call_op(op: CallOp) -> dict[str, Any]:
    """An operation as api.calls_push reads it."""
    match op:
        case LogCall():
            return {
                "op": op.op,
                "kind": "call",
                "call": op.call,
                "contact": op.contact,
                "direction": op.direction,
                "state": op.state,
                "started": op.started,
                "seconds": op.seconds,
                "note": op.note,
            }
        case WithdrawCall(op_id, call):
            return {"op": op_id, "kind": "withdraw", "call": call}
        case ReportAnswer(op_id, department, ring):
            return {"op": op_id, "kind": "answered", "department": department, "ring": ring}
        case _:
            assert_never(op)


def read_call_item(row: Any) -> CallItem:
    """Any row of a calls pull."""
    try:
        return _read_call_item(row)
    except BROKEN as error:
        return Unreadable(id_in(row, "call"), str(error))


def _read_call_item(row: Mapping[str, Any]) -> CallItem:
    match row["is"]:
        case "call":
            return CoworkerCall(
                id=str(row["call"]),
                contact=str(row["contact"]),
                who=str(row["who"]),
                direction=str(row["direction"]),
                state=str(row["state"]),
                started=float(row["started"]),
                seconds=None if row["seconds"] is None else int(row["seconds"]),
                note=str(row["note"]),
                rev=int(row["rev"]),
            )
        case "gone":
            return GoneCall(str(row["call"]))
        case "answered":
            return AnsweredRing(str(row["department"]), str(row["ring"]), str(row["who"]), float(row["at"]))
        case other:
            raise ValueError(f"no such row: {other!r}")


def read_call_page(answer: Mapping[str, Any]) -> CallPage:
    """The answer of api.calls_pull. Raises one of BROKEN where the frame itself is not as agreed."""
    items = tuple(read_call_item(row) for row in answer["items"])
    return CallPage(items, bool(answer["full"]), bool(answer["more"]), str(answer["cursor"]))
