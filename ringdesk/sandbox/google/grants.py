"""What Google remembers of sign-ins: clients, codes, refresh tokens and their deaths, access tokens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ringdesk.sandbox.google.clock import DAY
from ringdesk.sandbox.google.web import JsonObject
from ringdesk.sandbox.google.world import World

ACCESS_SECONDS = 3599
"""How long an access token lives."""

CODE_SECONDS = 600
"""How long an authorization code lives."""

TESTING_DAYS = 7
"""After how many days a client in testing must ask again [G]."""

SPELLED = {
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "profile": "https://www.googleapis.com/auth/userinfo.profile",
}
"""Short scopes and the names they come back under [T]."""


class Death(Enum):
    """Why a refresh token no longer works; to a program all but the last look the same [T]."""

    REVOKED = "revoked"
    IDLE = "idle"
    OVER_LIMIT = "over_limit"
    TESTING = "testing"
    ADMIN_POLICY = "admin_policy"


@dataclass(frozen=True, slots=True)
class Client:
    """A desktop client: its id, and a secret that is none [G]."""

    id: str
    secret: str

    def file(self, base_url: str) -> JsonObject:
        """The file Google's console gives for a desktop client, pointing here."""
        return {
            "installed": {
                "client_id": self.id,
                "project_id": "practice-google",
                "auth_uri": f"{base_url}/o/oauth2/v2/auth",
                "token_uri": f"{base_url}/token",
                "auth_provider_x509_cert_url": f"{base_url}/oauth2/v1/certs",
                "client_secret": self.secret,
                "redirect_uris": ["http://localhost"],
            }
        }


@dataclass(slots=True)
class Code:
    """An authorization code, good once and for ten minutes."""

    client: str
    redirect: str
    challenge: str
    email: str
    scopes: frozenset[str]
    refreshable: bool
    expires: float


@dataclass(slots=True)
class RefreshToken:
    """A refresh token of one account and client."""

    token: str
    client: str
    email: str
    scopes: frozenset[str]
    issued: float
    used: float
    death: Death | None = None


@dataclass(slots=True)
class AccessToken:
    """An access token; `refresh` is the refresh token it goes back to, if any."""

    email: str
    client: str
    scopes: frozenset[str]
    expires: float
    refresh: str = ""
    revoked: bool = False


class Grants:
    """Every code and token ever given out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.client = Client(
            f"{world.number(40)}-{world.secret(32).lower()}.apps.googleusercontent.com", world.secret(24)
        )
        self.codes: dict[str, Code] = {}
        self.refresh: dict[str, RefreshToken] = {}
        self.access: dict[str, AccessToken] = {}
        self._consented: set[tuple[str, str]] = set()

    def add_code(
        self,
        client: str,
        redirect: str,
        challenge: str,
        email: str,
        scopes: frozenset[str],
        *,
        offline: bool,
        asked: bool,
    ) -> str:
        """A code after consent. `asked`: consent was forced, so that a refresh token comes again [T]."""
        repeat = (email, client) in self._consented
        self._consented.add((email, client))
        refreshable = offline and (asked or not repeat or self._world.switches.refresh_on_repeat)
        token = f"4/0A{self._world.secret(60)}"
        expires = self._world.now() + CODE_SECONDS
        self.codes[token] = Code(client, redirect, challenge, email, scopes, refreshable, expires)
        return token

    def add_refresh(self, client: str, email: str, scopes: frozenset[str]) -> RefreshToken:
        """A refresh token; one more than 100, and the oldest dies silently [T quoting G]."""
        now = self._world.now()
        alive = [each for each in self._of(email, client) if self.death(each) is None]
        for old in alive[: max(0, len(alive) + 1 - self._world.switches.token_limit)]:
            old.death = Death.OVER_LIMIT
        made = RefreshToken(f"1//0{self._world.secret(90)}", client, email, scopes, now, now)
        self.refresh[made.token] = made
        return made

    def add_access(self, client: str, email: str, scopes: frozenset[str], refresh: str = "") -> str:
        """An access token of 3599 seconds."""
        token = f"ya29.{self._world.secret(120)}"
        self.access[token] = AccessToken(email, client, scopes, self._world.now() + ACCESS_SECONDS, refresh)
        return token

    def death(self, token: RefreshToken) -> Death | None:
        """Whether and why a refresh token is dead by now."""
        now, switches = self._world.now(), self._world.switches
        if token.death is None:
            if switches.publishing == "testing" and now >= token.issued + TESTING_DAYS * DAY:
                token.death = Death.TESTING
            elif now >= token.used + switches.idle_days * DAY:
                token.death = Death.IDLE
        return token.death

    def live_access(self, token: str) -> AccessToken | None:
        """The access token, if it is good now."""
        found = self.access.get(token)
        if found is None or found.revoked or self._world.now() >= found.expires:
            return None
        return found

    def revoke(self, token: str) -> bool:
        """Revoke a grant by either of its tokens; whether the token was alive."""
        access = self.live_access(token)
        refresh = self.refresh.get(access.refresh if access else token)
        if access is None and (refresh is None or self.death(refresh) is not None):
            return False
        if access is not None:
            access.revoked = True
        if refresh is not None:
            self.kill(refresh.email, Death.REVOKED, refresh.client)
        return True

    def kill(self, email: str, cause: Death, client: str = "") -> int:
        """Let the refresh tokens of an account die of a cause; how many. A revoked grant takes access tokens along."""
        dying = [each for each in self._of(email, client or self.client.id) if each.death is None]
        for token in dying:
            token.death = cause
        if cause is Death.REVOKED:
            self._consented.discard((email, client or self.client.id))
            names = {token.token for token in dying}
            for access in self.access.values():
                access.revoked = access.revoked or access.refresh in names
        return len(dying)

    def spelled(self, scopes: frozenset[str]) -> frozenset[str]:
        """The scopes under the names they come back under [T]."""
        if not self._world.switches.spelled_scopes:
            return scopes
        return frozenset(SPELLED.get(scope, scope) for scope in scopes)

    def _of(self, email: str, client: str) -> list[RefreshToken]:
        return [each for each in self.refresh.values() if each.email == email and each.client == client]
