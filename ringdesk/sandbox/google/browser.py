"""A scripted browser: goes through a sign-in, and does to the program's loopback port what browsers really do."""

from __future__ import annotations

import contextlib
import http.client
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import parse_qs, urlencode, urlsplit

from ringdesk.sandbox.google.web import Request, Response

Stray = Literal["favicon", "wrong_state", "no_state", "elsewhere", "silent", "half", "twice"]
"""Requests to the loopback port that are not the answer, or not only: before it, or once more after it [M]."""

STRAYS: frozenset[str] = frozenset(get_args(Stray))

_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of it: the status of each request to the loopback port in order; 0 where no answer came."""

    location: str
    statuses: tuple[tuple[str, int], ...]


def visit(ask: Callable[[Request], Response], url: str, strays: Sequence[str] = ()) -> Visit:
    """Open an authorization URL, follow the scripted answer, and bother the loopback port on the way.

    `ask` answers for the practice Google. Without a redirect (close, or a page that waits) nothing is visited.
    """
    parts = urlsplit(url)
    answer = ask(Request.of("GET", f"{parts.path}?{parts.query}"))
    location = answer.headers.get("location", "")
    if not location:
        return Visit("", ())
    statuses: list[tuple[str, int]] = []
    with contextlib.ExitStack() as held:
        for stray in strays:
            if stray in {"silent", "half"}:
                held.enter_context(_hold(location, b"GET / HT" if stray == "half" else b""))
            elif stray != "twice":
                statuses.append((stray, _get(location, _stray_target(location, stray))))
        statuses.append(("answer", _get(location, _target(location))))
        if "twice" in strays:
            statuses.append(("twice", _get(location, _target(location))))
    return Visit(location, tuple(statuses))


def _target(location: str) -> str:
    parts = urlsplit(location)
    return f"{parts.path or '/'}?{parts.query}"


def _stray_target(location: str, stray: str) -> str:
    parts = urlsplit(location)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    match stray:
        case "favicon":
            return "/favicon.ico"
        case "wrong_state":
            return f"{parts.path or '/'}?{urlencode(query | {'state': 'not-yours', 'code': '4/0Astray'})}"
        case "no_state":
            return f"{parts.path or '/'}?code=4/0Astray"
        case _:
            return f"/somewhere/else?{parts.query}"


def _get(location: str, target: str) -> int:
    parts = urlsplit(location)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=_PATIENCE)
    try:
        connection.request("GET", target, headers={"Connection": "close"})
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


@contextlib.contextmanager
def _hold(location: str, sent: bytes) -> Iterator[None]:
    parts = urlsplit(location)
    with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 80), timeout=_PATIENCE) as connection:
        if sent:
            connection.sendall(sent)
        yield
