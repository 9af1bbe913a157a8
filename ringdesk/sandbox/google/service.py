"""What a method needs to answer: the account, the parameters, the body, and the tools of the house."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ringdesk.sandbox.google.account import Account
from ringdesk.sandbox.google.document import Method
from ringdesk.sandbox.google.errors import Refusal, invalid
from ringdesk.sandbox.google.fields import READABLE
from ringdesk.sandbox.google.masks import View, make_view, query_mask, read_mask, read_sources
from ringdesk.sandbox.google.quota import Cost
from ringdesk.sandbox.google.render import Renderer
from ringdesk.sandbox.google.tokens import Tokens
from ringdesk.sandbox.google.web import JsonObject, Query, first
from ringdesk.sandbox.google.world import World

PRECONDITION = (
    "Request {0} is different than the current {0}. Clear local cache and get the latest person."  # [T: #2417]
)


class Service:
    """The tools all methods share."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.renderer = Renderer(world)
        self.tokens = Tokens(world)
        self.views: dict[tuple[str, str, tuple[str, ...]], View] = {}


@dataclass(slots=True)
class Call:
    """One request to one method of one account. `broken` are elements of a batch that an injected fault fails."""

    service: Service
    account: Account
    method: Method
    resource: str
    query: Query
    body: JsonObject
    spurious: bool = False
    broken: frozenset[int] = field(default_factory=frozenset)
    spent: dict[str, int] = field(default_factory=dict)

    def charge(self, cost: Cost) -> None:
        """Spend units of the account's quota, all or none. Raises Refusal."""
        self.account.quota.charge(cost)
        self.spent |= cost

    @property
    def world(self) -> World:
        """The time, the dice and the switches."""
        return self.service.world

    def view(self, parameter: str = "personFields", *, default: Collection[str] | None = None) -> View:
        """The fields and sources of the answer. Raises Refusal: mask missing without a default, or not valid."""
        if parameter in self.body or self.method.request not in {"", "Person"}:
            return self.make_view(self.body.get(parameter, ""), self.body.get("sources", ()), parameter, default)
        return self.make_view(query_mask(self.query, parameter), self.query.get("sources", ()), parameter, default)

    def make_view(
        self, text: str, sources: Sequence[str], parameter: str, default: Collection[str] | None = None
    ) -> View:
        """A view from texts; equal ones are made once."""
        key = (parameter, text, tuple(sources))
        view = self.service.views.get(key)
        if view is None or (not text and default is not None):
            paths = default if default is not None and not text else read_mask(text, parameter, self.method.id)
            view = make_view(paths, read_sources(sources))
            if text:
                self.service.views[key] = view
        return view

    def write_view(self) -> View:
        """The view of a single write's answer: all fields when no mask is given [D]."""
        return self.view(default=READABLE)

    def integer(self, name: str, default: int, most: int) -> int:
        """A size parameter: 0 means the default, outside of 1 to most is refused [D]. Raises Refusal."""
        text = first(self.query, name, "0") or "0"
        if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit() or len(text) > 10:
            raise invalid(f"Invalid value at '{name}' (TYPE_INT32), \"{text[:40]}\"")
        number = int(text)
        if not 0 <= number <= most:
            raise invalid(f"{name} must be between 1 and {most}, inclusive.")
        return number or default

    def flag(self, name: str) -> bool:
        """A boolean parameter. Raises Refusal for anything but true and false."""
        text = first(self.query, name, "false").lower()
        if text not in {"true", "false"}:
            raise invalid(f"Invalid value at '{name}' (TYPE_BOOL), \"{text[:40]}\"")
        return text == "true"

    def stale(self) -> Refusal:
        """400 FAILED_PRECONDITION for an etag that is not the current one [D], worded as seen [T]."""
        switches = self.world.switches
        message = PRECONDITION.format(switches.precondition_names)
        return Refusal(switches.precondition_code, message, "FAILED_PRECONDITION")
