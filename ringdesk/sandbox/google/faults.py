"""What can go wrong between a program and Google, as a plan: which fault meets which request."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from random import Random

from ringdesk.sandbox.google.errors import Refusal, internal, unavailable
from ringdesk.sandbox.google.quota import CRITICAL_WRITES, rate_limited
from ringdesk.sandbox.google.web import Cut, JsonObject, Request, Response, encode
from ringdesk.sandbox.google.world import World


class Kind(Enum):
    """The faults. "Before" means that Google did nothing, "after" that it did and the program cannot know."""

    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    CUT_MIDWAY = "cut_midway"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    DELAY = "delay"
    SPURIOUS = "spurious_precondition"
    PHANTOM = "phantom_etag"
    TRUNCATED = "truncated"
    REORDERED = "reordered"
    DUPLICATED = "duplicated"
    MALFORMED = "malformed"
    HOSTILE = "hostile"
    ELEMENTS = "broken_elements"
    EXPIRED = "expired_sync_token"
    LATE = "late_propagation"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `code` for errors, `seconds` for delays, `elements` for broken elements of a batch."""

    kind: Kind
    code: int = 503
    seconds: float = 0.0
    elements: frozenset[int] = field(default_factory=frozenset)
    retry_after: int | None = None

    @property
    def before(self) -> bool:
        """Whether the request never reaches the methods."""
        return self.kind in {Kind.CUT_BEFORE, Kind.ERROR_BEFORE, Kind.EXPIRED}


Plan = Callable[[int, Request], Fault | None]
"""Says which fault meets the request of this number; None: all is well."""


def no_faults(number: int, request: Request) -> Fault | None:
    """The plan without faults."""
    del number, request
    return None


def at_numbers(faults: Mapping[int, Fault]) -> Plan:
    """A plan by request number, as the request log counts."""
    return lambda number, _: faults.get(number)


class QueuedFaults:
    """A plan for a control port: the next so many requests of a method meet a fault, then it is over."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Fault, str, int, int]] = []

    def add(self, fault: Fault, path: str = "", *, times: int = 1, skip: int = 0) -> None:
        """Let requests whose path contains this text meet a fault, after `skip` of them."""
        self._waiting.append((fault, path, times, skip))

    def clear(self) -> None:
        """Forget what is waiting."""
        self._waiting.clear()

    def __call__(self, number: int, request: Request) -> Fault | None:
        """The fault for this request."""
        del number
        for index, (fault, path, times, skip) in enumerate(self._waiting):
            if path not in request.path:
                continue
            if skip:
                self._waiting[index] = (fault, path, times, skip - 1)
                continue
            if times <= 1:
                del self._waiting[index]
            else:
                self._waiting[index] = (fault, path, times - 1, 0)
            return fault
        return None


def at_random(rng: Random, rates: Mapping[Kind, float], codes: Sequence[int] = (429, 500, 503)) -> Plan:
    """A plan with dice of its own: each kind at its rate, errors with one of the codes."""

    def plan(number: int, request: Request) -> Fault | None:
        del number, request
        dice = rng.random()
        for kind, rate in rates.items():
            dice -= rate
            if dice < 0:
                return Fault(kind, code=rng.choice(list(codes)), seconds=rng.uniform(0, 600))
        return None

    return plan


def error_response(fault: Fault, retry_after: int | None = None) -> Response:
    """The error of ERROR_BEFORE and ERROR_AFTER; its own Retry-After goes before the switch's."""
    seconds = retry_after if fault.retry_after is None else fault.retry_after
    headers = {} if seconds is None or fault.code == 500 else {"retry-after": str(seconds)}
    refusal = {429: lambda: rate_limited(CRITICAL_WRITES, headers), 500: internal, 503: unavailable}.get(fault.code)
    made = refusal() if refusal else Refusal(fault.code, "Injected error.")
    return Refusal(made.code, made.message, made.status, made.details, headers).response()


def mangled(fault: Fault, response: Response, world: World) -> Response:
    """The answer as it reaches the program. The request has been carried out."""
    match fault.kind:
        case Kind.CUT_AFTER | Kind.CUT_MIDWAY:
            return replace(response, cut=Cut.SILENT if fault.kind is Kind.CUT_AFTER else Cut.MIDWAY)
        case Kind.ERROR_AFTER:
            return error_response(fault, world.switches.retry_after)
        case Kind.DELAY:
            return replace(response, delay=response.delay + fault.seconds)
        case Kind.REORDERED | Kind.DUPLICATED:
            return _rearranged(fault.kind, response, world.rng)
        case _:
            return _garbled(fault.kind, response, world.rng)


def _garbled(kind: Kind, response: Response, rng: Random) -> Response:
    match kind:
        case Kind.TRUNCATED:
            return replace(response, body=response.body[: rng.randrange(len(response.body) or 1)])
        case Kind.MALFORMED:
            page = b"<html><head><title>Sign in to the network</title></head><body>Welcome</body></html>"
            return Response(200, page, {"content-type": "text/html"})
        case Kind.HOSTILE:
            return replace(response, body=_hostile(response.body, rng))
        case _:
            return response


def _rearranged(kind: Kind, response: Response, rng: Random) -> Response:
    if response.status != 200 or not response.body.startswith(b"{"):
        return response
    body: JsonObject = {}
    names = list(response.json().items())
    rng.shuffle(names)
    for name, value in names:
        body[name] = value
        if isinstance(value, list) and value:
            body[name] = rng.sample(value, len(value)) if kind is Kind.REORDERED else [*value, rng.choice(value)]
    return replace(response, body=encode(body).encode())


_STRINGS = re.compile(rb'"(?:value|resourceName|etag|displayName|nextSyncToken)":"[^"]*"')


def _hostile(body: bytes, rng: Random) -> bytes:
    """Valid JSON with values of types no schema allows."""
    nasty = [b"null", b"[]", b"{}", b"-1e999", b"true", b'"\\ud800"', b"[" * 200 + b"]" * 200]
    return _STRINGS.sub(lambda found: found[0].partition(b":")[0] + b":" + rng.choice(nasty), body, count=3)
