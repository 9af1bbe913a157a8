"""The wire against servers that misbehave: raw sockets, so that every byte is meant."""

from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from ringdesk.domain.rightofway import WINDOW
from ringdesk.providers.google.wire import Broken, Unreachable, Wire

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"


@dataclass
class Server:
    """Answers each connection with what its script says, and counts the requests."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    hung_up: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released with the end of each connection."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/x"


def heard(connection: socket.socket) -> bytes:
    """A whole request with a body of at most one byte."""
    said = b""
    while b"\r\n\r\n" not in said or (b"Content-Length: 1" in said and said.endswith(b"\r\n\r\n")):
        said += connection.recv(65536)
    return said


@contextmanager
def serving(*scripts: Callable[[socket.socket], None]) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = Server(door.getsockname()[1])

        def work() -> None:
            for script in scripts:
                connection, _ = door.accept()
                with connection:
                    server.requests.append(heard(connection))
                    script(connection)
                server.hung_up.release()

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield server
        finally:
            thread.join(10)


def says(*pieces: bytes) -> Callable[[socket.socket], None]:
    def script(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return script


@pytest.fixture
def wire() -> Iterator[Wire]:
    one = Wire(connect=2, answer=0.4, whole=1.0)
    yield one
    one.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "script",
    [
        says(),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nshort"),
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
        says(b"nonsense\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\nnot gzip"),
        says(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n",
            zlib.compress(b"x" * 9999, wbits=31)[:20],
        ),
        lambda connection: connection.settimeout(1) or (connection.recv(1) and None),
    ],
    ids=["closed", "short", "chunk cut", "no http", "no gzip", "gzip cut", "silent"],
)
def test_a_broken_answer_is_broken_and_the_request_went_once(
    wire: Wire, method: str, script: Callable[[socket.socket], None]
) -> None:
    with serving(script) as server:
        with pytest.raises(Broken):
            wire.request(method, server.address, body=b"x" if method == "POST" else None)
        wire.close()
    assert len(server.requests) == 1


def test_nobody_there_is_unreachable(wire: Wire) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(Unreachable):
        wire.request("POST", f"http://127.0.0.1:{port}/", body=b"x")


@pytest.mark.parametrize("address", ["http://192.0.2.1/", "ftp://127.0.0.1/", "https://[", "http://127.0.0.1:99999/"])
def test_open_connections_lead_nowhere_but_here(wire: Wire, address: str) -> None:
    with pytest.raises(Unreachable):
        wire.request("GET", address)


def test_an_answer_that_drips_ends_at_the_deadline(wire: Wire) -> None:
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while not stop.wait(0.05):
            try:
                connection.sendall(b"x" * 140_000)
            except OSError:
                return

    with serving(drip) as server:
        with pytest.raises(Broken):
            wire.request("GET", server.address)
        stop.set()


def test_a_bomb_is_not_unpacked(wire: Wire) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(80)) + packer.flush()
    with serving(says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n", bomb)) as server:
        patient = Wire(connect=2, answer=5, whole=30)
        with pytest.raises(Broken, match="too large"):
            patient.request("GET", server.address)


def keeps_then_closes(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"ok")


def test_a_kept_connection_that_was_closed_is_opened_anew_before_anything_is_sent(wire: Wire) -> None:
    with serving(keeps_then_closes, keeps_then_closes) as server:
        assert wire.request("POST", server.address, body=b"1").content == b"ok"
        assert server.hung_up.acquire(timeout=10)  # what is sent before that is lost, and not sent again
        assert wire.request("POST", server.address, body=b"2").content == b"ok"
    assert [request[-1:] for request in server.requests] == [b"1", b"2"]


def answers_once_and_hangs_up_on_the_next(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"ok")
    connection.recv(65536)


def test_a_kept_connection_that_ends_under_a_reading_is_tried_anew(wire: Wire) -> None:
    with serving(answers_once_and_hangs_up_on_the_next, keeps_then_closes) as server:
        assert wire.request("GET", server.address).content == b"ok"
        assert wire.request("GET", server.address).content == b"ok"


def test_a_kept_connection_that_ends_under_a_change_is_not_tried_again(wire: Wire) -> None:
    with serving(answers_once_and_hangs_up_on_the_next) as server:
        assert wire.request("GET", server.address).content == b"ok"
        with pytest.raises(Broken):
            wire.request("POST", server.address, body=b"x")


def test_packed_answers_are_unpacked(wire: Wire) -> None:
    packed = zlib.compress(b"a" * 1_000_000, wbits=31)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with serving(says(head, packed)) as server:
        assert wire.request("GET", server.address).content == b"a" * 1_000_000
        wire.close()


def test_an_answer_waits_while_the_window_goes_first(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WINDOW, "_longest", 30.0)
    with serving(says(HEAD, b"ok")) as server, ThreadPoolExecutor(1) as others:
        with WINDOW.first():
            answer = others.submit(wire.request, "GET", server.address)
            with pytest.raises(TimeoutError):
                answer.result(0.1)
        assert answer.result(10.0).content == b"ok"
        wire.close()


def test_a_redirection_is_not_followed(wire: Wire) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n"
    with serving(says(moved)) as server:
        assert wire.request("GET", server.address).status == 302
        wire.close()


def test_a_request_that_hangs_is_given_up_from_another_thread(wire: Wire) -> None:
    arrived = threading.Event()

    def silent(connection: socket.socket) -> None:
        arrived.set()
        connection.recv(1)  # says nothing until the other side has gone

    with serving(silent) as server:
        failures: list[Exception] = []

        def ask() -> None:
            try:
                wire.request("GET", server.address)
            except Broken as error:
                failures.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        assert arrived.wait(10)
        wire.abort()
        thread.join(10)
        assert len(failures) == 1
        with pytest.raises(Unreachable, match="given up"):
            wire.request("GET", server.address)


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A network that swallows questions: names are found only once this event comes."""
    found, look_up = threading.Event(), socket.getaddrinfo

    def hang(*asked: Any, **more: Any) -> Any:
        found.wait(30)
        return look_up(*asked, **more)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield found
    found.set()


def asking(wire: Wire, method: str, address: str) -> tuple[threading.Thread, list[Exception]]:
    """A request on a thread of its own, and how it failed."""
    failures: list[Exception] = []

    def ask() -> None:
        try:
            wire.request(method, address, body=b"x" if method == "POST" else None)
        except (Broken, Unreachable) as error:
            failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, failures


def test_a_name_that_is_never_found_ends_at_the_deadline(lost: threading.Event) -> None:
    wire, begun = Wire(connect=0.3), time.monotonic()
    with pytest.raises(Unreachable, match="not found"):
        wire.request("POST", "https://people.example/", body=b"x")
    assert 0.3 <= time.monotonic() - begun < 2.0


@pytest.mark.parametrize("how", ["abort", "break_off", "leave"])
def test_looking_a_name_up_is_called_off_at_once(lost: threading.Event, how: str) -> None:
    wire = Wire(connect=20)
    thread, failures = asking(wire, "POST", "https://people.example/")
    while wire._attempt is None:
        time.sleep(0.002)
    getattr(wire, how)()
    thread.join(2)
    assert [type(one) for one in failures] == [Unreachable]


def test_what_is_reached_after_it_was_left_is_closed(lost: threading.Event) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        with pytest.raises(Unreachable):
            Wire(connect=0.1).request("GET", f"http://127.0.0.1:{door.getsockname()[1]}/")
        lost.set()
        door.settimeout(10)
        late, _ = door.accept()
        with late:
            late.settimeout(10)
            assert late.recv(1) == b""


@pytest.mark.parametrize("how", ["abort", "leave"])
def test_a_handshake_that_hangs_is_called_off_at_once(how: str) -> None:
    wire = Wire(connect=20)
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread, failures = asking(wire, "GET", f"https://127.0.0.1:{door.getsockname()[1]}/")
        door.settimeout(10)
        silent, _ = door.accept()
        with silent:
            assert silent.recv(1)  # the handshake has begun
            getattr(wire, how)()
            thread.join(2)
    assert [type(one) for one in failures] == [Unreachable]


@pytest.mark.parametrize(("method", "ends"), [("GET", True), ("POST", False)])
def test_breaking_off_ends_what_only_reads_and_lets_a_change_come_to_its_end(method: str, ends: bool) -> None:
    wire, arrived, go_on = Wire(), threading.Event(), threading.Event()

    def slow(connection: socket.socket) -> None:
        arrived.set()
        if not ends:
            assert go_on.wait(10)
            connection.sendall(HEAD + b"ok")

    def silent(connection: socket.socket) -> None:
        slow(connection)
        if ends:
            connection.recv(1)

    with serving(silent) as server:
        thread, failures = asking(wire, method, server.address)
        assert arrived.wait(10)
        wire.break_off()
        go_on.set()
        thread.join(5)
    assert [type(one) for one in failures] == ([Broken] if ends else [])
    wire.close()
