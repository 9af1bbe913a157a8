"""S22 to S24: consent, exchange, the deaths of tokens."""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from ringdesk.sandbox.google import CONTACTS_SCOPE, Answer, Death, Google, Request, Response, VirtualClock, turned
from ringdesk.sandbox.google.exchange import challenge
from tests.sandbox.google.app import App
from tests.sandbox.google.conftest import EMAIL

DAY = 86_400.0
VERIFIER = "v" * 64
REDIRECT = "http://127.0.0.1:54321/"
OTHER_SCOPE = "https://www.googleapis.com/auth/contacts.other.readonly"


def turn(google: Google, **changes: object) -> None:
    google.switches = turned(google.switches, changes)


def authorize(google: Google, **changes: str | None) -> Response:
    asked: dict[str, str | None] = {
        "client_id": google.grants.client.id,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": f"openid email {CONTACTS_SCOPE}",
        "state": "s1",
        "access_type": "offline",
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
        **changes,
    }
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return google.handle(Request.of("GET", f"/o/oauth2/v2/auth?{query}"))


def back(response: Response) -> dict[str, str]:
    assert response.status == 302, response.body
    query = urlsplit(response.headers["location"]).query
    return {name: values[0] for name, values in parse_qs(query).items()}


def allowed(google: Google, answer: Answer | None = None, /, **changes: str | None) -> dict[str, str]:
    google.consent.script.append(answer or Answer())
    return back(authorize(google, **changes))


def exchange(google: Google, code: str, basic: bool = False, /, **changes: str) -> Response:
    client = google.grants.client
    fields = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, "redirect_uri": REDIRECT}
    headers = {}
    if basic:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{client.id}:{client.secret}".encode()).decode()
    else:
        fields |= {"client_id": client.id, "client_secret": client.secret}
    return google.handle(Request.form("/token", urlencode(fields | changes), headers))


def refresh(google: Google, token: str, **changes: str) -> Response:
    client = google.grants.client
    fields = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client.id}
    return google.handle(Request.form("/token", urlencode({**fields, "client_secret": client.secret, **changes})))


def signed_in(google: Google, **changes: str | None) -> dict[str, Any]:
    response = exchange(google, allowed(google, None, **changes)["code"])
    assert response.status == 200, response.body
    return response.json()


# --- S22


def test_s22_allow_gives_a_code_and_the_state_back(google: Google) -> None:
    answer = allowed(google)
    assert answer["state"] == "s1"
    assert answer["code"]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "someone-else"},
        {"redirect_uri": "https://example.com/"},
        {"redirect_uri": "http://192.168.1.5:80/"},
        {"redirect_uri": "http://127.0.0.1.example.com/"},
        {"redirect_uri": "http://user@127.0.0.1/"},
        {"redirect_uri": "http://127.0.0.1:99999/"},
        {"redirect_uri": "http://127.0.0.1/\r\nX-Injected: 1"},
        {"redirect_uri": "http://127.0.0.1/é"},
        {"redirect_uri": "http://[::1"},
        {"redirect_uri": None},
        {"response_type": "token"},
        {"scope": ""},
        {"code_challenge": None},
        {"code_challenge_method": "plain"},
    ],
)
def test_s22_a_bad_request_gets_a_page_and_no_redirect(google: Google, changes: dict[str, str | None]) -> None:
    google.consent.script.append(Answer())
    response = authorize(google, **changes)
    assert response.status == 400
    assert b"Access blocked" in response.body


@pytest.mark.parametrize(
    "redirect", ["http://localhost:1/", "http://[::1]:8080/cb", "http://127.0.0.1/", "http://127.0.0.1:9?x=1"]
)
def test_s22_any_loopback_port_will_do(google: Google, redirect: str) -> None:
    google.consent.script.append(Answer())
    assert authorize(google, redirect_uri=redirect).headers["location"].startswith(redirect)


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:54322/"},
        {"code": "4/0Anothing"},
        {"client_secret": "wrong"},
        {"client_id": "someone-else"},
        {"grant_type": "password"},
    ],
)
def test_s22_a_wrong_exchange_is_refused(google: Google, changes: dict[str, str]) -> None:
    response = exchange(google, allowed(google)["code"], False, **changes)
    assert response.status in {400, 401}
    assert response.json()["error"]


def test_s22_a_code_is_good_once_and_for_ten_minutes(google: Google, clock: VirtualClock) -> None:
    code = allowed(google)["code"]
    assert exchange(google, code).status == 200
    assert exchange(google, code).json()["error"] == "invalid_grant"
    code = allowed(google)["code"]
    clock.advance(600)
    assert exchange(google, code).json()["error"] == "invalid_grant"


def test_s22_deny_and_close(google: Google) -> None:
    assert allowed(google, Answer("deny")) == {"error": "access_denied", "state": "s1"}
    google.consent.script.append(Answer("close"))
    response = authorize(google)
    assert response.status == 200
    assert "location" not in response.headers


def test_s22_fewer_scopes_and_none(google: Google) -> None:
    scope = f"openid {CONTACTS_SCOPE} {OTHER_SCOPE}"
    fewer = allowed(google, Answer(scopes=frozenset({OTHER_SCOPE})), scope=scope)
    assert set(fewer["scope"].split()) == {"openid", OTHER_SCOPE}
    token = exchange(google, fewer["code"]).json()
    app = App(google, EMAIL)
    response = google.handle(Request.api("GET", "/v1/contactGroups", token["access_token"]))
    assert response.status == 403
    assert response.json()["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert app.ok("GET", "contactGroups")
    assert allowed(google, Answer(scopes=frozenset()), scope=CONTACTS_SCOPE)["error"] == "access_denied"


def test_s22_the_wrong_account(google: Google) -> None:
    google.add_account("sam@example.com")
    code = allowed(google, Answer(account="sam@example.com"), login_hint=EMAIL)["code"]
    token = exchange(google, code).json()
    who = google.handle(Request.api("GET", "/v1/userinfo", token["access_token"])).json()
    assert who["email"] == "sam@example.com"
    claims = json.loads(base64.urlsafe_b64decode(token["id_token"].split(".")[1] + "=="))
    assert claims["email"] == "sam@example.com"


def test_s22_the_page_a_person_uses(google: Google) -> None:
    google.add_account("sam@example.com", "Sam <Okafor>")
    page = authorize(google, scope=f"openid {CONTACTS_SCOPE} {OTHER_SCOPE}", login_hint="sam@example.com").body.decode()
    assert "Sam &lt;Okafor&gt;" in page
    assert page.count('type="checkbox"') == 2
    assert 'value="sam@example.com" checked' in page
    found = re.search(r'name="nonce" value="(\w+)"', page)
    assert found
    form = [("nonce", found[1]), ("account", "sam@example.com"), ("scope", CONTACTS_SCOPE), ("decision", "allow")]
    answer = back(google.handle(Request.form("/o/oauth2/v2/consent", urlencode(form))))
    assert set(answer["scope"].split()) == {"openid", CONTACTS_SCOPE}
    assert google.handle(Request.form("/o/oauth2/v2/consent", urlencode(form))).status == 400


def test_s22_deny_on_the_page(google: Google) -> None:
    found = re.search(r'name="nonce" value="(\w+)"', authorize(google).body.decode())
    assert found
    form = urlencode({"nonce": found[1], "decision": "deny"})
    assert back(google.handle(Request.form("/o/oauth2/v2/consent", form)))["error"] == "access_denied"


# --- S23


@pytest.mark.parametrize("basic", [True, False])
def test_s23_the_exchange_takes_basic_and_body(google: Google, basic: bool) -> None:
    token = exchange(google, allowed(google)["code"], basic).json()
    assert token["expires_in"] == 3599
    assert token["token_type"] == "Bearer"
    assert token["refresh_token"]


@pytest.mark.parametrize("spelled", [True, False])
def test_s23_short_scopes_come_back_long(google: Google, spelled: bool) -> None:
    turn(google, spelled_scopes=spelled)
    email = "https://www.googleapis.com/auth/userinfo.email" if spelled else "email"
    assert set(signed_in(google)["scope"].split()) == {"openid", email, CONTACTS_SCOPE}


def test_s23_an_access_token_expires_and_is_refreshed(google: Google, clock: VirtualClock) -> None:
    token = signed_in(google)
    ask = Request.api("GET", "/v1/contactGroups", token["access_token"])
    assert google.handle(ask).status == 200
    clock.advance(3599)
    response = google.handle(ask)
    assert response.status == 401
    assert response.json()["error"]["status"] == "UNAUTHENTICATED"
    assert "Bearer" in response.headers["www-authenticate"]
    fresh = refresh(google, token["refresh_token"]).json()
    assert "refresh_token" not in fresh
    assert google.handle(Request.api("GET", "/v1/contactGroups", fresh["access_token"])).status == 200


@pytest.mark.parametrize("token", ["", "nonsense", "ya29.x"])
def test_s23_no_token_no_answer(google: Google, token: str) -> None:
    assert google.handle(Request.api("GET", "/v1/contactGroups", token)).status == 401
    assert google.handle(Request.of("GET", "/v1/contactGroups")).status == 401


@pytest.mark.parametrize(
    ("switch", "prompt", "comes"), [(False, None, False), (False, "consent", True), (True, None, True)]
)
def test_s23_a_repeated_consent_brings_no_refresh_token(
    google: Google, switch: bool, prompt: str | None, comes: bool
) -> None:
    turn(google, refresh_on_repeat=switch)
    assert "refresh_token" in signed_in(google)
    assert ("refresh_token" in signed_in(google, prompt=prompt)) is comes


def test_s23_without_offline_access_there_is_no_refresh_token(google: Google) -> None:
    assert "refresh_token" not in signed_in(google, access_type=None)


# --- S24


def dead(google: Google, token: str, subtype: str | None = None) -> bool:
    response = refresh(google, token)
    body = response.json()
    return response.status == 400 and body["error"] == "invalid_grant" and body.get("error_subtype") == subtype


def test_s24_revoked_by_the_user(google: Google) -> None:
    token = signed_in(google)
    assert google.grants.kill(EMAIL, Death.REVOKED) == 1
    assert dead(google, token["refresh_token"])
    assert google.handle(Request.api("GET", "/v1/contactGroups", token["access_token"])).status == 401
    assert "refresh_token" in signed_in(google)


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
def test_s24_revoked_by_the_program(google: Google, which: str) -> None:
    token = signed_in(google)
    form = Request.form("/revoke", urlencode({"token": token[which]}))
    assert google.handle(form).status == 200
    assert dead(google, token["refresh_token"])
    again = google.handle(form)
    assert (again.status, again.json()["error"]) == (400, "invalid_token")


@pytest.mark.parametrize(("days", "gone"), [(182.0, True), (400.0, False)])
def test_s24_six_months_without_use(google: Google, clock: VirtualClock, days: float, gone: bool) -> None:
    turn(google, idle_days=days)
    token = signed_in(google)["refresh_token"]
    clock.advance(100 * DAY)
    assert refresh(google, token).status == 200
    clock.advance(182 * DAY)
    assert dead(google, token) is gone


@pytest.mark.parametrize(("limit", "gone"), [(100, True), (200, False)])
def test_s24_the_101st_token_kills_the_oldest(google: Google, limit: int, gone: bool) -> None:
    turn(google, token_limit=limit)
    tokens = [google.sign_in(EMAIL).refresh for _ in range(101)]
    assert dead(google, tokens[0]) is gone
    assert not dead(google, tokens[1])
    assert not dead(google, tokens[-1])


@pytest.mark.parametrize(("status", "gone"), [("testing", True), ("production", False)])
def test_s24_seven_days_in_testing(google: Google, clock: VirtualClock, status: str, gone: bool) -> None:
    turn(google, publishing=status)
    token = signed_in(google)["refresh_token"]
    for _ in range(6):
        clock.advance(DAY)
        assert refresh(google, token).status == 200
    clock.advance(DAY)
    assert dead(google, token) is gone


def test_s24_admin_policy_has_a_subtype(google: Google) -> None:
    token = signed_in(google)["refresh_token"]
    google.grants.kill(EMAIL, Death.ADMIN_POLICY)
    assert dead(google, token, "invalid_rapt")


def test_s24_the_log_holds_no_token_and_no_code(google: Google) -> None:
    token = signed_in(google)
    google.handle(Request.of("GET", f"/v1/contactGroups?access_token={token['access_token']}"))
    text = json.dumps([entry.json() for entry in google.log.entries])
    assert token["access_token"] not in text
    assert token["refresh_token"] not in text
    assert not any(code in text for code in google.grants.codes)
