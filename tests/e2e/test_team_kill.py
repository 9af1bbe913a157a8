"""A coworker's RingDesk is killed again and again while contacts are shared and withdrawn: in the end it has exactly
what is shared, and no byte of what is not."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ringdesk.store.database import Connection
from tests.e2e.kills import ROOT, environment, kill, until
from tests.postgres import PASSWORD, Team, make_template, new_team, running_cluster
from tests.providers.team.desks import TeamDesk

pytestmark = pytest.mark.postgres
KILLS = 3


@pytest.fixture
def team() -> Iterator[Team]:
    with running_cluster() as running:
        make_template(running)
        with new_team(running) as one:
            yield one


@contextmanager
def bob(team: Team, folder: Path) -> Iterator[Path]:
    """Bob's RingDesk runs; gives his coworkers' book. Killed at the end."""
    place = team.cluster.tcp(team.name)
    seat = {"host": place.host, "port": place.port, "database": place.database, "login": "bob", "name": "Bob"}
    said = {
        "folder": str(folder),
        "seat": seat,
        "authority": Path(place.authority).read_text("ascii"),
        "password": PASSWORD,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.team_process"],
        cwd=ROOT,
        env=environment(folder.parent),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(said).encode() + b"\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"up\n"
        yield folder / "shared.db"
    finally:
        kill(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def names(book: Path) -> set[str]:
    """Whom the coworkers' book holds, as another process reads it."""
    if not book.exists():
        return set()
    connection = Connection(book, write=False)
    try:
        if not connection.value("SELECT 1 FROM sqlite_master WHERE name = 'contact'"):
            return set()
        return {name for (name,) in connection.rows("SELECT name FROM contact")}
    finally:
        connection.close()


def bytes_of(folder: Path) -> bytes:
    """Everything in a folder but sockets."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_kills_between_shares_and_unshares_lose_and_leave_nothing(team: Team, tmp_path: Path) -> None:
    alice, folder, chance = TeamDesk(team, "alice", tmp_path / "alice"), tmp_path / "bob", random.Random(KILLS)
    contacts = []
    for life in range(KILLS):
        with bob(team, folder) as book:
            for n in range(12):
                contacts.append(alice.add(f"Quagga{life:02}{n:02}", f"6001{life:02}{n:03}", shared=True))
                alice.sync()
                if n == 3:
                    until(lambda life=life: f"Quagga{life:02}00" in names(book), "it syncs")  # type: ignore[misc]  # bound
                if n > 4 and chance.random() < 0.3:
                    break
    with bob(team, folder) as book:
        wanted = {contact.card.display_name for contact in contacts}
        until(lambda: names(book) == wanted, "all that is shared is there")
    assert b"Quagga" in bytes_of(folder)
    for start in range(0, len(contacts), 16):
        with bob(team, folder) as book:
            for contact in contacts[start : start + 16]:
                alice.change(contact.id, lambda c: replace(c, shared=False))
                alice.sync()
            gone = {contact.card.display_name for contact in contacts[start : start + 8]}
            until(lambda gone=gone: not gone & names(book), "they go")  # type: ignore[misc]  # bound to this turn
    with bob(team, folder) as book:
        until(lambda: names(book) == set(), "nothing is shared any more")
        until(lambda: b"uagga" not in bytes_of(folder), "and no byte is left")
