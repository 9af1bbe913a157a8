"""What a request to the HTTP feed may not be: each is refused by its own status, and the next good one is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringdesk.domain.call import Rang
from ringdesk.feed.wire.http import BODY_MOST
from tests.feed.http_aid import (
    CALL_EVENT,
    CTI,
    NEW_CALL,
    every_route,
    feed,
    raw,
    refused,
    run,
)

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
