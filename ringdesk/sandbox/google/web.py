"""A request and an answer, as values: what a socket carries, without the socket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, unquote

JsonObject = dict[str, Any]
"""A JSON object whose shape is Google's and not ours; checked against the discovery document where it comes in."""

Query = Mapping[str, list[str]]

encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
"""One encoder for every answer: compact, so that pieces made at different times fit together."""


class Cut(Enum):
    """What the wire does to an answer."""

    NO = "no"
    SILENT = "silent"
    MIDWAY = "midway"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; header names are in lower case, the path is decoded and has no query."""

    method: str
    path: str
    query: Query = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(cls, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Request:
        """A request from the target of its request line."""
        path, _, query = target.partition("?")
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        return cls(method, unquote(path), parse_qs(query, keep_blank_values=True), lower, body)

    @classmethod
    def api(cls, method: str, target: str, token: str, body: object = None) -> Request:
        """A People API request of a signed-in program, with a JSON body or none."""
        headers = {"authorization": f"Bearer {token}"}
        data = b""
        if body is not None:
            headers["content-type"] = "application/json"
            data = encode(body).encode()
        return cls.of(method, target, headers, data)

    @classmethod
    def form(cls, target: str, body: str, headers: Mapping[str, str] | None = None) -> Request:
        """A POST of a web form, as OAuth uses it."""
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return cls.of("POST", target, {**kind, **(headers or {})}, body.encode())

    @property
    def bearer(self) -> str:
        """The access token it carries, or nothing."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return token.strip()
        return first(self.query, "access_token")

    def form_fields(self) -> dict[str, str]:
        """The fields of a posted form; of a repeated field the last."""
        return dict(_form(self.body))


@lru_cache(maxsize=64)
def _form(body: bytes) -> Mapping[str, str]:
    """The last value of each field; the same program asks for its tokens with the same form."""
    parsed = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in parsed.items()}


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, and what the wire does to it: `delay` in seconds, `cut` before or in the middle of it."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: Cut = Cut.NO

    @property
    def delivered(self) -> bool:
        """Whether the whole answer reaches the client."""
        return self.cut is Cut.NO

    def json(self) -> JsonObject:
        """The body, read as a JSON object."""
        parsed: JsonObject = json.loads(self.body)
        return parsed


JSON_HEADERS: Mapping[str, str] = {
    "content-type": "application/json; charset=UTF-8",
    "cache-control": "private",
    "vary": "Origin, X-Origin, Referer, Accept-Encoding",
    "x-content-type-options": "nosniff",
}
"""What Google sends beside a JSON answer [R]."""


def first(query: Query, name: str, default: str = "") -> str:
    """The last value of a query parameter, as Google reads a repeated one, or the default."""
    values = query.get(name)
    return values[-1] if values else default


def json_response(status: int, body: object, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body."""
    if not isinstance(body, bytes):
        body = (body if isinstance(body, str) else encode(body)).encode()
    return Response(status, body, {**JSON_HEADERS, **headers} if headers else JSON_HEADERS)


def html_response(status: int, page: str, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a page for a browser."""
    kind = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
    return Response(status, page.encode(), {**kind, **(headers or {})})


def query_int(text: str) -> int:
    """A small number of a query, or 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
