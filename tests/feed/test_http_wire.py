"""The request reader without a socket: any bytes, any chunking, and never a post without a valid token."""

from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from ringdesk.feed.wire.exchange import Admitted, Exchange, Posted
from ringdesk.feed.wire.guard import bearer
from ringdesk.feed.wire.http import BODY_MOST, HEAD_MOST, Head, Reader, Rejected, content_type, parse, reply
from ringdesk.feed.wire.routes import CALL_EVENT, CTI, ROUTES, read
from tests.feed.http_aid import BODIES, LINES

PORT, TOKEN = 40404, "a" * 64
Outcome = Posted[str] | Rejected | None


def whose(token: str) -> str | None:
    return "pbx" if token == TOKEN else None


def good(route: str, token: str = TOKEN) -> bytes:
    body = BODIES[route]
    return (
        f"POST {route} HTTP/1.1\r\nHost: localhost:{PORT}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json; charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def exchanged(*chunks: bytes) -> Outcome:
    exchange: Exchange[str] = Exchange(PORT, whose)
    for chunk in chunks:
        exchange.feed(chunk)
    return exchange.outcome


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(ends)]


ROUTE = st.sampled_from([CALL_EVENT, CTI])
PLACES = st.lists(st.integers(0, 60_000), max_size=12)
PIECES = st.lists(
    st.sampled_from(
        [
            b"POST ", b"GET ", b"/v1/call-event", b"/v1/cti", b" HTTP/1.1\r\n", b"\r\n", b"\r\n\r\n", b"\n", b"\r",
            b"Host: localhost:40404\r\n", b"Host: evil.test\r\n", b"Origin: null\r\n", b"Content-Length: 2\r\n",
            b"Content-Type: application/json\r\n", b"Transfer-Encoding: chunked\r\n", b"Authorization: Bearer ",
            b"Authorization: Bearer " + b"a" * 63 + b"b\r\n", b"a" * 63, b"{}", b"\0", b"\xff", b": ", b"x" * 9000,
        ]
    )
    | st.binary(max_size=20),
    max_size=20,
).map(b"".join)  # several to a line  # fmt: skip


@given(PIECES | st.binary(max_size=300), PLACES)
@example(good(CALL_EVENT, "b" * 64), [])
@example(good(CTI, TOKEN[:-1] + "b"), [40])
def test_arbitrary_bytes_never_raise_and_without_a_token_nothing_is_posted(data: bytes, places: list[int]) -> None:
    if TOKEN.encode() not in data:
        outcome = exchanged(*cut(data, places))
        assert outcome is None or isinstance(outcome, Rejected)


@given(ROUTE, st.integers(0, 400), st.binary(max_size=6), PLACES)
def test_a_good_request_that_is_spoiled_never_raises(route: str, place: int, junk: bytes, places: list[int]) -> None:
    data = good(route)
    spoiled = data[:place] + junk + data[place + len(junk) :]
    outcome = exchanged(*cut(spoiled, places))
    if isinstance(outcome, Posted):
        read(outcome.target, outcome.kind, outcome.body, "http/pbx", LINES, 0.0)


@given(ROUTE, st.integers(0, 400), st.binary(max_size=6), PLACES)
def test_any_chunking_comes_to_the_same(route: str, place: int, junk: bytes, places: list[int]) -> None:
    data = good(route)
    data = data[:place] + junk + data[place:] + b"GET / HTTP/1.1\r\n\r\n"
    assert exchanged(*cut(data, places)) == exchanged(data)


@given(st.integers(HEAD_MOST - 40, HEAD_MOST + 40), PLACES)
def test_any_chunking_of_a_long_head_comes_to_the_same(length: int, places: list[int]) -> None:
    start = f"POST {CTI} HTTP/1.1\r\nX: ".encode()
    data = start + b"x" * (length - len(start) - 4) + b"\r\n\r\n"
    outcome = exchanged(*cut(data, places))
    assert outcome == exchanged(data)
    assert isinstance(outcome, Rejected)
    assert outcome.status == (403 if length <= HEAD_MOST else 431)


@given(ROUTE, st.binary(max_size=300))
def test_any_body_with_a_token_never_raises(route: str, body: bytes) -> None:
    for kind in ROUTES[route]:
        head = good(route).partition(b"\r\n\r\n")[0].replace(b"application/json", kind.encode() + b"; boundary=x")
        head = head.replace(b"Content-Length: %d" % len(BODIES[route]), b"Content-Length: %d" % len(body))
        outcome = exchanged(head, b"\r\n\r\n", body)
        assert isinstance(outcome, Posted)
        assert outcome.body == body
        read(outcome.target, outcome.kind, outcome.body, "http/pbx", LINES, 0.0)


def test_a_reader_keeps_no_more_than_a_request() -> None:
    reader = Reader()
    for _ in range(100):
        reader.feed(b"x" * 65536)
    assert isinstance(reader.head, Rejected)
    endless = Reader()
    endless.feed(b"POST / HTTP/1.1\r\n\r\n")
    for _ in range(100):
        endless.feed(b"x" * 65536)
    assert len(endless._buffer) <= HEAD_MOST + BODY_MOST


def test_who_has_no_token_is_answered_before_a_body_comes() -> None:
    head = good(CTI, "b" * 64).replace(b"Content-Length: ", b"Content-Length: 9")
    outcome = exchanged(head.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    assert isinstance(outcome, Rejected)
    assert outcome.error == "token"


def test_after_the_outcome_bytes_count_for_nothing() -> None:
    exchange: Exchange[str] = Exchange(PORT, whose)
    exchange.feed(good(CTI))
    first = exchange.outcome
    exchange.feed(good(CALL_EVENT))
    assert exchange.outcome is first
    assert isinstance(exchange.admitted, Admitted)


def test_a_handshake_of_another_protocol_is_refused_by_its_first_byte() -> None:
    for first in (b"\x16\x03\x01", b"{", b"\r\n", b"get /"):
        assert isinstance(exchanged(first), Rejected)


def test_headers_are_read_by_their_names_in_any_case() -> None:
    head = parse(b'POST / HTTP/1.1\r\nAUTHORIZATION: bearer  x \r\ncontent-type: A/B ; Charset="UTF-8"; c')
    assert isinstance(head, Head)
    assert bearer(head) == "x"
    said = content_type(head)
    assert (said.type, said.parameters["charset"]) == ("a/b", "UTF-8")


def test_an_answer_permits_nothing_and_is_not_kept() -> None:
    for outcome in (exchanged(b"{"), exchanged(good(CTI, "b"))):
        assert isinstance(outcome, Rejected)
        head, _, body = reply(outcome.status, b"{}").partition(b"\r\n\r\n")
        assert b"Cache-Control: no-store" in head
        assert b"Access-Control" not in head
        assert json.loads(body) == {}
