"""Signing in at the practice Google, with a scripted user behind a browser that is a thread."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from ringdesk.domain.signing import Ending
from ringdesk.providers.google.client_file import Client
from ringdesk.providers.google.signin import CONTACTS, NotSignedIn, Outcome, SignedIn, SignIn, revoke
from ringdesk.providers.google.wire import Wire
from tests.providers.google.practice import Account, Practice

STRAYS = ("favicon", "wrong_state", "no_state", "elsewhere", "silent", "half", "twice")


def consent(address: str) -> str:
    """What the scripted user's browser is sent on to; nothing where the page was closed."""
    wire = Wire()
    try:
        return wire.request("GET", address).headers.get("location", "")
    finally:
        wire.close()


class Visitor:
    """A browser that goes wherever it is sent, on a thread of its own, and keeps the pages it saw."""

    def __init__(self, visit: Callable[[str], str]) -> None:
        self.visit = visit
        self.pages: list[str] = []
        self.addresses: list[str] = []
        self.threads: list[threading.Thread] = []

    def open(self, address: str) -> bool:
        self.addresses.append(address)
        self.threads.append(threading.Thread(target=self._go, args=(address,)))
        self.threads[-1].start()
        return True

    def _go(self, address: str) -> None:
        location = self.visit(address)
        if location:
            with urlopen(location, timeout=20) as answer:
                self.pages.append(answer.read().decode())

    def end(self) -> None:
        for thread in self.threads:
            thread.join(20)


@pytest.fixture
def user(practice: Practice, account: Account) -> Iterator[Visitor]:
    """A user who answers as scripted, by default allowing everything for the new account."""
    practice.order("POST", "/consent", kind="allow", account=account.email)

    visitor = Visitor(consent)
    yield visitor
    visitor.end()


def sign_in(practice: Practice, user: Visitor, **more: object) -> Outcome:
    return SignIn(practice.client, user, **{"seconds": 10.0, **more}).run()  # type: ignore[arg-type]  # given by name, checked when run


def test_a_user_who_allows_is_signed_in(practice: Practice, account: Account, user: Visitor) -> None:
    outcome = sign_in(practice, user)
    assert isinstance(outcome, SignedIn)
    assert outcome.account == account.email
    assert outcome.subject
    assert CONTACTS in outcome.scopes
    user.end()
    assert "RingDesk is connected" in user.pages[0]
    book = practice.book(lambda: outcome.refresh_token)
    assert list(book.pull(None))[-1].complete


def test_the_request_is_made_as_it_should_be(practice: Practice, user: Visitor) -> None:
    sign_in(practice, user, hint="me@example.com", again=True)
    asked = {name: value for name, [value] in parse_qs(urlsplit(user.addresses[0]).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 20
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert asked["scope"].split() == [CONTACTS, "openid", "email"]
    assert asked["login_hint"] == "me@example.com"
    assert "secret" not in user.addresses[0]


def scripted(practice: Practice, **answer: object) -> Visitor:
    practice.order("POST", "/consent", **answer)
    return Visitor(consent)


def test_a_user_who_denies_is_told_so(practice: Practice) -> None:
    user = scripted(practice, kind="deny")
    assert sign_in(practice, user) == NotSignedIn(Ending.DENIED)
    user.end()
    assert "did not allow" in user.pages[0]


def test_a_closed_page_ends_at_the_deadline_and_the_next_try_works(practice: Practice, account: Account) -> None:
    user = scripted(practice, kind="close")
    start = time.monotonic()
    assert sign_in(practice, user, seconds=0.5) == NotSignedIn(Ending.TIMED_OUT)
    assert time.monotonic() - start < 3
    user.end()
    again = scripted(practice, kind="allow", account=account.email)
    assert isinstance(sign_in(practice, again), SignedIn)
    again.end()


def test_without_the_box_for_contacts_it_says_so_and_keeps_nothing(practice: Practice, account: Account) -> None:
    user = scripted(practice, kind="allow", account=account.email, scopes=["openid", "email"])
    assert sign_in(practice, user) == NotSignedIn(Ending.FEWER_SCOPES)
    user.end()
    assert "tick the box" in user.pages[0]
    assert [one["path"] for one in practice.order("GET", "/log")][-1] == "/revoke"


def test_a_second_device_asks_once_more_for_the_lasting_permission(practice: Practice, account: Account) -> None:
    for _ in range(3):
        practice.order("POST", "/consent", kind="allow", account=account.email)
    first = Visitor(consent)
    assert isinstance(sign_in(practice, first), SignedIn)
    first.end()
    user = Visitor(consent)
    assert isinstance(sign_in(practice, user), SignedIn)
    user.end()
    assert len(user.addresses) == 2
    assert "prompt=consent" in user.addresses[1]
    assert [("One more step" in page) for page in sorted(user.pages, key=lambda p: "connected" in p)] == [True, False]


@pytest.mark.parametrize("stray", STRAYS)
def test_strays_do_not_spoil_it(practice: Practice, account: Account, stray: str) -> None:
    practice.order("POST", "/consent", kind="allow", account=account.email)

    def visit(address: str) -> str:
        practice.order("POST", "/browse", url=address, stray=[stray])
        return ""

    user = Visitor(visit)
    assert isinstance(sign_in(practice, user), SignedIn)
    user.end()


def test_it_can_be_called_off(practice: Practice) -> None:
    user = Visitor(lambda _: "")
    signing = SignIn(practice.client, user, seconds=60)
    outcomes: list[Outcome] = []
    thread = signing.start(outcomes.append)
    while not user.addresses:
        time.sleep(0.005)
    start = time.monotonic()
    signing.cancel()
    thread.join(10)
    assert outcomes == [NotSignedIn(Ending.CANCELLED)]
    assert time.monotonic() - start < 1
    user.end()


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No name is found before this event comes; addresses are."""
    found, look_up = threading.Event(), socket.getaddrinfo

    def hang(host: str, *asked: Any, **more: Any) -> Any:
        if host != "127.0.0.1":
            found.wait(30)
        return look_up(host, *asked, **more)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield found
    found.set()


def test_a_name_that_is_never_found_is_told_on_the_page(
    practice: Practice, user: Visitor, lost: threading.Event
) -> None:
    client = replace(practice.client, token_uri="https://token.example/")
    outcome = SignIn(client, user, seconds=10, wire=Wire(connect=0.3)).run()
    assert isinstance(outcome, NotSignedIn)
    assert outcome.ending is Ending.UNREACHABLE
    user.end()
    assert "could not reach Google" in user.pages[0]


def test_it_can_be_called_off_while_the_name_is_looked_up(
    practice: Practice, user: Visitor, lost: threading.Event
) -> None:
    client, wire = replace(practice.client, token_uri="https://token.example/"), Wire(connect=30)
    signing, outcomes = SignIn(client, user, seconds=60, wire=wire), list[Outcome]()
    thread = signing.start(outcomes.append)
    while wire._attempt is None:
        time.sleep(0.005)
    start = time.monotonic()
    signing.cancel()
    thread.join(10)
    assert outcomes == [NotSignedIn(Ending.CANCELLED)]
    assert time.monotonic() - start < 1
    user.end()
    assert "called off" in user.pages[0]


def test_called_off_while_google_answers_the_permission_is_taken_back(
    practice: Practice, account: Account, user: Visitor
) -> None:
    practice.fault("delay", path="/token", seconds=0.5)
    before, wire = practice.log(), Wire()
    signing, outcomes = SignIn(practice.client, user, seconds=60, wire=wire), list[Outcome]()
    thread = signing.start(outcomes.append)
    while wire._busy is None:
        time.sleep(0.005)
    signing.cancel()
    thread.join(10)
    assert outcomes == [NotSignedIn(Ending.CANCELLED)]
    assert [entry["path"] for entry in practice.since(before)][-2:] == ["/token", "/revoke"]
    user.end()


def test_called_off_before_it_began_no_browser_opens(practice: Practice) -> None:
    user = Visitor(lambda _: "")
    signing = SignIn(practice.client, user)
    signing.cancel()
    assert signing.run() == NotSignedIn(Ending.CANCELLED)
    assert user.addresses == []


class NoBrowser:
    def open(self, address: str) -> bool:
        del address
        return False


def test_without_a_browser_it_says_so(practice: Practice) -> None:
    assert SignIn(practice.client, NoBrowser()).run() == NotSignedIn(Ending.NO_BROWSER)


def test_without_a_browser_the_address_can_be_opened_by_hand(practice: Practice, user: Visitor) -> None:
    asked: list[tuple[str, float, bool]] = []

    def opened_by_hand(address: str, seconds: float, opened: bool) -> None:
        asked.append((address, seconds, opened))
        user.open(address)

    outcome = SignIn(practice.client, NoBrowser(), seconds=20, asked=opened_by_hand).run()
    assert isinstance(outcome, SignedIn)
    [(address, seconds, opened)] = asked
    assert address.startswith(practice.client.auth_uri)
    assert 15 < seconds <= 20
    assert not opened


def changed(client: Client, **parts: str) -> Client:
    return replace(client, **parts)


def test_a_failed_exchange_is_told_on_the_page(practice: Practice, user: Visitor) -> None:
    dead = changed(practice.client, token_uri="http://127.0.0.1:9/token")
    outcome = SignIn(dead, user, seconds=10).run()
    assert isinstance(outcome, NotSignedIn)
    assert outcome.ending is Ending.UNREACHABLE
    user.end()
    assert "could not reach" in user.pages[0]
    assert "RingDesk is connected" not in user.pages[0]


def test_a_wrong_client_secret_is_told(practice: Practice, user: Visitor) -> None:
    outcome = SignIn(changed(practice.client, secret="wrong"), user, seconds=10).run()
    assert isinstance(outcome, NotSignedIn)
    assert outcome.ending is Ending.BAD_CLIENT
    user.end()


def test_a_revoked_token_is_dead_and_revoking_twice_does_no_harm(practice: Practice, account: Account) -> None:
    token = account.sign_in()
    wire = Wire()
    assert revoke(practice.client, token, wire)
    assert not revoke(practice.client, token, wire)
    assert not revoke(changed(practice.client, token_uri="http://127.0.0.1:9/token"), token, wire)
    wire.close()


def test_no_token_is_logged_or_shown(practice: Practice, user: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    outcome = sign_in(practice, user)
    user.end()
    assert isinstance(outcome, SignedIn)
    book = practice.book(lambda: outcome.refresh_token)
    list(book.pull(None))
    shown = caplog.text + repr(outcome) + "".join(user.pages)
    assert outcome.refresh_token not in shown
    assert "ya29." not in shown
    assert practice.client.secret not in shown + repr(practice.client)
