"""The authorization endpoint: checks the request, asks the user or follows a script, sends the browser back."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, urlencode, urlsplit

from ringdesk.sandbox.google.account import Account
from ringdesk.sandbox.google.grants import SPELLED, Grants
from ringdesk.sandbox.google.pages import closed_page, consent_page, error_page
from ringdesk.sandbox.google.web import Query, Request, Response, first, html_response
from ringdesk.sandbox.google.world import World

IDENTITY = frozenset({"openid", *SPELLED, *SPELLED.values()})
"""Scopes that say who one is; they have no checkbox."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scripted user does at the consent page; no account means the one shown, no scopes all of them."""

    kind: Literal["allow", "deny", "close"] = "allow"
    account: str = ""
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked authorization request."""

    client: str
    redirect: str
    state: str
    scopes: tuple[str, ...]
    challenge: str
    offline: bool
    forced: bool
    hint: str


class BadRequest(Exception):
    """An authorization request that is answered with a page and not by a redirect."""


class Consent:
    """Shows who wants what, and gives out codes."""

    def __init__(self, world: World, grants: Grants, accounts: Mapping[str, Account]) -> None:
        self._world = world
        self._grants = grants
        self._accounts = accounts
        self._open: dict[str, Asked] = {}
        self.script: list[Answer] = []

    def authorize(self, request: Request) -> Response:
        """GET of the authorization endpoint: a page, or at once what the script says."""
        try:
            asked = self._read(request.query)
        except BadRequest as error:
            return html_response(400, error_page(str(error)))
        if self.script:
            return self._scripted(asked, self.script.pop(0))
        nonce = self._world.secret(24)
        self._open[nonce] = asked
        people = [(account.email, account.name) for account in self._accounts.values()]
        boxes = [scope for scope in asked.scopes if scope not in IDENTITY]
        return html_response(200, consent_page(nonce, people, boxes, asked.hint))

    def decide(self, request: Request) -> Response:
        """POST of the consent page's form."""
        fields = parse_qs(request.body.decode("utf-8", "replace"))
        asked = self._open.pop(first(fields, "nonce"), None)
        if asked is None:
            return html_response(400, error_page("This page was answered already."))
        if first(fields, "decision") != "allow":
            return self._back(asked, {"error": "access_denied"})
        ticked = frozenset(fields.get("scope", ()))
        return self._allow(asked, first(fields, "account"), ticked)

    def _scripted(self, asked: Asked, answer: Answer) -> Response:
        match answer.kind:
            case "close":
                return html_response(200, closed_page())
            case "deny":
                return self._back(asked, {"error": "access_denied"})
            case "allow":
                email = answer.account or asked.hint or next(iter(self._accounts), "")
                ticked = frozenset(asked.scopes) if answer.scopes is None else answer.scopes
                return self._allow(asked, email, ticked)

    def _allow(self, asked: Asked, email: str, ticked: frozenset[str]) -> Response:
        if email not in self._accounts:
            return html_response(400, error_page("There is no such account here."))
        granted = frozenset(scope for scope in asked.scopes if scope in IDENTITY or scope in ticked)
        if not granted:
            return self._back(asked, {"error": "access_denied"})
        code = self._grants.add_code(
            asked.client,
            asked.redirect,
            asked.challenge,
            email,
            granted,
            offline=asked.offline,
            asked=asked.forced,
        )
        spelled = " ".join(sorted(self._grants.spelled(granted)))
        return self._back(asked, {"code": code, "scope": spelled})

    def _back(self, asked: Asked, answer: Mapping[str, str]) -> Response:
        state = {"state": asked.state} if asked.state else {}
        joint = "&" if urlsplit(asked.redirect).query else "?"
        target = f"{asked.redirect}{joint}{urlencode(state | dict(answer))}"
        return Response(302, b"", {"location": target, "cache-control": "no-store"})

    def _read(self, query: Query) -> Asked:
        client, redirect = first(query, "client_id"), first(query, "redirect_uri")
        if client != self._grants.client.id:
            raise BadRequest("Error 401: invalid_client. The OAuth client was not found.")
        if not is_loopback(redirect):
            raise BadRequest("Error 400: redirect_uri_mismatch. A desktop client returns to a loopback address.")
        if first(query, "response_type") != "code":
            raise BadRequest("Error 400: invalid_request. Required parameter is missing: response_type.")
        scopes = tuple(dict.fromkeys(first(query, "scope").split()))
        if not scopes:
            raise BadRequest("Error 400: invalid_request. Missing required parameter: scope.")
        challenge = first(query, "code_challenge")
        if not challenge or first(query, "code_challenge_method") != "S256":
            raise BadRequest("Error 400: invalid_request. This server insists on PKCE with S256.")
        prompts = first(query, "prompt").split()
        offline, state = first(query, "access_type") == "offline", first(query, "state")
        hint = first(query, "login_hint")
        return Asked(client, redirect, state, scopes, challenge, offline, "consent" in prompts, hint)


def is_loopback(redirect: str) -> bool:
    """Whether an address is this computer over plain HTTP, on any port [G; RFC 8252]."""
    if not (redirect.isascii() and redirect.isprintable()) or " " in redirect:
        return False
    try:
        parts = urlsplit(redirect)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme != "http" or parts.fragment or parts.username:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
