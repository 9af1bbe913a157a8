"""The shell of sockets: keep-alive, gzip, cuts, overlaps, the control port, the program."""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from ringdesk.sandbox.google import CONTACTS_SCOPE, Fault, Google, Kind, PracticeServer, Switches, at_numbers
from ringdesk.sandbox.google.program import add_parser, run
from tests.sandbox.google.conftest import EMAIL, MakeGoogle

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def connected(address: str) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        yield connection
    finally:
        connection.close()


def silent(address: str) -> socket.socket:
    """A connection that says nothing."""
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)


def ask(connection: http.client.HTTPConnection, verb: str, target: str, token: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body)
    connection.request(verb, target, data, {"Authorization": f"Bearer {token}"})
    return json.loads(connection.getresponse().read())


def test_a_connection_is_kept_and_answers_are_packed_when_asked(make_google: MakeGoogle) -> None:
    google = make_google(people=50)
    token = google.sign_in(EMAIL).access
    target = "/v1/people/me/connections?personFields=names"
    with PracticeServer(google) as server, connected(server.address) as connection:
        connection.request("GET", target, headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"})
        local = connection.sock.getsockname()
        response = connection.getresponse()
        assert response.headers["content-encoding"] == "gzip"
        assert len(json.loads(gzip.decompress(response.read()))["connections"]) == 50
        assert len(ask(connection, "GET", target, token)["connections"]) == 50
        assert connection.sock.getsockname() == local


@pytest.mark.parametrize(
    ("kind", "error"),
    [(Kind.CUT_BEFORE, http.client.RemoteDisconnected), (Kind.CUT_MIDWAY, http.client.IncompleteRead)],
)
def test_cuts_reach_the_client(google: Google, server: PracticeServer, kind: Kind, error: type[Exception]) -> None:
    google.plan = at_numbers({1: Fault(kind)})
    token = google.sign_in(EMAIL).access
    with connected(server.address) as connection, pytest.raises(error):
        ask(connection, "POST", "/v1/people:createContact", token, {"names": [{"givenName": "A"}]})
    assert len(google.dump(EMAIL)["contacts"]) == (0 if kind is Kind.CUT_BEFORE else 1)


def test_s17_overlapping_mutations_on_the_wire_are_seen(google: Google) -> None:
    token = google.sign_in(EMAIL).access
    account = google.accounts[EMAIL]

    def create(address: str) -> None:
        with connected(address) as connection, suppress(OSError, http.client.HTTPException, ValueError):
            ask(connection, "POST", "/v1/people:createContact", token, {"names": [{"givenName": "A"}]})

    with PracticeServer(google, latency=0.01) as server:
        google.plan = at_numbers({3: Fault(Kind.DELAY, seconds=60.0)})
        create(server.address)
        create(server.address)
        assert account.violations == 0
        slow = threading.Thread(target=create, args=(server.address,), name="slow")
        slow.start()
        while not account.in_flight:
            slow.join(0.01)
        create(server.address)
        assert account.violations == 1
    slow.join()
    assert account.in_flight == 0


def test_stopping_cuts_what_is_open_and_delayed(google: Google) -> None:
    google.plan = at_numbers({1: Fault(Kind.DELAY, seconds=60.0)})
    token = google.sign_in(EMAIL).access
    failed = threading.Event()
    with PracticeServer(google) as server, silent(server.address):

        def wait() -> None:
            with connected(server.address) as connection:
                try:
                    ask(connection, "GET", "/v1/contactGroups", token)
                except (OSError, http.client.HTTPException, ValueError):
                    failed.set()

        waiting = threading.Thread(target=wait, name="waiting")
        waiting.start()
        while not google.log.entries:
            failed.wait(0.01)
    waiting.join(timeout=10)
    assert not waiting.is_alive()


def test_requests_that_are_not_http_do_no_harm(google: Google, server: PracticeServer) -> None:
    host, _, port = urlsplit(server.address).netloc.partition(":")
    for data in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b""):
        with socket.create_connection((host, int(port)), timeout=5) as stranger:
            stranger.sendall(data)
    with connected(server.address) as connection:
        connection.request("GET", "/favicon.ico")
        assert connection.getresponse().headers["content-type"] == "image/svg+xml"
    with connected(server.address) as connection:
        connection.request("GET", "/")
        assert EMAIL in connection.getresponse().read().decode()


# --- the control port


class Remote:
    """Orders over the control port."""

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = address, token

    def __call__(self, verb: str, target: str, /, **order: object) -> Any:
        with connected(self._address) as connection:
            answer = ask(connection, verb, target, self._token, order or None)
        return answer.get("result", answer)


@pytest.fixture
def remote(server: PracticeServer) -> Remote:
    return Remote(server.control_address, server.control_token)


def test_the_control_port_needs_its_token(server: PracticeServer) -> None:
    assert "error" in Remote(server.control_address, "guess")("GET", "/state")
    assert "error" in Remote(server.control_address, "")("POST", "/clock", advance=1)


def test_orders(google: Google, remote: Remote) -> None:
    now = remote("GET", "/state")["now"]
    assert remote("POST", "/clock", advance=60) == now + 60
    assert remote("POST", "/switches", paging="cursor", propagation=[1, 2])["paging"] == "cursor"
    assert remote("GET", "/switches")["propagation"] == [1.0, 2.0]
    remote("POST", "/late", seconds=5)
    assert google.world.late == 5.0
    remote("POST", "/late", seconds=None)
    name = remote("POST", "/hand", account=EMAIL, action="create", person={"names": [{"givenName": "A"}]})
    assert name in remote("GET", "/dump?account=" + EMAIL)["contacts"]
    token = remote("POST", "/sign-in", account=EMAIL)["access"]
    assert google.grants.live_access(token)
    assert remote("POST", "/kill", account=EMAIL, cause="revoked") == 1
    assert remote("POST", "/accounts", email="sam@example.com", people=3)
    assert remote("GET", "/state")["accounts"]["sam@example.com"]["contacts"] == 3


def test_a_hand_waits_for_a_request_and_the_log_tells(google: Google, server: PracticeServer, remote: Remote) -> None:
    token = google.sign_in(EMAIL).access
    remote("POST", "/hand", account=EMAIL, action="create", person={"names": [{"givenName": "A"}]}, before=2)
    target = "/v1/people/me/connections?personFields=names"
    with connected(server.address) as connection:
        assert "connections" not in ask(connection, "GET", target, token)
        assert len(ask(connection, "GET", target, token)["connections"]) == 1
    (entry,) = remote("GET", "/log?since=1")
    assert (entry["number"], entry["method"], entry["status"]) == (2, "people.connections.list", 200)
    assert entry["cost"] == {"critical_reads": 1}


def test_faults_wait_for_their_path(google: Google, server: PracticeServer, remote: Remote) -> None:
    token = google.sign_in(EMAIL).access
    remote("POST", "/faults", kind="error_before", code=429, path="contactGroups", times=2, skip=1)
    with connected(server.address) as connection:
        codes = [ask(connection, "GET", "/v1/contactGroups", token).get("error", {}).get("code") for _ in range(4)]
        assert codes == [None, 429, 429, None]
        remote("POST", "/faults", kind="error_before", times=9)
        assert remote("DELETE", "/faults") is None
        assert "contactGroups" in ask(connection, "GET", "/v1/contactGroups", token)


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("/switches", {"nope": 1}),
        ("/switches", {"paging": "sideways"}),
        ("/hand", {"account": EMAIL, "action": "__init__"}),
        ("/hand", {"account": EMAIL, "action": "delete", "name": "people/c1"}),
        ("/hand", {"account": "nobody", "action": "empty_trash"}),
        ("/faults", {"kind": "earthquake"}),
        ("/kill", {"account": EMAIL, "cause": "boredom"}),
        ("/consent", {"kind": "shrug"}),
        ("/browse", {"url": "http://x/", "stray": ["cat"]}),
        ("/nowhere", {}),
    ],
)
def test_wrong_orders_are_told(remote: Remote, path: str, order: dict[str, object]) -> None:
    assert set(remote("POST", path, **order)) == {"error"}


def test_browse_goes_through_a_scripted_consent(google: Google, remote: Remote) -> None:
    remote("POST", "/consent", kind="deny")
    query = f"client_id={google.grants.client.id}&redirect_uri=http://127.0.0.1:9/&response_type=code&state=s"
    url = f"http://x/o/oauth2/v2/auth?{query}&scope={CONTACTS_SCOPE}&code_challenge=c&code_challenge_method=S256"
    seen = remote("POST", "/browse", url=url)
    assert "access_denied" in seen["location"]
    assert seen["statuses"] == [["answer", 0]]


def test_a_script_that_was_not_used_can_be_forgotten(google: Google, remote: Remote) -> None:
    remote("POST", "/consent", kind="deny")
    assert remote("DELETE", "/consent") is None
    assert google.consent.script == []


# --- the program


@contextmanager
def program(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    command = [sys.executable, "-m", "ringdesk.sandbox.google", "--port", "0", "--people", "3", *options]
    running = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert running.stdout
    try:
        yield running, json.loads(running.stdout.readline())
    finally:
        running.kill()
        running.communicate()


def test_the_program_introduces_itself_and_stops_on_sigterm() -> None:
    with program("--seed", "5", "--account", EMAIL, "--switches", '{"paging": "cursor"}') as (running, said):
        assert set(said) == {"address", "control", "client", "accounts"}
        assert said["client"]["installed"]["token_uri"] == f"{said['address']}/token"
        remote = Remote(said["control"]["address"], said["control"]["token"])
        assert remote("GET", "/state")["accounts"][EMAIL]["contacts"] == 3
        assert remote("GET", "/switches")["paging"] == "cursor"
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=10) == 0


def test_the_program_stops_when_its_input_ends() -> None:
    with program("--until-eof", "--real-clock") as (running, _):
        assert running.stdin
        running.stdin.close()
        assert running.wait(timeout=10) == 0
        running.stdin = None


def test_the_program_refuses_a_wrong_switch() -> None:
    command = [sys.executable, "-m", "ringdesk.sandbox.google", "--switches", '{"nope": 1}']
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert "nope" in done.stderr


def test_the_program_can_stand_among_other_stand_ins() -> None:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    options = parser.parse_args(["google", "--port", "0", "--seed", "9"])
    assert (options.func, options.seed, options.until_eof) == (run, 9, False)


def test_quotas_reach_the_wire(make_google: MakeGoogle) -> None:
    google = make_google(Switches(group_reads=0, retry_after=9))
    token = google.sign_in(EMAIL).access
    with PracticeServer(google) as server, connected(server.address) as connection:
        connection.request("GET", "/v1/contactGroups", headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        assert (response.status, response.headers["retry-after"]) == (429, "9")
        response.read()
