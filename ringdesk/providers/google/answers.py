"""What a refusal of Google's means. Pure: an answer's status, body and headers in, values and errors out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from ringdesk.domain.remote import CursorExpired, Death, RemoteError, Retry, SignInDead, Stop
from ringdesk.providers.google.fields import PERSON_OF, JsonObject

OVERFLOW: Final = "MY_CONTACTS_OVERFLOW_COUNT"
_LONGEST_DETAIL: Final = 300
_QUOTA_REASONS: Final = frozenset(
    {"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"}
)
_OFF_REASONS: Final = frozenset({"SERVICE_DISABLED", "accessNotConfigured", "API_DISABLED", "CONSUMER_INVALID"})
_SCOPE_REASONS: Final = frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"})
_POLICY_REASONS: Final = frozenset({"domainPolicy", "ORG_RESTRICTION_VIOLATION", "adminPolicy"})

INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, EXHAUSTED, PRECONDITION = 3, 5, 7, 8, 9
UNKNOWN, DEADLINE, ABORTED, INTERNAL, UNAVAILABLE = 2, 4, 10, 13, 14
BUSY: Final = frozenset({UNKNOWN, DEADLINE, ABORTED, INTERNAL, UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal as Google words it."""

    code: int
    status: str = ""
    message: str = ""
    reasons: frozenset[str] = frozenset()
    elements: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Of a batch: the code and message of each bad contact, by index or resource name."""
    after: float | None = None
    """Seconds that Google asks to wait."""

    @property
    def stale(self) -> bool:
        """The contact has another etag by now, or Google says so."""
        return self.status == "FAILED_PRECONDITION" or "etag is different" in self.message

    @property
    def full(self) -> bool:
        """The account can hold no more contacts."""
        return OVERFLOW in self.message or OVERFLOW in self.reasons

    def error(self) -> RemoteError:
        """The error it stands for, where it is not about one contact."""
        if self.reasons & _QUOTA_REASONS or self.code == 429 or self.status == "RESOURCE_EXHAUSTED":
            return Retry(self.message, after=self.after)
        if self.code == 401:
            return SignInDead(Death.REVOKED, "token_refused")
        if self.code == 403:
            return self._forbidden()
        if self.code >= 500 or self.code in (408, 409):
            return Retry(f"{self.code} {self.message}", after=self.after)
        return Stop("full" if self.full else "request", f"{self.code} {self.message}")

    def _forbidden(self) -> RemoteError:
        if self.reasons & _OFF_REASONS or "has not been used in project" in self.message:
            return Stop("disabled", self.message)
        if self.reasons & _SCOPE_REASONS or "insufficient authentication scopes" in self.message:
            return SignInDead(Death.SCOPE, "scope")
        if self.reasons & _POLICY_REASONS:
            return SignInDead(Death.POLICY, "policy")
        return Stop("full" if self.full else "forbidden", self.message)

    def error_of_pull(self, *, synced: bool) -> RemoteError:
        """The error it stands for in a pull; `synced`: it was asked by sync token."""
        said = self.message.lower()
        if "EXPIRED_SYNC_TOKEN" in self.reasons or ("sync token" in said and "expired" in said):
            return CursorExpired()
        # A token of another account or mask is refused in plain words, or in none; the engine limits full pulls.
        if synced and self.code in (400, 410):
            return CursorExpired()
        return self.error()

    @property
    def field(self) -> str:
        """The card field that the message names, or none."""
        return next((card for card, person in PERSON_OF.items() if person in self.message), "")


def problem_of(status: int, headers: Mapping[str, str], content: bytes, now: float) -> Problem:
    """Read a refusal; whatever cannot be read of it is left empty."""
    after = _after(headers.get("retry-after", ""), now)
    try:
        body = json.loads(content)
        error = body["error"]
        code = error.get("code", status)
        details = [one for one in error.get("details", ()) if isinstance(one, dict)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Problem(status, "", "", after=after)
    return Problem(
        code if isinstance(code, int) and not isinstance(code, bool) and status < 500 else status,
        str(error.get("status", "")),
        str(error.get("message", ""))[:_LONGEST_DETAIL],
        _reasons(error, details),
        _elements(details),
        after,
    )


def _reasons(error: JsonObject, details: list[JsonObject]) -> frozenset[str]:
    old = error.get("errors")
    listed = [*details, *(one for one in (old if isinstance(old, list) else ()) if isinstance(one, dict))]
    return frozenset(str(one["reason"]) for one in listed if "reason" in one)


def _elements(details: list[JsonObject]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for detail in details:
        errors = detail.get("contactErrors")
        if isinstance(errors, dict):
            found |= {str(key): status_of(status) for key, status in errors.items()}
    return found


def status_of(status: Any) -> tuple[int, str]:
    """The code and message of a google.rpc.Status; (0, "") for none."""
    if not isinstance(status, dict):
        return 0, ""
    code = status.get("code", 0)
    return (code if isinstance(code, int) else UNKNOWN), str(status.get("message", ""))[:_LONGEST_DETAIL]


def _after(text: str, now: float) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date."""
    if text.strip().isdigit():
        return float(min(int(text.strip()[:9]), 86_400))
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    aware = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return min(max(0.0, (aware - datetime.fromtimestamp(now, UTC)).total_seconds()), 86_400.0)
