"""Access tokens from the refresh token: kept in memory, fetched anew before they expire, and why they end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from ringdesk.domain.remote import Death, RemoteError, Retry, SignInDead, Stop
from ringdesk.domain.sockets import Clock, SecretsUnavailable
from ringdesk.providers.google.answers import problem_of
from ringdesk.providers.google.client_file import Client
from ringdesk.providers.google.secret import Secret, SecretBytes
from ringdesk.providers.google.wire import Answer, Broken, Unreachable, Wire

EARLY: Final = 120.0
"""Seconds before its end at which an access token is no longer used."""
AHEAD: Final = 120.0
"""So much earlier it is not used to read any more: what is sent right upon a look needs no other one by then."""
_DAY: Final = 86_400.0
_FORM: Final = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Standing:
    """When consent was given, and when the token was last used, where that is known: from it a cause is guessed."""

    granted: float | None = None
    used: float | None = None


class Access:
    """The key to the account. For one thread."""

    def __init__(
        self, client: Client, refresh_token: Callable[[], str | None], wire: Wire, clock: Clock, standing: Standing
    ) -> None:
        self._client = client
        self._refresh_token = refresh_token
        self._wire = wire
        self._clock = clock
        self._standing = standing
        self._token = ""
        self._until = 0.0
        self._lasts = 0.0
        self._refused = False

    def token(self, *, ahead: float = 0.0) -> str:
        """An access token that works, and will for so long if it can. Raises Retry, SignInDead or Stop."""
        left = self._until - self._clock.now()
        if self._token and left > min(ahead, self._lasts / 2):
            return self._token
        still = self._token if left > 0 else ""
        try:
            self._renew()
        except Retry:  # it will be asked for again with the next request
            if not still:
                raise
            self._token = still
        return self._token

    def forget(self) -> bool:
        """The token was refused; gives whether the one before it was, too."""
        self._token = ""
        again, self._refused = self._refused, True
        return again

    def proven(self) -> None:
        """The token was taken."""
        self._refused = False

    def _renew(self) -> None:
        self._token = ""
        try:
            secret = Secret(self._refresh_token() or "")
        except SecretsUnavailable as error:
            raise Retry(f"keyring {error.why}") from error
        if not secret:
            raise SignInDead(Death.NO_SECRET, "no_secret")
        answer = post_form(
            self._wire,
            self._client.token_uri,
            {"grant_type": "refresh_token", "refresh_token": secret, **credentials(self._client)},
        )
        body = read_body(answer)
        now = self._clock.now()
        if answer.status != 200:
            raise death(answer, body, self._standing, now)
        token, seconds = body.get("access_token"), body.get("expires_in", 3600)
        if not isinstance(token, str) or not token or not isinstance(seconds, int | float):
            raise Retry("the token's answer could not be read")
        self._lasts = max(30.0, float(seconds) - EARLY)
        self._token, self._until = Secret(token), now + self._lasts
        self._standing = Standing(self._standing.granted, now)


def credentials(client: Client) -> dict[str, str]:
    """Who asks, as fields of a form."""
    return {"client_id": client.id, **({"client_secret": client.secret} if client.secret else {})}


def post_form(wire: Wire, address: str, fields: Mapping[str, str]) -> Answer:
    """Post a form. Raises Retry; asking for a token again does no harm."""
    try:
        return wire.request("POST", address, body=SecretBytes(urlencode(fields).encode()), headers=_FORM, harmless=True)
    except (Unreachable, Broken) as error:
        raise Retry(str(error)) from error


def read_body(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer, empty where it is none. Its tokens show themselves to nobody."""
    try:
        return _hidden(json.loads(answer.content))
    except (ValueError, RecursionError):
        return {}


def _hidden(body: Any) -> dict[str, Any]:
    found = body if isinstance(body, dict) else {}
    return {
        name: Secret(value) if isinstance(value, str) and "token" in name else value for name, value in found.items()
    }


def death(answer: Answer, body: Mapping[str, Any], standing: Standing, now: float) -> RemoteError:
    """Why the token endpoint refused: `detail` of a dead sign-in is a code for ui's words."""
    error, said = str(body.get("error", "")), str(body.get("error_description", ""))[:300]
    if answer.status == 429 or answer.status >= 500:
        return Retry(f"{answer.status} {error}", after=problem_of(answer.status, answer.headers, b"", now).after)
    if error == "invalid_grant":
        return _grant_death(str(body.get("error_subtype", "")), said.lower(), standing, now)
    if error in {"admin_policy_enforced", "access_denied", "org_internal"}:
        return SignInDead(Death.POLICY, error)
    if error == "invalid_scope":
        return SignInDead(Death.SCOPE, error)
    if error in {"invalid_client", "deleted_client", "disabled_client", "unauthorized_client"}:
        return Stop("client", f"{error} {said}")
    if error == "temporarily_unavailable" or answer.status in (408, 409):
        return Retry(f"{answer.status} {error}")
    return Stop("request", f"{answer.status} {error} {said}")


def _grant_death(subtype: str, said: str, standing: Standing, now: float) -> SignInDead:
    if subtype == "invalid_rapt" or "rapt" in said:
        return SignInDead(Death.POLICY, "invalid_rapt")
    if "account" in said and ("deleted" in said or "disabled" in said):
        return SignInDead(Death.DISABLED, "account_disabled")
    if standing.used is not None and now - standing.used > 175 * _DAY:
        return SignInDead(Death.REVOKED, "unused")
    if standing.granted is not None and 7 * _DAY <= now - standing.granted < 9 * _DAY:
        return SignInDead(Death.REVOKED, "testing")
    return SignInDead(Death.REVOKED, "revoked")
