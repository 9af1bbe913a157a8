"""Signing in with a real Chromium: a person at Google's page, clicks by WebDriver, and what the last page shows.

Run with `-m browser`; it fails where Chromium or its driver is missing, and it never skips by itself once chosen.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ringdesk.domain.signing import Ending
from ringdesk.providers.google.signin import NotSignedIn, Outcome, SignedIn, SignIn
from tests.providers.google.practice import Practice, practising

pytestmark = pytest.mark.browser
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE = 60.0


class Chromium:
    """A browser window, driven over WebDriver. It is a `domain.sockets.Browser` too."""

    def __init__(self, address: str) -> None:
        self._root = address
        self._session = ""

    def begin(self, profile: Path) -> None:
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        options = {"args": [*flags, "--window-size=900,700", f"--user-data-dir={profile}"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        self._session = f"/session/{self._ask('POST', '/session', wanted)['sessionId']}"

    def end(self) -> None:
        self._ask("DELETE", self._session)

    def open(self, address: str) -> bool:
        self._ask("POST", f"{self._session}/url", {"url": address})
        return True

    def click(self, css: str) -> None:
        found = self._ask("POST", f"{self._session}/element", {"using": "css selector", "value": css})
        self._ask("POST", f"{self._session}/element/{found[ELEMENT]}/click", {})

    def close_tab(self) -> None:
        self._ask("POST", f"{self._session}/window/new", {"type": "tab"})
        old, new = self._ask("GET", f"{self._session}/window/handles")
        self._ask("DELETE", f"{self._session}/window")
        self._ask("POST", f"{self._session}/window", {"handle": new if new != old else old})

    def text(self) -> str:
        shown: str = self._ask(
            "POST", f"{self._session}/execute/sync", {"script": "return document.body.innerText", "args": []}
        )
        return shown

    def loaded(self) -> list[str]:
        """Everything the page had loaded besides itself."""
        script = "return performance.getEntriesByType('resource').map(entry => entry.name)"
        names: list[str] = self._ask("POST", f"{self._session}/execute/sync", {"script": script, "args": []})
        return names

    def shoot(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(self._ask("GET", f"{self._session}/screenshot")))

    def _ask(self, verb: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._root + path, data=data, method=verb)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]


def program(*names: str) -> str:
    """The path of a program; its absence is a failure here, not a reason to skip."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found is not None, f"{names[0]} is missing: install the Debian packages chromium and chromium-driver"
    return found


@pytest.fixture(scope="module")
def driver() -> Iterator[str]:
    program("chromium", "chromium-browser", "google-chrome")
    command = [program("chromedriver"), "--port=0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    port = next(words[-1].rstrip(".") for line in process.stdout if "successfully" in line and (words := line.split()))
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.stdout.close()
    process.wait(20)


@pytest.fixture(scope="module")
def chromium(driver: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    window = Chromium(driver)
    window.begin(tmp_path_factory.mktemp("profile"))
    yield window
    with contextlib.suppress(urllib.error.URLError):
        window.end()


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with practising("--account", "robin@example.com") as one:
        yield one


class Signing:
    """A sign-in on its own thread, as the app starts it."""

    def __init__(self, practice: Practice, chromium: Chromium, *, seconds: float = 60.0, again: bool = True) -> None:
        self.outcomes: list[Outcome] = []
        self.opened = threading.Event()
        self.signing = SignIn(practice.client, self, seconds=seconds, again=again)
        self.chromium = chromium
        self.thread = self.signing.start(self.outcomes.append)
        assert self.opened.wait(PATIENCE)

    def open(self, address: str) -> bool:
        done = self.chromium.open(address)
        self.opened.set()
        return done

    def outcome(self) -> Outcome:
        self.thread.join(PATIENCE)
        return self.outcomes[0]


def shown(chromium: Chromium, text: str) -> str:
    """The page's text, once it has this in it."""
    return until(chromium.text, lambda page: text in page)


def until(look: Callable[[], str], good: Callable[[str], bool]) -> str:
    end = time.monotonic() + PATIENCE
    while not good(seen := look()):
        assert time.monotonic() < end, seen
        time.sleep(0.05)
    return seen


def keep(chromium: Chromium, name: str) -> None:
    """Keep a picture of the page where somebody wants to look at it."""
    if folder := os.environ.get("RINGDESK_PICTURES"):
        chromium.shoot(Path(folder) / f"sign-in-{name}.png")


def test_allow(practice: Practice, chromium: Chromium) -> None:
    signing = Signing(practice, chromium)
    chromium.click("button[value=allow]")
    outcome = signing.outcome()
    assert isinstance(outcome, SignedIn)
    assert outcome.account == "robin@example.com"
    assert "You can close this page" in shown(chromium, "RingDesk is connected")
    assert [name for name in chromium.loaded() if not name.startswith("data:")] == []
    keep(chromium, "allowed")
    assert list(practice.book(lambda: outcome.refresh_token).pull(None))[-1].complete
    practice.reset()


def test_deny(practice: Practice, chromium: Chromium) -> None:
    signing = Signing(practice, chromium)
    chromium.click("button[value=deny]")
    assert signing.outcome() == NotSignedIn(Ending.DENIED)
    shown(chromium, "did not allow access")
    keep(chromium, "denied")


def test_fewer_scopes(practice: Practice, chromium: Chromium) -> None:
    signing = Signing(practice, chromium)
    chromium.click("input[name=scope][value$=contacts]")
    chromium.click("button[value=allow]")
    assert signing.outcome() == NotSignedIn(Ending.FEWER_SCOPES)
    shown(chromium, "tick the box for contacts")
    keep(chromium, "fewer")


def test_closed_tab_and_a_second_attempt_at_once(practice: Practice, chromium: Chromium) -> None:
    signing = Signing(practice, chromium, seconds=3)
    chromium.close_tab()
    assert signing.outcome() == NotSignedIn(Ending.TIMED_OUT)
    again = Signing(practice, chromium)
    chromium.click("button[value=allow]")
    assert isinstance(again.outcome(), SignedIn)


def test_a_second_click_on_connect_calls_the_first_off(practice: Practice, chromium: Chromium) -> None:
    first = Signing(practice, chromium)
    first.signing.cancel()
    second = Signing(practice, chromium)
    chromium.click("button[value=allow]")
    assert first.outcome() == NotSignedIn(Ending.CANCELLED)
    assert isinstance(second.outcome(), SignedIn)


def test_where_google_gives_no_lasting_permission_it_asks_once_more(practice: Practice, chromium: Chromium) -> None:
    first = Signing(practice, chromium)
    chromium.click("button[value=allow]")
    assert isinstance(first.outcome(), SignedIn)
    second = Signing(practice, chromium, again=False)
    second.opened.clear()
    chromium.click("button[value=allow]")
    assert second.opened.wait(PATIENCE)
    chromium.click("button[value=allow]")
    assert isinstance(second.outcome(), SignedIn)
    shown(chromium, "RingDesk is connected")


def test_reloading_the_last_page_does_no_harm(practice: Practice, chromium: Chromium) -> None:
    signing = Signing(practice, chromium)
    chromium.click("button[value=allow]")
    assert isinstance(signing.outcome(), SignedIn)
    shown(chromium, "RingDesk is connected")
    with contextlib.suppress(urllib.error.HTTPError):  # nobody listens there any more
        chromium._ask("POST", f"{chromium._session}/refresh", {})
