"""Who may knock at the HTTP feed: the checks of a request's head, in this order, before a byte of its body counts.

Each check stops something that the others let through (measured with a real browser): a page whose name was rebound
to this computer sends a GET without Origin, so the host is checked; a cross-site POST is stopped by its Origin; a
program of another user of this computer sends neither, so the token is checked. Every check is exact: a host in upper
case, with a dot at its end or without its port is nothing a producer of ours writes. Nothing is said about routes
before the token was right.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from ringdesk.feed.wire.http import Head, Rejected

TOKEN_MOST: Final = 256
"""Letters of an Authorization header that are looked at."""


def rejection(head: Head, port: int) -> Rejected | None:
    """Why this request goes no further, whatever its token; None where it may."""
    return next((fault for check in _CHECKS if (fault := check(head, port)) is not None), None)


def bearer(head: Head) -> str:
    """The token that a request carries; empty where it carries none."""
    scheme, _, token = head.get("authorization")[:TOKEN_MOST].partition(" ")
    return token.strip(" ") if scheme.lower() == "bearer" else ""


def _host(head: Head, port: int) -> Rejected | None:
    known = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    return None if head.get("host") in known else _forbidden("host", "this is not the name of the feed")


def _origin(head: Head, _: int) -> Rejected | None:
    """Web pages say where they come from, be it "null"; programs do not."""
    return _forbidden("origin", "web pages may not post events") if "origin" in head.headers else None


def _site(head: Head, _: int) -> Rejected | None:
    allowed = head.headers.get("sec-fetch-site", "none") == "none"
    return None if allowed else _forbidden("origin", "web pages may not post events")


def _upgrade(head: Head, _: int) -> Rejected | None:
    asked = "upgrade" in head.headers or any(name.startswith("sec-websocket") for name in head.headers)
    return _forbidden("upgrade", "there is no WebSocket here") if asked else None


def _method(head: Head, _: int) -> Rejected | None:
    if head.method == "POST":
        return None
    if head.method == "OPTIONS":
        return _forbidden("method", "web pages may not post events")
    return Rejected(HTTPStatus.METHOD_NOT_ALLOWED, "method", "events are posted")


def _target(head: Head, _: int) -> Rejected | None:
    """Only the plain form: a whole URL in the request line names a second host."""
    if head.target.startswith("/"):
        return None
    return Rejected(HTTPStatus.BAD_REQUEST, "bad_request", "a path expected, not a whole URL")


def _expect(head: Head, _: int) -> Rejected | None:
    if head.headers.get("expect", "100-continue").lower() == "100-continue":
        return None
    return Rejected(HTTPStatus.EXPECTATION_FAILED, "bad_request", "only '100-continue' may be expected")


def _forbidden(error: str, detail: str) -> Rejected:
    return Rejected(HTTPStatus.FORBIDDEN, error, detail)


_CHECKS: Final[tuple[Callable[[Head, int], Rejected | None], ...]] = (
    _host,
    _origin,
    _site,
    _upgrade,
    _method,
    _target,
    _expect,
)
