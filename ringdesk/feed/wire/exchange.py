"""One connection of the HTTP feed from its first byte to what it comes to. Pure: bytes in, a post or a refusal out.

The order is the protection: guards, then the token, then route and form, and only then is a body waited for. Whoever
has no token can hold nothing here but a head of eight kilobytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Generic, TypeVar

from ringdesk.feed.wire import guard, routes
from ringdesk.feed.wire.http import ContentType, Head, Reader, Rejected, length

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Admitted(Generic[P]):
    """A head that may go on: who posts, where, in which form, how long the body is."""

    producer: P
    target: str
    kind: ContentType
    length: int
    waits: bool
    """The sender waits to be told to go on."""


@dataclass(frozen=True, slots=True)
class Posted(Generic[P]):
    """A whole body and who posted it where."""

    producer: P
    target: str
    kind: ContentType
    body: bytes


class Exchange(Generic[P]):
    """Reads the one request of a connection. `whose` knows the producer of a token."""

    def __init__(self, port: int, whose: Callable[[str], P | None]) -> None:
        self._port, self._whose = port, whose
        self._reader = Reader()
        self.admitted: Admitted[P] | None = None
        self.outcome: Posted[P] | Rejected | None = None
        """What it came to; None while more bytes are needed."""

    def feed(self, data: bytes) -> None:
        """Take more bytes; after the outcome they count for nothing."""
        if self.outcome is not None:
            return
        self._reader.feed(data)
        if self.admitted is None and self._reader.head is not None:
            self._judge(self._reader.head)
        if self.admitted is not None and (body := self._reader.body(self.admitted.length)) is not None:
            self.outcome = Posted(self.admitted.producer, self.admitted.target, self.admitted.kind, body)

    def _judge(self, head: Head | Rejected) -> None:
        admitted = head if isinstance(head, Rejected) else self._admitted(head)
        if isinstance(admitted, Rejected):
            self.outcome = admitted
        else:
            self.admitted = admitted

    def _admitted(self, head: Head) -> Admitted[P] | Rejected:
        fault = guard.rejection(head, self._port)
        if fault is not None:
            return fault
        producer = self._whose(guard.bearer(head))
        if producer is None:
            return NO_TOKEN
        kind, size = routes.kind(head), length(head)
        if isinstance(kind, Rejected):
            return kind
        if isinstance(size, Rejected):
            return size
        return Admitted(producer, head.target, kind, size, "expect" in head.headers)


NO_TOKEN: Final = Rejected(
    HTTPStatus.UNAUTHORIZED, "token", "'Authorization: Bearer TOKEN' expected; 'ringdesk feed token' makes one"
)
