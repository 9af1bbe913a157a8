"""The control port: what a test or a demo does to the practice Google from outside. Everyone else is refused."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from ringdesk.sandbox.google.browser import STRAYS, visit
from ringdesk.sandbox.google.clock import VirtualClock
from ringdesk.sandbox.google.consent import Answer
from ringdesk.sandbox.google.core import CONTACTS_SCOPE, Google
from ringdesk.sandbox.google.faults import Fault, Kind, QueuedFaults
from ringdesk.sandbox.google.grants import Death
from ringdesk.sandbox.google.hand import HandError
from ringdesk.sandbox.google.switches import UnknownSwitch, turned
from ringdesk.sandbox.google.web import JsonObject, Request, Response, first, json_response

HAND_ACTIONS = frozenset(
    {
        "create",
        "edit",
        "delete",
        "restore",
        "empty_trash",
        "merge",
        "label",
        "unlabel",
        "create_label",
        "rename_label",
        "delete_label",
        "photo",
        "touch",
        "link",
        "unlink",
        "write_to",
    }
)
"""The methods of Hand that the control port offers, under their own names and arguments."""


class Control:
    """Reads orders as JSON. POST /hand with "before": n does it just before request n."""

    def __init__(self, google: Google, token: str) -> None:
        self._google = google
        self._token = token
        self._faults = QueuedFaults()
        earlier = google.plan
        google.plan = lambda number, request: self._faults(number, request) or earlier(number, request)
        self._orders: Mapping[tuple[str, str], Callable[[JsonObject], object]] = {
            ("GET", "/state"): self._state,
            ("GET", "/switches"): lambda _: asdict(google.switches),
            ("GET", "/log"): self._log,
            ("GET", "/dump"): lambda order: google.dump(order["account"]),
            ("POST", "/switches"): self._turn,
            ("POST", "/clock"): self._clock,
            ("POST", "/late"): self._late,
            ("POST", "/faults"): self._fault,
            ("DELETE", "/faults"): lambda _: self._faults.clear(),
            ("POST", "/hand"): self._hand,
            ("POST", "/consent"): self._consent,
            ("DELETE", "/consent"): lambda _: google.consent.script.clear(),
            ("POST", "/kill"): lambda order: google.grants.kill(order["account"], Death(order["cause"])),
            ("POST", "/accounts"): self._account,
            ("POST", "/sign-in"): lambda order: asdict(
                google.sign_in(order["account"], order.get("scopes", (CONTACTS_SCOPE,)))
            ),
        }

    def now(self) -> float:
        """What time the answers say it is."""
        return self._google.world.now()

    def answer(self, request: Request, wait: Callable[[float], None]) -> Response:
        """Carry an order out; {"result": ...}, or 400 with {"error": ...}."""
        del wait
        if not hmac.compare_digest(request.bearer.encode(), self._token.encode()):
            return json_response(403, {"error": "the control token is missing or wrong"})
        try:
            order: JsonObject = json.loads(request.body or b"{}")
            order |= {name: first(request.query, name) for name in request.query}
            if (request.method, request.path) == ("POST", "/browse"):
                return json_response(200, {"result": self._browse(order)})
            with self._google.lock:
                return json_response(200, {"result": self._orders[request.method, request.path](order)})
        except (HandError, UnknownSwitch, KeyError, TypeError, ValueError) as error:
            return json_response(400, {"error": f"{type(error).__name__}: {error}"})

    def _state(self, order: JsonObject) -> JsonObject:
        del order
        google = self._google
        accounts = {
            email: {"contacts": len(account.contacts.current), "violations": account.violations}
            for email, account in google.accounts.items()
        }
        units, methods = google.log.units(), google.log.methods()
        return {
            "now": google.world.now(),
            "requests": len(google.log.entries),
            "accounts": accounts,
            "units": units,
            "methods": methods,
            "faults": google.log.faults(),
        }

    def _log(self, order: JsonObject) -> list[JsonObject]:
        return [entry.json() for entry in self._google.log.since(int(order.get("since", 0)))]

    def _turn(self, order: JsonObject) -> JsonObject:
        self._google.switches = turned(self._google.switches, order)
        return asdict(self._google.switches)

    def _clock(self, order: JsonObject) -> float:
        clock = self._google.world.clock
        if not isinstance(clock, VirtualClock):
            raise ValueError("this practice Google runs by the real clock")
        return clock.advance(float(order["advance"]))

    def _late(self, order: JsonObject) -> None:
        seconds = order["seconds"]
        self._google.world.late = None if seconds is None else float(seconds)

    def _fault(self, order: JsonObject) -> None:
        fault = Fault(
            Kind(order["kind"]),
            int(order.get("code", 503)),
            float(order.get("seconds", 0)),
            frozenset(order.get("elements", ())),
            order.get("retry_after"),
        )
        self._faults.add(fault, order.get("path", ""), times=int(order.get("times", 1)), skip=int(order.get("skip", 0)))

    def _hand(self, order: JsonObject) -> object:
        action, account, number = order.pop("action"), order.pop("account"), order.pop("before", None)
        if action not in HAND_ACTIONS:
            raise HandError(f"nobody can {action} by hand")
        if "data" in order:
            order["data"] = base64.b64decode(order["data"])
        work: Callable[..., Any] = getattr(self._google.hand(account), action)
        if number is None:
            return work(**order)
        self._google.before(int(number), lambda: work(**order))
        return None

    def _consent(self, order: JsonObject) -> None:
        scopes = frozenset(order["scopes"]) if "scopes" in order else None
        if order.get("kind", "allow") not in {"allow", "deny", "close"}:
            raise ValueError("a user can allow, deny or close")
        self._google.consent.script.append(Answer(order.get("kind", "allow"), order.get("account", ""), scopes))

    def _account(self, order: JsonObject) -> str:
        return self._google.add_account(
            order["email"],
            order.get("name", ""),
            people=int(order.get("people", 0)),
            workspace=bool(order.get("workspace", False)),
        ).id

    def _browse(self, order: JsonObject) -> JsonObject:
        strays = list(order.get("stray", ()))
        if not STRAYS.issuperset(strays):
            raise ValueError(f"strays are {', '.join(sorted(STRAYS))}")
        seen = visit(self._google.handle, order["url"], strays)
        return {"location": seen.location, "statuses": [list(each) for each in seen.statuses]}
