"""HTTP/1.1 on 127.0.0.1 around something that answers requests: keep-alive, gzip, and connections that are cut."""

from __future__ import annotations

import contextlib
import email.utils
import gzip
import logging
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from ringdesk.sandbox.google.web import Cut, Request, Response

_LOG = logging.getLogger(__name__)
_LARGEST_BODY = 32 * 1024 * 1024
_WORTH_PACKING = 860
_REASONS = {
    200: "OK",
    302: "Found",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    410: "Gone",
    411: "Length Required",
    413: "Payload Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class Application(Protocol):
    """Answers requests. `wait` pauses as long as the server runs."""

    def answer(self, request: Request, wait: Callable[[float], None]) -> Response:
        """The answer to one request."""
        ...

    def now(self) -> float:
        """What time the answers say it is."""
        ...


class WireServer:
    """A threaded server; nothing reaches it but this computer."""

    def __init__(self, application: Application, name: str, port: int = 0) -> None:
        self._stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        server = self

        class Handler(_Handler):
            wire = server
            app = application

        self._http = _Threads(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), name=name)

    @property
    def address(self) -> str:
        """Where it listens, as http://127.0.0.1:port."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def start(self) -> None:
        """Listen in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, cut what is open, and wait until every thread is done."""
        self._stopping.set()
        self._http.shutdown()
        with self._lock:
            for connection in self._open:
                _shut(connection)
        self._http.server_close()
        self._thread.join()

    def wait(self, seconds: float) -> None:
        """Pause, unless the server stops first."""
        if seconds > 0:
            self._stopping.wait(seconds)

    def opened(self, connection: socket.socket) -> None:
        """Remember a connection, so that stopping can cut it."""
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        with self._lock:
            self._open.discard(connection)


class _Threads(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error; anything else is ours and goes to the log."""
        if not isinstance(sys.exc_info()[1], OSError):
            _LOG.error("a request could not be answered", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wire: WireServer
    app: Application

    def setup(self) -> None:
        super().setup()
        self.wire.opened(self.connection)

    def finish(self) -> None:
        self.wire.closed(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the request log is the record."""

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit():
            return self._send(Response(411), close=True)
        if int(length) > _LARGEST_BODY:
            return self._send(Response(413), close=True)
        body = self.rfile.read(int(length))
        request = Request.of(self.command, self.path, dict(self.headers.items()), body)
        return self._send(self.app.answer(request, self.wire.wait))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815  # the base class asks for these names

    def _send(self, response: Response, *, close: bool = False) -> None:
        self.close_connection = self.close_connection or close or not response.delivered
        if response.cut is Cut.SILENT:
            return _shut(self.connection)
        body, headers = response.body, dict(response.headers)
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) >= _WORTH_PACKING:
            body = gzip.compress(body, 1, mtime=0)
            headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(body))
        headers["date"] = email.utils.formatdate(self.app.now(), usegmt=True)
        if self.close_connection:
            headers["connection"] = "close"
        head = f"HTTP/1.1 {response.status} {_REASONS.get(response.status, 'Status')}\r\n"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        shown = body[: len(body) // 2] if response.cut is Cut.MIDWAY else body
        self.wfile.write((head + lines + "\r\n").encode("latin-1") + shown)
        return None


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
