"""S25: what a browser does to the loopback port of a program."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from ringdesk.sandbox.google import CONTACTS_SCOPE, Answer, Google
from ringdesk.sandbox.google.browser import visit
from ringdesk.sandbox.google.exchange import challenge

VERIFIER = "v" * 64
REDIRECT = "http://127.0.0.1:54321/"


class Receiver:
    """A loopback port that notes what comes and says 200 to everything."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="receiver")
        self._thread.start()

    def _run(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if self._serve(connection):
                    return

    def _serve(self, connection: socket.socket) -> bool:
        connection.settimeout(0.2)
        data = b""
        try:
            while b"\r\n\r\n" not in data and (piece := connection.recv(4096)):
                data += piece
        except TimeoutError:
            self.seen.append("silence" if not data else "half")
            return False
        target = data.split(b" ")[1].decode() if data else ""
        self.seen.append(target)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return target == "/stop"

    def stop(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(b"GET /stop HTTP/1.1\r\n\r\n")
            connection.recv(100)
        self._thread.join()
        self._socket.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiving = Receiver()
    yield receiving
    receiving.stop()


def test_s25_a_browser_bothers_the_loopback_port(google: Google, receiver: Receiver) -> None:
    google.consent.script.append(Answer())
    asked = {
        "client_id": google.grants.client.id,
        "redirect_uri": f"http://127.0.0.1:{receiver.port}/cb",
        "response_type": "code",
        "scope": CONTACTS_SCOPE,
        "state": "s1",
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
    }
    url = f"http://practice/o/oauth2/v2/auth?{urlencode(asked)}"
    strays = ["silent", "half", "favicon", "wrong_state", "no_state", "elsewhere", "twice"]
    seen = visit(google.handle, url, strays)
    names = [name for name, _ in seen.statuses]
    assert names == ["favicon", "wrong_state", "no_state", "elsewhere", "answer", "twice"]
    assert receiver.seen[:3] == ["silence", "half", "/favicon.ico"]
    assert "state=not-yours" in receiver.seen[3]
    assert "state" not in receiver.seen[4]
    assert receiver.seen[5].startswith("/somewhere/else")
    assert receiver.seen[6] == receiver.seen[7]
    assert "state=s1" in receiver.seen[6]


def test_s25_close_visits_nobody(google: Google) -> None:
    google.consent.script.append(Answer("close"))
    query = urlencode({"client_id": google.grants.client.id, "redirect_uri": REDIRECT})
    assert visit(google.handle, f"http://practice/o/oauth2/v2/auth?{query}").statuses == ()
