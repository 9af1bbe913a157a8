"""The pop and a keystroke on a desk whose team's server is away, beside the same desk in no team, in turns.

Away is two things: the server's port refuses (nothing runs there), or it takes the connection and never says a word (a
broken network, a machine that hangs).
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.bench import books, process
from tests.bench.figures import Figures, ratio, summary
from tests.bench.search import LEAST, typed

CALLS: Final = 100
SEAT: Final = ("team.json", "team-authority.pem", "shared.db", "shared.db-wal", "shared.db-shm")


def measure(contacts: int, rounds: int, further: list[str]) -> Figures:
    """Milliseconds of both, alone and away; ratios of their medians."""
    book = books.book(max(contacts, LEAST))
    data, queries = book.copy("away"), str(book.queries)
    count = CALLS if contacts > 1000 else 20
    texts = book.folder / "away-texts.json"
    texts.write_text(json.dumps(typed(book.floor_db("search"))), encoding="utf-8")
    found: dict[str, list[Figures]] = {"alone": [], "refused": [], "silent": []}
    with refusing() as refused, silent() as hanging:
        ports = {"alone": 0, "refused": refused, "silent": hanging}
        for _ in range(rounds):
            for kind, port in ports.items():
                pops = told("pop", port, data, queries, str(count))["times"]
                strokes = told("search", port, data, str(texts))["keystroke"]
                found[kind].append(figures(pops, strokes))
    ratios = {
        f"{kind}_{what}_ratio": ratio(found[kind], found["alone"], what)
        for kind in ("refused", "silent")
        for what in ("pop_p50", "pop_p99", "key_p50", "key_p99")
    }
    return {"floor": found["alone"], "ours": found["silent"], "refused": found["refused"], **ratios}


def told(room: str, port: int, data: Path, *more: str) -> Any:
    """A room's times; with a port, on a desk that is in a team."""
    for name in SEAT:
        (data / name).unlink(missing_ok=True)
    if not port:
        return process.child(room, str(data), *more)
    return process.child("away", room, str(port), str(data), *more)


def figures(pops: list[float], strokes: list[float]) -> Figures:
    """What is compared; the first tenth warms up."""
    pop, key = summary(pops[max(1, len(pops) // 10) :]), summary(strokes[max(1, len(strokes) // 10) :])
    return {"pop_p50": pop["p50"], "pop_p99": pop["p99"], "key_p50": key["p50"], "key_p99": key["p99"]}


@contextmanager
def refusing() -> Iterator[int]:
    """A port at which nobody listens: held, so that nobody begins to."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen(64)
        yield int(held.getsockname()[1])
