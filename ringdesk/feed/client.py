"""Posts one event to the local feed and reads the answer; blocking, for the command line."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ringdesk.feed.wire.local import LINE_MOST

TIMEOUT_SECONDS: Final = 2.0


class NotRunningError(Exception):
    """No RingDesk listens at the socket."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What RingDesk said: taken or not, a code and words, and a code that marks what was not believed."""

    ok: bool
    error: str = ""
    detail: str = ""
    warning: str = ""


def post(path: Path, event: Mapping[str, object]) -> Answer:
    """Post one event. Raises NotRunningError."""
    line = json.dumps(event).encode("ascii") + b"\n"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as feed:
            feed.settimeout(TIMEOUT_SECONDS)
            feed.connect(os.fspath(path))
            feed.sendall(line)
            return _answer(_line(feed))
    except OSError as error:
        raise NotRunningError(error.strerror or str(error)) from error


def _line(feed: socket.socket) -> bytes:
    got = bytearray()
    while b"\n" not in got and len(got) <= LINE_MOST:
        more = feed.recv(4096)
        if not more:
            break
        got += more
    return bytes(got)


def _answer(line: bytes) -> Answer:
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return Answer(ok=False, error="no_answer", detail="RingDesk closed the connection without a clear answer")
    texts = {name: str(said.get(name, "")) for name in ("error", "detail", "warning")}
    return Answer(ok=said.get("ok") is True, **texts)
