"""Requests over HTTP: every request is sent once, and afterwards it is known whether it left this computer.

httplib2, which Google's client would use, sends a request again by itself when the connection breaks before an answer
came. A contact would be created twice. Here only the reading of something is repeated, and only over a connection
that had grown old.
"""

from __future__ import annotations

import http.client
import select
import socket
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from ringdesk.domain.rightofway import WINDOW
from ringdesk.providers.google.client_file import is_here
from ringdesk.providers.google.dial import Attempt

CONNECT: Final = 15.0
ANSWER: Final = 45.0
WHOLE: Final = 180.0
"""Seconds for a whole answer, however slowly it drips."""
IDLE: Final = 50.0
LARGEST: Final = 64 * 1024 * 1024
_SLICE: Final = 128 * 1024


class Unreachable(Exception):
    """The request was not sent."""


class Broken(Exception):
    """The request was sent, or part of it, and no whole answer came: what it did is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)


class Wire:
    """Keeps one connection to each place. For one thread, but for `abort`, `break_off` and `leave`.

    To be reached, a server has `connect` seconds, the look-up of its name included.
    """

    def __init__(self, *, connect: float = CONNECT, answer: float = ANSWER, whole: float = WHOLE) -> None:
        self._connect_seconds = connect
        self._answer_seconds = answer
        self._whole_seconds = whole
        self._open: dict[tuple[str, str], tuple[http.client.HTTPConnection, float]] = {}
        self._tls: ssl.SSLContext | None = None
        self._attempt: Attempt | None = None
        self._grip: socket.socket | None = None
        self._busy: http.client.HTTPConnection | None = None
        self._harmless = False
        self._aborted = False

    def request(
        self,
        method: str,
        address: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        harmless: bool = False,
    ) -> Answer:
        """Send a request. Raises Unreachable or Broken.

        `harmless`: it changes nothing there, as every GET does not; `break_off` may end it.
        """
        try:
            parts = urlsplit(address)
            _ = parts.port
        except ValueError as error:
            raise Unreachable("no such address") from error
        if parts.scheme != "https" and not (parts.scheme == "http" and is_here(address)):
            raise Unreachable("only encrypted connections")
        if self._aborted:
            raise Unreachable("given up")
        self._harmless = harmless or method == "GET"
        place = (parts.scheme, parts.netloc)
        connection, old = self._connection(place, parts)
        try:
            return self._exchange(connection, place, parts, method, body, headers or {})
        except Broken:
            if not old or method != "GET":
                raise
        if self._aborted:
            raise Broken("given up")
        connection, _ = self._connection(place, parts)
        return self._exchange(connection, place, parts, method, body, headers or {})

    def close(self) -> None:
        """Close all connections."""
        while self._open:
            self._open.popitem()[1][0].close()

    def abort(self) -> None:
        """Give up the request that is under way, and send no other; callable from any thread."""
        self._aborted = True
        self.leave()
        self._cut(self._busy)

    def break_off(self) -> None:
        """Give up the request that is under way, unless it changes something and was sent; from any thread."""
        self.leave()
        if self._harmless:
            self._cut(self._busy)

    def leave(self) -> None:
        """Look for a server no longer, and end a handshake with it: nothing was sent yet. From any thread."""
        attempt, grip = self._attempt, self._grip
        if attempt is not None:
            attempt.leave()
        _end(grip)

    def _cut(self, busy: http.client.HTTPConnection | None) -> None:
        _end(None if busy is None else busy.sock)

    def _connection(self, place: tuple[str, str], parts: SplitResult) -> tuple[http.client.HTTPConnection, bool]:
        kept = self._open.pop(place, None)
        if kept is not None:
            connection, used = kept
            if time.monotonic() - used < IDLE and not _hung_up(connection):
                return connection, True
            connection.close()
        return self._connected(parts), False

    def _connected(self, parts: SplitResult) -> http.client.HTTPConnection:
        host, port = parts.hostname or "", parts.port
        proxy = None if is_here(parts.geturl()) or proxy_bypass(host) else getproxies().get(parts.scheme)
        via = urlsplit(proxy if "://" in proxy else f"http://{proxy}") if proxy else None
        to, to_port = (host, port) if via is None else (via.hostname or "", via.port)
        try:
            if parts.scheme == "https":
                connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                    to, to_port, timeout=self._connect_seconds, context=self._context()
                )
            else:
                connection = http.client.HTTPConnection(to, to_port, timeout=self._connect_seconds)
            if via is not None:
                connection.set_tunnel(host, port)
            # the library's own place for another way to connect; it has no public name
            connection._create_connection = self._dialled  # type: ignore[attr-defined]  # left out of its types
            connection.connect()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        finally:
            grip, self._grip = self._grip, None
            if grip is not None:
                grip.close()
        connection.sock.settimeout(self._answer_seconds)
        return connection

    def _dialled(self, place: tuple[str, int], *_: object) -> socket.socket:
        """A connection; `_grip` is held on it, because a handshake hides it from `abort`."""
        self._attempt = Attempt(*place, self._connect_seconds)
        if self._aborted:
            self._attempt.leave()
        try:
            found = self._attempt.wait()
        finally:
            self._attempt = None
        self._grip = found.dup()
        if self._aborted:
            _end(found)
        return found

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        place: tuple[str, str],
        parts: SplitResult,
        method: str,
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> Answer:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._busy = connection
        try:
            connection.request(method, target, body=body, headers=dict(headers))
            response = connection.getresponse()
            with response:
                content = self._content(response)
        except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
            connection.close()
            # without the frames below, which hold what was sent: the token too
            raise Broken(f"{type(error).__name__}: {error}") from None
        finally:
            self._busy = None
        if response.will_close:
            connection.close()
        else:
            self._open[place] = (connection, time.monotonic())
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def _content(self, response: http.client.HTTPResponse) -> bytes:
        """The body, unpacked in slices: one call for all of it would hold the other threads up."""
        packed = response.getheader("content-encoding", "").lower()
        unpack = zlib.decompressobj(47) if packed in {"gzip", "deflate"} else None
        until = time.monotonic() + self._whole_seconds
        found = bytearray()
        begun = False
        while some := response.read(_SLICE):
            WINDOW.ask()
            begun = True
            if unpack is None:
                found += some
            while unpack is not None and some and not unpack.eof:
                WINDOW.ask()
                found += unpack.decompress(some, _SLICE)
                some = unpack.unconsumed_tail
                _check_size(found)
            _check_size(found)
            if time.monotonic() > until:
                raise TimeoutError("the answer came too slowly")
        if response.length or (unpack is not None and not unpack.eof and begun):
            raise ValueError("the answer was cut")
        return bytes(found)


def _end(connection: socket.socket | None) -> None:
    """End a connection under whoever waits for it."""
    if connection is not None:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it had ended by itself


def _check_size(found: bytearray) -> None:
    if len(found) > LARGEST:
        raise ValueError("the answer is too large")


def _hung_up(connection: http.client.HTTPConnection) -> bool:
    """Whether the other side has closed, or has said something unasked."""
    if connection.sock is None:
        return True
    try:
        return bool(select.select([connection.sock], [], [], 0)[0])
    except (OSError, ValueError):
        return True
