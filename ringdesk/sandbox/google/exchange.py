"""The token, revocation and userinfo endpoints."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import unquote

from ringdesk.sandbox.google.account import Account
from ringdesk.sandbox.google.errors import unauthenticated
from ringdesk.sandbox.google.grants import ACCESS_SECONDS, Death, Grants
from ringdesk.sandbox.google.web import JsonObject, Request, Response, encode, first, json_response
from ringdesk.sandbox.google.world import World


class TokenError(Exception):
    """An error answer of the token endpoint."""

    def __init__(self, error: str, description: str, code: int = 400, subtype: str = "") -> None:
        super().__init__(description)
        self.code = code
        self.body: JsonObject = {"error": error, "error_description": description}
        if subtype:
            self.body["error_subtype"] = subtype


class Exchange:
    """Gives tokens for codes and refresh tokens."""

    def __init__(self, world: World, grants: Grants, accounts: Mapping[str, Account]) -> None:
        self._world = world
        self._grants = grants
        self._accounts = accounts

    def token(self, request: Request) -> Response:
        """POST of the token endpoint."""
        fields = request.form_fields()
        try:
            client = self._client(request, fields)
            match fields.get("grant_type", ""):
                case "authorization_code":
                    answer = self._by_code(client, fields)
                case "refresh_token":
                    answer = self._by_refresh(client, fields)
                case other:
                    raise TokenError("unsupported_grant_type", f"Invalid grant_type: {other}")
        except TokenError as error:
            return json_response(error.code, error.body)
        return json_response(200, answer, {"cache-control": "no-store"})

    def revoke(self, request: Request) -> Response:
        """POST of the revocation endpoint; either token revokes the whole grant [G]."""
        token = request.form_fields().get("token") or first(request.query, "token")
        if self._grants.revoke(token):
            return json_response(200, {})
        return json_response(400, {"error": "invalid_token", "error_description": "Token expired or revoked"})

    def userinfo(self, request: Request) -> Response:
        """Who is signed in, as far as the scopes say."""
        token = self._grants.live_access(request.bearer)
        if token is None:
            return unauthenticated().response()
        return json_response(200, self._claims(token.email, self._grants.spelled(token.scopes)))

    def _client(self, request: Request, fields: Mapping[str, str]) -> str:
        """Client id and secret come as HTTP Basic or in the body [M: both libraries' ways]."""
        client, secret = _basic(request) or (fields.get("client_id", ""), fields.get("client_secret", ""))
        known = self._grants.client
        if client != known.id:
            raise TokenError("invalid_client", "The OAuth client was not found.", 401)
        if not hmac.compare_digest(secret.encode(), known.secret.encode()):
            raise TokenError("invalid_client", "Unauthorized", 401)
        return client

    def _by_code(self, client: str, fields: Mapping[str, str]) -> JsonObject:
        code = self._grants.codes.pop(fields.get("code", ""), None)
        if code is None or code.client != client or self._world.now() >= code.expires:
            raise TokenError("invalid_grant", "Malformed auth code.")
        if fields.get("redirect_uri", "") != code.redirect:
            raise TokenError("redirect_uri_mismatch", "Bad Request")
        if challenge(fields.get("code_verifier", "")) != code.challenge:
            raise TokenError("invalid_grant", "Invalid code verifier.")
        refresh = self._grants.add_refresh(client, code.email, code.scopes).token if code.refreshable else ""
        answer = self._answer(client, code.email, code.scopes, refresh)
        return answer | {"refresh_token": refresh} if refresh else answer

    def _by_refresh(self, client: str, fields: Mapping[str, str]) -> JsonObject:
        token = self._grants.refresh.get(fields.get("refresh_token", ""))
        if token is None or token.client != client:
            raise TokenError("invalid_grant", "Token has been expired or revoked.")
        death = self._grants.death(token)
        if death is Death.ADMIN_POLICY:
            raise TokenError("invalid_grant", "reauth related error (invalid_rapt)", subtype="invalid_rapt")
        if death is not None:
            raise TokenError("invalid_grant", "Token has been expired or revoked.")
        token.used = self._world.now()
        return self._answer(client, token.email, token.scopes, token.token)

    def _answer(self, client: str, email: str, scopes: frozenset[str], refresh: str) -> JsonObject:
        spelled = self._grants.spelled(scopes)
        answer: JsonObject = {
            "access_token": self._grants.add_access(client, email, scopes, refresh),
            "expires_in": ACCESS_SECONDS,
            "scope": " ".join(sorted(spelled)),
            "token_type": "Bearer",
        }
        if "openid" in scopes:
            answer["id_token"] = self._id_token(client, email, spelled)
        return answer

    def _claims(self, email: str, scopes: frozenset[str]) -> JsonObject:
        account = self._accounts[email]
        claims: JsonObject = {"sub": account.id}
        if any("email" in scope for scope in scopes):
            claims |= {"email": account.email, "email_verified": True}
        if any("profile" in scope for scope in scopes):
            claims["name"] = account.name
        return claims

    def _id_token(self, client: str, email: str, scopes: frozenset[str]) -> str:
        """A JWT, signed with the client secret: Google signs with RSA, which the standard library has not."""
        now = int(self._world.now())
        claims = {"iss": "https://accounts.google.com", "aud": client, "iat": now, "exp": now + ACCESS_SECONDS}
        head = _packed(encode({"alg": "HS256", "typ": "JWT"}).encode())
        body = _packed(encode(claims | self._claims(email, scopes)).encode())
        secret = self._grants.client.secret.encode()
        return f"{head}.{body}.{_packed(hmac.new(secret, f'{head}.{body}'.encode(), hashlib.sha256).digest())}"


def challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier [RFC 7636]."""
    return _packed(hashlib.sha256(verifier.encode()).digest())


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _basic(request: Request) -> tuple[str, str] | None:
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        return None
    return unquote(name), unquote(secret)
