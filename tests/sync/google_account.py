"""The practice Google as the account of a simulation: the real provider over a wire inside the process."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from unittest.mock import patch

from ringdesk.domain.remote import RemoteBook
from ringdesk.domain.sockets import Clock
from ringdesk.providers.google import people
from ringdesk.providers.google.access import Access
from ringdesk.providers.google.client_file import Client, parse_client
from ringdesk.providers.google.people import GoogleBook
from ringdesk.providers.google.service import Service
from ringdesk.providers.google.wire import Answer, Broken, Unreachable, Wire
from ringdesk.sandbox.google import Cut, Death, Fault, Google, Kind, Request, Response, Switches
from tests.sync.accounts import Before
from tests.sync.desk import VirtualClock
from tests.sync.google_client import Asked, InnerService
from tests.sync.google_hand import GoogleHand

BASE = "http://127.0.0.1:1"
EMAIL = "me@example.com"
LISTING = "/v1/people/me/connections"
MANY = (LISTING, "/v1/people:batchGet", "/v1/people:batchCreateContacts", "/v1/contactGroups")
"""Whose answers list things that can come twice; the fields of one contact do not."""
_MARK = re.compile(r'"key": ?"ringdesk.id", ?"value": ?"([^"]+)"')
_PERSON = re.compile(r"people/c\d+")
CODES = (429, 429, 500, 503)
REAL_CLIENT = 1 / 8
"""How many schedules go through Google's own client, see `google_client`."""

READING = (
    Kind.CUT_BEFORE, Kind.CUT_MIDWAY, Kind.ERROR_BEFORE, Kind.ERROR_BEFORE, Kind.TRUNCATED, Kind.REORDERED,
    Kind.MALFORMED, Kind.PHANTOM, Kind.DELAY,
)  # several to a line  # fmt: skip
WRITING = (
    Kind.CUT_BEFORE, Kind.CUT_AFTER, Kind.CUT_MIDWAY, Kind.ERROR_BEFORE, Kind.ERROR_AFTER, Kind.PHANTOM, Kind.TRUNCATED,
    Kind.REORDERED, Kind.MALFORMED, Kind.LATE, Kind.DELAY,
)  # several to a line  # fmt: skip


@dataclass
class Weather:
    """What goes wrong between a program and Google; nothing with `rate` 0."""

    dice: Random
    rate: float = 0.0
    kinds: frozenset[Kind] = frozenset()
    offline: bool = False
    injected: Counter[str] = field(default_factory=Counter)

    def plan(self, number: int, request: Request) -> Fault | None:
        """The plan of the practice Google."""
        del number
        if not self.rate or self.dice.random() >= self.rate:
            return None
        able = [kind for kind in self._possible(request) if kind in self.kinds]
        if not able:
            return None
        kind = self.dice.choice(able)
        code = self.dice.choice(CODES if kind is Kind.ERROR_BEFORE else (500, 503))
        self.injected[f"{kind.value} {code}" if kind in (Kind.ERROR_BEFORE, Kind.ERROR_AFTER) else kind.value] += 1
        return Fault(kind, code, self.dice.uniform(0.0, 600.0), frozenset({self.dice.randrange(3)}))

    @staticmethod
    def _possible(request: Request) -> tuple[Kind, ...]:
        if not request.path.startswith("/v1/"):
            return (Kind.CUT_BEFORE, Kind.CUT_AFTER, Kind.ERROR_BEFORE)
        many = (Kind.DUPLICATED,) if request.path in MANY else ()
        if request.method == "GET":
            expired = (Kind.EXPIRED, Kind.EXPIRED) if "syncToken" in request.query else ()
            return (*READING, *many, *expired)
        updates = (Kind.SPURIOUS,) if "pdateContact" in request.path else ()
        return (*WRITING, *many, *updates, *((Kind.ELEMENTS,) if "batch" in request.path else ()))


class Creations:
    """Who made which contact: one that a desk makes again while the first is there is a fault, even if it is mended."""

    def __init__(self, hand: GoogleHand) -> None:
        self._hand = hand
        self._made: set[tuple[int, str]] = set()
        self._before: set[str] = set()
        self._known: set[str] = set()

    def sent(self) -> None:
        """A request is on its way: what somebody brings back from now on no desk can know, nor any etag tell.

        Nor need a listing tell what was brought back a short while ago, and a desk that lost the answer has no id.
        """
        self._known = {remote for remote in self._hand.marked() if not self._hand.just_back(remote)}

    def asked(self, desk: int, marks: frozenset[str]) -> None:
        """A desk asks for contacts with these ids of ours."""
        there = self._hand.marked()
        self._before = {*there}
        known = [(remote, id) for remote, id in there.items() if remote in self._known]
        again = [id for remote, id in known if id in marks and (desk, remote) in self._made]
        self._hand.repeated += [f"desk {desk} made {id} again while it was there" for id in again]

    def done(self, desk: int, marks: frozenset[str]) -> None:
        """What of them there is now is its work."""
        there = self._hand.marked()
        made = sorted(remote for remote, id in there.items() if id in marks and remote not in self._before)
        self._made |= {(desk, remote) for remote in made}
        self._hand.came(desk, made)


def _marks(path: str, body: bytes | None) -> frozenset[str]:
    """The ids of ours in a request that makes contacts."""
    return frozenset(_MARK.findall(body.decode())) if body and "reateContact" in path else frozenset()


class InnerWire(Wire):
    """The wire of a desk, with Google at its other end in the same process.

    `before` and `after` are called around every request: somebody may act then, or the program be killed.
    """

    def __init__(
        self, google: Google, clock: VirtualClock, weather: Weather, before: Before,
        after: Callable[[], None], page: int, creations: Creations | None, desk: int,
    ) -> None:  # several to a line  # fmt: skip
        super().__init__()
        self._creations = creations
        self._desk = desk
        self._google = google
        self._clock = clock
        self._weather = weather
        self._before = before
        self._after = after
        self._page = page

    def request(
        self,
        method: str,
        address: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        harmless: bool = False,
    ) -> Answer:
        request = _request(method, address, headers, body)
        path = request.path
        marks = _marks(path, request.body)
        if self._creations is not None and marks:
            self._creations.sent()
        self._before(f"{method} {path}", _named(request))
        if self._weather.offline:
            self._weather.injected["no network"] += 1
            raise Unreachable("no network")
        if path == LISTING:
            request = replace(request, query={**request.query, "pageSize": [str(self._page)]})
        response = self._handled(request, marks)
        if response.delay:
            self._clock.pass_(response.delay)
        self._after()
        if response.cut is not Cut.NO:
            raise Broken("cut")
        return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, response.body)

    def _handled(self, request: Request, marks: frozenset[str]) -> Response:
        if self._creations is None or not marks:
            return self._google.handle(request)
        self._creations.asked(self._desk, marks)
        response = self._google.handle(request)
        self._creations.done(self._desk, marks)
        return response


def _named(request: Request) -> frozenset[str]:
    """The contacts that a request changes."""
    if request.method in ("PATCH", "DELETE"):
        return frozenset(_PERSON.findall(request.path))
    changes = request.method == "POST" and request.path.endswith((":batchUpdateContacts", ":batchDeleteContacts"))
    return frozenset(_PERSON.findall(request.body.decode())) if changes else frozenset()


def _request(method: str, address: str, headers: Mapping[str, str] | None, body: bytes | None) -> Request:
    if isinstance(address, Asked):
        return Request(method, address.path, address.query, headers or {}, body or b"")
    return Request.of(method, address.removeprefix(BASE), headers, body or b"")


_SPARE: list[Service] = []


def _service(api: str, access: Access, wire: Wire, clock: Clock) -> Service:
    """A service as good as new: all that it remembers is these four, and making one takes long."""
    if not _SPARE:
        return Service(api, access, wire, clock)
    one = _SPARE.pop()
    signed = one.people._http
    one._access, one._clock, signed._access, signed._wire = access, clock, access, wire
    return one


class SimulatedBook(GoogleBook):
    """The real provider; what is dear to make is used again when it is closed."""

    def close(self) -> None:
        super().close()
        if not isinstance(self._service, InnerService):
            _SPARE.append(self._service)


class GoogleAccount:
    """The account of a world at the practice Google, with chance deciding what is not known of the real one."""

    def __init__(self, clock: VirtualClock, dice: Random, *, plain: bool = False) -> None:
        """`plain`: a Google as it is best known, without anything left to chance."""
        self._clock = clock
        self._dice = dice
        switches = Switches(quotas=False) if plain else _switches(dice)
        self.google = Google(switches, clock, Random(dice.getrandbits(32)))
        self.google.world.base_url = BASE
        self.google.add_account(EMAIL)
        self._weather = Weather(dice)
        self.google.plan = self._weather.plan
        self._page = 1000 if plain else dice.choice((2, 3, 1000))
        self.client = _service if plain or dice.random() < REAL_CLIENT else InnerService
        self._listed = self.google.switches.list_item_cap
        self._client: Client = parse_client(json.dumps(self.google.grants.client.file(BASE)).encode())
        self._tokens: list[str] = []
        self.hand = GoogleHand(self.google, EMAIL)
        self._creations = None if plain else Creations(self.hand)  # it looks at every contact there
        self.injected = self._weather.injected

    def book(self, number: int, before: Before, after: Callable[[], None]) -> RemoteBook:
        """The door of a desk that has just started."""
        while len(self._tokens) <= number:
            self._tokens.append(self.google.sign_in(EMAIL).refresh)
        wire = InnerWire(self.google, self._clock, self._weather, before, after, self._page, self._creations, number)
        with patch.object(people, "Service", self.client):
            return SimulatedBook(
                self._client, lambda: self._tokens[number], self._clock, wire=wire, listed=self._listed
            )

    def small_pages(self, size: int) -> None:
        """Listings of doors made from now on come so many contacts a page."""
        self._page = size

    def storm(self) -> None:
        """From now on things go wrong."""
        dice, weather = self._dice, self._weather
        weather.rate = dice.choice((0.0, 0.05, 0.15, 0.3))
        some = {*READING, *WRITING, Kind.DUPLICATED, Kind.EXPIRED, Kind.SPURIOUS, Kind.ELEMENTS}
        kinds = sorted(some, key=lambda kind: kind.value)
        weather.kinds = frozenset(dice.sample(kinds, dice.randrange(1, 1 + len(kinds))))

    def shift(self) -> None:
        """Something happens to the connection, or to the sign-in."""
        kind = self._dice.random()
        if kind < 0.5:
            self._weather.offline = not self._weather.offline
        elif kind < 0.9:
            self.google.grants.access.clear()
            self.injected["access tokens expired"] += 1
        else:
            self.google.grants.kill(EMAIL, Death.REVOKED)
            self.injected["sign-in revoked"] += 1

    def end_tokens(self) -> None:
        """All access tokens end before their time."""
        self.google.grants.access.clear()
        self.injected["access tokens ended in a round"] += 1

    def reconnect(self, number: int) -> None:
        """The user signs in again."""
        self._tokens[number] = self.google.sign_in(EMAIL).refresh

    def calm(self) -> None:
        """All is well from now on, but for what Google is like."""
        self._weather.rate, self._weather.offline = 0.0, False


def _switches(dice: Random) -> Switches:
    """What is not known of Google, decided by chance."""
    either = (False, True)
    return Switches(
        quotas=dice.random() < 0.05,
        paging=dice.choice(("snapshot", "cursor", "offset")),
        expired_token=dice.choice(("failed_precondition", "invalid_argument", "gone")),
        expired_token_details=dice.choice(either),
        page_size_bound=dice.choice(either),
        propagation=dice.choice(((0.0, 0.0), (0.0, 590.0), (0.0, 590.0), (200.0, 590.0))),
        delta_shows=dice.choice(("current", "replica")),
        full_listing=dice.choice(("fresh", "lags_in_sync", "lags")),
        delta_totals=dice.choice(either),
        list_item_cap=dice.choice((2, 100)),
        retry_after=dice.choice((None, 20)),
        person_etag_checked=dice.choice(either),
        precondition_names=dice.choice(("person.etag", "person.metadata.sources.etag")),
        precondition_code=dice.choice((400, 403)),
        spurious_every=dice.choice((0, 0, 3)),
        new_contacts=dice.choice(("my_contacts", "no_group")),
        user_group_adds_my_contacts=dice.choice(either),
        batch=dice.choice(("all_or_nothing", "per_element")),
        batch_order=dice.choice(("shuffled", "kept")),
        batch_delete_unknown=dice.choice(("ignore", "refuse")),
        concurrent="conflict",
        merge_client_data=dice.choice(("both", "survivor", "none")),
        merge_lists_previous=dice.choice(either),
        relink_tombstone=dice.choice(either),
        old_names_resolve=dice.choice(either),
        phantom_in_delta=dice.choice(either),
        shuffle=dice.choice(either),
        photo_urls=dice.choice(("stable", "stable", "rotating")),
    )
