"""Reaching a server in bounded time, so that it can be called off.

Looking a name up is the system's own affair: it takes as long as it takes (half a minute and more where the network
swallows the questions), and nothing ends it. So it is done on a thread that nobody waits for longer than is promised.
"""

from __future__ import annotations

import socket
import threading


class Attempt:
    """One try to reach a server. `leave` may be called from any thread; the rest from one.

    The thread is a daemon, unlike all others here: a look-up that never ends must not keep the program from ending. It
    holds nothing that could be lost, and what it reaches after it was left it closes.
    """

    def __init__(self, host: str, port: int, seconds: float) -> None:
        self._place, self._seconds = (host, port), seconds
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._left = False
        self._found: socket.socket | Exception | None = None
        threading.Thread(target=self._try, name="dial", daemon=True).start()

    def wait(self) -> socket.socket:
        """The connection, with the time limit of this attempt. Raises OSError or ValueError."""
        self._done.wait(self._seconds)
        with self._lock:
            self._left, found = True, self._found
        if found is None:
            raise TimeoutError("called off" if self._done.is_set() else "the server was not found or did not answer")
        if isinstance(found, Exception):
            raise found
        return found

    def leave(self) -> None:
        """Wait no longer."""
        self._done.set()

    def _try(self) -> None:
        try:
            found: socket.socket | Exception = socket.create_connection(self._place, self._seconds)
        except (OSError, ValueError) as error:
            found = error
        with self._lock:
            late, self._found = self._left, found
        if late and isinstance(found, socket.socket):
            found.close()
        self._done.set()
