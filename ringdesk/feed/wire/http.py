"""One HTTP/1.1 request out of a stream of bytes, and the answer to it. Pure, and stricter than the standard.

Whatever two programs could read differently is refused: a header that comes twice, a folded or bare line end, white
space before a colon, anything but printable ASCII, and a body whose length is not said in plain digits. So there is
nothing that a browser, a proxy and this reader could disagree about. One request a connection; what comes after its
body is not looked at, and any chunking of the same bytes gives the same outcome.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

HEAD_MOST: Final = 8 * 1024
"""Bytes of the request line and all headers, the empty line included."""

BODY_MOST: Final = 16 * 1024
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"

_END: Final = b"\r\n\r\n"
_NOT_IN_LINE: Final = re.compile(rb"[^\t -~]")
_START: Final = re.compile(r"([A-Z]{1,16}) ([!-~]{1,2048}) HTTP/1\.[01]")
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Head:
    """What a request asks for; header names are in lower case and each is there once."""

    method: str
    target: str
    headers: Mapping[str, str]

    def get(self, name: str) -> str:
        """A header's value; empty where it is not there."""
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A request that goes no further: the status, a short code, and what was expected."""

    status: HTTPStatus
    error: str
    detail: str = ""


class Reader:
    """Takes the bytes of one request, never more of them than a head and a body may have."""

    def __init__(self) -> None:
        self.head: Head | Rejected | None = None
        """What the request asks for, once its head is whole."""
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Take more bytes."""
        room = HEAD_MOST + BODY_MOST - len(self._buffer)
        self._buffer += data[: max(0, room)]
        if self.head is None:
            self.head = self._look()

    def body(self, length: int) -> bytes | None:
        """The body, once `length` bytes of it are there."""
        return bytes(self._buffer[:length]) if len(self._buffer) >= length else None

    def _look(self) -> Head | Rejected | None:
        if self._buffer and not 65 <= self._buffer[0] <= 90:
            return Rejected(HTTPStatus.BAD_REQUEST, "not_http", "this is plain HTTP")
        end = self._buffer.find(_END, 0, HEAD_MOST)
        if end >= 0:
            head = bytes(self._buffer[:end])
            del self._buffer[: end + len(_END)]
            return parse(head)
        if len(self._buffer) >= HEAD_MOST:
            return Rejected(
                HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "head_too_long", f"at most {HEAD_MOST} bytes of headers"
            )
        return None


def parse(head: bytes) -> Head | Rejected:
    """Read a request line and its headers, without the empty line that ends them."""
    if any(_NOT_IN_LINE.search(line) for line in head.split(b"\r\n")):
        return _bad("headers are printable ASCII, each line ended by CR LF")
    first, *lines = head.decode("ascii").split("\r\n")
    start = _START.fullmatch(first)
    if start is None:
        return _bad("a request line such as 'POST /v1/call-event HTTP/1.1' expected")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or _NAME.fullmatch(name) is None:
            return _bad("a header line such as 'Content-Length: 2' expected")
        if name.lower() in headers:
            return _bad(f"the header {name[:40]} is there twice")
        headers[name.lower()] = value.strip(" \t")
    return Head(start[1], start[2], headers)


def length(head: Head) -> int | Rejected:
    """How long the body is."""
    if "transfer-encoding" in head.headers:
        return Rejected(HTTPStatus.LENGTH_REQUIRED, "no_length", "a Content-Length expected; no transfer encoding")
    if "content-length" not in head.headers:
        return Rejected(HTTPStatus.LENGTH_REQUIRED, "no_length", "a Content-Length expected")
    if _LENGTH.fullmatch(head.get("content-length")) is None:
        return _bad("Content-Length is not a plain number")
    most = int(head.get("content-length"))
    if most > BODY_MOST:
        return Rejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_long", f"a body has at most {BODY_MOST} bytes")
    return most


@dataclass(frozen=True, slots=True)
class ContentType:
    """A media type in lower case and its parameters."""

    type: str
    parameters: Mapping[str, str]


def content_type(head: Head) -> ContentType:
    """What the body is said to be; an empty type where nothing is said."""
    kind, *rest = head.get("content-type").split(";")
    parts = (part.partition("=") for part in rest)
    return ContentType(kind.strip().lower(), {n.strip().lower(): v.strip().strip('"') for n, _, v in parts})


def reply(status: HTTPStatus, body: bytes) -> bytes:
    """The answer: JSON, never kept, never shown to a web page (there is no CORS header, ever)."""
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        *_MORE.get(status, ()),
        "Connection: close",
    ]
    return "\r\n".join(lines).encode("ascii") + _END + body


_MORE: Final[Mapping[HTTPStatus, tuple[str, ...]]] = {
    HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate: Bearer",),
    HTTPStatus.METHOD_NOT_ALLOWED: ("Allow: POST",),
}


def _bad(detail: str) -> Rejected:
    return Rejected(HTTPStatus.BAD_REQUEST, "bad_request", detail)
