"""The receiver under attack, by raw sockets: whatever else knocks, the right answer still arrives, and once."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from ringdesk.providers.google.receiver import MOST, Callback, Receiver

STATE = "the-right-state"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver(silence=0.3) as one:
        yield one


class Waiting:
    """A receiver that waits on a thread of its own."""

    def __init__(self, receiver: Receiver, seconds: float = 5.0) -> None:
        self.receiver = receiver
        self.found: list[Callback | None] = []
        self.thread = threading.Thread(
            target=lambda: self.found.append(receiver.wait(STATE, time.monotonic() + seconds))
        )
        self.thread.start()

    def end(self) -> Callback | None:
        self.thread.join(10)
        return self.found[0]


def knock(receiver: Receiver, said: bytes | None = None, *, target: str = "/", host: str = "") -> socket.socket:
    place = urlsplit(receiver.address)
    connection = socket.create_connection(("127.0.0.1", place.port or 0), timeout=5)
    asked = f"GET {target} HTTP/1.1\r\nHost: {host or place.netloc}\r\nAccept: */*\r\n\r\n".encode()
    connection.sendall(asked if said is None else said)
    return connection


def heard(connection: socket.socket) -> bytes:
    answer = b""
    with connection:
        try:
            while some := connection.recv(65536):
                answer += some
        except ConnectionError:
            return answer
    return answer


def come_back(receiver: Receiver, code: str = "c0de") -> socket.socket:
    return knock(receiver, target=f"/?state={STATE}&code={code}&scope=x")


def test_the_right_answer_is_taken_and_the_page_waits_for_the_end(receiver: Receiver) -> None:
    waiting = Waiting(receiver)
    browser = come_back(receiver)
    assert waiting.end() == Callback("c0de")
    browser.settimeout(0.1)
    with pytest.raises(TimeoutError):
        browser.recv(1)
    browser.settimeout(5)
    receiver.tell("Title <here>", "Text & more", good=True)
    page = heard(browser)
    assert page.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Title &lt;here&gt;" in page
    assert b"Text &amp; more" in page
    assert b"src=" not in page
    assert b"http://" not in page


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/favicon.ico", b"404"),
        ("/?code=evil", b"400"),
        ("/?state=wrong&code=evil", b"400"),
        (f"/?state={STATE}", b"400"),
        (f"/?state={STATE}&state=x&code=evil", b"400"),
        (f"/other?state={STATE}&code=evil", b"404"),
        ("/?state=&code=", b"400"),
        ("/?state=%C3%A4&code=x", b"400"),
        ("/?" + "&a=1" * 3000, b"400"),
    ],
)
def test_strays_are_turned_away_and_the_answer_still_arrives(receiver: Receiver, target: str, status: bytes) -> None:
    waiting = Waiting(receiver)
    assert heard(knock(receiver, target=target))[9:12] == status
    come_back(receiver).close()
    assert waiting.end() == Callback("c0de")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET /",
        b"POST / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000,
        b"GET \xff HTTP/1.1\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\n\r\n",
    ],
    ids=["silent", "blank", "tls", "half", "post", "long", "bytes", "bad address"],
)
def test_nonsense_holds_nothing_up(receiver: Receiver, said: bytes) -> None:
    waiting = Waiting(receiver)
    strays = [knock(receiver, said) for _ in range(3)]
    start = time.monotonic()
    come_back(receiver).close()
    assert waiting.end() == Callback("c0de")
    assert time.monotonic() - start < 1
    for stray in strays:
        stray.close()


def test_another_host_name_is_not_let_in(receiver: Receiver) -> None:
    waiting = Waiting(receiver)
    evil = knock(receiver, target=f"/?state={STATE}&code=evil", host="evil.example")
    assert heard(evil)[9:12] == b"400"
    come_back(receiver).close()
    assert waiting.end() == Callback("c0de")


def test_a_request_in_pieces_is_read(receiver: Receiver) -> None:
    waiting = Waiting(receiver)
    place = urlsplit(receiver.address)
    asked = f"GET /?state={STATE}&error=access_denied HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", place.port or 0)) as browser:
        for start in range(0, len(asked), 7):
            browser.sendall(asked[start : start + 7])
        assert waiting.end() == Callback("", "access_denied")


def test_silent_connections_are_closed(receiver: Receiver) -> None:
    waiting = Waiting(receiver)
    silent = knock(receiver, b"")
    start = time.monotonic()
    assert heard(silent) == b""
    assert time.monotonic() - start < 2
    receiver.wake()
    assert waiting.end() is None


def test_more_silent_connections_than_it_holds_do_not_keep_the_browser_out() -> None:
    with Receiver(silence=30) as receiver:
        waiting = Waiting(receiver)
        silent = [knock(receiver, b"") for _ in range(MOST * 2)]
        come_back(receiver).close()
        assert waiting.end() == Callback("c0de")
        for one in silent:
            one.close()


def test_of_two_callbacks_the_first_counts_and_both_see_the_page(receiver: Receiver) -> None:
    waiting = Waiting(receiver)
    first = come_back(receiver, "one")
    assert waiting.end() == Callback("one")
    second = come_back(receiver, "two")
    time.sleep(0.05)
    receiver.tell("Done", "", good=True)
    assert b"Done" in heard(first)
    assert heard(second)[9:12] in (b"400", b"200")


def test_it_can_be_called_off_and_ends_at_the_deadline(receiver: Receiver) -> None:
    waiting = Waiting(receiver, 60)
    receiver.wake()
    assert waiting.end() is None
    with Receiver() as other:
        start = time.monotonic()
        assert other.wait(STATE, time.monotonic() + 0.2) is None
        assert time.monotonic() - start < 1


def test_it_listens_on_this_computer_only(receiver: Receiver) -> None:
    assert receiver.address.startswith("http://127.0.0.1:")
