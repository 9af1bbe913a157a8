"""A producer of calls: posts ring and end to the local feed, each ring with the moment it was sent in its id.

usage: python -m tests.bench.rooms.producer SOCKET QUERIES COUNT

Waits for a line on standard input after every ring (the pop was painted), then ends the call. Two events a call and a
pause of 60 to 180 ms after it keep it within the feed's 20 events a second, and let the writes of one call be over
before the next one rings.
"""

from __future__ import annotations

import json
import random
import socket
import sys
import time
from pathlib import Path
from typing import Final

PAUSE: Final = 0.12


def main(path: str, queries: Path, count: int) -> None:
    """Send the calls."""
    numbers = [query["forms"]["e164"] for query in json.loads(queries.read_text(encoding="utf-8"))]
    chance = random.Random(2)
    chance.shuffle(numbers)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as feed:
        feed.connect(path)
        time.sleep(0.3)
        for number in range(count):
            stamp = f"{time.monotonic():.9f}"
            said = numbers[number % len(numbers)]
            _post(feed, {"event": "ringing", "id": stamp, "from": f"+{said.lstrip('+')}"})
            if not sys.stdin.readline():
                return
            _post(feed, {"event": "ended", "id": stamp, "reason": "rejected"})
            time.sleep(PAUSE * (0.5 + chance.random()))


def _post(feed: socket.socket, event: dict[str, str]) -> None:
    feed.sendall(json.dumps(event).encode() + b"\n")
    answer = feed.recv(4096)
    if b'"ok": true' not in answer:
        sys.exit(f"refused: {answer!r}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
