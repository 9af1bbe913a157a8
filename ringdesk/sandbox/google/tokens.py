"""Page tokens and sync tokens: opaque to clients, bound to the question, of limited life."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field

from ringdesk.sandbox.google.book import Version
from ringdesk.sandbox.google.clock import DAY
from ringdesk.sandbox.google.errors import Refusal, error_info, invalid
from ringdesk.sandbox.google.web import JsonObject, encode
from ringdesk.sandbox.google.world import World

FULL_SYNC_DAYS = 7
"""Days after the full sync, not after last use, at which a sync token expires [D]."""

_EXPIRED = "Sync token is expired. Clear local cache and retry call without the sync token."


@dataclass(slots=True)
class Session:
    """One listing under way: what it shows, where it began, what its pages must be asked with."""

    bound: JsonObject
    arrived: int
    full_at: float
    expires: float
    delta: bool = False
    versions: list[Version] = field(default_factory=list)
    former: dict[int, list[str]] = field(default_factory=dict)


class Tokens:
    """Seals and reads tokens, and keeps the listings under way."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sessions: dict[int, Session] = {}
        self._serial = 0

    def seal(self, payload: JsonObject) -> str:
        """A token that only we can have made."""
        data = encode(payload).encode()
        return base64.urlsafe_b64encode(data + self._world.seal(data).encode()).decode().rstrip("=")

    def read(self, token: str, kind: str) -> JsonObject:
        """What a token says. Raises Refusal for one that is not ours or of another kind [T: 400 INVALID_ARGUMENT]."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error) as error:
            raise invalid() from error
        data, seal = raw[:-16], raw[-16:]
        if not data or self._world.seal(data).encode() != seal:
            raise invalid()
        payload: JsonObject = json.loads(data)
        if payload.get("kind") != kind:
            raise invalid()
        return payload

    def open_session(self, session: Session) -> int:
        """Keep a listing for its later pages; forget those that have expired."""
        now = self._world.now()
        for number in [each for each, old in self._sessions.items() if old.expires <= now]:
            del self._sessions[number]
        self._serial += 1
        self._sessions[self._serial] = session
        return self._serial

    def session(self, number: int) -> Session:
        """A listing under way. Raises Refusal when its page token has expired [U]."""
        session = self._sessions.get(number)
        if session is None or session.expires <= self._world.now():
            raise invalid("Page token is invalid or expired.")
        return session

    def check_age(self, full_at: float, days: float) -> None:
        """Whether a sync token is still good. Raises Refusal EXPIRED_SYNC_TOKEN in the shape the switches name."""
        if self._world.now() >= full_at + days * DAY:
            raise self.expired()

    def expired(self) -> Refusal:
        """The error of an expired sync token [D], with the statuses that were seen [T]."""
        switches = self._world.switches
        code = 410 if switches.expired_token == "gone" else 400
        status = "INVALID_ARGUMENT" if switches.expired_token == "invalid_argument" else "FAILED_PRECONDITION"
        details = [error_info("EXPIRED_SYNC_TOKEN", "people.googleapis.com")] if switches.expired_token_details else []
        return Refusal(code, _EXPIRED, status, details)
