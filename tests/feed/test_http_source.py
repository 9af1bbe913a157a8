"""The HTTP feed, attacked with raw sockets: every door that team-and-security 2.1 found open, every attack of 2.2."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
import time
from pathlib import Path

import pytest

from ringdesk.domain.call import CallKey, Ended, Rang, SourceState
from ringdesk.domain.sockets import SourceRefused
from ringdesk.feed import loopback
from ringdesk.feed.loopback import NoPortError, announced, listen
from ringdesk.feed.sources import http
from ringdesk.feed.sources.http import HttpSource
from ringdesk.feed.tokens import issue, revoke
from ringdesk.feed.visitors import CONNECTIONS_MOST
from ringdesk.feed.wire.http import BODY_MOST, HEAD_MOST
from tests.fakes import FakeTime
from tests.feed.aid import running, until
from tests.feed.http_aid import (
    CALL_EVENT,
    CTI,
    LINES,
    NEW_CALL,
    RING,
    Answer,
    Feed,
    can_bind,
    feed,
    raw,
    read,
    rest,
    run,
)

ROUTES = (CALL_EVENT, CTI)
every_route = pytest.mark.parametrize("route", ROUTES)


@every_route
def test_an_event_with_a_token_is_taken(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            answer = await one.post(route)
            assert (answer.status, answer.said) == (200, {"ok": True})
            assert (await one.heard.fact(Rang)).key == CallKey("http/pbx", "7")

    run(story)


@every_route
def test_any_chunking_is_the_same_request(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            for byte in one.request(route):
                writer.write(bytes([byte]))
                await writer.drain()
            assert read(await rest(reader)).status == 200
            writer.close()

    run(story)


@pytest.mark.skipif(not can_bind(socket.AF_INET6, "::1"), reason="no IPv6 on this machine")
@every_route
def test_the_same_port_answers_at_the_ipv6_loopback(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            answer = await raw(one.port, one.request(route, Host=f"[::1]:{one.port}"), "::1")
            assert answer.status == 200

    run(story)


def test_it_listens_at_no_other_address(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            for family, host in ((socket.AF_INET, "127.0.0.2"), (socket.AF_INET, own_address())):
                with socket.socket(family) as probe:
                    probe.settimeout(2)
                    assert probe.connect_ex((host, one.port)) != 0, host

    run(story)


def own_address() -> str:
    """An address of this machine that others can reach, or another loopback one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.3"
        address: str = probe.getsockname()[0]
        return address


# --- what a request may not be: (name, status, what is changed about a good one)

HEADERS: list[tuple[str, int, dict[str, str]]] = [
    ("host with a trailing dot", 403, {"Host": "localhost.:{port}"}),
    ("address with a trailing dot", 403, {"Host": "127.0.0.1.:{port}"}),
    ("host in upper case", 403, {"Host": "LOCALHOST:{port}"}),
    ("host without a port", 403, {"Host": "127.0.0.1"}),
    ("host with another port", 403, {"Host": "127.0.0.1:1"}),
    ("host with a zero before the port", 403, {"Host": "127.0.0.1:0{port}"}),
    ("rebound name", 403, {"Host": "rebind.test:{port}"}),
    ("name that ends in localhost", 403, {"Host": "evil.localhost:{port}"}),
    ("name that begins with the address", 403, {"Host": "127.0.0.1:{port}.evil.test"}),
    ("address of another form", 403, {"Host": "127.1:{port}"}),
    ("address as one number", 403, {"Host": "2130706433:{port}"}),
    ("any address", 403, {"Host": "0.0.0.0:{port}"}),
    ("host with a user", 403, {"Host": "x@127.0.0.1:{port}"}),
    ("two names in one host", 403, {"Host": "127.0.0.1:{port}, evil.test"}),
    ("empty host", 403, {"Host": ""}),
    ("origin of a web page", 403, {"Origin": "https://evil.test"}),
    ("origin of this very address", 403, {"Origin": "http://127.0.0.1:{port}"}),
    ("origin null", 403, {"Origin": "null"}),
    ("empty origin", 403, {"Origin": ""}),
    ("site cross-site", 403, {"Sec-Fetch-Site": "cross-site"}),
    ("site same-site", 403, {"Sec-Fetch-Site": "same-site"}),
    ("site same-origin", 403, {"Sec-Fetch-Site": "same-origin"}),
    ("site empty", 403, {"Sec-Fetch-Site": ""}),
    ("WebSocket", 403, {"Upgrade": "websocket", "Connection": "Upgrade"}),
    ("WebSocket with origin null", 403, {"Upgrade": "websocket", "Connection": "Upgrade", "Origin": "null"}),
    ("WebSocket without an upgrade", 403, {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}),
    ("no content type we take", 415, {"Content-Type": "text/plain"}),
    ("JSON hidden in a text type", 415, {"Content-Type": "text/plain; application/json"}),
    ("JSON of another kind", 415, {"Content-Type": "application/json5"}),
    ("JSON in UTF-16", 415, {"Content-Type": "application/json; charset=utf-16"}),
    ("empty content type", 415, {"Content-Type": ""}),
    ("a body that is chunked", 411, {"Transfer-Encoding": "chunked"}),
    ("a body that is compressed in transfer", 411, {"Transfer-Encoding": "gzip"}),
    ("a body that is too long", 413, {"Content-Length": str(BODY_MOST + 1)}),
    ("a body of endless length", 400, {"Content-Length": "9" * 30}),
    ("a length below nothing", 400, {"Content-Length": "-1"}),
    ("a length with a sign", 400, {"Content-Length": "+5"}),
    ("a length in hexadecimal", 400, {"Content-Length": "0x10"}),
    ("two lengths in one", 400, {"Content-Length": "5, 5"}),
    ("an empty length", 400, {"Content-Length": ""}),
    ("a token that was never made", 401, {"Authorization": "Bearer " + "0" * 64}),
    ("no token after the scheme", 401, {"Authorization": "Bearer"}),
    ("an empty token", 401, {"Authorization": "Bearer "}),
    ("another scheme", 401, {"Authorization": "Basic cGJ4OnBieA=="}),
    ("a token of a mebibyte", 431, {"Authorization": "Bearer " + "0" * 2**20}),
    ("an expectation we do not know", 417, {"Expect": "tea"}),
    ("a header that is not ASCII", 400, {"X-Name": "Ödön"}),
    ("a line end in a header", 400, {"X-Name": "a\nHost: evil.test"}),
    ("a null byte in a header", 400, {"X-Name": "a\0b"}),
]


@every_route
@pytest.mark.parametrize(("status", "headers"), [case[1:] for case in HEADERS], ids=[case[0] for case in HEADERS])
def test_a_request_that_is_not_a_producers_is_refused(
    tmp_path: Path, route: str, status: int, headers: dict[str, str]
) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            said = {name: value.replace("{port}", str(one.port)) for name, value in headers.items()}
            await refused(one, one.request(route, **said), status)

    run(story)


@every_route
@pytest.mark.parametrize(
    ("dropped", "status"), [("Host", 403), ("Authorization", 401), ("Content-Type", 415), ("Content-Length", 411)]
)
def test_a_request_without_a_header_is_refused(tmp_path: Path, route: str, dropped: str, status: int) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            await refused(one, one.request(route, drop=dropped), status)

    run(story)


@every_route
@pytest.mark.parametrize(
    ("method", "status"),
    [(method, 405) for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT")] + [("OPTIONS", 403)],
)
def test_only_a_post_is_taken(tmp_path: Path, route: str, method: str, status: int) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            await refused(one, one.request(route, method=method), status)

    run(story)


@every_route
def test_a_preflight_is_refused_and_brings_no_permission(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Private-Network": "true"}
            await refused(one, one.request(route, b"", method="OPTIONS", Origin="https://evil.test", **asked), 403)

    run(story)


REQUESTS: list[tuple[str, int, str]] = [
    ("a whole URL in the request line", 400, "POST http://127.0.0.1:{port}{route} HTTP/1.1"),
    ("a whole URL of somebody else", 400, "POST http://evil.test{route} HTTP/1.1"),
    ("the token in the URL", 401, "POST {route}?token={token} HTTP/1.1"),
    ("HTTP 0.9", 400, "POST {route}"),
    ("HTTP 2", 400, "POST {route} HTTP/2.0"),
    ("a space too many", 400, "POST  {route} HTTP/1.1"),
    ("a method in lower case", 400, "post {route} HTTP/1.1"),
]


@every_route
@pytest.mark.parametrize(("status", "line"), [case[1:] for case in REQUESTS], ids=[case[0] for case in REQUESTS])
def test_only_the_plain_request_line_is_taken(tmp_path: Path, route: str, status: int, line: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            first = line.format(port=one.port, route=route, token=one.token)
            rest_of_it = one.request(route, drop="Authorization" if "token=" in first else "").partition(b"\r\n")[2]
            await refused(one, first.encode() + b"\r\n" + rest_of_it, status)

    run(story)


@every_route
@pytest.mark.parametrize(
    "extra",
    [
        "Host: 127.0.0.1:{port}",
        "Host: evil.test",
        "host: 127.0.0.1:{port}",
        "Content-Length: 5",
        "Authorization: Bearer {token}",
        "Content-Type: application/json",
        " folded: into the header before",
        "Space : before the colon",
        "no colon",
        ": no name",
    ],
)
def test_a_header_that_two_could_read_differently_is_refused(tmp_path: Path, route: str, extra: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            line = extra.format(port=one.port, token=one.token).encode()
            await refused(one, one.request(route).replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n", 1), 400)

    run(story)


@every_route
def test_lines_that_end_in_a_bare_line_feed_are_refused(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            good = one.request(route)
            head, _, body = good.partition(b"\r\n\r\n")
            await refused(one, head.replace(b"\r\n", b"\n", 1) + b"\r\n\r\n" + body, 400)

    run(story)


@every_route
@pytest.mark.parametrize("place", ["first", "last", "shorter", "longer", "upper"])
def test_a_token_that_is_almost_right_is_wrong(tmp_path: Path, route: str, place: str) -> None:
    def spoiled(token: str) -> str:
        other = {"a": "b"}
        return {
            "first": other.get(token[0], "a") + token[1:],
            "last": token[:-1] + other.get(token[-1], "a"),
            "shorter": token[:-1],
            "longer": token + "0",
            "upper": token.upper(),
        }[place]

    async def story() -> None:
        async with feed(tmp_path) as one:
            await refused(one, one.request(route, Authorization=f"Bearer {spoiled(one.token)}"), 401)

    run(story)


async def refused(one: Feed, request: bytes, status: int) -> Answer:
    """It is refused with this status, permits nothing to a web page, and brings no fact; the next good one does."""
    answer = await raw(one.port, request)
    assert answer.status == status, answer
    assert "access-control" not in answer.head.lower()
    assert answer.said["ok"] is False
    assert one.heard.facts == []
    assert one.source.answered["taken"] == 0
    assert (await one.post(CALL_EVENT)).status == 200
    return answer


def test_without_a_token_all_routes_look_alike(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            answers = set()
            for route in (CALL_EVENT, CTI, "/", "/v1/contacts", "/v1/call-event/", "/../v1/cti"):
                request = one.request(CALL_EVENT, drop="Authorization").replace(b"/v1/call-event", route.encode(), 1)
                answer = await raw(one.port, request)
                answers.add((answer.status, answer.head, str(answer.said)))
            assert len(answers) == 1
            assert answers.pop()[0] == 401

    run(story)


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/call-event/", "/V1/call-event", "/v1/call-event?x=1", "/v1/%63ti"])
def test_with_a_token_other_routes_are_not_there(tmp_path: Path, path: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            await refused(one, one.request(CALL_EVENT).replace(b"/v1/call-event", path.encode(), 1), 404)

    run(story)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_the_call_event_is_no_form(tmp_path: Path, kind: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            await refused(one, one.request(CALL_EVENT, Content_Type=kind), 415)

    run(story)


def test_the_webhook_is_also_taken_as_a_form_but_not_from_a_page(tmp_path: Path) -> None:
    form = b"event=newCall&from=anonymous&to=201&direction=in&callId=9&user[]=Alice&user%5B%5D=Bob"

    async def story() -> None:
        async with feed(tmp_path) as one:
            kind = "application/x-www-form-urlencoded"
            page = {"Origin": "null", "Sec-Fetch-Site": "cross-site", "Content-Type": kind}
            assert (await raw(one.port, one.request(CTI, form, drop="Authorization", **page))).status == 403
            assert (await raw(one.port, one.request(CTI, form, drop="Authorization", Content_Type=kind))).status == 401
            assert one.heard.facts == []
            assert (await one.post(CTI, form, Content_Type=kind)).status == 200
            assert (await one.heard.fact(Rang)).number == "anonymous"

    run(story)


@pytest.mark.parametrize(
    ("route", "body", "error"),
    [
        (CALL_EVENT, b"", "not_json"),
        (CALL_EVENT, b'{"event":"ringing","id":"7","frm":"1"}', "unknown_field"),
        (CALL_EVENT, b"\xff", "not_utf8"),
        (CALL_EVENT, b"[" * 9000, "not_json"),
        (CTI, b"[" * 9000, "not_json"),
        (CTI, NEW_CALL.replace(b"queue", b"q").replace(b"direction", b"dir"), "unknown_field"),
    ],
)
def test_a_body_that_is_no_event_is_refused_by_name(tmp_path: Path, route: str, body: bytes, error: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            assert (await refused(one, one.request(route, body), 400)).error == error

    run(story)


# --- what tries to tie the feed down


@every_route
def test_chunks_without_an_end_are_refused_at_once(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            began = time.monotonic()
            head = one.request(route, b"", drop="Content-Length", Transfer_Encoding="chunked")
            assert (await raw(one.port, head + b"400\r\n" + b"x" * 1024)).status == 411
            assert time.monotonic() - began < http.READ_SECONDS
            assert one.heard.facts == []

    run(story)


@every_route
def test_a_mebibyte_of_headers_is_refused(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            await refused(one, f"POST {route} HTTP/1.1\r\nX: ".encode() + b"x" * 2**20, 431)

    run(story)


@pytest.mark.parametrize("one_more", [False, True])
def test_the_longest_head_is_taken_and_no_longer_one(tmp_path: Path, one_more: bool) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            short = one.request(CALL_EVENT, X_Pad="")
            pad = "x" * (HEAD_MOST - short.index(b"\r\n\r\n") - 4 + one_more)
            assert (await raw(one.port, one.request(CALL_EVENT, X_Pad=pad))).status == (431 if one_more else 200)

    run(story)


def test_the_longest_body_is_taken(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            assert (await one.post(CALL_EVENT, RING.ljust(BODY_MOST))).status == 200

    run(story)


@every_route
@pytest.mark.parametrize("said", [b"", b"P", b"POST /v1/cti HTTP/1.1\r\nHost: x\r\n"])
def test_a_request_that_does_not_come_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, route: str, said: bytes
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)

    async def story() -> None:
        async with feed(tmp_path) as one:
            await refused(one, said, 408)
            await refused_late(one, one.request(route)[:-1])

    async def refused_late(one: Feed, request: bytes) -> None:
        before = len(one.heard.facts)
        assert (await raw(one.port, request)).status == 408
        assert len(one.heard.facts) == before

    run(story)


def test_a_request_that_drips_is_not_waited_for_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)

    async def story() -> None:
        async with feed(tmp_path) as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            began = time.monotonic()
            dripping = asyncio.create_task(drip(writer, one.request(CALL_EVENT)))
            assert read(await rest(reader)).status == 408
            assert time.monotonic() - began < 1.5
            dripping.cancel()
            writer.close()
            assert one.heard.facts == []

    async def drip(writer: asyncio.StreamWriter, request: bytes) -> None:
        for byte in request:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.05)

    run(story)


def test_the_read_limit_is_two_seconds() -> None:
    assert (http.READ_SECONDS, CONNECTIONS_MOST, HEAD_MOST, BODY_MOST) == (2.0, 16, 8192, 16384)


async def idle(port: int, number: int) -> list[socket.socket]:
    """Connections that say nothing, or half a request."""
    crowd = []
    for n in range(number):
        one = socket.create_connection(("127.0.0.1", port), timeout=5)
        one.setblocking(False)
        one.send(b"POST /v1/cti HTTP/1.1\r\n" if n % 2 else b"P")
        crowd.append(one)
        if n % 50 == 0:
            await asyncio.sleep(0)
    return crowd


@pytest.mark.parametrize("number", [500, pytest.param(9_500, marks=pytest.mark.soak)])
def test_idle_connections_neither_pile_up_nor_keep_a_producer_out(tmp_path: Path, number: int) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            before = len(os.listdir("/proc/self/fd"))
            crowd = await idle(one.port, number)
            assert len(one.source._visitors) <= CONNECTIONS_MOST
            await until(lambda: len(os.listdir("/proc/self/fd")) <= before + number + CONNECTIONS_MOST)
            for route in ROUTES:
                assert (await one.post(route)).status == 200
            for connection in crowd:
                connection.close()

    run(story)


def test_a_crowd_that_never_stops_does_not_keep_a_producer_out(tmp_path: Path) -> None:
    """Slowloris: idle connections come all the time, as fast as they can."""

    async def story() -> None:
        async with feed(tmp_path) as one:
            coming = [asyncio.create_task(come(one.port)) for _ in range(8)]
            await asyncio.sleep(0.2)
            answers = [await one.post(CALL_EVENT) for _ in range(10)]
            for task in coming:
                task.cancel()
            await asyncio.gather(*coming, return_exceptions=True)
            assert [answer.status for answer in answers].count(200) >= 9

    async def come(port: int) -> None:
        kept: list[asyncio.StreamWriter] = []
        try:
            while True:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                kept.append(writer)
                writer.write(b"POST")
                if len(kept) > 50:
                    kept.pop(0).close()
        finally:
            for writer in kept:
                writer.close()

    run(story)


def test_producers_that_are_at_it_are_not_sent_away(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            halves = [await asyncio.open_connection("127.0.0.1", one.port) for _ in range(CONNECTIONS_MOST)]
            for _, writer in halves:
                writer.write(one.request(CALL_EVENT)[:-1])
            await asyncio.sleep(0.1)
            assert (await one.post(CALL_EVENT)).status == 503
            for reader, writer in halves:
                writer.write(RING[-1:])
                assert read(await rest(reader)).status == 200
                writer.close()

    run(story)


def test_a_flood_is_slowed_and_what_was_taken_arrives(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            other = issue(one.tokens, "door", 0.0)
            answers = [await one.post(ROUTES[n % 2]) for n in range(150)]
            taken = sum(answer.status == 200 for answer in answers)
            assert {answer.status for answer in answers} == {200, 429}
            assert 50 <= taken <= 130
            await until(lambda: len(one.heard.facts) == taken)
            assert (await one.post(CALL_EVENT, Authorization=f"Bearer {other}")).status == 200

    run(story)


def test_a_clock_that_is_off_is_marked_and_not_trusted(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            late = json.dumps({"event": "ringing", "id": "7", "from": "1", "at": FakeTime().now() + 301}).encode()
            assert (await one.post(CALL_EVENT, late)).said == {"ok": True, "warning": "clock_skew"}
            assert (await one.heard.fact(Rang)).at is None

    run(story)


@every_route
def test_a_repeated_event_is_one_call(tmp_path: Path, route: str) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            for _ in range(3):
                assert (await one.post(route)).status == 200
            await until(lambda: len(one.heard.facts) == 3)
            assert len(one.heard.states()) == 1

    run(story)


def test_a_producer_cannot_end_anothers_call(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            other = issue(one.tokens, "door", 0.0)
            await one.post(CALL_EVENT)
            await one.post(CALL_EVENT, b'{"event":"ended","id":"7"}', Authorization=f"Bearer {other}")
            end = await one.heard.fact(Ended)
            assert end.key == CallKey("http/door", "7")
            assert len(one.heard.states()) == 1

    run(story)


def test_a_sender_that_waits_to_be_told_is_told(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            writer.write(one.request(CALL_EVENT, Expect="100-continue")[: -len(RING)])
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(RING)
            assert read(await rest(reader)).status == 200
            writer.close()

    run(story)


# --- tokens, address, port


def test_new_and_revoked_tokens_count_at_once(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            token = issue(one.tokens, "door", 0.0)
            assert (await one.post(CALL_EVENT, Authorization=f"Bearer {token}")).status == 200
            revoke(one.tokens, "door")
            assert (await one.post(CALL_EVENT, Authorization=f"Bearer {token}")).status == 401
            assert (await one.post(CALL_EVENT)).status == 200
            one.tokens.unlink()
            assert (await one.post(CALL_EVENT)).status == 401

    run(story)


def test_tokens_that_others_can_read_let_nobody_in_and_are_told(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            one.tokens.chmod(0o644)
            assert (await one.post(CALL_EVENT)).status == 401
            assert (await one.heard.change(state=SourceState.WAITING)).why == "tokens_unsafe"
            one.heard.news.clear()
            one.tokens.chmod(0o600)
            assert (await one.post(CALL_EVENT)).status == 200
            await one.heard.change(state=SourceState.CONNECTED)

    run(story)


def test_the_address_is_written_for_this_user_only_and_taken_away(tmp_path: Path) -> None:
    async def story() -> None:
        async with feed(tmp_path) as one:
            assert stat.S_IMODE(one.address.stat().st_mode) == 0o600
            said = announced(one.address)
            assert said is not None
            assert (said.port, said.process) == (one.port, os.getpid())
            assert json.loads(one.address.read_text())["url"] == f"http://127.0.0.1:{one.port}"
            assert one.token not in one.address.read_text()

    run(story)
    assert not (tmp_path / "feed-http.json").exists()


@pytest.mark.parametrize(
    "text", ["", "{}", '{"port":1,"pid":0}', '{"port":1,"pid":4194303}', "[", '{"port":1e999,"pid":1}']
)
def test_an_address_left_behind_is_not_believed(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").write_text(text)
    assert announced(tmp_path / "a") is None


def test_a_chosen_port_is_kept_and_one_in_use_is_waited_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]

        async def story() -> None:
            source = HttpSource("http", port, tmp_path / "a", tmp_path / "t", lambda: LINES, FakeTime())
            async with running(source) as heard:
                assert (await heard.change(state=SourceState.WAITING)).why == "port_in_use"
                holder.close()
                await heard.change(state=SourceState.CONNECTED)
                assert source.port == port

        run(story)


@pytest.mark.skipif(not can_bind(socket.AF_INET6, "::1"), reason="no IPv6 on this machine")
def test_a_port_that_somebody_holds_at_ipv6_is_not_ours() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as holder, pytest.raises(NoPortError, match="in_use"):
        listen(holder.getsockname()[1])


def test_without_ipv6_it_listens_at_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(port: int) -> list[socket.socket]:
        raise NoPortError("no_ipv6", "")

    real = loopback._bound
    monkeypatch.setattr(
        loopback, "_bound", lambda family, host, port: none(port) if ":" in host else real(family, host, port)
    )
    (only,) = listen(0)
    assert only.getsockname()[0] == "127.0.0.1"
    only.close()


def test_nothing_of_a_token_or_a_caller_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")

    async def story() -> None:
        async with feed(tmp_path) as one:
            await one.post(CALL_EVENT)
            await one.post(CALL_EVENT, b'{"id":"+14155550123"}')
            await one.post(CALL_EVENT, Authorization=f"Bearer {one.token}0")
            assert one.token[:16] not in caplog.text
            assert "14155550123" not in caplog.text
            assert "refused a request (token" in caplog.text

    run(story)


def test_it_takes_no_commands(tmp_path: Path) -> None:
    source = HttpSource("http", 0, tmp_path / "a", tmp_path / "t", lambda: LINES, FakeTime())
    assert source.abilities == frozenset()
    for order in (source.answer(CallKey("http", "7")), source.decline(CallKey("http", "7")), source.dial("1")):
        with pytest.raises(SourceRefused, match="unable"):
            asyncio.run(order)
