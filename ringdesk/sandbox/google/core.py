"""The practice Google itself: requests in, answers out, no socket and no clock of its own.

`handle` is all a program in the same process needs. A server takes the three steps apart, because a request is in
flight from `arrive` to `depart`, and two mutations of one account in flight at once are counted and punished [D].
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random

from ringdesk.sandbox.google.account import Account
from ringdesk.sandbox.google.book import Version
from ringdesk.sandbox.google.clock import Clock
from ringdesk.sandbox.google.consent import Consent
from ringdesk.sandbox.google.document import Method, route
from ringdesk.sandbox.google.endpoints import Endpoints
from ringdesk.sandbox.google.errors import Refusal, unavailable
from ringdesk.sandbox.google.exchange import Exchange
from ringdesk.sandbox.google.faults import Fault, Kind, Plan, error_response, mangled, no_faults
from ringdesk.sandbox.google.grants import Grants
from ringdesk.sandbox.google.hand import Hand
from ringdesk.sandbox.google.people import fill_account
from ringdesk.sandbox.google.requestlog import Entry, RequestLog
from ringdesk.sandbox.google.service import Call, Service
from ringdesk.sandbox.google.switches import Switches
from ringdesk.sandbox.google.web import Cut, JsonObject, Request, Response
from ringdesk.sandbox.google.world import World

CONTACTS_SCOPE = "https://www.googleapis.com/auth/contacts"
"""The scope of all writes, and nothing narrower [D]."""

_NAMES = re.compile(r"people/c\d+")

Observer = Callable[[str, Request, Response], None]
"""Sees every answer as Google made it, before a fault touches it: method id or "", request, answer."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Tokens of a program that is signed in."""

    access: str
    refresh: str


@dataclass(slots=True)
class Flight:
    """One request on its way: `clash` says that another mutation of its account was in flight when it came."""

    request: Request
    entry: Entry
    fault: Fault | None
    method: Method | None
    resource: str
    account: Account | None
    clash: bool = False
    airborne: bool = False


class Google:
    """People API, OAuth and the people who use Google by hand."""

    def __init__(self, switches: Switches, clock: Clock, rng: Random) -> None:
        self.world = World(switches, clock, rng)
        self.accounts: dict[str, Account] = {}
        self.grants = Grants(self.world)
        self.consent = Consent(self.world, self.grants, self.accounts)
        self.exchange = Exchange(self.world, self.grants, self.accounts)
        self.log = RequestLog()
        self.plan: Plan = no_faults
        self.observers: list[Observer] = []
        self.lock = threading.RLock()
        self._service = Service(self.world)
        self._endpoints = Endpoints(self.world, self.accounts, self.grants, self.consent, self.exchange)
        self._due: dict[int, list[Callable[[], object]]] = {}

    @property
    def switches(self) -> Switches:
        """How it behaves; may be replaced at any time."""
        return self.world.switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        self.world.switches = switches

    @property
    def next_number(self) -> int:
        """The number the next request will have."""
        return len(self.log.entries) + 1

    def add_account(
        self, email: str, name: str = "", *, people: int = 0, workspace: bool = False, calling_code: str = "44"
    ) -> Account:
        """A new account, with so many practice people in it."""
        shown = name or email.partition("@")[0].title()
        account = Account(self.world, email, shown, workspace=workspace, calling_code=calling_code)
        fill_account(account, self.world, people)
        self.accounts[email] = account
        return account

    def sign_in(self, email: str, scopes: Iterable[str] = (CONTACTS_SCOPE,)) -> Signed:
        """Tokens without a browser, for those who test something else."""
        granted = frozenset(scopes)
        refresh = self.grants.add_refresh(self.grants.client.id, email, granted).token
        return Signed(self.grants.add_access(self.grants.client.id, email, granted, refresh), refresh)

    def hand(self, email: str) -> Hand:
        """Someone who uses this account in Google's own pages."""
        return Hand(self.world, self.accounts[email])

    def before(self, number: int, action: Callable[[], object]) -> None:
        """Do something just before the request of this number, such as an edit by hand."""
        self._due.setdefault(number, []).append(action)

    def handle(self, request: Request) -> Response:
        """Answer a request, start to end."""
        flight = self.arrive(request)
        response = self.carry_out(flight)
        self.depart(flight)
        return response

    def arrive(self, request: Request) -> Flight:
        """A request has come in whole; from now on it is in flight."""
        with self.lock:
            for action in self._due.pop(self.next_number, ()):
                action()
            entry = self.log.open(self.world.now(), request.method, request.path, dict(request.query))
            found = route(request.method, request.path) if request.path.startswith("/v1/") else None
            fault = self.plan(entry.number, request)
            flight = Flight(request, entry, fault, found[0] if found else None, found[1] if found else "", None)
            token = self.grants.access.get(request.bearer) if found else None
            flight.account = self.accounts.get(token.email) if token else None
            self._take_off(flight)
            return flight

    def carry_out(self, flight: Flight) -> Response:
        """Do what the request asks, unless a fault comes first, and answer as the wire will have it."""
        with self.lock:
            answer = self._early(flight) or self._answer(flight)
            for observer in self.observers:
                observer(flight.method.id if flight.method else "", flight.request, answer)
            flight.entry.committed = bool(
                flight.method and flight.method.mutating and answer.status == 200 and answer.delivered
            )
            if flight.fault and not flight.fault.before:
                answer = mangled(flight.fault, answer, self.world)
            if flight.clash and self.switches.concurrent == "slow":
                answer = replace(answer, delay=answer.delay + self.switches.slow_seconds)
            self._record(flight, answer)
            return answer

    def depart(self, flight: Flight) -> None:
        """The answer goes out; call this before its first byte does."""
        with self.lock:
            if flight.airborne and flight.account:
                flight.account.in_flight -= 1
            flight.airborne = False

    def dump(self, email: str) -> JsonObject:
        """The truth about an account: contacts, trash and groups as they are, whatever sync requests show."""
        account = self.accounts[email]
        return {
            "contacts": {version.name: _plain(version) for version in account.contacts.versions()},
            "trash": {name: _plain(version) for name, version in account.contacts.trashed().items()},
            "groups": {group.resource: group.name for group in account.groups.live()},
            "others": {version.name: _plain(version) for version in account.others.versions()},
            "violations": account.violations,
        }

    def _take_off(self, flight: Flight) -> None:
        if not (flight.method and flight.method.mutating and flight.account):
            return
        if flight.account.in_flight:
            flight.account.violations += 1
            flight.clash = True
        flight.account.in_flight += 1
        flight.airborne = True

    def _early(self, flight: Flight) -> Response | None:
        """The answer of a request that never reaches the methods."""
        if flight.clash and self.switches.concurrent == "conflict":
            return Refusal(409, "The operation was aborted.", "ABORTED").response()
        if flight.clash and self.switches.concurrent == "unavailable":
            return unavailable(self.switches.retry_after).response()
        match flight.fault:
            case Fault(kind=Kind.CUT_BEFORE):
                return Response(503, cut=Cut.SILENT)
            case Fault(kind=Kind.ERROR_BEFORE) as fault:
                return error_response(fault, self.switches.retry_after)
            case Fault(kind=Kind.EXPIRED) if "syncToken" in flight.request.query:
                return self._service.tokens.expired().response()
            case _:
                return None

    def _answer(self, flight: Flight) -> Response:
        if flight.method is None:
            return self._endpoints.answer(flight.request)
        flight.entry.method = flight.method.id
        account = flight.account
        call = (
            Call(self._service, account, flight.method, flight.resource, flight.request.query, {}) if account else None
        )
        late = self.world.late
        if flight.fault and call:
            self._prepare(flight.fault, call, flight.request)
        try:
            return self._endpoints.api(flight.request, flight.method, call)
        finally:
            self.world.late = late
            if call:
                flight.entry.cost = call.spent

    def _prepare(self, fault: Fault, call: Call, request: Request) -> None:
        match fault.kind:
            case Kind.SPURIOUS:
                call.spurious = True
            case Kind.ELEMENTS:
                call.broken = fault.elements or frozenset({0})
            case Kind.LATE:
                self.world.late = fault.seconds
            case Kind.PHANTOM:
                self._bump(call, request)
            case _:
                pass

    def _bump(self, call: Call, request: Request) -> None:
        """A new etag for what the request is about to change, or for anyone [T]."""
        contacts = call.account.contacts
        named = [call.resource, *_NAMES.findall(request.body.decode("utf-8", "replace"))]
        found = next((version for name in named if (version := contacts.find(name))), None)
        if found is None and contacts.current:
            found = self.world.rng.choice(list(contacts.current.values()))
        if found is not None:
            contacts.touch(found, silent=not self.switches.phantom_in_delta)

    def _record(self, flight: Flight, answer: Response) -> None:
        entry = flight.entry
        entry.status, entry.size, entry.delivered = answer.status, len(answer.body), answer.delivered
        entry.account = flight.account.email if flight.account else ""
        if flight.fault:
            entry.fault = flight.fault.kind.value
        if flight.method:
            entry.method = flight.method.id
            entry.body = flight.request.body


def _plain(version: Version) -> JsonObject:
    person: JsonObject = {field: list(items) for field, items in version.content.items() if items}
    person["groups"] = list(version.groups)
    person["photo"] = version.picture.key if version.picture else ""
    person["linked"] = version.profile is not None
    return person
