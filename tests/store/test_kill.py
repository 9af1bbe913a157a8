"""Killed while it writes: what was acknowledged is there, and the file is whole."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from tests.store.kit import ALL, check_tables, integrity, open_store

ROOT = Path(__file__).parents[2]
ROUNDS = 20

# Imports once, then forks a writer for every line it reads. "+" added, "?" about to delete, "-" deleted.
# A word is one write: print() takes two where Python does not buffer, and a kill between them leaves half a line, to
# which the word "dead" would be joined.
NURSERY = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from ringdesk.domain.contact import Me, Origin
from tests.store.kit import card, open_store

def say(word):
    os.write(1, f"{word}\\n".encode())

def write(first):
    opened = open_store(Path(sys.argv[2]), inline=False)
    opened.store.writes._ids.made = first
    for n in range(first, first + 100000):
        made = opened.store.writes.add(card(f"N{n}", "600111222"), origin=Origin.HAND, owner=Me()).result()
        say("+" + made.id)
        if n % 3 == 0:
            say("?" + made.id)
            opened.store.writes.delete([made.id]).result()
            say("-" + made.id)

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        write(int(line))
    say(f"pid {child}")
    os.waitpid(child, 0)
    say("dead")
"""


def kill_one(nursery: subprocess.Popen[str], first: int, after: float) -> list[str]:
    """Let a writer run for a while, kill it; what it said."""
    orders, words = nursery.stdin, nursery.stdout
    assert orders is not None
    assert words is not None
    orders.write(f"{first}\n")
    orders.flush()
    said: list[str] = []
    pid = 0
    while not (pid and said):
        pid = hear(words, said, pid)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    while (line := word(words)) != "dead":
        said.append(line)
    return said


def word(words: IO[str]) -> str:
    """The next word; an end of them is not waited for again and again."""
    line = words.readline().strip()
    assert line, "the nursery ended"
    return line


def hear(words: IO[str], said: list[str], pid: int) -> int:
    line = word(words)
    if line.startswith("pid "):
        return int(line[4:])
    said.append(line)
    return pid


def test_a_kill_leaves_no_half_word(path: Path) -> None:
    """Every write of the nursery is a packet here, and Python buffers nothing, as where its output goes to a log."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-c", NURSERY, str(ROOT), str(path)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with (
        ours,
        theirs,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=theirs.fileno(), text=True, env=environment) as nursery,
    ):
        assert nursery.stdin is not None
        nursery.stdin.write("0\n")
        nursery.stdin.flush()
        packets = [ours.recv(1024) for _ in range(12)]
        pid = next(int(packet[4:]) for packet in packets if packet.startswith(b"pid "))
        os.kill(pid, signal.SIGKILL)
        nursery.stdin.close()
    assert [packet for packet in packets if not packet.endswith(b"\n")] == []


def test_twenty_kills_lose_nothing_that_was_acknowledged(path: Path) -> None:
    chance = random.Random(7)
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY, str(ROOT), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        for turn in range(ROUNDS):
            said += kill_one(nursery, turn * 100_000, chance.uniform(0.0, 0.1))
        assert nursery.stdin is not None
        nursery.stdin.close()
    added, doubtful, deleted = ({line[1:] for line in said if line[0] == mark} for mark in "+?-")
    assert integrity(path) == "ok"
    check_tables(path)
    opened = open_store(path)
    stored = {row.id for row in opened.store.reads.page(ALL, 0, 1_000_000)}
    opened.store.close()
    assert len(added) > ROUNDS
    assert added - doubtful <= stored
    assert deleted.isdisjoint(stored)
    assert len(stored - added) <= ROUNDS  # kept, killed before it could say so
