"""An access token is renewed early, and used for as long as it lives where that fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from ringdesk.domain.remote import Retry
from ringdesk.providers.google.access import EARLY, Access, Standing
from ringdesk.providers.google.client_file import Client
from ringdesk.providers.google.wire import Wire
from tests.fakes import FakeTime

LIFE = 3600.0
AHEAD = 120.0


@pytest.fixture
def statuses() -> list[int]:
    """What the token endpoint answers with, one after the other; the last one from then on."""
    return [200]


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def access(statuses: list[int], time: FakeTime) -> Iterator[Access]:
    given = 0

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            nonlocal given
            given += 1
            self.rfile.read(int(self.headers["content-length"]))
            body = json.dumps({"access_token": f"token {given}", "expires_in": LIFE}).encode()
            self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/token"
        client = Client(id="desk", secret="none", auth_uri=address, token_uri=address)
        wire = Wire()
        yield Access(client, lambda: "refresh", wire, time, Standing())
        wire.abort()
        server.shutdown()


def test_a_token_that_could_not_be_renewed_early_is_used_while_it_lives(
    access: Access, statuses: list[int], time: FakeTime
) -> None:
    first = access.token()
    time.pass_(LIFE - EARLY - AHEAD + 1)
    assert access.token() == first
    statuses[:] = [503, 200]
    assert access.token(ahead=AHEAD) == first
    assert access.token(ahead=AHEAD) != first


def test_a_token_at_its_end_is_not_used(access: Access, statuses: list[int], time: FakeTime) -> None:
    first = access.token()
    time.pass_(LIFE - EARLY)
    statuses[:] = [503, 200]
    with pytest.raises(Retry):
        access.token()
    assert access.token() != first
