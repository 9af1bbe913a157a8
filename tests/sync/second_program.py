"""A program of its own over somebody's data folder: rounds with the practice Google, as a second RingDesk would.

    python -m tests.sync.second_program FOLDER CLIENT.json REFRESH_TOKEN NAME ROUNDS [unlocked | hold]

It says that it is ready and waits for a line. Then it adds a contact before each round, and prints one line of JSON a
round. `unlocked` leaves the lock out; `hold` says that it is in a round, and stays there until its standard input
ends.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from random import Random

from ringdesk.domain.card import Card, Name, PhoneEntry
from ringdesk.domain.contact import Me, Origin
from ringdesk.domain.effects import PutAccount
from ringdesk.domain.remote import RemoteError
from ringdesk.domain.replica import Account, Policy
from ringdesk.domain.status import StoreError, StoreTrouble
from ringdesk.providers.google.client_file import read_client_file
from ringdesk.providers.google.people import GoogleBook
from ringdesk.store.store import Store
from ringdesk.sync.engine import Engine
from tests.sync.desk import REGION, SeededIds

PATIENCE = 60.0


class Unlocked:
    """No lock at all: the control."""

    def held(self) -> AbstractContextManager[None]:
        return nullcontext()


class RealClock:
    """The computer's clock."""

    def now(self) -> float:
        return time.time()


def main(folder: str, client: str, token: str, name: str, rounds: str, how: str = "") -> None:
    ids, clock = SeededIds(Random(name)), RealClock()
    store = Store.open(Path(folder) / "ringdesk.db", region=REGION, clock=clock, ids=ids, send_news=lambda _: None)
    reader = store.reader()
    lock = Unlocked() if how == "unlocked" else None
    replicas = store.replicas("google:me", reader, lock=lock)
    book = GoogleBook(read_client_file(Path(client)), lambda: token, clock)
    engine = Engine(
        replicas, book, policy=Policy, region=lambda: REGION, clock=clock, ids=ids, dice=Random(name), pause=time.sleep
    )
    try:
        if how == "hold":
            with replicas.alone():
                say({"holds": True})
                sys.stdin.read()
            return
        if not replicas.account().kind:
            replicas.commit([PutAccount(Account(id="google:me", kind="google", name="me@example.com"))])
        say({"ready": True})
        sys.stdin.readline()
        for number in range(int(rounds)):
            card = Card(name=Name(given=f"{name}{number}"), phones=(PhoneEntry(f"+3461{ord(name):03}{number:04}"),))
            store.writes.add(card, origin=Origin.HAND, owner=Me()).result()
            say(one_round(engine))
    finally:
        book.close()
        reader.close()
        store.close()


def one_round(engine: Engine) -> dict[str, object]:
    """A round as the worker has it: where another program is in one, again a little later."""
    waited, until = 0, time.monotonic() + PATIENCE
    while True:
        try:
            report = engine.round()
        except StoreError as error:
            if error.trouble is not StoreTrouble.LOCKED or time.monotonic() > until:
                raise
            waited += 1
            time.sleep(0.005)
        except RemoteError as error:
            return {"broke": type(error).__name__, "waited": waited}
        else:
            return {"counts": {deed.name: count for deed, count in report.counts.items()}, "waited": waited}


def say(what: dict[str, object]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
