"""What refusals mean: the wordings that were seen in the wild, and a few that nobody has seen yet."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.domain.remote import CursorExpired, Death, RemoteError, Retry, SignInDead, Stop
from ringdesk.providers.google.access import Standing, death
from ringdesk.providers.google.answers import Problem, problem_of
from ringdesk.providers.google.wire import Answer

DAY = 86_400.0
EXPIRED = "Sync token is expired. Clear local cache and retry call without the sync token."
REASON = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "EXPIRED_SYNC_TOKEN"}


def problem(code: int, message: str = "", status: str = "", *details: Any, after: str = "", now: float = 0) -> Problem:
    error = {"code": code, "message": message, "status": status, "details": list(details)}
    return problem_of(code, {"retry-after": after} if after else {}, json.dumps({"error": error}).encode(), now)


@pytest.mark.parametrize("code", [400, 410])
@pytest.mark.parametrize("status", ["FAILED_PRECONDITION", "INVALID_ARGUMENT"])
@pytest.mark.parametrize(("message", "details"), [(EXPIRED, ()), ("", (REASON,)), (EXPIRED, (REASON,))])
def test_an_expired_sync_token_is_known_by_reason_or_words(
    code: int, status: str, message: str, details: tuple[Any, ...]
) -> None:
    assert isinstance(problem(code, message, status, *details).error_of_pull(synced=True), CursorExpired)


def test_a_bad_request_without_a_sync_token_is_no_expiry() -> None:
    assert isinstance(problem(400, "Bad", "INVALID_ARGUMENT").error_of_pull(synced=False), Stop)


def info(reason: str) -> dict[str, str]:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}


@pytest.mark.parametrize(
    ("found", "kind", "code"),
    [
        (problem(429, "Quota exceeded", "RESOURCE_EXHAUSTED", info("RATE_LIMIT_EXCEEDED")), Retry, ""),
        (problem(429, "Resource has been exhausted (e.g. check quota)."), Retry, ""),
        (problem(403, "Rate Limit Exceeded", "", info("rateLimitExceeded")), Retry, ""),
        (problem(503, "The service is currently unavailable."), Retry, ""),
        (problem(500, "INTERNAL"), Retry, ""),
        (problem(409, "", "ABORTED"), Retry, ""),
        (problem(403, "People API has not been used in project 1", "PERMISSION_DENIED"), Stop, "disabled"),
        (problem(403, "", "PERMISSION_DENIED", info("SERVICE_DISABLED")), Stop, "disabled"),
        (problem(403, "", "", info("ACCESS_TOKEN_SCOPE_INSUFFICIENT")), SignInDead, Death.SCOPE),
        (problem(403, "", "", info("domainPolicy")), SignInDead, Death.POLICY),
        (problem(403, "MY_CONTACTS_OVERFLOW_COUNT"), Stop, "full"),
        (problem(403, "no"), Stop, "forbidden"),
        (problem(401), SignInDead, Death.REVOKED),
        (problem(418, "teapot"), Stop, "request"),
    ],
)
def test_a_refusal_stands_for_one_reaction(found: Problem, kind: type[RemoteError], code: object) -> None:
    error = found.error()
    assert type(error) is kind
    if isinstance(error, Stop):
        assert error.code == code
    if isinstance(error, SignInDead):
        assert error.cause is code


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0), ("Thu, 01 Jan 1970 00:01:40 GMT", 90.0), ("Thu, 01 Jan 1970 00:00:01 GMT", 0.0), ("soon", None),
        ("-3", None), ("9" * 30, 86_400.0), ("", None),
    ],
)  # several to a line  # fmt: skip
def test_retry_after_is_a_number_or_a_date(said: str, seconds: float | None) -> None:
    assert problem(503, after=said, now=10.0).after == seconds


@given(st.binary(max_size=60) | st.builds(lambda v: json.dumps({"error": v}).encode(), st.recursive(
    st.none() | st.integers() | st.text(max_size=4), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["code", "details", "reason", "message", "contactErrors", "errors"]), inner, max_size=4))),
       st.integers(400, 599))  # several to a line  # fmt: skip
def test_no_refusal_makes_it_fall(content: bytes, status: int) -> None:
    found = problem_of(status, {}, content, 0.0)
    assert isinstance(found.error(), RemoteError)
    assert isinstance(found.error_of_pull(synced=True), RemoteError)


def refused(body: dict[str, object], *, status: int = 400, standing: Standing | None = None) -> RemoteError:
    return death(Answer(status, {}, b""), body, standing or Standing(), 1000 * DAY)


REVOKED: dict[str, object] = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}


@pytest.mark.parametrize(
    ("error", "cause", "detail"),
    [
        (refused(REVOKED), Death.REVOKED, "revoked"),
        (refused(REVOKED | {"error_subtype": "invalid_rapt"}), Death.POLICY, "invalid_rapt"),
        (refused(REVOKED, standing=Standing(granted=993 * DAY, used=1000 * DAY - 9)), Death.REVOKED, "testing"),
        (refused(REVOKED, standing=Standing(granted=900 * DAY, used=999 * DAY)), Death.REVOKED, "revoked"),
        (refused(REVOKED, standing=Standing(granted=1 * DAY, used=800 * DAY)), Death.REVOKED, "unused"),
        (refused({"error": "invalid_grant", "error_description": "Account has been deleted"}), Death.DISABLED,
         "account_disabled"),
        (refused({"error": "admin_policy_enforced"}), Death.POLICY, "admin_policy_enforced"),
    ],
)  # several to a line  # fmt: skip
def test_why_a_token_is_dead(error: RemoteError, cause: Death, detail: str) -> None:
    assert isinstance(error, SignInDead)
    assert (error.cause, error.detail) == (cause, detail)


def test_a_client_that_google_does_not_know_is_no_dead_sign_in() -> None:
    error = refused({"error": "deleted_client"}, status=401)
    assert isinstance(error, Stop)
    assert error.code == "client"


def test_overload_of_the_token_endpoint_is_no_death() -> None:
    assert isinstance(refused({"error": "invalid_grant"}, status=503), Retry)
    assert isinstance(refused({}, status=429), Retry)
