"""Waits on this computer for the browser to come back from Google.

Anyone here may knock: the browser for a favicon, a page that guesses ports, a program that connects and says nothing.
Only a request for the callback's own path with the right state counts. The browser that brought it is kept waiting
until it is known how the sign-in ended, so that the page it shows tells the truth.
"""

from __future__ import annotations

import hmac
import re
import selectors
import socket
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

from ringdesk.providers.google.page import response

PATH: Final = "/"
SILENCE: Final = 5.0
"""Seconds a connection may take to say what it wants."""
MOST: Final = 32
LARGEST: Final = 16_384
_TARGET: Final = re.compile(rb"^GET (\S+) HTTP/1\.[01]\r?\n")
_END: Final = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Callback:
    """What the browser brought: a code, or Google's word for why there is none."""

    code: str
    error: str = ""


@dataclass(slots=True)
class _Caller:
    connection: socket.socket
    until: float
    said: bytearray = field(default_factory=bytearray)


class Receiver:
    """Listens on a free port of 127.0.0.1. `wake` may be called from any thread, the rest from one."""

    def __init__(self, *, silence: float = SILENCE) -> None:
        self._silence = silence
        self._door = socket.create_server(("127.0.0.1", 0), backlog=MOST)
        self._door.setblocking(False)
        self._woken, self._bell = socket.socketpair()
        self._callers: dict[int, _Caller] = {}
        self._waiting: list[socket.socket] = []
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._door, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._state = ""
        self._found: list[Callback] = []

    @property
    def address(self) -> str:
        """Where the browser shall come back to."""
        return f"http://127.0.0.1:{self._port}{PATH}"

    @property
    def _port(self) -> int:
        port: int = self._door.getsockname()[1]
        return port

    def __enter__(self) -> Self:
        """The receiver."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self.close()

    def wake(self) -> None:
        """End a `wait`; harmless at any time."""
        try:
            self._bell.send(b"x")
        except OSError:
            return

    def wait(self, state: str, until: float) -> Callback | None:
        """The first callback with this state; None when woken or at `until` (of the monotonic clock)."""
        self._state = state
        self._found.clear()
        while not self._found:
            now = time.monotonic()
            self._drop_silent(now)
            due = min([until, *(caller.until for caller in self._callers.values())])
            if now >= until:
                return None
            for key, _ in self._selector.select(max(0.0, due - now)):
                if key.fileobj is self._woken:
                    return None
                self._serve(key.fileobj)
        return self._found[0]

    def tell(self, title: str, text: str, *, good: bool) -> None:
        """Show all browsers that wait how it ended; also those that came meanwhile."""
        self._state = ""
        page = response(200, title, text, good=good)
        for key, _ in self._selector.select(0):
            if key.fileobj is self._door:
                self._accept()
        for number in [*self._callers]:
            self._hear(number)
        for connection in self._waiting:
            _answer(connection, page)
        self._waiting.clear()

    def close(self) -> None:
        """Stop listening."""
        for caller in self._callers.values():
            caller.connection.close()
        for one in (*self._waiting, self._door, self._woken, self._bell):
            one.close()
        self._selector.close()

    def _serve(self, ready: object) -> None:
        if ready is self._door:
            self._accept()
        elif isinstance(ready, socket.socket):
            self._hear(ready.fileno())

    def _accept(self) -> None:
        try:
            connection, _ = self._door.accept()
        except OSError:
            return
        if len(self._callers) >= MOST:
            self._leave(min(self._callers.values(), key=lambda caller: caller.until))
        connection.setblocking(False)
        self._callers[connection.fileno()] = _Caller(connection, time.monotonic() + self._silence)
        self._selector.register(connection, selectors.EVENT_READ)

    def _hear(self, number: int) -> None:
        caller = self._callers.get(number)
        if caller is None:
            return
        try:
            some = caller.connection.recv(LARGEST)
        except BlockingIOError:
            return
        except OSError:
            some = b""
        caller.said += some
        if not some or len(caller.said) > LARGEST:
            self._leave(caller)
        elif _END.search(caller.said):
            self._forget(caller)
            self._decide(caller)

    def _decide(self, caller: _Caller) -> None:
        match = _TARGET.match(caller.said)
        try:
            parts = urlsplit(match[1].decode("ascii")) if match else None
            query = parse_qs(parts.query, keep_blank_values=True, max_num_fields=32) if parts else {}
        except ValueError:
            parts, query = None, {}
        if parts is None or not self._here(caller.said):
            _answer(caller.connection, response(400))
        elif parts.path != PATH:
            _answer(caller.connection, response(404))
        elif self._state and hmac.compare_digest(_only(query, "state").encode(), self._state.encode()):
            self._take(caller, Callback(_only(query, "code"), _only(query, "error")))
        else:
            _answer(caller.connection, response(400))

    def _here(self, said: bytes | bytearray) -> bool:
        """Whether it was meant for this address, and not led here under another name."""
        hosts = re.findall(rb"(?im)^host:[ \t]*(\S+)[ \t]*\r?$", bytes(said))
        return hosts in ([f"127.0.0.1:{self._port}".encode()], [f"localhost:{self._port}".encode()])

    def _take(self, caller: _Caller, callback: Callback) -> None:
        if not callback.code and not callback.error:
            _answer(caller.connection, response(400))
            return
        self._waiting.append(caller.connection)
        self._found.append(callback)

    def _drop_silent(self, now: float) -> None:
        for caller in [caller for caller in self._callers.values() if caller.until <= now]:
            self._leave(caller)

    def _forget(self, caller: _Caller) -> None:
        self._selector.unregister(caller.connection)
        del self._callers[caller.connection.fileno()]

    def _leave(self, caller: _Caller) -> None:
        self._forget(caller)
        caller.connection.close()


def _only(query: dict[str, list[str]], name: str) -> str:
    """A parameter's value; none where it comes twice."""
    values = query.get(name, [])
    return values[0] if len(values) == 1 else ""


def _answer(connection: socket.socket, page: bytes) -> None:
    try:
        connection.settimeout(1.0)
        connection.sendall(page)
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        return
    finally:
        connection.close()
