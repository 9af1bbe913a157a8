"""The answer to an unknown caller on a department's line, as a value. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ringdesk.providers.team.rows import SharedContact, read_contact
from ringdesk.providers.team.wire import Invalid, Refused, read_result


@dataclass(frozen=True, slots=True)
class Caller:
    """The team's contact for the caller; `made` by this very ring, else it was there."""

    contact: SharedContact
    made: bool


@dataclass(frozen=True, slots=True)
class ClaimedPrivately:
    """A coworker claimed this caller and keeps them private; whom, and who, is not told."""


CallerResult = Caller | ClaimedPrivately | Refused | Invalid


def read_caller(answer: Mapping[str, Any], me: str) -> CallerResult:
    """The answer of api.department_call. Raises one of `rows.BROKEN` where it is none."""
    match answer["is"]:
        case "claimed":
            return ClaimedPrivately()
        case "made" | "unclaimed" | "mine" | "shared" as state:
            return Caller(read_contact(answer["now"], me), made=state == "made")
        case _:
            result = read_result(answer, me)
            if not isinstance(result, Refused | Invalid):
                raise ValueError(f"no such answer: {answer['is']!r}")
            return result
